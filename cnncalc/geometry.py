"""Shapes, output sizes, pads and windows: the one place where the sliding-window arithmetic is derived.

Everything is exact whole-number arithmetic for one axis at a time, so 1-D, 2-D and 3-D nets share it.  It knows
neither layers nor text; a request that cannot be met raises `Refusal` naming the guilty argument.

Sources: the output-size formula floor((n + p_before + p_after - d(k-1) - 1) / s) + 1 is deck 004's O = M - m + 1 + P
with stride and dilation; `same` is the rule of TensorFlow and Keras (odd pixel at the bottom and right).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, prod
from typing import Literal, NamedTuple

from cnncalc.diagnostics import Refusal

Sizes = tuple[int, ...]
"""One whole number for each spatial axis (depth, height, width), or a single one that holds for all of them."""

Pads = tuple[tuple[int, int], ...]
"""For each spatial axis the rows added before and after."""

AXIS_NAMES = {0: (), 1: ("width",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""The names of the spatial axes by rank, in the order in which sizes are written."""

Order = Literal["channels_last", "channels_first"]
PaddingMode = Literal["valid", "same", "same_lower", "half", "full", "causal", "explicit"]
Fill = Literal["zeros", "edge", "reflect", "wrap"]

LARGEST_SIZE = 10**9
"""No axis, channel count, stride or pad may be larger."""

LARGEST_TENSOR = 10**12
"""No activation and no weight may have more numbers than this (4 TB of float32)."""


@dataclass(frozen=True)
class Shape:
    """What flows between layers, without the batch: `spatial` sizes (depth, height, width) and `channels`.

    A flat vector, as `flatten` or `dense` give it, has no spatial axes: `Shape(120)`.

    >>> Shape(6, (28, 28)).text()
    '28x28x6'
    >>> Shape(6, (28, 28)).text("channels_first")
    '6x28x28'
    """

    channels: int
    spatial: Sizes = ()

    @property
    def rank(self) -> int:
        """The number of spatial axes."""
        return len(self.spatial)

    @property
    def width(self) -> int:
        return self.spatial[-1]

    @property
    def height(self) -> int:
        return self.spatial[-2]

    @property
    def depth(self) -> int:
        return self.spatial[-3]

    @property
    def elements(self) -> int:
        """How many numbers it holds: the activation size."""
        return self.channels * prod(self.spatial)

    def sizes(self, order: Order = "channels_last") -> Sizes:
        """All sizes in the given order, as a framework prints them."""
        return (self.channels, *self.spatial) if order == "channels_first" else (*self.spatial, self.channels)

    def text(self, order: Order = "channels_last") -> str:
        """`28x28x6`, or `6x28x28` with the channels first."""
        return "x".join(map(str, self.sizes(order)))

    @property
    def spatial_text(self) -> str:
        """`28x28`."""
        return "x".join(map(str, self.spatial))


class Padding(NamedTuple):
    """What was asked for: a named mode, or explicit (before, after) rows for each axis; one pair holds for all."""

    mode: PaddingMode = "valid"
    sides: Pads = ()

    @property
    def is_nothing(self) -> bool:
        """Whether no row is added or cut off, by this word or by these numbers."""
        return self.mode == "valid" or (self.mode == "explicit" and not any(map(any, self.sides)))

    @property
    def keeps_size(self) -> bool:
        """Whether the output has ceil(n / stride) rows whatever the kernel: `same`, with the odd row on either side."""
        return self.mode in ("same", "same_lower")

    @property
    def text(self) -> str:
        """As it is written in a model: `same`, `1`, `1x2`, `0,1,0,1`."""
        if self.mode != "explicit":
            return self.mode
        if all(before == after for before, after in self.sides):
            return "x".join(str(before) for before, _ in self.sides)
        return ",".join(str(side) for pair in self.sides for side in pair)


VALID = Padding("valid")
NO_ROWS = Padding("explicit", ((0, 0),))
SAME = Padding("same")
FULL = Padding("full")

PADDING_WORDS = {
    "valid": VALID,
    "same": SAME,
    "same_upper": SAME,
    "same_lower": Padding("same_lower"),
    "half": Padding("half"),
    "full": FULL,
    "causal": Padding("causal"),
}
"""How each padding with a name is written; `same_upper` is ONNX' word for `same`."""


@dataclass(frozen=True)
class AxisWindow:
    """Which inputs an output reads along one axis: output o reads from floor((o*numerator + low) / denominator)
    to floor((o*numerator + high) / denominator), both included, pads counted (they may lie outside the input).

    A convolution has numerator = stride, denominator 1, low = -pad_before, high = low + dilation*(kernel-1), and reads
    every `step`-th input between the two (step = dilation).
    """

    numerator: int
    low: int
    high: int
    denominator: int = 1
    step: int = 1

    def first(self, output: int) -> int:
        return (output * self.numerator + self.low) // self.denominator

    def last(self, output: int) -> int:
        return (output * self.numerator + self.high) // self.denominator

    def reads(self, output: int) -> range:
        """The inputs that an output reads; none where it lies between the stamps of a transposed convolution."""
        return range(self.first(output), self.last(output) + 1, self.step)

    @property
    def has_gaps(self) -> bool:
        """Whether some outputs read nothing."""
        return False


@dataclass(frozen=True)
class StampedWindow(AxisWindow):
    """The window of a transposed convolution: input i paints canvas places i*denominator + tap*dilation.

    Output o is canvas place c = o + high (numerator 1, high = pad_before), which only taps with tap*dilation = c
    (modulo the stride) reach: perhaps none, and with a dilation perhaps fewer than lie between the first and the last.

    >>> window = StampedWindow.over(kernel=3, stride=3, dilation=2, before=0)
    >>> [list(window.reads(output)) for output in range(6, 10)]
    [[2], [1], [2], [3]]
    """

    taps: int = 1
    dilation: int = 1

    @classmethod
    def over(cls, kernel: int, stride: int, dilation: int, before: int) -> StampedWindow:
        """The window of a kernel stamped `stride` apart on a canvas that loses `before` rows."""
        low = before - extent(kernel, dilation) + stride
        step = dilation // gcd(dilation, stride)
        return cls(1, low, before, stride, step, kernel, dilation)

    def first(self, output: int) -> int:
        return self._reached(output)[0]

    def last(self, output: int) -> int:
        return self._reached(output)[1]

    @property
    def has_gaps(self) -> bool:
        return gcd(self.dilation, self.denominator) > 1 or self.taps < self.denominator

    def _reached(self, output: int) -> tuple[int, int]:
        """The first and the last input whose stamp has a tap here; the next and the one before in a gap."""
        place = output * self.numerator + self.high
        common = gcd(self.dilation, self.denominator)
        apart = self.denominator // common
        tap = place // common * pow(self.dilation // common, -1, apart) % apart
        if place % common or tap >= self.taps:
            return place // self.denominator + 1, place // self.denominator
        farthest = tap + (self.taps - 1 - tap) // apart * apart
        return (place - farthest * self.dilation) // self.denominator, (place - tap * self.dilation) // self.denominator


Window = tuple[AxisWindow, ...] | Literal["everywhere", "statistics"]
"""One AxisWindow an axis, or a name for what is global: each output depends on every position of the input.

everywhere  on all of them alike (dense, flatten, global pools, a gate spread over a map)
statistics  on its own place, and on all others through numbers found over the whole map (gn, ln all)
"""


def refuse_too_large(shape: Shape, noun: str, argument: str) -> None:
    """Refuse a shape that no machine could hold, before anything is done with it."""
    largest = max(shape.sizes())
    if largest > LARGEST_SIZE:
        raise Refusal(
            "too-large",
            f"{noun} would be {shape.text()}: {largest:,} is more than {LARGEST_SIZE:,}",
            argument,
            help="check the sizes; no net has an axis that long",
        )
    if shape.elements > LARGEST_TENSOR:
        raise Refusal(
            "too-large",
            f"{noun} would be {shape.text()}: {shape.elements:,} numbers",
            argument,
            notes=(f"{' * '.join(map(str, shape.sizes()))} = {shape.elements:,}; the most is {LARGEST_TENSOR:,}",),
            help="make the image smaller or use fewer channels",
        )


def per_axis(value: Sizes, rank: int, argument: str) -> Sizes:
    """The sizes for every axis: a single number holds for all of them."""
    if len(value) == 1:
        return value * rank
    if len(value) != rank:
        extra, message = value[:-rank], f"{sizes_text(value)} has {len(value)} sizes, but the input here is {rank}-D"
        meant = value[:1] * rank if len(set(value)) == 1 else value[-rank:] if set(extra) == {1} else ()
        text = sizes_text(meant)
        advice = f"write `{text}`" if text else ""
        values = (text,) if text else ()
        raise Refusal("wrong-rank", message, argument, label=_expected_sizes(rank), help=advice, values=values)
    return value


def sizes_text(sizes: Sequence[float]) -> str:
    """`3x5`."""
    return "x".join(map(str, sizes))


def _expected_sizes(rank: int) -> str:
    return f"{rank} sizes (or one for all) are expected" if rank > 1 else "one size is expected"


def extent(kernel: int, dilation: int = 1) -> int:
    """How many inputs a dilated kernel spans: dilation*(kernel-1) + 1.

    >>> extent(3, 4)
    9
    """
    return dilation * (kernel - 1) + 1


def output_size(
    size: int,
    kernel: int,
    stride: int = 1,
    pads: tuple[int, int] = (0, 0),
    dilation: int = 1,
    *,
    ceil_mode: bool = False,
) -> int:
    """floor((n + p_before + p_after - d(k-1) - 1) / s) + 1; 0 or less when the kernel does not fit.

    With `ceil_mode` the division rounds up, but the last window must start inside the input or the pad before it
    (PyTorch's rule).

    >>> output_size(28, 3), output_size(7, 3, 2), output_size(112, 3, 2, ceil_mode=True)
    (26, 3, 56)
    """
    before, after = pads
    free = size + before + after - extent(kernel, dilation)
    if not ceil_mode:
        return free // stride + 1
    outputs = -(-free // stride) + 1
    return outputs - 1 if (outputs - 1) * stride >= size + before else outputs


def unrounded_size(size: int, kernel: int, stride: int, pads: tuple[int, int], dilation: int) -> Fraction:
    """(n + p_before + p_after - d(k-1) - 1) / s + 1: what `output_size` rounds down, 7/3 for 3 over 7 in steps of 3."""
    return Fraction(size + sum(pads) - extent(kernel, dilation), stride) + 1


def transposed_output_size(
    size: int,
    kernel: int,
    stride: int = 1,
    pads: tuple[int, int] = (0, 0),
    dilation: int = 1,
    *,
    output_padding: int = 0,
) -> int:
    """(n - 1)s - p_before - p_after + d(k-1) + output_padding + 1: the size a transposed convolution makes.

    >>> transposed_output_size(28, 4, 2, (1, 1))
    56
    """
    return (size - 1) * stride - sum(pads) + extent(kernel, dilation) + output_padding


def same_pads(size: int, kernel: int, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """Keras' `same`, ONNX' SAME_UPPER: as much as makes ceil(n / stride) outputs, the odd pixel after.

    >>> same_pads(28, 3, 2)
    (0, 1)
    """
    total = max((-(-size // stride) - 1) * stride + extent(kernel, dilation) - size, 0)
    return total // 2, total - total // 2


def named_pads(mode: PaddingMode, size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """The rows before and after on one axis for a padding that has a name.

    >>> [named_pads(mode, 7, 4, 2, 1) for mode in ("valid", "same", "same_lower", "half", "full", "causal")]
    [(0, 0), (1, 2), (2, 1), (1, 1), (3, 3), (3, 0)]
    """
    reach = extent(kernel, dilation) - 1
    upper = same_pads(size, kernel, stride, dilation)
    found = {"same": upper, "same_lower": upper[::-1], "half": (reach // 2,) * 2, "full": (reach,) * 2}
    return (reach, 0) if mode == "causal" else found.get(mode, (0, 0))


def resolved_pads(padding: Padding, spatial: Sizes, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Pads:
    """The rows before and after on every axis, whatever way the padding was asked for."""
    rank = len(spatial)
    if padding.mode == "causal" and rank != 1:
        message = f"`causal` pads a signal's past, but the input here is {rank}-D"
        advice = "write `same`, `half`, or four sides such as `padding=2,0,2,0`"
        raise Refusal("padding-word-unfit", message, "padding", label="for 1-D nets only", help=advice)
    if padding.mode != "explicit":
        axes = zip(spatial, kernel, stride, dilation, strict=True)
        return tuple(named_pads(padding.mode, *axis) for axis in axes)
    if len(padding.sides) == 1:
        return padding.sides * rank
    if len(padding.sides) != rank:
        message = f"padding {padding.text} is for {len(padding.sides)} axes, but the input here is {rank}-D"
        raise Refusal("wrong-rank", message, "padding", label=_expected_sizes(rank))
    return padding.sides


def transposed_pads(
    padding: Padding, kernel: int, stride: int, dilation: int = 1, output_padding: int | None = None
) -> tuple[int, int, int]:
    """Rows cut off before and after, and rows added at the end, where a transposed convolution is told by a word.

    The words are Keras'.  `same` makes n * stride outputs, or with an output padding (n - 1) * stride + k -
    2 * floor(k/2) + output_padding; `valid` makes (n - 1) * stride + max(k, stride), or (n - 1) * stride + k +
    output_padding.  k is the dilated kernel.  What is odd is cut off at the end.

    >>> [transposed_pads(SAME, *case) for case in ((4, 2), (3, 2), (1, 2), (3, 2, 1, 0), (5, 2, 1, 1))]
    [(1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 2, 0)]
    >>> transposed_pads(VALID, 1, 3), transposed_pads(VALID, 1, 3, 1, 0)
    ((0, 0, 2), (0, 0, 0))
    """
    span = extent(kernel, dilation)
    if padding.mode == "full":
        return span - 1, span - 1, output_padding or 0
    if padding.mode == "valid":
        return 0, 0, max(stride - span, 0) if output_padding is None else output_padding
    total = span - stride if output_padding is None else 2 * (span // 2) - output_padding
    before = max(total, 0) // 2
    return before, max(total, 0) - before, max(-total, 0)


def shape_of(sizes: Sizes, order: Order = "channels_last") -> Shape:
    """The shape that is written with these sizes, channels included.

    >>> shape_of((3, 32, 32), "channels_first").text()
    '32x32x3'
    """
    return Shape(sizes[0], sizes[1:]) if order == "channels_first" else Shape(sizes[-1], sizes[:-1])


def lifted(values: Sequence[int], neutral: int) -> tuple[int, int, int]:
    """The values for depth, height, width: kernels are written once, for three axes; missing leading axes are neutral.

    >>> lifted((5, 3), 1)
    (1, 5, 3)
    """
    filled = (neutral,) * (3 - len(values)) + tuple(values)
    return filled[0], filled[1], filled[2]
