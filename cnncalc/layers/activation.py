"""Activations: a function of each number by itself; softmax, which compares the channels.

Those with numbers of their own stand in sloped and gated: a net without them need not load these.  Every class states
the work for one number.  A logarithm, a power and an exponential each count as one `exp`; a change of sign is free;
tanh(x) is (1 - e^-2x) / (1 + e^-2x).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.geometry import Shape
from cnncalc.layers.backward import KEEPS_OUTPUT, Kept
from cnncalc.layers.base import ChannelSight, Cost, KernelCall, Layer


@dataclass(frozen=True, kw_only=True)
class Activation(Layer):
    """What all activations share: the shape stays, the result may overwrite the input."""

    in_place: ClassVar[bool] = True
    each: ClassVar[Cost]
    """The work for one number."""

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        return self.each * inputs[0].elements

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall(self.word, {})


class ReLU(Activation):
    """max(0, x): negative numbers become 0.  Work: one compare a number.

    >>> ReLU().cost((Shape(64, (10, 10)),)).compare
    6400

    Source: Nair and Hinton 2010; decks 002 and 004.
    """

    word: ClassVar[str] = "relu"
    backward: ClassVar[Kept] = KEEPS_OUTPUT
    each: ClassVar[Cost] = Cost(compare=1)


class ReLU6(Activation):
    """min(max(0, x), 6).  Work: two compares a number.

    >>> ReLU6().cost((Shape(10),)).compare
    20

    Source: Howard et al. 2017 (MobileNet).
    """

    word: ClassVar[str] = "relu6"
    each: ClassVar[Cost] = Cost(compare=2)


class SELU(Activation):
    """1.0507 * elu(x) with slope 1.6733: keeps mean 0 and variance 1 from layer to layer.

    Work: a compare, an exp, an add and two multiplies a number.

    >>> SELU().cost((Shape(10),)).flops
    50

    Source: Klambauer et al. 2017.
    """

    word: ClassVar[str] = "selu"
    each: ClassVar[Cost] = Cost(compare=1, exp=1, add=1, multiply=2)


class Sigmoid(Activation):
    """1 / (1 + e^-x).  Work: an exp, an add and a divide a number.

    >>> Sigmoid().cost((Shape(10),)).flops
    30

    Source: Rumelhart, Hinton and Williams 1986; deck 004 (LeNet-5's tanh or sigmoid).
    """

    word: ClassVar[str] = "sigmoid"
    backward: ClassVar[Kept] = KEEPS_OUTPUT
    each: ClassVar[Cost] = Cost(exp=1, add=1, divide=1)


class Tanh(Activation):
    """(1 - e^-2x) / (1 + e^-2x).  Work: a multiply, an exp, two adds and a divide a number.

    >>> Tanh().cost((Shape(10),)).flops
    50

    Source: LeCun et al. 1998; deck 004 (LeNet-5's tanh or sigmoid).
    """

    word: ClassVar[str] = "tanh"
    backward: ClassVar[Kept] = KEEPS_OUTPUT
    each: ClassVar[Cost] = Cost(multiply=1, exp=1, add=2, divide=1)


class SiLU(Activation):
    """x * sigmoid(x), also called swish.  Work: an exp, an add, a divide and a multiply a number.

    >>> SiLU().cost((Shape(10),)).flops
    40

    Source: Ramachandran et al. 2017.
    """

    word: ClassVar[str] = "silu"
    each: ClassVar[Cost] = Cost(exp=1, add=1, divide=1, multiply=1)


class HardSwish(Activation):
    """x * hardsigmoid(x).  Work: an add, two compares, a divide and a multiply a number.

    >>> HardSwish().cost((Shape(10),)).flops
    50

    Source: Howard et al. 2019 (MobileNetV3).
    """

    word: ClassVar[str] = "hardswish"
    each: ClassVar[Cost] = Cost(add=1, compare=2, divide=1, multiply=1)


class Softmax(Activation):
    """e^x divided by the sum of e^x over the channels: numbers that add up to 1, at every place by itself.

    Work over n channels: n - 1 compares (the largest), n subtractions, n exp, n - 1 adds, n divides.

    >>> Softmax().cost((Shape(10),)).flops
    48

    Source: Bridle 1990; deck 000, the MNIST network's last layer.
    """

    word: ClassVar[str] = "softmax"
    backward: ClassVar[Kept] = KEEPS_OUTPUT

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "all"

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        n = inputs[0].channels
        return Cost(compare=n - 1, add=2 * n - 1, exp=n, divide=n) * (inputs[0].elements // n)


class LogSoftmax(Softmax):
    """The logarithm of softmax over the channels, at every place by itself: x - log(sum of e^x).

    Work over n channels: n - 1 compares (the largest), n subtractions, n exp, n - 1 adds, a logarithm (counted as exp)
    and n subtractions.

    >>> LogSoftmax().cost((Shape(10),)).flops
    49

    Source: PyTorch's LogSoftmax, for its loss NLLLoss.
    """

    word: ClassVar[str] = "logsoftmax"

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        n = inputs[0].channels
        return Cost(compare=n - 1, add=3 * n - 1, exp=n + 1) * (inputs[0].elements // n)
