"""Unshared convolution: a kernel of its own for every place, to show what weight sharing saves."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

from cnncalc.geometry import AXIS_NAMES, VALID, Padding, Shape, Sizes
from cnncalc.layers.backward import KEEPS_INPUT_FOR_WEIGHTS, Kept
from cnncalc.layers.base import (
    ChannelSight,
    Cost,
    Formula,
    KernelCall,
    Weight,
    flag,
    learned,
    operand,
    option,
    product,
    with_bias,
)
from cnncalc.layers.sliding import FILLS, WINDOW_PADS, SlidingWindow, area_in_symbols


@dataclass(frozen=True, kw_only=True)
class Local(SlidingWindow):
    """A convolution that does not share its weights: every output position has kernels and biases of its own.

    Output: as conv.
    Weights: positions * (k_height * k_width * C + 1) * filters; the 1 is the bias.
    MACs: as conv, k_height * k_width * C for every output; one add an output for the bias.

    >>> layer = Local(filters=32, kernel_size=(3,))
    >>> sum(weight.count for weight in layer.weights((Shape(1, (28, 28)),)))
    216320

    `conv 32 3x3` has 320 there.  Source: LeCun 1989; Keras' LocallyConnected2D.
    """

    word: ClassVar[str] = "local"
    backward: ClassVar[Kept] = KEEPS_INPUT_FOR_WEIGHTS
    filters: int = operand("count", "how many filters: one output channel each")
    kernel_size: Sizes = operand("sizes", "height x width of the window: `5x5`, or `5` for all axes")
    stride: Sizes = option("sizes", (1,), "how far the window moves")
    padding: Padding = option("padding", VALID, WINDOW_PADS)
    fill: str = option("choice", "zeros", "what the pads hold", choices=FILLS)
    bias: bool = flag(True, "add one learned number to each output", bias=True, nobias=False)

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(self.filters, self.output_spatial(inputs[0]))

    def taps(self, shape: Shape) -> int:
        """Multiply-accumulates for one output."""
        return prod(self.kernels(shape.rank)) * shape.channels

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape, names = inputs[0], AXIS_NAMES[inputs[0].rank]
        positions = tuple((f"out_{name}", size) for name, size in zip(names, self.output_spatial(shape), strict=True))
        spatial = zip(names, self.kernels(shape.rank), strict=True)
        filters = ("filters", self.filters)
        weight = Weight(
            "weight", (*positions, filters, ("channels", shape.channels), *spatial), fan_in=self.taps(shape)
        )
        return (weight, Weight("bias", (*positions, filters), initial="zeros")) if self.bias else (weight,)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        outputs = self.output_shape(inputs).elements
        return Cost(macs=self.taps(inputs[0]) * outputs, add=outputs if self.bias else 0)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        cost = self.cost(inputs)
        return cost.macs + cost.add

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, output = inputs[0], self.output_shape(inputs)
        area, taps = area_in_symbols(shape.rank), product(*self.kernels(shape.rank), shape.channels)
        return (
            *self.size_formulas(shape),
            Formula("channels", "filters", str(self.filters), self.filters),
            Formula(
                "params",
                f"positions * {with_bias(f'{area} * C', self.bias)} * filters",
                product(prod(output.spatial), with_bias(taps, self.bias), self.filters),
                learned(self.weights(inputs)),
            ),
            Formula("macs", f"{area} * C * outputs", product(taps, output.elements), self.cost(inputs).macs),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("local", {**self.window_numbers(inputs[0]), "fill": self.fill})
