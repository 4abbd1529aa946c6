"""Convolutions that keep the channels apart: depthwise, and depthwise followed by a 1x1 (separable).

Both slide a window as `conv` does; what differs is that a filter sees a single channel.
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
    with_bias,
)
from cnncalc.layers.given import given_values
from cnncalc.layers.sliding import FILLS, WINDOW_PADS, SlidingWindow, area_in_symbols


@dataclass(frozen=True, kw_only=True)
class DepthwiseConv(SlidingWindow):
    """Slides `multiplier` kernels of its own over each channel and sums over no channels.

    Output: as conv on every axis, C * multiplier channels; output c * multiplier + m comes from channel c.
    Weights: (k_height * k_width + 1) * C * multiplier; the 1 is the bias.
    MACs: k_height * k_width for every output; one add an output for the bias.

    >>> layer = DepthwiseConv(kernel_size=(3,))
    >>> sum(weight.count for weight in layer.weights((Shape(32, (112, 112)),)))
    320

    Source: Chollet 2017; Howard et al. 2017 (MobileNet).
    """

    word: ClassVar[str] = "dwconv"
    backward: ClassVar[Kept] = KEEPS_INPUT
    kernel_size: Sizes = operand("sizes", "height x width of the window: `3x3`, or `3` for all axes")
    multiplier: int = option("count", 1, "how many output channels each input channel gets")
    stride: Sizes = option("sizes", (1,), "how far the window moves")
    padding: Padding = option("padding", VALID, WINDOW_PADS)
    dilation: Sizes = option("sizes", (1,), "distance between the kernel's taps; 1 is contiguous")
    fill: str = option("choice", "zeros", "what the pads hold", choices=FILLS)
    bias: bool = flag(True, "add one learned number to each output channel", bias=True, nobias=False)
    flip: bool = flag(False, "turn the kernel by 180 degrees: the true convolution", flip=True)
    weights_given: NamedMatrix | None = option("matrix", None, "given weights, one kernel a channel", name="weights")
    bias_given: NamedMatrix | None = option("matrix", None, "given biases, one for each channel", name="bias")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(inputs[0].channels * self.multiplier, self.output_spatial(inputs[0]))

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape, kernel = inputs[0], self.kernels(inputs[0].rank)
        channels = ("channels", shape.channels * self.multiplier)
        axes = (channels, *zip(AXIS_NAMES[shape.rank], kernel, strict=True))
        weight = given_values(Weight("weight", axes, fan_in=prod(kernel)), self.weights_given, "weights_given")
        if not self.bias:
            return (weight,)
        return weight, given_values(Weight("bias", (channels,), initial="zeros"), self.bias_given, "bias_given")

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        outputs = self.output_shape(inputs).elements
        return Cost(macs=prod(self.kernels(inputs[0].rank)) * outputs, add=outputs if self.bias else 0)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        cost = self.cost(inputs)
        return cost.macs + cost.add

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, output = inputs[0], self.output_shape(inputs)
        area, numbers = area_in_symbols(shape.rank), product(*self.kernels(shape.rank))
        many = self.multiplier > 1
        channels, count = (
            ("C * multiplier", product(shape.channels, self.multiplier)) if many else ("C", output.channels)
        )
        return (
            *self.size_formulas(shape),
            Formula("channels", channels, str(count), output.channels),
            Formula(
                "params",
                f"{with_bias(area, self.bias)} * {channels}",
                product(with_bias(numbers, self.bias), count),
                learned(self.weights(inputs)),
            ),
            Formula("macs", f"{area} * outputs", product(numbers, output.elements), self.cost(inputs).macs),
        )

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        own = {"fill": self.fill, "multiplier": self.multiplier, "flip": self.flip}
        return KernelCall("dwconv", {**self.window_numbers(inputs[0]), **own})


@dataclass(frozen=True, kw_only=True)
class SeparableConv(SlidingWindow):
    """A depthwise convolution without bias, then a 1x1 convolution with bias: cheaper than conv of the same size.

    Output: as conv on every axis, `filters` channels.
    Weights: k_height * k_width * C * multiplier + (C * multiplier + 1) * filters; the 1 is the bias.
    MACs: (k_height * k_width + filters) * C * multiplier for every position.

    >>> layer = SeparableConv(filters=128, kernel_size=(3,))
    >>> sum(weight.count for weight in layer.weights((Shape(64, (56, 56)),)))
    8896

    Source: Chollet 2017 (Xception); Keras' SeparableConv2D.
    """

    word: ClassVar[str] = "sepconv"
    filters: int = operand("count", "how many filters the 1x1 convolution has: one output channel each")
    kernel_size: Sizes = operand("sizes", "height x width of the depthwise window")
    multiplier: int = option("count", 1, "how many channels the depthwise step makes of each input channel")
    stride: Sizes = option("sizes", (1,), "how far the window moves")
    padding: Padding = option("padding", VALID, WINDOW_PADS)
    dilation: Sizes = option("sizes", (1,), "distance between the kernel's taps; 1 is contiguous")
    fill: str = option("choice", "zeros", "what the pads hold", choices=FILLS)
    bias: bool = flag(True, "add one learned number to each output channel", bias=True, nobias=False)

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(self.filters, self.output_spatial(inputs[0]))

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape, kernel = inputs[0], self.kernels(inputs[0].rank)
        middle = ("channels", shape.channels * self.multiplier)
        spatial = zip(AXIS_NAMES[shape.rank], kernel, strict=True)
        depthwise = Weight("depthwise_weight", (middle, *spatial), fan_in=prod(kernel))
        pointwise = Weight("pointwise_weight", (("filters", self.filters), middle), fan_in=middle[1])
        bias = Weight("bias", (("filters", self.filters),), initial="zeros")
        return (depthwise, pointwise, bias) if self.bias else (depthwise, pointwise)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        shape, output = inputs[0], self.output_shape(inputs)
        taps = (prod(self.kernels(shape.rank)) + self.filters) * shape.channels * self.multiplier
        return Cost(macs=taps * prod(output.spatial), add=output.elements if self.bias else 0)

    def connections(self, inputs: tuple[Shape, ...]) -> int:
        cost = self.cost(inputs)
        return cost.macs + cost.add

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, output = inputs[0], self.output_shape(inputs)
        area, numbers = area_in_symbols(shape.rank), product(*self.kernels(shape.rank))
        many = self.multiplier > 1
        middle = product(shape.channels, self.multiplier) if many else str(shape.channels)
        symbol = "C * multiplier" if many else "C"
        return (
            *self.size_formulas(shape),
            Formula("channels", "filters", str(self.filters), self.filters),
            Formula(
                "params",
                f"{area} * {symbol} + {with_bias(symbol, self.bias)} * filters",
                f"{numbers} * {middle} + {with_bias(middle, self.bias)} * {self.filters}",
                learned(self.weights(inputs)),
            ),
            Formula(
                "macs",
                f"({area} + filters) * {symbol} * positions",
                product(f"({numbers} + {self.filters})", middle, prod(output.spatial)),
                self.cost(inputs).macs,
            ),
        )

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """Its input, and what the depthwise step makes of it."""
        middle = inputs[0].channels * self.multiplier * prod(self.output_shape(inputs).spatial)
        return Kept(inputs=True, numbers=middle)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        own = {"fill": self.fill, "multiplier": self.multiplier}
        return KernelCall("sepconv", {**self.window_numbers(inputs[0]), **own})
