"""PyTorch's layers that work on each number alone, or on the channels of each place: activations and dropout.

Signatures are those of PyTorch 2.13's manual.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cnncalc.graph.pasted.arguments import Bound, Row, decimal, nothing, ranks
from cnncalc.spec.document import Token


def _slope(call: Bound, name: str, usual: float) -> None:
    call.say_number("slope", name, usual)


def softmax(call: Bound) -> None:
    """Over the channels, which are axis 1."""
    if call.value("dim") not in (None, 1, -1, -3):
        raise call.refuse("dim", "it works on the channels here", "they are dim=1 in PyTorch")


def _prelu(call: Bound) -> None:
    """PyTorch's default is a single slope for all channels."""
    slopes = call.count("num_parameters")
    if slopes == 1:
        call.say_word("shared", "num_parameters")
    else:
        call.expect("channels", slopes, "num_parameters")


def dropout(call: Bound) -> None:
    """Its share."""
    call.say("rate", decimal(call.number("p")), "p")


def _dropout_of_axes(call: Bound, axes: int) -> None:
    call.expect("axes", axes)
    dropout(call)


def _limits(call: Bound) -> None:
    for name in ("min_val", "max_val"):
        call.say_operand(decimal(call.number(name)), name)


def _function(call: Bound, name: str, numbers: Mapping[str, str]) -> None:
    """One of the table of functions of one number, with its numbers."""
    call.words.arguments.append(Token(name, call.words.span))
    for written, option in numbers.items():
        call.say(option, decimal(call.number(written)), written)


def clamped(call: Bound) -> None:
    """Between two numbers, or with one limit; from 0 on it is a relu."""
    least, most = call.value("min"), call.value("max")
    if most is None and least == 0:
        call.words.word = "relu"
        return
    for name, option, value in (("min", "low", least), ("max", "high", most)):
        if value is not None:
            call.say(option, decimal(call.number(name)), name)


def of_number(signature: str, name: str, **numbers: str) -> Row:
    """The row of a function of one number; `numbers` are its arguments, each with the name of our option."""
    return Row(signature, "function", partial(_function, name=name, numbers=numbers))


def _gelu(call: Bound) -> None:
    """The exact one, or its tanh form."""
    if call.value("approximate") == "tanh":
        call.say_word("approximate", "approximate")
    else:
        call.only_default("approximate")


def _softplus(call: Bound) -> None:
    call.only_default("threshold")
    call.say_number("beta", "beta", 1.0)


def _random_slope(call: Bound) -> None:
    """Outside of training the slope is the middle of its range."""
    call.say("slope", decimal((call.number("lower") + call.number("upper")) / 2), "lower")


ACTIVATIONS: Mapping[str, Row] = {
    "Identity": Row("", "identity", nothing),
    "Dropout": Row("p=0.5 inplace=False", "dropout", dropout),
    **ranks("Dropout", "p=0.5 inplace=False", "dropout", _dropout_of_axes),
    "AlphaDropout": Row("p=0.5 inplace=False", "dropout", dropout),
    "FeatureAlphaDropout": Row("p=0.5 inplace=False", "dropout", dropout),
    "ReLU": Row("inplace=False", "relu", nothing),
    "ReLU6": Row("inplace=False", "relu6", nothing),
    "LeakyReLU": Row("negative_slope=0.01 inplace=False", "leaky", partial(_slope, name="negative_slope", usual=0.01)),
    "ELU": Row("alpha=1.0 inplace=False", "elu", partial(_slope, name="alpha", usual=1.0)),
    "SELU": Row("inplace=False", "selu", nothing),
    "GELU": Row("approximate='none'", "gelu", _gelu),
    "SiLU": Row("inplace=False", "silu", nothing),
    "Mish": Row("inplace=False", "mish", nothing),
    "Softplus": Row("beta=1.0 threshold=20.0", "softplus", _softplus),
    "Hardswish": Row("inplace=False", "hardswish", nothing),
    "Hardsigmoid": Row("inplace=False", "hardsigmoid", nothing),
    "Hardtanh": Row("min_val=-1.0 max_val=1.0 inplace=False", "clip", _limits),
    "Sigmoid": Row("", "sigmoid", nothing),
    "Tanh": Row("", "tanh", nothing),
    "Softsign": of_number("", "softsign"),
    "LogSigmoid": of_number("", "logsigmoid"),
    "CELU": of_number("alpha=1.0 inplace=False", "celu", alpha="slope"),
    "Tanhshrink": of_number("", "tanhshrink"),
    "Softshrink": of_number("lambd=0.5", "softshrink", lambd="limit"),
    "Hardshrink": of_number("lambd=0.5", "hardshrink", lambd="limit"),
    "Threshold": of_number("threshold value inplace=False", "threshold", threshold="limit", value="value"),
    "RReLU": Row("lower=0.125 upper=0.3333333333333333 inplace=False", "leaky", _random_slope),
    "Softmax": Row("dim=None", "softmax", softmax),
    "Softmax2d": Row("", "softmax", nothing),
    "LogSoftmax": Row("dim=None", "logsoftmax", softmax),
    "PReLU": Row("num_parameters=1 init=0.25 device=None dtype=None", "prelu", _prelu),
}
"""By PyTorch's own name (`torch.nn.` taken off)."""
