"""Larger and smaller images without weights: pad, crop, upsample."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Any, ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import (
    AXIS_NAMES,
    AxisWindow,
    Padding,
    Pads,
    Shape,
    Sizes,
    Window,
    lifted,
    per_axis,
    resolved_pads,
)
from cnncalc.layers.base import Cost, Formula, KernelCall, Layer, no_weights, operand, option, refuse_flat
from cnncalc.layers.sliding import refuse_unfillable


class Border(Layer):
    """What pad and crop share: rows added to or taken from each side."""

    padding: Padding

    def sides(self, shape: Shape) -> Pads:
        """Rows before and after on each axis."""
        refuse_flat(self, shape)
        if self.padding.mode != "explicit":
            raise Refusal(
                "needs-sides",
                f"{self.word} needs numbers, not `{self.padding.mode}`",
                "padding",
                help=f"write `{self.word} 1`, `{self.word} 1x2`, or four sides `{self.word} 0,1,0,1`",
            )
        ones = (1,) * shape.rank
        return resolved_pads(self.padding, shape.spatial, ones, ones, ones)


def _resized(shape: Shape, sides: Pads, sign: str) -> tuple[Formula, ...]:
    results = [
        n + (before + after) * (1 if sign == "+" else -1)
        for n, (before, after) in zip(shape.spatial, sides, strict=True)
    ]
    return (
        *(
            Formula(name, f"n {sign} before {sign} after", f"{n} {sign} {before} {sign} {after}", result)
            for name, n, (before, after), result in zip(
                AXIS_NAMES[shape.rank], shape.spatial, sides, results, strict=True
            )
        ),
        Formula("channels", "C", str(shape.channels), shape.channels),
        *no_weights(),
    )


@dataclass(frozen=True, kw_only=True)
class Pad(Border):
    """Adds rows and columns around the image, filled with zeros or with the image's own numbers.

    Output: n + before + after on every axis.  Weights: none.  Work: none.

    >>> Pad(padding=Padding("explicit", ((3, 3),))).output_shape((Shape(3, (224, 224)),)).text()
    '230x230x3'

    Source: Gonzalez and Woods, Digital Image Processing, chapter 3; deck 004, padding of [5,4,2,3,7]: zeros;
    extended (edge); cyclic (wrap).
    """

    word: ClassVar[str] = "pad"
    padding: Padding = operand("padding", "rows added per side: `1`, `1x2`, or four sides `0,1,0,1`")
    fill: str = option("choice", "zeros", "what the new rows hold", choices=("zeros", "edge", "reflect", "wrap"))

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape, sides = inputs[0], self.sides(inputs[0])
        refuse_unfillable(self.fill, shape, sides)
        return Shape(shape.channels, tuple(n + sum(pair) for n, pair in zip(shape.spatial, sides, strict=True)))

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(AxisWindow(1, -before, -before) for before, _ in self.sides(inputs[0]))

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        return _resized(inputs[0], self.sides(inputs[0]), "+")

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        before, after = zip(*self.sides(inputs[0]), strict=True)
        return KernelCall("pad", {"before": lifted(before, 0), "after": lifted(after, 0), "fill": self.fill})


@dataclass(frozen=True, kw_only=True)
class Crop(Border):
    """Cuts rows and columns off the image.

    Output: n - before - after on every axis.  Weights: none.  Work: none.

    >>> Crop(padding=Padding("explicit", ((4, 4),))).output_shape((Shape(512, (64, 64)),)).text()
    '56x56x512'

    Source: Ronneberger et al. 2015 (U-Net); Keras' Cropping2D.
    """

    word: ClassVar[str] = "crop"
    padding: Padding = operand("padding", "rows cut off per side: `1`, `1x2`, or four sides `0,1,0,1`")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape, sides = inputs[0], self.sides(inputs[0])
        spatial = tuple(n - sum(pair) for n, pair in zip(shape.spatial, sides, strict=True))
        for name, n, (before, after), left in zip(AXIS_NAMES[shape.rank], shape.spatial, sides, spatial, strict=True):
            if left < 1:
                raise Refusal(
                    "crop-too-large",
                    f"cropping {before} and {after} leaves nothing of {name} {n}",
                    "padding",
                    label=f"the input here is {shape.text()}",
                    notes=(f"{name} = {n} - {before} - {after} = {left}",),
                    help="cut off less",
                )
        return Shape(shape.channels, spatial)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(AxisWindow(1, before, before) for before, _ in self.sides(inputs[0]))

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        return _resized(inputs[0], self.sides(inputs[0]), "-")

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        before, after = zip(*self.sides(inputs[0]), strict=True)
        return KernelCall("crop", {"before": lifted(before, 0), "after": lifted(after, 0)})


def _mode() -> Any:
    return option("choice", "nearest", "how new pixels are made", choices=("nearest", "bilinear"))


@dataclass(frozen=True, kw_only=True)
class Upsample(Layer):
    """Makes the image `factor` times as large, by repeating pixels (nearest) or by mixing neighbours (bilinear).

    Output: n * factor on every axis, C channels.  Weights: none.
    Work: none for nearest; for bilinear t multiplies and t - 1 adds an output, t = 2 ^ axes neighbours.

    >>> Upsample(factor=(2,)).output_shape((Shape(256, (13, 13)),)).text()
    '26x26x256'

    Source: Keras' UpSampling2D; bilinear with half-pixel centres (PyTorch's align_corners=False).
    """

    word: ClassVar[str] = "upsample"
    factor: Sizes = operand("sizes", "how many times as large: `2`, or `2x3`; `size=` names the size itself")
    mode: str = _mode()

    def factors(self, shape: Shape) -> Sizes:
        """The factor of each axis."""
        refuse_flat(self, shape)
        return per_axis(self.factor, shape.rank, "factor")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        pairs = zip(inputs[0].spatial, self.factors(inputs[0]), strict=True)
        return Shape(inputs[0].channels, tuple(n * factor for n, factor in pairs))

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        if self.mode == "nearest":
            return Cost()
        taps = 2 ** inputs[0].rank
        return Cost(multiply=taps, add=taps - 1) * self.output_shape(inputs).elements

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        factors = self.factors(inputs[0])
        if self.mode == "nearest":
            return tuple(AxisWindow(1, 0, 0, factor) for factor in factors)
        return tuple(AxisWindow(2, 1 - factor, factor, 2 * factor) for factor in factors)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = inputs[0]
        axes = zip(AXIS_NAMES[shape.rank], shape.spatial, self.factors(shape), strict=True)
        return (
            *(Formula(name, "n * factor", f"{n} * {factor}", n * factor) for name, n, factor in axes),
            Formula("channels", "C", str(shape.channels), shape.channels),
            *no_weights(),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("upsample", {"factor": lifted(self.factors(inputs[0]), 1), "mode": self.mode})


MOST_TIMES = 4
"""A map that becomes more times as large on an axis by `size=` was meant otherwise; a 1x1 map is spread over any."""


@dataclass(frozen=True, kw_only=True)
class UpsampleTo(Layer):
    """Makes the image as large as `size` says, by repeating pixels (nearest) or by mixing neighbours (bilinear).

    Output: the size, C channels.  Weights: none.  Work: as `upsample` with a factor.
    Output o of m reads place (o + 1/2) n/m - 1/2 of n (bilinear) or pixel floor(o n/m) (nearest).

    >>> UpsampleTo(size=(89,)).output_shape((Shape(256, (44, 44)),)).text()
    '89x89x256'

    Source: PyTorch's Upsample(size=...), align_corners=False.
    """

    word: ClassVar[str] = "upsample"
    size: Sizes = operand("sizes", "height x width of the result: `89x89`, or `89` for all axes")
    mode: str = _mode()

    def spatial(self, shape: Shape) -> Sizes:
        """The size of each axis; refuses one that was meant as a factor or makes the map smaller."""
        refuse_flat(self, shape)
        wanted = per_axis(self.size, shape.rank, "size")
        text = "x".join(map(str, wanted))
        for name, n, m in zip(AXIS_NAMES[shape.rank], shape.spatial, wanted, strict=True):
            if m < n:
                message = f"size={text} is smaller than the {shape.spatial_text} that arrives"
                raise _unfit_size(message, f"{name} {n} would become {m}", self._smaller(text))
            if m > MOST_TIMES * n and n > 1:
                message = f"size={text} is more than {MOST_TIMES} times the {shape.spatial_text} that arrives"
                note = f"{name} {n} would become {m}: {m / n:.3g} times as large"
                raise _unfit_size(message, note, _as_factor(str(max(2, m // n))))
        return wanted

    def _smaller(self, text: str) -> str:
        """What was meant: small numbers are a factor, others the size of a smaller map."""
        if max(self.size) <= MOST_TIMES:
            return _as_factor("x".join(map(str, self.size)))
        return f"upsampling enlarges; write `adaptavg {text}` for the means that make the map so small"

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(inputs[0].channels, self.spatial(inputs[0]))

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        if self.mode == "nearest":
            return Cost()
        taps = 2 ** inputs[0].rank
        return Cost(multiply=taps, add=taps - 1) * self.output_shape(inputs).elements

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return tuple(
            _stretched(n, m, self.mode) for n, m in zip(inputs[0].spatial, self.spatial(inputs[0]), strict=True)
        )

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = inputs[0]
        return (
            *(
                Formula(name, "size", str(m), m)
                for name, m in zip(AXIS_NAMES[shape.rank], self.spatial(shape), strict=True)
            ),
            Formula("channels", "C", str(shape.channels), shape.channels),
            *no_weights(),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        wanted = self.spatial(inputs[0])
        pairs = list(zip(inputs[0].spatial, wanted, strict=True))
        if all(m % n == 0 for n, m in pairs):
            return KernelCall("upsample", {"factor": lifted([m // n for n, m in pairs], 1), "mode": self.mode})
        return KernelCall("resize", {"size": lifted(wanted, 1), "mode": self.mode})


def _as_factor(factor: str) -> str:
    return f"write `upsample {factor}` to make it that many times as large; `size=` is the size of the result"


def _unfit_size(message: str, note: str, advice: str) -> Refusal:
    return Refusal(
        "upsample-size-unfit",
        message,
        "size",
        label="a size, not a factor",
        notes=(note,),
        help=advice,
    )


def _stretched(n: int, m: int, mode: str) -> AxisWindow:
    """Which of n pixels the outputs read where n become m."""
    if mode == "nearest":
        return AxisWindow(n // gcd(n, m), 0, 0, m // gcd(n, m))
    return AxisWindow(2 * n, n - m, n + m - 1, 2 * m)
