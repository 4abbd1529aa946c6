"""Activations and functions of each number: by Keras' name, by a layer with its number, or by a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.dialects.keras.writing.keras_operation import KerasOperation, keras_layer, own_layer, unless
from cnncalc.dialects.written_code.pieces import Made, Piece
from cnncalc.layers.base import Layer

_NAMES: Mapping[str, str] = {
    **{name: name for name in ("relu", "relu6", "selu", "silu", "mish", "sigmoid", "tanh", "softmax", "softplus")},
    **{"elu": "elu", "gelu": "gelu", "hardswish": "hard_swish", "hardsigmoid": "hard_sigmoid"},
    **{"logsoftmax": "log_softmax", "leaky": "leaky_relu", "clip": "hard_tanh"},
    **{"softsign": "softsign", "logsigmoid": "log_sigmoid", "celu": "celu", "squareplus": "squareplus"},
    **{"exp": "exponential", "tanhshrink": "tanh_shrink", "softshrink": "soft_shrink", "hardshrink": "hard_shrink"},
}
"""Our word, or the name of our function -> Keras' name of the activation."""

_USUAL: Mapping[str, Mapping[str, Any]] = {
    **{"elu": {"slope": 1.0}, "gelu": {"approximate": False}, "hardsigmoid": {"slope": None}},
    **{"softplus": {"beta": 1.0}, "leaky": {"slope": 0.2}, "clip": {"low": -1.0, "high": 1.0}},
    **{"celu": {"slope": 1.0}, "softshrink": {"limit": 0.5}, "hardshrink": {"limit": 0.5}},
}
"""What the numbers of an activation are where Keras' name alone means it."""

_FUNCTIONS: Mapping[str, str] = {
    **{name: name for name in ("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "sin", "cos", "tan")},
    **{name: name for name in ("sinh", "cosh", "erf", "square", "abs", "sign", "reciprocal", "floor", "ceil", "round")},
    **{"asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh"},
    **{"atanh": "arctanh", "neg": "negative"},
}
"""Our function -> that of `keras.ops`."""


def activation_name(layer: Layer) -> str:
    """Keras' name for exactly this activation; empty where it has none."""
    word = getattr(layer, "name", "") if layer.word == "function" else layer.word
    usual = _USUAL.get(word, {})
    is_usual = all(getattr(layer, name) == value for name, value in usual.items())
    return _NAMES.get(word, "") if is_usual and type(layer).__name__ != "SoftmaxAlong" else ""


def activation(here: KerasOperation) -> Piece:
    """An activation by itself."""
    layer = here.layer
    made = _LAYERS[layer.word](here) if layer.word in _LAYERS else _PLAIN.get(layer.word)
    if made is None and (name := activation_name(layer)):
        made = keras_layer("Activation", name)
    return here.chain(made) if made is not None else _OTHERS[layer.word](here)


def function(here: KerasOperation) -> Piece:
    """A function of `keras.ops`."""
    layer = here.layer
    if name := activation_name(layer):
        return here.chain(keras_layer("Activation", name))
    if layer.name in _FUNCTIONS:
        return here.code(f"ops.{_FUNCTIONS[layer.name]}({{x0}})")
    if layer.name == "pow":
        return here.code("ops.power({x0}, {v0})", layer.exponent)
    if layer.name == "threshold":
        return here.code("ops.threshold({x0}, {v0}, {v1})", layer.limit, layer.value)
    if layer.name == "celu":
        return here.code("ops.celu({x0}, {v0})", layer.slope)
    return here.code(f"ops.{'soft' if layer.name == 'softshrink' else 'hard'}_shrink({{x0}}, {{v0}})", layer.limit)


def _leaky(here: KerasOperation) -> Made:
    return keras_layer("LeakyReLU", negative_slope=here.layer.slope)


def _clip_layer(here: KerasOperation) -> Made | None:
    low, high = here.layer.low, here.layer.high
    return keras_layer("ReLU", max_value=high) if low == 0 and high is not None and high > 0 else None


def _clip(here: KerasOperation) -> Piece:
    low, high = here.layer.low, here.layer.high
    if low is not None and high is not None:
        return here.code("ops.clip({x0}, {v0}, {v1})", low, high)
    word, limit = ("maximum", low) if high is None else ("minimum", high)
    return here.code(f"ops.{word}({{x0}}, {{v0}})", limit)


def _prelu(here: KerasOperation) -> Made:
    axes = tuple(range(1, here.rank + 1))
    shared: tuple[int, ...] = {"channels": axes, "shared": (*axes, here.rank + 1), "all": ()}[here.layer.slopes]
    return keras_layer("PReLU", shared_axes=shared or None)


_PLAIN: Mapping[str, Made] = {
    "relu": keras_layer("ReLU"),
    "relu6": keras_layer("ReLU", max_value=6),
    "softmax": keras_layer("Softmax"),
}
_LAYERS: Mapping[str, Callable[[KerasOperation], Made | None]] = {
    "leaky": _leaky,
    "elu": lambda here: keras_layer("ELU", alpha=unless(here.layer.slope, 1.0)),
    "clip": _clip_layer,
    "prelu": _prelu,
}
_OTHERS: Mapping[str, Callable[[KerasOperation], Piece]] = {
    "gelu": lambda here: here.code("ops.gelu({x0}, approximate=True)"),
    "glu": lambda here: here.code("ops.glu({x0}, axis=-1)"),
    "clip": _clip,
    "hardsigmoid": lambda here: here.chain(own_layer("HardSigmoid", here.layer.slope)),
    "softplus": lambda here: here.chain(own_layer("Softplus", here.layer.beta)),
}

_CLASSES = ("ReLU", "ReLU6", "LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "HardSwish", "HardSigmoid", "Sigmoid", "Tanh",
            "Softmax", "LogSoftmax", "Softplus", "Mish", "PReLU", "Clip", "GLU")  # fmt: skip

ACTIVATIONS: Mapping[str, Callable[[KerasOperation], Piece]] = {
    **dict.fromkeys(_CLASSES, activation),
    "Function": function,
}
"""The class of our layer -> the rule that writes it."""
