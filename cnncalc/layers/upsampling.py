"""Images made larger or smaller without weights: pixels repeated, or mixed of their neighbours.

Which place of the input an output reads is `sampling`'s to say; here are the two ways to ask for a size, a factor or
the size itself, and the work that each way of mixing takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, Shape, Sizes, Window, lifted, per_axis
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import (
    Cost,
    Formula,
    KernelCall,
    Layer,
    Notice,
    flag,
    no_weights,
    operand,
    option,
    refuse_flat,
)
from cnncalc.layers.sampling import IN_PLACE, Align, Sampling, sampling, stated_sampling
from cnncalc.quantities import decimal

Factors = tuple[int | float, ...]

MODES = ("nearest", "bilinear", "bicubic", "catmullrom", "nearestexact")
NEIGHBOURS = {"bilinear": 2, "bicubic": 4, "catmullrom": 4}
"""Mode -> how many pixels of an axis are mixed; the others take one as it is."""


ALIGNED: dict[str, Align] = {"nearest": "starts", "nearestexact": "middles"}


def _mode() -> Any:
    return option("choice", "nearest", "how new pixels are made", choices=MODES)


def _corners() -> Any:
    said = "the corner pixels stay at the corners (PyTorch's align_corners=True)"
    return flag(False, said, corners=True, nocorners=False)


class Resampling(Layer):
    """What a factor and a size share: how new pixels are made, and where the outputs lie."""

    word: ClassVar[str] = "upsample"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    sized_by: ClassVar[str]
    """The argument that says the size."""
    mode: str
    corners: bool

    @property
    def is_placed(self) -> bool:
        """Whether it is written where the outputs lie."""
        return False

    def spatial(self, shape: Shape) -> Sizes:
        """The size of each axis of the result."""
        raise AssertionError(f"{type(self).__name__} says no size")

    def scale(self, axis: int) -> Fraction | None:
        """Input pixels from one output to the next, where they are another share than that of the sizes."""
        return None

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape, wanted = inputs[0], self.spatial(inputs[0])
        if self.corners and self.mode not in ("bilinear", "bicubic"):
            raise Refusal(
                "corners-unfit",
                f"`corners` says how pixels are mixed, and `{self.mode}` cannot have it",
                "corners",
                help="choose bilinear or bicubic for a map with `corners`, or leave `corners` out",
            )
        if self.mode == "catmullrom" and any(m < n for n, m in zip(shape.spatial, wanted, strict=True)):
            raise Refusal(
                "upsample-size-unfit",
                f"catmullrom makes maps larger, but {shape.spatial_text} would become {'x'.join(map(str, wanted))}",
                "mode",
                help="write `bicubic` or `bilinear`, which can make a map smaller too",
            )
        return Shape(shape.channels, wanted)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        taps = NEIGHBOURS.get(self.mode, 1) ** inputs[0].rank
        if taps == 1:
            return Cost()
        return Cost(multiply=taps, add=taps - 1) * self.output_shape(inputs).elements

    def places(self, shape: Shape) -> tuple[Sampling, ...]:
        """Where the outputs of each axis lie on the input; an axis that keeps its size keeps its pixels.

        PyTorch has exceptions: with a factor of 1.25 its cubic mixes 3 pixels to 3 others, and `nearest-exact`, or
        `nearest` on one or three axes, repeats the first of them.
        """
        align: Align = "corners" if self.corners else ALIGNED.get(self.mode, "centres")
        always_scaled = (
            NEIGHBOURS.get(self.mode) == 4
            or self.mode == "nearestexact"
            or (self.mode == "nearest" and shape.rank != 2)
        )
        sizes = zip(shape.spatial, self.spatial(shape), strict=True)
        return tuple(
            sampling(n, m, align, self.scale(axis) if n != m or always_scaled else None)
            for axis, (n, m) in enumerate(sizes)
        )

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(at.window(NEIGHBOURS.get(self.mode, 1)) for at in self.places(inputs[0]))

    def notices(self, inputs: tuple[Shape, ...]) -> tuple[Notice, ...]:
        shape, wanted = inputs[0], self.spatial(inputs[0])
        text = "x".join(map(str, wanted))
        smaller = [name for name, n, m in zip(AXIS_NAMES[shape.rank], shape.spatial, wanted, strict=True) if m < n]
        if not smaller:
            return ()
        message = f"upsample makes {shape.spatial_text} smaller here, {text}: it leaves pixels out"
        return (Notice("upsample-size-unfit", message, self.sized_by, help=self.instead(text)),)

    def instead(self, wanted: str) -> str:
        """What is better written where a map becomes smaller."""
        return f"write `adaptavg {wanted}` for the means that make the map so small"

    def size_formulas(self, shape: Shape) -> tuple[Formula, ...]:
        """The size of each axis, in symbols and in numbers."""
        raise AssertionError(f"{type(self).__name__} says no formula")

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = inputs[0]
        channels = Formula("channels", "C", str(shape.channels), shape.channels)
        return *self.size_formulas(shape), channels, *no_weights()

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        wanted, places = self.spatial(inputs[0]), self.places(inputs[0])
        pairs = list(zip(inputs[0].spatial, wanted, strict=True))
        plain = self.mode in ("nearest", "bilinear") and not self.corners and not self.is_placed
        if plain and all(map(_is_share, places, pairs)) and all(m % n == 0 for n, m in pairs):
            return KernelCall("upsample", {"factor": lifted([m // n for n, m in pairs], 1), "mode": self.mode})
        mode = "nearest" if self.mode == "nearestexact" else self.mode
        lying = tuple(map(tuple, (*(IN_PLACE,) * (3 - len(places)), *places)))
        return KernelCall("resize", {"size": lifted(wanted, 1), "mode": mode, "places": lying})


@dataclass(frozen=True, kw_only=True)
class Upsample(Resampling):
    """Makes the image `factor` times as large, by repeating pixels (nearest) or by mixing neighbours.

    Output: floor(n * factor) on every axis, C channels.  Weights: none.
    Work: none for nearest; else t multiplies and t - 1 adds an output: bilinear mixes t = 2 ^ axes neighbours,
    bicubic and catmullrom 4 ^ axes.
    Output o lies at (o + 1/2) / factor - 1/2 of the input; nearest reads pixel floor(o / factor), nearestexact the
    one that is nearest to that place.  With `corners` o lies at o (n - 1) / (m - 1), m being the new size.
    bicubic is PyTorch's, and Keras' on PyTorch (a = -0.75, the edge goes on); catmullrom is that of TensorFlow and JAX
    (a = -0.5, weights beyond the edge are left out).

    >>> Upsample(factor=(2,)).output_shape((Shape(256, (13, 13)),)).text()
    '26x26x256'

    Source: Keras' UpSampling2D; PyTorch's Upsample(scale_factor=...); Keys 1981 for the cubic ones.
    """

    sized_by: ClassVar[str] = "factor"
    factor: Factors = operand("factors", "how many times as large: `2`, `2x3`, `1.5`; `size=` names the size itself")
    mode: str = _mode()
    corners: bool = _corners()

    def factors(self, shape: Shape) -> Factors:
        """The factor of each axis."""
        refuse_flat(self, shape)
        given: Any = self.factor
        factors: Factors = per_axis(given, shape.rank, "factor")
        return factors

    def spatial(self, shape: Shape) -> Sizes:
        factors = self.factors(shape)
        sizes = tuple(int(n * factor) for n, factor in zip(shape.spatial, factors, strict=True))
        if min(sizes) < 1:
            text = "x".join(map(str, sizes))
            raise Refusal(
                "upsample-size-unfit",
                f"{'x'.join(map(str, factors))} times {shape.spatial_text} leaves nothing: {text}",
                "factor",
                label=f"the input here is {shape.text()}",
                help="write a larger factor",
            )
        return sizes

    def scale(self, axis: int) -> Fraction | None:
        factor = self.factor[axis if len(self.factor) > 1 else 0]
        return None if isinstance(factor, int) else 1 / Fraction(decimal(factor))

    def size_formulas(self, shape: Shape) -> tuple[Formula, ...]:
        axes = zip(AXIS_NAMES[shape.rank], shape.spatial, self.factors(shape), self.spatial(shape), strict=True)
        return tuple(
            Formula(name, "n * factor", f"{n} * {factor}", m)
            if isinstance(factor, int)
            else Formula(name, "floor(n * factor)", f"floor({n} * {factor:g})", m)
            for name, n, factor, m in axes
        )


@dataclass(frozen=True, kw_only=True)
class UpsampleTo(Resampling):
    """Makes the image as large as `size` says, by repeating pixels (nearest) or by mixing neighbours.

    Output: the size, C channels.  Weights: none.  Work: as `upsample` with a factor.
    Output o of m lies at (o + 1/2) n/m - 1/2 of n; nearest reads pixel floor(o n/m).  With `start` or `step` it lies at
    start + o * step, counted in pixels from the first one, and nearest reads the pixel there or the next below:
    `upsample size=8x8 start=0 step=1/2 bilinear` is how TensorFlow once made 4x4 larger.

    >>> UpsampleTo(size=(89,)).output_shape((Shape(256, (44, 44)),)).text()
    '89x89x256'

    Source: PyTorch's Upsample(size=...), align_corners=False.
    """

    sized_by: ClassVar[str] = "size"
    size: Sizes = operand("sizes", "height x width of the result: `89x89`, or `89` for all axes")
    mode: str = _mode()
    corners: bool = _corners()
    start: tuple[float, ...] = option(
        "numbers", (), "where the first output lies, in pixels; 0 where it is not written"
    )
    step: tuple[float, ...] = option("numbers", (), "pixels from one output to the next; n/m where it is not written")

    @property
    def is_placed(self) -> bool:
        return bool(self.start or self.step)

    def spatial(self, shape: Shape) -> Sizes:
        refuse_flat(self, shape)
        return per_axis(self.size, shape.rank, "size")

    def places(self, shape: Shape) -> tuple[Sampling, ...]:
        if not self.is_placed:
            return super().places(shape)
        rank = shape.rank
        starts = (self.start or (0.0,)) * (1 if len(self.start) > 1 else rank)
        shares = tuple(Fraction(n, m) for n, m in zip(shape.spatial, self.spatial(shape), strict=True))
        steps = self.step * (rank if len(self.step) == 1 else 1) or shares
        return tuple(map(stated_sampling, starts, steps))

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        for name, numbers in (("start", self.start), ("step", self.step)):
            self._refuse_odd(name, numbers, inputs[0])
        return super().output_shape(inputs)

    def _refuse_odd(self, name: str, numbers: tuple[float, ...], shape: Shape) -> None:
        if numbers and (self.corners or self.mode == "catmullrom"):
            word = "corners" if self.corners else "catmullrom"
            raise Refusal(
                "corners-unfit",
                f"`{word}` and `{name}` both say where the pixels lie",
                name,
                help=f"leave out `{word}` or `{name}`",
            )
        if len(numbers) > 1 and len(numbers) != shape.rank:
            raise Refusal(
                "sizes-disagree",
                f"{name} has {len(numbers)} numbers, and {shape.text()} is enlarged along {shape.rank} of its axes",
                name,
                help="write one number for all axes, or one for each with commas between",
            )
        wrong = [one for one in numbers if abs(one) > FARTHEST or (name == "step" and one <= 0)]
        if wrong:
            raise Refusal(
                "wrong-operand",
                f"{name} is a number of pixels, and cannot be {wrong[0]:g}",
                name,
                help="write a step such as 1/2, for a map that becomes twice as large"
                if name == "step"
                else "write a start such as 0, the first pixel",
            )

    def instead(self, wanted: str) -> str:
        if max(self.size) <= MOST_TIMES:
            factor = "x".join(map(str, self.size))
            return f"write `upsample {factor}` to make it that many times as large; `size=` is the size of the result"
        return super().instead(wanted)

    def size_formulas(self, shape: Shape) -> tuple[Formula, ...]:
        axes = zip(AXIS_NAMES[shape.rank], self.spatial(shape), strict=True)
        return tuple(Formula(name, "size", str(m), m) for name, m in axes)


FARTHEST = 1_000_000
"""Pixels from the first one, or from one output to the next, at most."""

MOST_TIMES = 4
"""A size up to this was meant as a factor."""


def _is_share(at: Sampling, sizes: tuple[int, int]) -> bool:
    """Whether outputs lie as far apart as the sizes say; a factor with a fraction may leave a rest."""
    n, m = sizes
    return at.slope * m == n * at.unit
