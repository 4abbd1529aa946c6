"""Activations and functions of each number: by their operator where the opset has it, else in older ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from cnncalc.dialects.onnx.writing.layer_site import LayerSite


def _plain(op: str) -> Callable[[LayerSite], str]:
    return lambda site: site.put(op, site.x)


def _leaky(site: LayerSite) -> str:
    return site.put("LeakyRelu", site.x, alpha=float(site.numbers["slope"]))


def _elu(site: LayerSite) -> str:
    return site.put("Elu", site.x, alpha=float(site.numbers["slope"]))


def _prelu(site: LayerSite) -> str:
    return site.put("PRelu", site.x, site.by_channel("weight"))


def _relu6(site: LayerSite) -> str:
    return site.put("Clip", site.x, site.number(0.0), site.number(6.0))


def _clip(site: LayerSite) -> str:
    low, high = site.numbers["low"], site.numbers["high"]
    limits = [site.number(one) if math.isfinite(one) else "" for one in (low, high)]
    return site.put("Clip", site.x, *limits)


def _gelu(site: LayerSite) -> str:
    """x * (1 + erf(x / sqrt 2)) * 0.5 before opset 20."""
    if site.opset >= 20:
        return site.put("Gelu", site.x)
    bent = site.put("Erf", site.put("Div", site.x, site.number(math.sqrt(2))))
    product = site.put("Mul", site.x, site.put("Add", bent, site.number(1.0)))
    return site.put("Mul", product, site.number(0.5))


def _gelu_tanh(site: LayerSite) -> str:
    """x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) * 0.5 before opset 20."""
    if site.opset >= 20:
        return site.put("Gelu", site.x, approximate="tanh")
    cube = site.put("Mul", site.put("Pow", site.x, site.number(3.0)), site.number(0.044715))
    inside = site.put("Mul", site.put("Add", site.x, cube), site.number(math.sqrt(2 / math.pi)))
    product = site.put("Mul", site.x, site.put("Add", site.put("Tanh", inside), site.number(1.0)))
    return site.put("Mul", product, site.number(0.5))


def _silu(site: LayerSite) -> str:
    return site.put("Mul", site.x, site.put("Sigmoid", site.x))


def _mish(site: LayerSite) -> str:
    if site.opset >= 18:
        return site.put("Mish", site.x)
    return site.put("Mul", site.x, site.put("Tanh", site.put("Softplus", site.x)))


def _hard_sigmoid(site: LayerSite) -> str:
    slope = site.numbers.get("slope", 1 / 6)
    return site.put("HardSigmoid", site.x, alpha=float(slope), beta=0.5)


def _hard_swish(site: LayerSite) -> str:
    if site.opset >= 14:
        return site.put("HardSwish", site.x)
    return site.put("Mul", site.x, site.put("HardSigmoid", site.x, alpha=1 / 6, beta=0.5))


def _softplus_beta(site: LayerSite) -> str:
    beta = site.number(site.numbers["beta"])
    return site.put("Div", site.put("Softplus", site.put("Mul", site.x, beta)), beta)


def along_axis(site: LayerSite, op: str, axis: int) -> str:
    """Softmax along one axis; before opset 13 it is along all axes from one on, so that one is put last."""
    last = site.rank + 1
    if site.opset >= 13 or axis == last:
        return site.put(op, site.x, axis=axis)
    order = list(range(last + 1))
    order[axis], order[last] = last, axis
    return site.turned(site.put(op, site.turned(site.x, order), axis=last), order)


def _gated(site: LayerSite) -> str:
    """The first half of the channels times the sigmoid of the second."""
    half = site.output.channels
    first = site.sliced(site.x, [1], [0], [half])
    second = site.sliced(site.x, [1], [half], [2 * half])
    return site.put("Mul", first, site.put("Sigmoid", second))


# ---------------------------------------------------------------------- function NAME
def _log(base: float) -> Callable[[LayerSite], str]:
    return lambda site: site.put("Mul", site.put("Log", site.x), site.number(1 / math.log(base)))


def _shrunk(site: LayerSite, *, soft: bool) -> str:
    limit = float(site.numbers["limit"])
    return site.put("Shrink", site.x, lambd=limit, bias=limit if soft else 0.0)


def _threshold(site: LayerSite) -> str:
    """x above the limit, the value at or below it."""
    limit, value = site.numbers["limit"], site.numbers["value"]
    if not value and limit >= 0:
        return site.put("ThresholdedRelu", site.x, alpha=float(limit))
    above = site.put("Greater", site.x, site.number(limit))
    return site.put("Where", above, site.x, site.number(value))


def _celu(site: LayerSite) -> str:
    """slope * elu(x / slope) before opset 12."""
    slope = float(site.numbers["slope"])
    if site.opset >= 12:
        return site.put("Celu", site.x, alpha=slope)
    bent = site.put("Elu", site.put("Div", site.x, site.number(slope)), alpha=1.0)
    return site.put("Mul", bent, site.number(slope))


def _square_plus(site: LayerSite) -> str:
    root = site.put("Sqrt", site.put("Add", site.put("Mul", site.x, site.x), site.number(4.0)))
    return site.put("Div", site.put("Add", site.x, root), site.number(2.0))


FUNCTIONS: Mapping[str, Callable[[LayerSite], str]] = {
    **{
        name: _plain(name.capitalize())
        for name in (
            *("exp", "log", "sqrt", "abs", "neg", "sign", "reciprocal", "sin", "cos", "tan", "asin", "acos", "atan"),
            *("sinh", "cosh", "asinh", "acosh", "atanh", "floor", "ceil", "round", "erf", "softsign"),
        )
    },
    "expm1": lambda site: site.put("Sub", site.put("Exp", site.x), site.number(1.0)),
    "log1p": lambda site: site.put("Log", site.put("Add", site.x, site.number(1.0))),
    "log2": _log(2.0),
    "log10": _log(10.0),
    "rsqrt": lambda site: site.put("Reciprocal", site.put("Sqrt", site.x)),
    "square": lambda site: site.put("Pow", site.x, site.number(2.0)),
    "pow": lambda site: site.put("Pow", site.x, site.number(site.numbers["exponent"])),
    "logsigmoid": lambda site: site.put("Neg", site.put("Softplus", site.put("Neg", site.x))),
    "tanhshrink": lambda site: site.put("Sub", site.x, site.put("Tanh", site.x)),
    "softshrink": lambda site: _shrunk(site, soft=True),
    "hardshrink": lambda site: _shrunk(site, soft=False),
    "threshold": _threshold,
    "celu": _celu,
    "squareplus": _square_plus,
}
"""The name of a function -> how it is written."""

RULES: Mapping[str, Callable[[LayerSite], str]] = {
    **{name: _plain(name.capitalize()) for name in ("relu", "selu", "sigmoid", "tanh", "softplus")},
    "leaky": _leaky,
    "elu": _elu,
    "prelu": _prelu,
    "prelu_all": _prelu,
    "relu6": _relu6,
    "clip": _clip,
    "gelu": _gelu,
    "gelu_approximate": _gelu_tanh,
    "silu": _silu,
    "mish": _mish,
    "hardsigmoid": _hard_sigmoid,
    "hardsigmoid_sloped": _hard_sigmoid,
    "hardswish": _hard_swish,
    "softplus_beta": _softplus_beta,
    "softmax": lambda site: along_axis(site, "Softmax", 1),
    "logsoftmax": lambda site: along_axis(site, "LogSoftmax", 1),
    "softmax_along": lambda site: along_axis(site, "Softmax", 2 + site.axes("axis").index(1)),
    "glu": _gated,
    "function": lambda site: FUNCTIONS[site.numbers["name"]](site),
}
