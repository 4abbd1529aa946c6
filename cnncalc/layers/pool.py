"""Pooling: a window that makes one number of many, channel by channel; and LeNet's trainable subsampling.

All share `Pool`: the stride is the window unless it is written.  What differs is the work done for one output.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import VALID, Padding, Shape, Sizes, extent, per_axis
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import (
    Cost,
    Formula,
    KernelCall,
    Notice,
    Weight,
    flag,
    no_weights,
    operand,
    option,
)
from cnncalc.layers.sliding import WINDOW_PADS, Axis, SlidingWindow


@dataclass(frozen=True, kw_only=True)
class Pool(SlidingWindow):
    """What all pools share; the stride is the window unless it is written."""

    noun: ClassVar[str] = "window"
    kernel_size: Sizes = operand(
        "sizes", "height x width of the window: `2x2`, or `2` for all axes", also=("pool_size", "window", "size")
    )
    stride: Sizes | None = option("sizes", None, "how far the window moves; the window's own size unless written")
    padding: Padding = option("padding", VALID, WINDOW_PADS)
    dilation: Sizes = option("sizes", (1,), "distance between the places a window sees; 1 is side by side")
    ceil: bool = flag(False, "round up: a last window may reach over the edge", ceil=True, floor=False)

    def strides(self, rank: int) -> Sizes:
        return self.kernels(rank) if self.stride is None else per_axis(self.stride, rank, "stride")

    def rounds_up(self) -> bool:
        return self.ceil

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        self._refuse_empty_windows(inputs[0])
        return Shape(inputs[0].channels, self.output_spatial(inputs[0]))

    def _refuse_empty_windows(self, shape: Shape) -> None:
        for axis in self.axes(shape):
            wide, span = max(axis.before, axis.after), extent(axis.kernel, axis.dilation)
            if wide >= span or _steps_over(axis):
                window = f"{axis.kernel}" + (f" with dilation {axis.dilation}" if axis.dilation > 1 else "")
                raise Refusal(
                    "padding-covers-window",
                    f"a window of {window} would lie entirely in padding of {wide}: there is nothing to pool",
                    "padding",
                    help=f"pad a pooling window of {window} by at most {span // 2} per side"
                    if wide >= span
                    else f"write a dilation of at most {axis.size}, the {axis.name} of the input, or no padding",
                )

    def area(self, shape: Shape) -> int:
        """How many numbers a window holds."""
        return prod(self.kernels(shape.rank))

    def each(self, area: int) -> Cost:
        """The work for one output."""
        raise AssertionError(f"{type(self).__name__} says nothing of its work")

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return self.each(self.area(inputs[0])) * self.output_shape(inputs).elements

    def notices(self, inputs: tuple[Shape, ...]) -> tuple[Notice, ...]:
        overlapping = [axis for axis in self.axes(inputs[0]) if _creeps(axis)]
        found = super().notices(inputs)
        if not overlapping:
            return found
        axis = overlapping[0]
        return (
            *found,
            Notice(
                "overlapping-pool",
                f"the windows overlap: {axis.kernel} wide with stride {axis.stride}, so the map hardly shrinks",
                "stride",
                help="leave the stride out for windows side by side, or write `same` if the size is to stay",
            ),
        )

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = inputs[0].channels
        return (*self.size_formulas(inputs[0]), Formula("channels", "C", str(channels), channels), *no_weights())

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall(self.word, {**self.window_numbers(inputs[0]), "ceil": self.ceil})


MOST_STARTS = 100_000
"""Windows that begin in padding and are looked at one by one, at most."""


def _steps_over(axis: Axis) -> bool:
    """Whether a window that begins in the padding meets no pixel: its places lie further apart than the map is long."""
    starts = range(-axis.before, 0, axis.stride)[: max(0, axis.outputs)]
    if axis.size >= axis.dilation or not starts:
        return False
    return len(starts) > MOST_STARTS or any(start % axis.dilation >= axis.size for start in starts)


def _creeps(axis: Axis) -> bool:
    """Whether the window moves by single pixels and no pad keeps the size: often a stride of somebody's convolution."""
    return axis.kernel > axis.stride == 1 < axis.outputs and not axis.before and not axis.after


class MaxPool(Pool):
    """Keeps the largest number of each window, channel by channel.

    Output: floor((n + p_before + p_after - d(k - 1) - 1) / s) + 1 on every axis, C channels; s = k unless written, d
    is the dilation, 1 unless written.  `ceil` rounds up.
    Weights: none.  Work: k_height * k_width - 1 compares an output.

    >>> MaxPool(kernel_size=(2,)).output_shape((Shape(64, (11, 11)),)).text()
    '5x5x64'

    Source: Scherer et al. 2010; deck 000, the MNIST network; decks 001 to 004.
    """

    word: ClassVar[str] = "maxpool"

    def each(self, area: int) -> Cost:
        return Cost(compare=area - 1)

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        return Kept(inputs=True, indexes=self.output_shape(inputs).elements)


@dataclass(frozen=True, kw_only=True)
class AvgPool(Pool):
    """Takes the mean of each window, channel by channel.

    Output: as maxpool.  Weights: none.  Work: k_height * k_width - 1 adds and one divide an output.
    Pads do not count in the mean (Keras) unless `countpad` is written (PyTorch's default).

    >>> AvgPool(kernel_size=(2,)).output_shape((Shape(6, (28, 28)),)).text()
    '14x14x6'

    Source: Boureau et al. 2010; decks 001 to 003.
    """

    word: ClassVar[str] = "avgpool"
    countpad: bool = flag(False, "count the pads in the mean, as PyTorch does", countpad=True, nocountpad=False)

    def each(self, area: int) -> Cost:
        return Cost(add=area - 1, divide=1)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        numbers = self.window_numbers(inputs[0])
        return KernelCall(self.word, {**numbers, "ceil": self.ceil, "countpad": self.countpad})


class SumPool(Pool):
    """Adds up each window, channel by channel.

    Output: as maxpool.  Weights: none.  Work: k_height * k_width - 1 adds an output.

    >>> SumPool(kernel_size=(2,)).cost((Shape(1, (4, 4)),)).add
    12

    Source: Babenko and Lempitsky 2015; deck 001, "max, average, sum".
    """

    word: ClassVar[str] = "sumpool"
    backward: ClassVar[Kept] = KEEPS_NOTHING

    def each(self, area: int) -> Cost:
        return Cost(add=area - 1)


class L2Pool(Pool):
    """Takes the root of the sum of squares of each window, channel by channel.

    Output: as maxpool.  Weights: none.
    Work: k multiplies, k - 1 adds and a root (counted as one exp) an output, k = k_height * k_width.

    >>> L2Pool(kernel_size=(2,)).output_shape((Shape(8, (8, 8)),)).text()
    '4x4x8'

    Source: Sermanet et al. 2012.
    """

    word: ClassVar[str] = "l2pool"

    def each(self, area: int) -> Cost:
        return Cost(multiply=area, add=area - 1, exp=1)

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """Its input, the squares, and of each mean its sign, its size, their product and the mean itself."""
        return Kept(inputs=True, numbers=inputs[0].elements + 4 * self.output_shape(inputs).elements)


class Subsample(Pool):
    """LeNet's pooling: the sum of each window times a learned number plus a learned bias, one pair a channel.

    Output: as maxpool.  Weights: 2 * C.
    Work: k_height * k_width adds (the bias is one) and one multiply an output.

    >>> layer = Subsample(kernel_size=(2,))
    >>> layer.connections((Shape(6, (28, 28)),))
    5880

    Source: LeCun et al. 1998, layers S2 and S4: (4 + 1) connections an output.
    """

    word: ClassVar[str] = "subsample"

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        channels = (("channels", inputs[0].channels),)
        return Weight("weight", channels, initial="ones"), Weight("bias", channels, initial="zeros")

    def each(self, area: int) -> Cost:
        return Cost(add=area, multiply=1)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        return (self.area(inputs[0]) + 1) * self.output_shape(inputs).elements

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = inputs[0].channels
        shape_formulas = super().formulas(inputs)[:-2]
        return (
            *shape_formulas,
            Formula("params", "2 * C", f"2 * {channels}", 2 * channels),
            no_weights()[1],
        )

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """The sum of each window, which its learned number multiplies."""
        return Kept(numbers=self.output_shape(inputs).elements)
