"""Batch normalisation: per channel, with statistics gathered in training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.geometry import Shape
from cnncalc.layers.base import Cost, Formula, KernelCall, Layer, Weight, flag, no_weights, option, unchanged


@dataclass(frozen=True, kw_only=True)
class BatchNorm(Layer):
    """Shifts and scales each channel by statistics gathered in training, then by two learned numbers.

    Output: as it arrives.  Weights: 2 * C learned (scale and shift; C with `noscale` or `noshift`), 2 * C buffers
    (running mean and variance, which Keras calls non-trainable parameters).  Work: one multiply and one add for every
    number.

    >>> [weight.count for weight in BatchNorm().weights((Shape(64, (112, 112)),))]
    [64, 64, 64, 64]

    Source: Ioffe and Szegedy 2015; without scale where a ReLU follows, as in Keras' InceptionV3.
    """

    word: ClassVar[str] = "bn"
    in_place: ClassVar[bool] = True
    epsilon: float = option("number", 1e-5, "added to the variance; PyTorch has 1e-5, Keras 1e-3 (`epsilon 1e-3`)")
    scale: bool = flag(True, "leave out each channel's learned factor, as Keras' scale=False", noscale=False)
    shift: bool = flag(True, "leave out what is learned to be added to each channel", noshift=False)

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        channels = (("channels", inputs[0].channels),)
        learned = (
            *([Weight("weight", channels, initial="ones")] if self.scale else []),
            *([Weight("bias", channels, initial="zeros")] if self.shift else []),
        )
        return (
            *learned,
            Weight("running_mean", channels, trainable=False, initial="zeros"),
            Weight("running_var", channels, trainable=False, initial="ones"),
        )

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(add=1, multiply=1) * inputs[0].elements

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = inputs[0].channels
        return (
            unchanged(inputs[0]),
            self._learned(channels),
            Formula("buffers", "2 * C (running mean and variance)", f"2 * {channels}", 2 * channels),
            no_weights()[1],
        )

    def _learned(self, channels: int) -> Formula:
        if self.scale and self.shift:
            return Formula("params", "2 * C (scale and shift)", f"2 * {channels}", 2 * channels)
        if self.scale or self.shift:
            return Formula("params", f"C ({'scale' if self.scale else 'shift'} alone)", str(channels), channels)
        return Formula("params", "neither scale nor shift", "0", 0)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("bn", {"epsilon": self.epsilon})
