"""Normalisation by an image's own numbers: over channels or all of it, in groups, by length, over neighbours.

Work is counted as at inference.  A root and a power count as `exp`: one evaluation of a function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape, Window
from cnncalc.layers.backward import Kept
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
from cnncalc.layers.learned import (
    applying,
    learned_axes,
    learned_params,
    learned_symbols,
    scale_and_shift,
    scale_flag,
    shift_flag,
)


def normalising(count: int) -> Cost:
    """The work of normalising `count` numbers by their own mean and variance.

    Mean: count - 1 adds, a divide.  Variance: count subtractions, count squares, count - 1 adds, a divide.  Root of
    variance + epsilon: an add and a root.  Then a divide for each number.
    """
    return Cost(add=3 * count - 1, multiply=count, divide=count + 2, exp=1)


@dataclass(frozen=True, kw_only=True)
class OverChannels(Layer):
    """What the norms share that are over the channels at each place, or with `all` over the whole image."""

    in_place: ClassVar[bool] = True
    epsilon: float = option("number", 1e-5, "added to the variance; PyTorch has 1e-5, Keras 1e-3")
    axes: str = option("choice", "channels", "what is normalised together", choices=("channels", "all"))
    scale: bool = scale_flag()

    @property
    def over_all(self) -> bool:
        """Whether the whole image is normalised together."""
        return self.axes == "all"

    def normalised(self, shape: Shape) -> int:
        """How many numbers are normalised together."""
        return shape.elements if self.over_all else shape.channels

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return "statistics" if self.over_all else None

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all"

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        return Kept(inputs=True, numbers=2 * inputs[0].elements // self.normalised(inputs[0]))


@dataclass(frozen=True, kw_only=True)
class LayerNorm(OverChannels):
    """Normalises by mean and variance over the channels at each place, or with `all` over the whole image.

    Output: as it arrives.  Weights: 2 * the normalised size (scale and shift; half with `noscale` or `noshift`).
    Work for each group of n numbers: 3n - 1 adds, n multiplies, n + 2 divides and a root (counted as exp); then n
    multiplies to scale and n adds to shift.

    >>> sum(weight.count for weight in LayerNorm().weights((Shape(96, (56, 56)),)))
    192

    Source: Ba et al. 2016; over channels as in ConvNeXt and Keras, `all` as PyTorch's LayerNorm of the whole shape.
    """

    word: ClassVar[str] = "ln"
    shift: bool = shift_flag()

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        return scale_and_shift(learned_axes(self.axes, inputs[0]), scale=self.scale, shift=self.shift)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        together, numbers = self.normalised(inputs[0]), inputs[0].elements
        learned = applying(numbers, scale=self.scale, shift=self.shift)
        return normalising(together) * (numbers // together) + learned

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = inputs[0]
        symbols, together = learned_symbols(self.axes, shape), self.normalised(shape)
        params = learned_params(symbols, together, scale=self.scale, shift=self.shift)
        return unchanged(shape), params, no_weights()[1]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("ln", {"epsilon": self.epsilon, "axes": self.axes})


@dataclass(frozen=True, kw_only=True)
class RMSNorm(OverChannels):
    """Divides by the root of the mean square over the channels at each place, or with `all` over the whole image.

    Output: as it arrives, x / sqrt(mean of x^2 + epsilon) * scale.  Weights: the normalised size (none with `noscale`).
    Work for each group of n numbers: n adds, n multiplies, n + 1 divides and a root (counted as exp); then n multiplies
    to scale.

    >>> sum(weight.count for weight in RMSNorm().weights((Shape(96, (56, 56)),)))
    96

    Source: Zhang and Sennrich 2019; PyTorch's RMSNorm and Keras' RMSNormalization.
    """

    word: ClassVar[str] = "rmsnorm"
    epsilon: float = option("number", 1e-6, "added to the mean square; Keras has 1e-6, PyTorch 1.1920929e-07")

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        return scale_and_shift(learned_axes(self.axes, inputs[0]), scale=self.scale, shift=False)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        together, numbers = self.normalised(inputs[0]), inputs[0].elements
        each = Cost(add=together, multiply=together, divide=together + 1, exp=1)
        return each * (numbers // together) + applying(numbers, scale=self.scale, shift=False)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        shape = inputs[0]
        none, no_macs = no_weights()
        together = self.normalised(shape)
        params = Formula("params", f"{learned_symbols(self.axes, shape)} (scale)", str(together), together)
        return unchanged(shape), params if self.scale else none, no_macs

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        return Kept(inputs=True, numbers=inputs[0].elements // self.normalised(inputs[0]))

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("rmsnorm", {"epsilon": self.epsilon, "axes": self.axes})


@dataclass(frozen=True, kw_only=True)
class L2Norm(Layer):
    """Divides the channels at each place by their length, the root of the sum of their squares.

    Output: as it arrives, x / max(length, epsilon): vectors of length 1.  Weights: none.
    Work at each place over n channels: n multiplies, n - 1 adds, a root (counted as exp), a compare and n divides.

    >>> L2Norm().cost((Shape(128),)).flops
    385

    Source: Schroff et al. 2015 (FaceNet); PyTorch's F.normalize and Keras' UnitNormalization.
    """

    word: ClassVar[str] = "l2norm"
    in_place: ClassVar[bool] = True
    epsilon: float = option("number", 1e-12, "the smallest length that is divided by")

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        n = inputs[0].channels
        return Cost(multiply=n, add=n - 1, exp=1, compare=1, divide=n) * (inputs[0].elements // n)

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all"

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """Its input, the length at each place, and what it is divided by."""
        return Kept(inputs=True, numbers=2 * inputs[0].elements // inputs[0].channels)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("l2norm", {"epsilon": self.epsilon})


@dataclass(frozen=True, kw_only=True)
class OverPlaces(Layer):
    """What the norms share whose groups of channels are normalised over the whole image."""

    in_place: ClassVar[bool] = True
    epsilon: float = option("number", 1e-5, "added to the variance; PyTorch has 1e-5, Keras 1e-3")
    scale: bool = scale_flag()
    shift: bool = shift_flag()

    def groups_of(self, shape: Shape) -> int:
        """Into how many groups the channels are split."""
        return shape.channels

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        return scale_and_shift((("channels", inputs[0].channels),), scale=self.scale, shift=self.shift)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        groups, numbers = self.groups_of(inputs[0]), inputs[0].elements
        return normalising(numbers // groups) * groups + applying(numbers, scale=self.scale, shift=self.shift)

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return "statistics"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        params = learned_params("C", inputs[0].channels, scale=self.scale, shift=self.shift)
        return unchanged(inputs[0]), params, no_weights()[1]

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        return Kept(inputs=True, numbers=2 * self.groups_of(inputs[0]))

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("gn", {"groups": self.groups_of(inputs[0]), "epsilon": self.epsilon})


@dataclass(frozen=True, kw_only=True)
class GroupNorm(OverPlaces):
    """Normalises groups of channels by mean and variance over the whole image.

    Output: as it arrives.  Weights: 2 * C (scale and shift; C with `noscale` or `noshift`).
    Work for each group of n numbers: 3n - 1 adds, n multiplies, n + 2 divides and a root (counted as exp); then n
    multiplies to scale and n adds to shift.

    >>> sum(weight.count for weight in GroupNorm(groups=32).weights((Shape(64, (56, 56)),)))
    128

    Source: Wu and He 2018.
    """

    word: ClassVar[str] = "gn"
    groups: int = operand("count", "into how many groups the channels are split", default=32)

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        refuse_groups(self.groups, (inputs[0].channels, "channel"))
        return inputs[0]

    def groups_of(self, shape: Shape) -> int:
        return self.groups


@dataclass(frozen=True, kw_only=True)
class InstanceNorm(OverPlaces):
    """Normalises each channel by its own mean and variance over the whole image: `gn` with a group for each channel.

    Output: as it arrives.  Weights: 2 * C (scale and shift; C with `noscale` or `noshift`).  PyTorch's InstanceNorm2d
    learns nothing unless affine=True is written: `instancenorm noscale noshift`.
    Work for each channel of n numbers: 3n - 1 adds, n multiplies, n + 2 divides and a root (counted as exp); then n
    multiplies to scale and n adds to shift.

    >>> sum(weight.count for weight in InstanceNorm().weights((Shape(64, (56, 56)),)))
    128

    Source: Ulyanov et al. 2016.
    """

    word: ClassVar[str] = "instancenorm"

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if inputs[0].rank == 0:
            raise Refusal(
                "needs-volume",
                f"instancenorm normalises each channel over its image, but what arrives here is flat "
                f"({inputs[0].channels} numbers)",
                "input",
                help="move this line before flatten, or write `ln`, which normalises a flat vector",
            )
        return inputs[0]


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

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        """Its input, the squares with `size` - 1 pads along the channels, the sums and their powers."""
        maps, shape = inputs[0].channels, inputs[0]
        return Kept(inputs=True, numbers=(3 * maps + self.size - 1) * (shape.elements // maps))

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        numbers = {"size": self.size, "alpha": self.alpha, "beta": self.beta, "bias": self.bias}
        return KernelCall("lrn", numbers)
