"""Convolution without an array: plain, grouped and dilated.

The window is `cnncalc.layers.sliding`'s.  Convolutions with a fixed filter, with a table of connections, depthwise,
separable, transposed and unshared ones have modules of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import ClassVar

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
    refuse_groups,
    with_bias,
)
from cnncalc.layers.given import given_values
from cnncalc.layers.sliding import FILLS, WINDOW_PADS, SlidingWindow, area_in_symbols


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
    backward: ClassVar[Kept] = KEEPS_INPUT
    filters: int = operand("count", "how many filters: one output channel each")
    kernel_size: Sizes = operand("sizes", "height x width of the window: `5x5`, or `5` for all axes")
    stride: Sizes = option("sizes", (1,), "how far the window moves")
    padding: Padding = option("padding", VALID, WINDOW_PADS)
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

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all" if self.groups == 1 else "own"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, outputs = inputs[0], self.output_shape(inputs).elements
        area, area_numbers = area_in_symbols(shape.rank), product(*self.kernels(shape.rank))
        seen, channels = ("C/groups", f"{shape.channels}/{self.groups}") if self.groups > 1 else ("C", shape.channels)
        return (
            *self.size_formulas(shape),
            Formula("channels", "filters", str(self.filters), self.filters),
            Formula(
                "params",
                f"{with_bias(f'{area} * {seen}', self.bias)} * filters",
                product(with_bias(product(area_numbers, channels), self.bias), self.filters),
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
