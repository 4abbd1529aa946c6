"""Activations with numbers of their own: slopes below 0, limits."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.activation import Activation
from cnncalc.layers.base import Cost, KernelCall, operand


@dataclass(frozen=True, kw_only=True)
class LeakyReLU(Activation):
    """x where it is positive, slope * x where it is negative.  Work: a compare and a multiply a number.

    >>> LeakyReLU(slope=0.1).cost((Shape(10),)).flops
    20

    Source: Maas et al. 2013.  PyTorch's slope is 0.01, Keras' 0.3, Darknet's 0.1.
    """

    word: ClassVar[str] = "leaky"
    each: ClassVar[Cost] = Cost(compare=1, multiply=1)
    slope: float = operand("number", "the slope for negative numbers", default=0.01)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("leaky", {"slope": self.slope})


@dataclass(frozen=True, kw_only=True)
class ELU(Activation):
    """x where it is positive, slope * (e^x - 1) where it is negative.

    Work: a compare, an exp, an add and a multiply a number.

    >>> ELU().cost((Shape(10),)).flops
    40

    Source: Clevert et al. 2015; `slope` is the paper's alpha.
    """

    word: ClassVar[str] = "elu"
    each: ClassVar[Cost] = Cost(compare=1, exp=1, add=1, multiply=1)
    slope: float = operand("number", "the factor for negative numbers", default=1.0)

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("elu", {"slope": self.slope})


@dataclass(frozen=True, kw_only=True)
class Clip(Activation):
    """min(max(x, low), high): numbers below low become low, above high they become high; `clip low=0` has one limit.

    Work: one compare a number for each limit.

    >>> Clip(low=-1.0, high=1.0).cost((Shape(10),)).compare
    20

    Source: Collobert 2004 (hard tanh, `clip -1 1`); PyTorch's Hardtanh and clamp, Keras' ReLU with max_value.
    """

    word: ClassVar[str] = "clip"
    low: float | None = operand("number", "the lower limit", default=None, also=("min", "min_val", "min_value"))
    high: float | None = operand("number", "the upper limit", default=None, also=("max", "max_val", "max_value"))

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.low is None and self.high is None:
            raise Refusal(
                "missing-operand", "clip needs a limit", "low", help="write `clip 0 6`, or `clip low=0` for one limit"
            )
        if self.low is not None and self.high is not None and self.low > self.high:
            raise Refusal(
                "wrong-operand",
                f"the lower limit {self.low:g} of clip is above the upper limit {self.high:g}",
                "low",
                help=f"write `clip {self.high:g} {self.low:g}`",
            )
        return inputs[0]

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return Cost(compare=sum(limit is not None for limit in (self.low, self.high))) * inputs[0].elements

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        low, high = -inf if self.low is None else self.low, inf if self.high is None else self.high
        return KernelCall("clip", {"low": low, "high": high})
