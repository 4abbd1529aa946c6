"""Activations: a function of each number by itself; softmax, which compares the channels; prelu, which learns.

Every class states the work for one number.  A logarithm, a power and an exponential each count as one `exp`; a change
of sign is free; tanh(x) is (1 - e^-2x) / (1 + e^-2x).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.base import (
    ChannelSight,
    Cost,
    Formula,
    KernelCall,
    Layer,
    Weight,
    counted,
    flag,
    no_weights,
    operand,
    option,
    unchanged,
)
from cnncalc.layers.learned import each_choice, learned_axes, learned_numbers


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
    each: ClassVar[Cost] = Cost(exp=1, add=1, divide=1)


class Tanh(Activation):
    """(1 - e^-2x) / (1 + e^-2x).  Work: a multiply, an exp, two adds and a divide a number.

    >>> Tanh().cost((Shape(10),)).flops
    50

    Source: LeCun et al. 1998; deck 004 (LeNet-5's tanh or sigmoid).
    """

    word: ClassVar[str] = "tanh"
    each: ClassVar[Cost] = Cost(multiply=1, exp=1, add=2, divide=1)


class SiLU(Activation):
    """x * sigmoid(x), also called swish.  Work: an exp, an add, a divide and a multiply a number.

    >>> SiLU().cost((Shape(10),)).flops
    40

    Source: Ramachandran et al. 2017.
    """

    word: ClassVar[str] = "silu"
    each: ClassVar[Cost] = Cost(exp=1, add=1, divide=1, multiply=1)


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


class HardSwish(Activation):
    """x * hardsigmoid(x).  Work: an add, two compares, a divide and a multiply a number.

    >>> HardSwish().cost((Shape(10),)).flops
    50

    Source: Howard et al. 2019 (MobileNetV3).
    """

    word: ClassVar[str] = "hardswish"
    each: ClassVar[Cost] = Cost(add=1, compare=2, divide=1, multiply=1)


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


class Mish(Activation):
    """x * tanh(softplus(x)).  Work: that of softplus and of tanh and a multiply a number.

    >>> Mish().cost((Shape(10),)).flops
    90

    Source: Misra 2019.
    """

    word: ClassVar[str] = "mish"
    each: ClassVar[Cost] = Softplus.each + Tanh.each + Cost(multiply=1)


class Softmax(Activation):
    """e^x divided by the sum of e^x over the channels: numbers that add up to 1, at every place by itself.

    Work over n channels: n - 1 compares (the largest), n subtractions, n exp, n - 1 adds, n divides.

    >>> Softmax().cost((Shape(10),)).flops
    48

    Source: Bridle 1990; deck 000, the MNIST network's last layer.
    """

    word: ClassVar[str] = "softmax"

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
