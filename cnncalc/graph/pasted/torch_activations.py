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


def _function(call: Bound, name: str, unchanged: tuple[str, ...]) -> None:
    """One of the table of functions of one number."""
    call.only_default(*unchanged)
    call.words.arguments.append(Token(name, call.words.span))


def clamped(call: Bound) -> None:
    """Between two numbers; from 0 on it is a relu."""
    least, most = call.value("min"), call.value("max")
    if most is None and least == 0:
        call.words.word = "relu"
        return
    for name, value in (("min", least), ("max", most)):
        if value is None:
            raise call.refuse(name, "both ends are needed here", "write clamp(x, 0, 6) for numbers from 0 to 6")
        call.say_operand(decimal(call.number(name)), name)


def of_number(signature: str, name: str, *unchanged: str) -> Row:
    """The row of a function of one number; `unchanged` are arguments that must have their defaults."""
    return Row(signature, "function", partial(_function, name=name, unchanged=unchanged))


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
    "GELU": Row("approximate='none'", "gelu", lambda call: call.only_default("approximate")),
    "SiLU": Row("inplace=False", "silu", nothing),
    "Mish": Row("inplace=False", "mish", nothing),
    "Softplus": Row("beta=1.0 threshold=20.0", "softplus", lambda call: call.only_default("beta", "threshold")),
    "Hardswish": Row("inplace=False", "hardswish", nothing),
    "Hardsigmoid": Row("inplace=False", "hardsigmoid", nothing),
    "Hardtanh": Row("min_val=-1.0 max_val=1.0 inplace=False", "clip", _limits),
    "Sigmoid": Row("", "sigmoid", nothing),
    "Tanh": Row("", "tanh", nothing),
    "Softsign": of_number("", "softsign"),
    "LogSigmoid": of_number("", "logsigmoid"),
    "CELU": of_number("alpha=1.0 inplace=False", "celu", "alpha"),
    "Softmax": Row("dim=None", "softmax", softmax),
    "Softmax2d": Row("", "softmax", nothing),
    "LogSoftmax": Row("dim=None", "logsoftmax", softmax),
    "PReLU": Row("num_parameters=1 init=0.25 device=None dtype=None", "prelu", _prelu),
}
"""By PyTorch's own name (`torch.nn.` taken off)."""
