"""Activations with numbers of their own: slopes, which prelu learns, limits, how sharp a bend is."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.activation import Activation
from cnncalc.layers.base import Cost, Formula, KernelCall, Weight, no_weights, operand, option, unchanged
from cnncalc.layers.learned import each_choice, learned_axes, learned_numbers


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


@dataclass(frozen=True, kw_only=True)
class HardSigmoid(Activation):
    """min(max(0, x + 3), 6) / 6; with `slope=0.2` Keras 2's min(max(0, 0.2x + 0.5), 1).

    Work: an add, two compares and a divide a number, or a multiply for the divide where a slope is written.

    >>> HardSigmoid().cost((Shape(10),)).flops
    40

    Source: Howard et al. 2019 (MobileNetV3).
    """

    word: ClassVar[str] = "hardsigmoid"
    each: ClassVar[Cost] = Cost(add=1, compare=2, divide=1)
    slope: float | None = operand("number", "how steep it is; 1/6 without it, 0.2 in Keras 2", default=None)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        each = self.each if self.slope is None else Cost(add=1, compare=2, multiply=1)
        return each * inputs[0].elements

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        if self.slope is None:
            return KernelCall("hardsigmoid", {})
        return KernelCall("hardsigmoid_sloped", {"slope": self.slope})


@dataclass(frozen=True, kw_only=True)
class Softplus(Activation):
    """log(1 + e^x), or with `beta` log(1 + e^(beta x)) / beta.

    Work: an exp, a logarithm (counted as exp) and an add a number; with another beta than 1 a multiply and a divide
    more.

    >>> Softplus().cost((Shape(10),)).exp
    20

    Source: Dugas et al. 2001.
    """

    word: ClassVar[str] = "softplus"
    each: ClassVar[Cost] = Cost(exp=2, add=1)
    beta: float = option("number", 1.0, "how sharp the bend is")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.beta == 0:
            raise Refusal("wrong-operand", "softplus divides by its beta, which is 0", "beta", help="write `beta=1`")
        return inputs[0]

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        more = Cost() if self.beta == 1 else Cost(multiply=1, divide=1)
        return (self.each + more) * inputs[0].elements

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("softplus", {}) if self.beta == 1 else KernelCall("softplus_beta", {"beta": self.beta})


@dataclass(frozen=True, kw_only=True)
class PReLU(Activation):
    """As leaky, with a slope learned for each channel, for all numbers together (`shared`) or for each number (`all`).

    Weights: C; 1; as many as there are numbers.  Work: a compare and a multiply a number.

    >>> sum(weight.count for weight in PReLU().weights((Shape(64, (7, 7)),)))
    64

    Source: He et al. 2015.  PyTorch's PReLU() is `prelu shared`, Keras' PReLU() without shared_axes `prelu all`.
    """

    word: ClassVar[str] = "prelu"
    each: ClassVar[Cost] = Cost(compare=1, multiply=1)
    slopes: str = each_choice("slope")

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        return (Weight("weight", learned_axes(self.slopes, inputs[0]), initial="zeros"),)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        return unchanged(inputs[0]), learned_numbers(self.slopes, inputs[0]), no_weights()[1]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("prelu_all" if self.slopes == "all" else "prelu", {})
