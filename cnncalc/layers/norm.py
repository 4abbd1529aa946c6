"""Normalisation by an image's own numbers: over channels or all of it (ln), in groups (gn), over neighbours (lrn).

Work is counted as at inference.  A root and a power count as `exp`: one evaluation of a function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.geometry import AXIS_NAMES, Shape, Window
from cnncalc.layers.base import (
    ChannelSight,
    Cost,
    Formula,
    KernelCall,
    Layer,
    Weight,
    no_weights,
    operand,
    option,
    refuse_groups,
    unchanged,
)


def normalising(count: int) -> Cost:
    """The work of normalising `count` numbers by their own mean and variance, then scaling and shifting each.

    Mean: count - 1 adds, a divide.  Variance: count subtractions, count squares, count - 1 adds, a divide.  Root of
    variance + epsilon: an add and a root.  Then a divide, a multiply and an add for each number.
    """
    return Cost(add=4 * count - 1, multiply=2 * count, divide=count + 2, exp=1)


@dataclass(frozen=True, kw_only=True)
class LayerNorm(Layer):
    """Normalises by mean and variance over the channels at each place, or with `all` over the whole image.

    Output: as it arrives.  Weights: 2 * the normalised size (scale and shift).
    Work for each group of n numbers: 4n - 1 adds, 2n multiplies, n + 2 divides and a root (counted as exp).

    >>> sum(weight.count for weight in LayerNorm().weights((Shape(96, (56, 56)),)))
    192

    Source: Ba et al. 2016; over channels as in ConvNeXt and Keras, `all` as PyTorch's LayerNorm of the whole shape.
    """

    word: ClassVar[str] = "ln"
    in_place: ClassVar[bool] = True
    epsilon: float = option("number", 1e-5, "added to the variance; PyTorch has 1e-5, Keras 1e-3")
    axes: str = option("choice", "channels", "what is normalised together", choices=("channels", "all"))

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        shape = inputs[0]
        axes: tuple[tuple[str, int], ...] = (("channels", shape.channels),)
        if self.axes == "all":
            axes += tuple(zip(AXIS_NAMES[shape.rank], shape.spatial, strict=True))
        return Weight("weight", axes, initial="ones"), Weight("bias", axes, initial="zeros")

    def normalised(self, shape: Shape) -> int:
        """How many numbers are normalised together."""
        return shape.elements if self.axes == "all" else shape.channels

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        together = self.normalised(inputs[0])
        return normalising(together) * (inputs[0].elements // together)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return "statistics" if self.axes == "all" else None

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape, together = inputs[0], self.normalised(inputs[0])
        symbols = " * ".join((*AXIS_NAMES[shape.rank], "C")) if self.axes == "all" else "C"
        params = Formula("params", f"2 * {symbols} (scale and shift)", f"2 * {together}", 2 * together)
        return unchanged(shape), params, no_weights()[1]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("ln", {"epsilon": self.epsilon, "axes": self.axes})


@dataclass(frozen=True, kw_only=True)
class GroupNorm(Layer):
    """Normalises groups of channels by mean and variance over the whole image.

    Output: as it arrives.  Weights: 2 * C (scale and shift).
    Work for each group of n numbers: 4n - 1 adds, 2n multiplies, n + 2 divides and a root (counted as exp).

    >>> sum(weight.count for weight in GroupNorm(groups=32).weights((Shape(64, (56, 56)),)))
    128

    Source: Wu and He 2018.
    """

    word: ClassVar[str] = "gn"
    in_place: ClassVar[bool] = True
    groups: int = operand("count", "into how many groups the channels are split", default=32)
    epsilon: float = option("number", 1e-5, "added to the variance; PyTorch has 1e-5, Keras 1e-3")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        refuse_groups(self.groups, (inputs[0].channels, "channel"))
        return inputs[0]

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        channels = (("channels", inputs[0].channels),)
        return Weight("weight", channels, initial="ones"), Weight("bias", channels, initial="zeros")

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return normalising(inputs[0].elements // self.groups) * self.groups

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return "statistics"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = inputs[0].channels
        params = Formula("params", "2 * C (scale and shift)", f"2 * {channels}", 2 * channels)
        return unchanged(inputs[0]), params, no_weights()[1]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("gn", {"groups": self.groups, "epsilon": self.epsilon})


@dataclass(frozen=True, kw_only=True)
class LocalResponseNorm(Layer):
    """Divides each number by a power of the squares around it, over `size` neighbouring channels.

    Output: as it arrives, x / (bias + alpha / size * sum of squares) ^ beta.  Weights: none.
    Work for every number: 3 multiplies, `size` adds, a power (two exp) and a divide; missing neighbours count.

    >>> LocalResponseNorm().cost((Shape(96, (55, 55)),)).divide
    290400

    Source: Krizhevsky et al. 2012 (AlexNet, with bias 2 and alpha not divided by size); PyTorch's LocalResponseNorm.
    """

    word: ClassVar[str] = "lrn"
    size: int = operand("count", "how many neighbouring channels", default=5)
    alpha: float = option("number", 1e-4, "how strongly the neighbours count; divided by size")
    beta: float = option("number", 0.75, "the power")
    bias: float = option("number", 1.0, "added to the sum; AlexNet has 2")

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(multiply=3, add=self.size, exp=2, divide=1) * inputs[0].elements

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        numbers = {"size": self.size, "alpha": self.alpha, "beta": self.beta, "bias": self.bias}
        return KernelCall("lrn", numbers)
