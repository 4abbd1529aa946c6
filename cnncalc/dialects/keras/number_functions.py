"""Functions of each number alone, arithmetic of tensors, and sums and means over axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.dialects.keras.function_calls import Entry, FunctionCall
from cnncalc.dialects.keras.layers import activated, put_line, with_channels
from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.joins import joined, reduced
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import axis_of, permuted, transposed
from cnncalc.graph.pasted.arguments import decimal
from cnncalc.graph.pasted.keras_activations import NAMED
from cnncalc.python.values import Unknown


def _named(call: FunctionCall) -> Any:
    """An activation by its name."""
    return activated(call.tensor(), "silu" if call.last == "swish" else call.last, call.here)


def _relu(call: FunctionCall) -> Any:
    tensor, slope, most = (
        with_channels(call.tensor(), call.here),
        call["negative_slope"] or call["alpha"],
        call["max_value"],
    )
    if call["threshold"] or (slope and most is not None):
        raise call.no_layer("with these arguments")
    if slope:
        return put_line(f"leaky slope={decimal(float(slope))}", tensor, call.here)
    line = "relu" if most is None else "relu6" if most == 6 else f"clip 0 {decimal(float(most))}"
    return put_line(line, tensor, call.here)


def _leaky(call: FunctionCall) -> Any:
    slope = call.bound.number("negative_slope" if "negative_slope" in call.bound.declared else "alpha")
    return put_line(f"leaky slope={decimal(slope)}", with_channels(call.tensor(), call.here), call.here)


def _gelu(call: FunctionCall) -> Any:
    if call["approximate"]:
        return put_line("gelu approximate", with_channels(call.tensor(), call.here), call.here)
    return activated(call.tensor(), "gelu", call.here)


def _along(call: FunctionCall) -> Any:
    """A function of the numbers along an axis."""
    axis = -1 if call["axis"] is None else call["axis"]
    tensor = call.tensor()
    at = axis_of(tensor, axis, call.here)
    if at != len(tensor.dims) - 1:
        last = len(tensor.dims) - 1
        order = [axis for axis in range(last + 1) if axis != at] + [at]
        made = activated(permuted(tensor, order, call.here), call.last, call.here)
        return permuted(made, [order.index(axis) for axis in range(last + 1)], call.here)
    return activated(tensor, call.last, call.here)


def _function(call: FunctionCall) -> Any:
    """A function of each number alone."""
    value = call["x"]
    if not isinstance(value, Tensor):
        return Unknown(f"`{call.last}` of a value that is no tensor", call.here.span)
    return put_line(f"function {_FUNCTIONS[call.last]}", with_channels(value, call.here), call.here)


def _clip(call: FunctionCall) -> Any:
    low, high = (decimal(call.bound.number(name)) for name in ("low", "high"))
    return put_line(f"clip {low} {high}", with_channels(call.tensor(), call.here), call.here)


def _with_limits(call: FunctionCall) -> Any:
    """`threshold`, `celu`, `soft_shrink` and `hard_shrink` with their numbers."""
    word = call.last.replace("_", "")
    names = {"threshold": ("limit", "value"), "celu": ("slope",)}.get(word, ("limit",))
    options = " ".join(f"{option}={decimal(call.bound.number(f'number{at}'))}" for at, option in enumerate(names))
    return put_line(f"function {word} {options}", with_channels(call.tensor(), call.here), call.here)


def _arithmetic(call: FunctionCall) -> Any:
    left, right = call["x"], call["y"]
    if isinstance(right, Unknown):
        return right
    return call.here.arithmetic(_SIGNS[call.last], left, right)


def _product(call: FunctionCall) -> Any:
    """Of matrices, the last two axes of which TensorFlow exchanges where it is told to."""
    sides: list[Any] = []
    for name, side in (("transpose_a", "x"), ("transpose_b", "y")):
        value = call[side]
        if call.bound.flag(name) and isinstance(value, Tensor):
            value = transposed(value, -2, -1, call.here)
        sides.append(value)
    left, right = sides
    return right if isinstance(right, Unknown) else combined("@", left, right, call.here)


def _compared(call: FunctionCall) -> Any:
    """Numbers are compared; what is in a tensor is not known."""
    return call.here.arithmetic(_COMPARED[call.last], call["x"], call["y"])


def _larger(call: FunctionCall) -> Any:
    word = "max" if call.last == "maximum" else "min"
    left, right = call["x"], call["y"]
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        return joined(word, (left, right), call.here)
    tensor, number = (left, right) if isinstance(left, Tensor) else (right, left)
    if word == "max" and number == 0 and isinstance(tensor, Tensor):
        return put_line("relu", with_channels(tensor, call.here), call.here)
    if isinstance(tensor, Tensor) and type(number) in (int, float):
        option = "low" if word == "max" else "high"
        return put_line(f"clip {option}={decimal(float(number))}", with_channels(tensor, call.here), call.here)
    raise call.no_layer("with a number")


def _sum_of_all(call: FunctionCall) -> Any:
    made, *rest = call["x"]
    for one in rest:
        made = call.here.arithmetic("+", made, one)
    return made


def _reduced(call: FunctionCall) -> Any:
    word = next(word for word in ("mean", "max", "min", "sum") if word in call.last)
    axes = call["axis"]
    return reduced(
        word, call.tensor(), tuple(axes) if isinstance(axes, list) else axes, bool(call["keepdims"]), call.here
    )


_COMPARED = {"equal": "==", "not_equal": "!=", "less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">="}
_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "pow": "**", "power": "**",
          "divide_no_nan": "/"}  # fmt: skip
_FUNCTIONS = {"exp": "exp", "log": "log", "sqrt": "sqrt", "rsqrt": "rsqrt", "abs": "abs", "absolute": "abs",
              "square": "square", "softsign": "softsign", "log_sigmoid": "logsigmoid",
              "negative": "neg", "sign": "sign", "reciprocal": "reciprocal", "sin": "sin", "cos": "cos", "tan": "tan",
              "arctan": "atan", "atan": "atan", "erf": "erf", "expm1": "expm1", "log1p": "log1p", "log2": "log2",
              "log10": "log10", "arcsin": "asin", "arccos": "acos", "sinh": "sinh", "cosh": "cosh",
              "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "floor": "floor", "ceil": "ceil",
              "round": "round"}  # fmt: skip
_KEEP = "x axis=None keepdims=False"


NUMBER_FUNCTIONS: Mapping[str, Entry] = {
    **{name: Entry("x", _named) for name in NAMED if name not in ("linear", "softmax", "log_softmax", "leaky_relu")},
    **dict.fromkeys(("softmax", "log_softmax", "glu"), Entry("x axis=-1", _along)),
    "relu": Entry("x negative_slope=0.0 max_value=None threshold=0.0 alpha=0.0", _relu),
    "leaky_relu": Entry("x alpha=0.2", _leaky),
    "gelu": Entry("x approximate=False", _gelu),
    "elu": Entry("x alpha=1.0", _named),
    "celu": Entry("x number0=1.0", _with_limits),
    "threshold": Entry("x number0 number1", _with_limits),
    **dict.fromkeys(("soft_shrink", "hard_shrink"), Entry("x number0=0.5", _with_limits)),
    **dict.fromkeys(_FUNCTIONS, Entry("x", _function)),
    **dict.fromkeys(("clip", "clip_by_value"), Entry("x low high", _clip)),
    **dict.fromkeys(_SIGNS, Entry("x y", _arithmetic)),
    "matmul": Entry("x y transpose_a=False transpose_b=False", _product),
    **dict.fromkeys(_COMPARED, Entry("x y", _compared)),
    **dict.fromkeys(("maximum", "minimum"), Entry("x y", _larger)),
    "add_n": Entry("x", _sum_of_all),
    **{
        f"{prefix}{word}": Entry(_KEEP, _reduced)
        for prefix in ("", "reduce_")
        for word in ("mean", "max", "min", "sum")
    },
    **dict.fromkeys(("amax", "amin"), Entry(_KEEP, _reduced)),
}
"""By the last part of the name."""

BY_LIBRARY: Mapping[tuple[str, str], Entry] = {
    ("keras.ops", "gelu"): Entry("x approximate=True", _gelu),
    ("keras.activations", "leaky_relu"): Entry("x negative_slope=0.2", _leaky),
    ("keras.ops", "leaky_relu"): Entry("x negative_slope=0.2", _leaky),
    ("keras.backend", "relu"): Entry("x alpha=0.0 max_value=None threshold=0.0 negative_slope=0.0", _relu),
}
"""Where the libraries differ: by the library and the last part of the name."""
