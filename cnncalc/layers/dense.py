"""The fully connected layer: every unit reads every number that arrives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape, Window
from cnncalc.layers.backward import KEEPS_INPUT_FOR_WEIGHTS, Kept
from cnncalc.layers.base import (
    ChannelSight,
    Cost,
    Formula,
    KernelCall,
    Layer,
    NamedMatrix,
    Weight,
    flag,
    learned,
    operand,
    option,
    product,
    with_bias,
)
from cnncalc.layers.given import given_values


@dataclass(frozen=True, kw_only=True)
class Dense(Layer):
    """Connects every unit with every number that arrives; a volume must be flattened first.

    Output: units.  Weights: (n + 1) * units; the 1 is the bias.  MACs: n * units; one add a unit for the bias.

    >>> sum(weight.count for weight in Dense(units=10).weights((Shape(64),)))
    650

    Source: Rumelhart, Hinton and Williams 1986; deck 000, the MNIST network.
    """

    word: ClassVar[str] = "dense"
    backward: ClassVar[Kept] = KEEPS_INPUT_FOR_WEIGHTS
    units: int = operand("count", "how many units: as many numbers come out")
    bias: bool = flag(True, "add one learned number to each unit", bias=True, nobias=False)
    weights_given: NamedMatrix | None = option("matrix", None, "given weights, a row for each unit", name="weights")
    bias_given: NamedMatrix | None = option("matrix", None, "given biases, one for each unit", name="bias")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        shape = inputs[0]
        if shape.rank:
            ones = "x".join("1" * shape.rank)
            raise Refusal(
                "dense-needs-flat",
                f"dense reads a flat vector, but what arrives here is {shape.text()}",
                "input",
                notes=(f"{product(*shape.sizes())} = {shape.elements:,} numbers in a volume",),
                help="write `flatten` (or `gap`) on the line before; "
                f"for units at every place: `conv {self.units} {ones}`",
            )
        return Shape(self.units)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        size = inputs[0].channels
        weight = Weight("weight", (("units", self.units), ("inputs", size)), fan_in=size)
        weight = given_values(weight, self.weights_given, "weights_given")
        if not self.bias:
            return (weight,)
        bias = Weight("bias", (("units", self.units),), initial="zeros")
        return weight, given_values(bias, self.bias_given, "bias_given")

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(macs=inputs[0].channels * self.units, add=self.units if self.bias else 0)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        return (inputs[0].channels + self.bias) * self.units

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return "everywhere"

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        size = inputs[0].channels
        return (
            Formula("size", "units", str(self.units), self.units),
            Formula(
                "params",
                f"{with_bias('n', self.bias)} * units",
                product(with_bias(f"{size:,}", self.bias), self.units),
                learned(self.weights(inputs)),
            ),
            Formula("macs", "n * units", product(size, self.units), self.cost(inputs).macs),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("dense", {})
