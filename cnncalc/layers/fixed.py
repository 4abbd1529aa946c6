"""Convolutions whose weights are a fixed filter: nothing is learned, each channel is filtered by itself.

`conv filter=NAME` and `upconv filter=NAME`; the built-in filters stand in `cnncalc.layers.filters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.geometry import AXIS_NAMES, NO_ROWS, VALID, Padding, Shape, Sizes
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import Cost, Formula, KernelCall, NamedMatrix, Weight, flag, operand, option, product
from cnncalc.layers.given import filter_sizes, fixed_filter
from cnncalc.layers.sliding import FILLS, WINDOW_PADS, SlidingWindow, area_in_symbols
from cnncalc.layers.upconv import Transposed


@dataclass(frozen=True, kw_only=True)
class FilterConv(SlidingWindow):
    """Slides a fixed filter over each channel by itself: the classic image filters, nothing is learned.

    Output: as conv, with the channels that arrive.  Weights: none are learned; the filter's numbers are stored once
    a channel.  A filter with one row is 1-D (1xN on an image); one with several matrices has one for each channel.
    MACs: k_height * k_width for every output.

    >>> from cnncalc.layers.filters import FILTERS
    >>> FilterConv(filter=FILTERS["sharpen"].named).output_shape((Shape(1, (5, 5)),)).text()
    '3x3x1'

    Source: Gonzalez and Woods, Digital Image Processing, chapter 3; deck 001, the sharpen filter by hand.
    """

    word: ClassVar[str] = "conv"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    filter: NamedMatrix = operand("matrix", "the name of a filter: built in (`cnncalc filters`) or of this file")
    stride: Sizes = option("sizes", (1,), "how far the window moves")
    padding: Padding = option("padding", VALID, WINDOW_PADS)
    dilation: Sizes = option("sizes", (1,), "distance between the kernel's taps; 1 is contiguous")
    fill: str = option("choice", "zeros", "what the pads hold", choices=FILLS)
    flip: bool = flag(False, "turn the kernel by 180 degrees: the true convolution", flip=True)

    def kernels(self, rank: int) -> Sizes:
        return filter_sizes(self.filter, rank)

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(inputs[0].channels, self.output_spatial(inputs[0]))

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape = inputs[0]
        spatial = zip(AXIS_NAMES[shape.rank], self.kernels(shape.rank), strict=True)
        return (fixed_filter(self.filter, shape.channels, (("channels", shape.channels), *spatial), shape.rank),)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(macs=prod(self.kernels(inputs[0].rank)) * self.output_shape(inputs).elements)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        return self.cost(inputs).macs

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, outputs = inputs[0], self.output_shape(inputs).elements
        return (
            *self.size_formulas(shape),
            Formula("channels", "C (each channel by itself)", str(shape.channels), shape.channels),
            Formula("params", "the filter is fixed, nothing is learned", "0", 0),
            Formula(
                "macs",
                f"{area_in_symbols(shape.rank)} * outputs",
                product(*self.kernels(shape.rank), outputs),
                self.cost(inputs).macs,
            ),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        numbers = self.window_numbers(inputs[0])
        return KernelCall("dwconv", {**numbers, "fill": self.fill, "multiplier": 1, "flip": self.flip})


@dataclass(frozen=True, kw_only=True)
class FilterUpConv(Transposed):
    """Enlarges each channel by itself with a fixed filter: every value paints the filter, `stride` apart.

    Output: as upconv, with the channels that arrive.  Weights: none are learned.
    MACs: k_height * k_width for every input value.

    >>> from cnncalc.layers.filters import FILTERS
    >>> FilterUpConv(filter=FILTERS["gauss3"].named, stride=(2,)).output_shape((Shape(3, (4, 4)),)).text()
    '9x9x3'

    Source: Long et al. 2015, upsampling with fixed weights.
    """

    filter: NamedMatrix = operand("matrix", "the name of a filter: built in (`cnncalc filters`) or of this file")
    stride: Sizes = option("sizes", (1,), "the distance of the patches: the factor of enlargement")
    padding: Padding = option("padding", NO_ROWS, "rows cut off the result: valid, same, full, per side, or four sides")
    output_padding: Sizes | None = option("rows", None, "rows added at the bottom and right")
    dilation: Sizes = option("sizes", (1,), "distance between the kernel's taps; 1 is contiguous")
    flip: bool = flag(False, "turn the kernel by 180 degrees", flip=True)

    def kernels(self, rank: int) -> Sizes:
        return filter_sizes(self.filter, rank)

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(inputs[0].channels, self.output_spatial(inputs[0]))

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape = inputs[0]
        spatial = zip(AXIS_NAMES[shape.rank], self.kernels(shape.rank), strict=True)
        axes = (("channels", shape.channels), ("filters", 1), *spatial)
        return (fixed_filter(self.filter, shape.channels, axes, shape.rank),)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(macs=prod(self.kernels(inputs[0].rank)) * inputs[0].elements)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        return self.cost(inputs).macs

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = inputs[0]
        return (
            *self.size_formulas(shape),
            Formula("channels", "C (each channel by itself)", str(shape.channels), shape.channels),
            Formula("params", "the filter is fixed, nothing is learned", "0", 0),
            Formula(
                "macs",
                f"{area_in_symbols(shape.rank)} * inputs",
                product(*self.kernels(shape.rank), shape.elements),
                self.cost(inputs).macs,
            ),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        own = {"groups": inputs[0].channels, "flip": self.flip}
        return KernelCall("upconv", {**self.window_numbers(inputs[0]), **own})
