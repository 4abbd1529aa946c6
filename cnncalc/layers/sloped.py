"""Activations with a slope of their own for negative numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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
