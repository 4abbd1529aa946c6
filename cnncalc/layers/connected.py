"""A convolution whose filters see only some of the channels, as a 0/1 table says."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import AXIS_NAMES, VALID, Padding, Shape, Sizes
from cnncalc.layers.backward import KEEPS_INPUT, Kept
from cnncalc.layers.base import (
    ChannelSight,
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
)
from cnncalc.layers.sliding import FILLS, WINDOW_PADS, SlidingWindow, area_in_symbols


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
    backward: ClassVar[Kept] = KEEPS_INPUT
    filters: int = operand("count", "how many filters: one output channel each")
    kernel_size: Sizes = operand("sizes", "height x width of the window: `5x5`, or `5` for all axes")
    connect: NamedMatrix = operand("table", "0/1 table: a row for each input channel, a column for each filter")
    stride: Sizes = option("sizes", (1,), "how far the window moves")
    padding: Padding = option("padding", VALID, WINDOW_PADS)
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

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        seen = {channel for some in self.connected(inputs[0].channels) for channel in some}
        return "own" if len(seen) == inputs[0].channels else "some"

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
