"""Convolution without an array: plain, grouped and dilated; with a fixed filter; with a table of connections.

All three slide a window (`cnncalc.layers.sliding`); they differ in which channels a filter sees and whose weights
it uses.  Depthwise, separable, transposed and unshared convolutions have modules of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, VALID, Padding, Shape, Sizes
from cnncalc.layers.base import (
    Cost,
    Formula,
    KernelCall,
    NamedMatrix,
    Weight,
    flag,
    learned,
    operand,
    option,
    product,
    refuse_groups,
)
from cnncalc.layers.given import filter_sizes, fixed_filter, given_values
from cnncalc.layers.sliding import SlidingWindow

FILLS = ("zeros", "edge", "reflect", "wrap")
"""What pads may hold, as `geometry.Fill` lists it."""


def area_in_symbols(rank: int) -> str:
    """The kernel's area: `k_height * k_width`."""
    return " * ".join(f"k_{name}" for name in AXIS_NAMES[rank])


@dataclass(frozen=True, kw_only=True)
class Conv(SlidingWindow):
    """Slides `filters` kernels over the input and sums over the channels; the kernel is not flipped.

    Output: floor((n + p_before + p_after - d(k-1) - 1) / s) + 1 on every axis, `filters` channels.
    Weights: (k_height * k_width * C/groups + 1) * filters; the 1 is the bias.
    MACs: k_height * k_width * C/groups for every output; one add an output for the bias.

    >>> Conv(filters=6, kernel_size=(5,)).output_shape((Shape(1, (32, 32)),)).text()
    '28x28x6'

    Source: LeCun et al. 1998; deck 004, n = Nf*kW*kH*kC + Nf.
    """

    word: ClassVar[str] = "conv"
    filters: int = operand("count", "how many filters: one output channel each")
    kernel_size: Sizes = operand("sizes", "height x width of the window: `5x5`, or `5` for all axes")
    stride: Sizes = option("sizes", (1,), "how far the window moves")
    padding: Padding = option("padding", VALID, "valid, same, full, per side `1`, `1x2`, or top,bottom,left,right")
    dilation: Sizes = option("sizes", (1,), "distance between the kernel's taps; 1 is contiguous")
    groups: int = option("count", 1, "split channels and filters into this many separate convolutions")
    fill: str = option("choice", "zeros", "what the pads hold", choices=FILLS)
    bias: bool = flag(True, "add one learned number to each output channel", bias=True, nobias=False)
    flip: bool = flag(False, "turn the kernel by 180 degrees: the true convolution", flip=True)
    weights_given: NamedMatrix | None = option("matrix", None, "given weights, summed over channels", name="weights")
    bias_given: NamedMatrix | None = option("matrix", None, "given biases, one for each filter", name="bias")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        refuse_groups(self.groups, (inputs[0].channels, "input channel"), (self.filters, "filter"))
        return Shape(self.filters, self.output_spatial(inputs[0]))

    def taps(self, shape: Shape) -> int:
        """Multiply-accumulates for one output: kernel area times the channels each filter sees."""
        return prod(self.kernels(shape.rank)) * (shape.channels // self.groups)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape = inputs[0]
        spatial = zip(AXIS_NAMES[shape.rank], self.kernels(shape.rank), strict=True)
        axes = (("filters", self.filters), ("channels", shape.channels // self.groups), *spatial)
        weight = given_values(Weight("weight", axes, fan_in=self.taps(shape)), self.weights_given, "weights_given")
        if not self.bias:
            return (weight,)
        bias = Weight("bias", (("filters", self.filters),), initial="zeros")
        return weight, given_values(bias, self.bias_given, "bias_given")

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        outputs = self.output_shape(inputs).elements
        return Cost(macs=self.taps(inputs[0]) * outputs, add=outputs if self.bias else 0)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        return (self.taps(inputs[0]) + self.bias) * self.output_shape(inputs).elements

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, outputs = inputs[0], self.output_shape(inputs).elements
        area, area_numbers = area_in_symbols(shape.rank), product(*self.kernels(shape.rank))
        seen, channels = ("C/groups", f"{shape.channels}/{self.groups}") if self.groups > 1 else ("C", shape.channels)
        plus, plus_number = (" + 1", " + 1") if self.bias else ("", "")
        return (
            *self.size_formulas(shape),
            Formula("channels", "filters", str(self.filters), self.filters),
            Formula(
                "params",
                f"({area} * {seen}{plus}) * filters",
                f"({product(area_numbers, channels)}{plus_number}) * {self.filters}",
                learned(self.weights(inputs)),
            ),
            Formula(
                "macs",
                f"{area} * {seen} * outputs",
                product(area_numbers, channels, outputs),
                self.taps(shape) * outputs,
            ),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        numbers = self.window_numbers(inputs[0])
        return KernelCall("conv", {**numbers, "groups": self.groups, "fill": self.fill, "flip": self.flip})


@dataclass(frozen=True, kw_only=True)
class FilterConv(SlidingWindow):
    """Slides a fixed filter over each channel by itself: the classic image filters, nothing is learned.

    Output: as conv, with the channels that arrive.  Weights: none are learned; the filter's numbers are stored once
    a channel.  A filter with one row is 1-D (1xN on an image); one with several matrices has one for each channel.
    MACs: k_height * k_width for every output.

    >>> from cnncalc.layers.filters import FILTERS
    >>> FilterConv(filter=FILTERS["sharpen"].named).output_shape((Shape(1, (5, 5)),)).text()
    '3x3x1'

    Source: deck 001, the sharpen filter by hand.
    """

    word: ClassVar[str] = "conv"
    filter: NamedMatrix = operand("matrix", "the name of a filter: built in (`cnncalc filters`) or of this file")
    stride: Sizes = option("sizes", (1,), "how far the window moves")
    padding: Padding = option("padding", VALID, "valid, same, full, per side `1`, `1x2`, or top,bottom,left,right")
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
class ConnectedConv(SlidingWindow):
    """A convolution whose filters each see only some of the channels, as a 0/1 table says (LeNet-5's C3).

    Output: as conv.  The table has a row for each input channel and a column for each filter, as Table I of the paper
    prints it (turned by 90 degrees it is read too, where its sizes leave no doubt).
    Weights: k_height * k_width * ones in the table + filters; the last is the bias.
    MACs: k_height * k_width * ones for every position.

    >>> from cnncalc.matrices import matrix
    >>> table = NamedMatrix("t", matrix([[1, 0, 1], [1, 1, 0]]))
    >>> ConnectedConv(filters=3, kernel_size=(5,), connect=table).connected(2)
    ((0, 1), (1,), (0,))

    Source: LeCun et al. 1998, section II.B and Table I.
    """

    word: ClassVar[str] = "conv"
    filters: int = operand("count", "how many filters: one output channel each")
    kernel_size: Sizes = operand("sizes", "height x width of the window: `5x5`, or `5` for all axes")
    connect: NamedMatrix = operand("table", "0/1 table: a row for each input channel, a column for each filter")
    stride: Sizes = option("sizes", (1,), "how far the window moves")
    padding: Padding = option("padding", VALID, "valid, same, full, per side `1`, `1x2`, or top,bottom,left,right")
    fill: str = option("choice", "zeros", "what the pads hold", choices=FILLS)
    bias: bool = flag(True, "add one learned number to each output channel", bias=True, nobias=False)

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        self.connected(inputs[0].channels)
        return Shape(self.filters, self.output_spatial(inputs[0]))

    def connected(self, channels: int) -> tuple[tuple[int, ...], ...]:
        """For each filter the input channels it sees, ascending, counted from 0."""
        table = self.connect.matrix.planes[0]
        if (len(table), len(table[0])) == (channels, self.filters):
            columns = tuple(zip(*table, strict=True))
        elif (len(table), len(table[0])) == (self.filters, channels):
            columns = table
        else:
            raise self._misfit(
                f"the table `{self.connect.name}` is {len(table)}x{len(table[0])}, "
                f"but {channels} channels and {self.filters} filters need {channels}x{self.filters}"
            )
        if any(value not in (0, 1) for column in columns for value in column):
            raise self._misfit(f"the table `{self.connect.name}` holds numbers other than 0 and 1")
        seen = tuple(tuple(channel for channel, value in enumerate(column) if value) for column in columns)
        if () in seen:
            raise self._misfit(
                f"filter {seen.index(()) + 1} of the table `{self.connect.name}` is connected to nothing"
            )
        return seen

    def _misfit(self, message: str) -> Refusal:
        return Refusal(
            "table-does-not-fit",
            message,
            "connect",
            help="one row for each input channel, one column for each filter, 1 where they are connected",
        )

    def ones(self, shape: Shape) -> int:
        """How many (channel, filter) pairs are connected."""
        return sum(map(len, self.connected(shape.channels)))

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape, kernel = inputs[0], self.kernels(inputs[0].rank)
        ones = self.ones(shape)
        axes = (("connections", ones), *zip(AXIS_NAMES[shape.rank], kernel, strict=True))
        weight = Weight("weight", axes, fan_in=max(1, prod(kernel) * ones // self.filters))
        bias = Weight("bias", (("filters", self.filters),), initial="zeros")
        return (weight, bias) if self.bias else (weight,)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        shape, output = inputs[0], self.output_shape(inputs)
        macs = prod(self.kernels(shape.rank)) * self.ones(shape) * prod(output.spatial)
        return Cost(macs=macs, add=output.elements if self.bias else 0)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        cost = self.cost(inputs)
        return cost.macs + cost.add

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, positions = inputs[0], prod(self.output_spatial(inputs[0]))
        area, taps = area_in_symbols(shape.rank), product(*self.kernels(shape.rank), self.ones(shape))
        plus, plus_number = (" + filters", f" + {self.filters}") if self.bias else ("", "")
        return (
            *self.size_formulas(shape),
            Formula("channels", "filters", str(self.filters), self.filters),
            Formula(
                "params",
                f"{area} * ones in the table{plus}",
                f"{taps}{plus_number}",
                learned(self.weights(inputs)),
            ),
            Formula(
                "macs",
                f"{area} * ones in the table * positions",
                product(taps, positions),
                self.cost(inputs).macs,
            ),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        numbers = self.window_numbers(inputs[0])
        return KernelCall("connected_conv", {**numbers, "fill": self.fill, "table": self.connected(inputs[0].channels)})
