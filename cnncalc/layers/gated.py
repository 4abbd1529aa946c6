"""Activations that let a share of each number through: gelu and mish by the number itself, glu by another channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.activation import Activation, Sigmoid, Tanh
from cnncalc.layers.base import Cost, Formula, KernelCall, Layer, counted, flag, no_weights
from cnncalc.layers.sloped import Softplus


@dataclass(frozen=True, kw_only=True)
class GELU(Activation):
    """x times the share of a normal distribution below x; with `approximate` its tanh form, 0.0005 off at most.

    Work: counted by the tanh form 0.5x(1 + tanh(0.79788(x + 0.044715 x^3))): 7 multiplies, 4 adds, an exp and a divide
    a number.

    >>> GELU().cost((Shape(10),)).flops
    130

    Source: Hendrycks and Gimpel 2016.
    """

    word: ClassVar[str] = "gelu"
    each: ClassVar[Cost] = Cost(multiply=7, add=4, exp=1, divide=1)
    approximate: bool = flag(False, "the tanh form, as PyTorch's approximate='tanh'", approximate=True)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("gelu_approximate" if self.approximate else "gelu", {})


class Mish(Activation):
    """x * tanh(softplus(x)).  Work: that of softplus and of tanh and a multiply a number.

    >>> Mish().cost((Shape(10),)).flops
    90

    Source: Misra 2019.
    """

    word: ClassVar[str] = "mish"
    each: ClassVar[Cost] = Softplus.each + Tanh.each + Cost(multiply=1)


@dataclass(frozen=True, kw_only=True)
class GLU(Layer):
    """The first half of the channels times the sigmoid of the second half: a gate for each number.

    Output: half of the channels.  Weights: none.  Work: an exp, an add, a divide and a multiply for every number of the
    result.

    >>> GLU().output_shape((Shape(64, (7, 7)),)).text()
    '7x7x32'

    Source: Dauphin et al. 2017; PyTorch's GLU(dim=1), Keras' glu.
    """

    word: ClassVar[str] = "glu"

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        channels = inputs[0].channels
        if channels % 2:
            raise Refusal(
                "groups-do-not-divide",
                f"glu needs two equal halves, and {counted(channels, 'channel')} cannot be halved",
                "input",
                help=f"give the layer before {channels + 1} channels",
            )
        return Shape(channels // 2, inputs[0].spatial)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return (Sigmoid.each + Cost(multiply=1)) * self.output_shape(inputs).elements

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        channels = inputs[0].channels
        return Formula("channels", "C / 2", f"{channels} / 2", channels // 2), *no_weights()

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("glu", {})
