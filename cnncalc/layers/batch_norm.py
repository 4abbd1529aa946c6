"""Batch normalisation: per channel, with statistics gathered in training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.geometry import Shape
from cnncalc.layers.backward import Kept
from cnncalc.layers.base import Cost, Formula, KernelCall, Layer, Weight, no_weights, option, unchanged
from cnncalc.layers.learned import learned_params, scale_and_shift, scale_flag, shift_flag


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
    scale: bool = scale_flag()
    shift: bool = shift_flag()

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        channels = (("channels", inputs[0].channels),)
        return (
            *scale_and_shift(channels, scale=self.scale, shift=self.shift),
            Weight("running_mean", channels, trainable=False, initial="zeros"),
            Weight("running_var", channels, trainable=False, initial="ones"),
        )

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(add=1, multiply=1) * inputs[0].elements

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = inputs[0].channels
        return (
            unchanged(inputs[0]),
            learned_params("C", channels, scale=self.scale, shift=self.shift),
            Formula("buffers", "2 * C (running mean and variance)", f"2 * {channels}", 2 * channels),
            no_weights()[1],
        )

    def kept_for_backward(self, inputs: tuple[Shape, ...]) -> Kept:
        return Kept(inputs=True, statistics=2 * inputs[0].channels)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("bn", {"epsilon": self.epsilon})
