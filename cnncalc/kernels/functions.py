"""Functions of each number by itself, by their names, and limits.

numpy's own loops; only the error function is compiled, which numpy lacks.  Where a function has no value (the root of a
negative number) the result is NaN, as in every framework.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.jit import jit
from cnncalc.kernels.sliding import writable
from cnncalc.kernels.threads import over_planes

WORK_OF_ERF = 20
"""An error function takes about as long as so many multiplications."""


@kernel("function")
def function(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The function called `name` of each number, with the numbers of its own."""
    name = numbers["name"]
    return FUNCTIONS[name](inputs[0], *(numbers[own] for own in OPTIONS.get(name, ())))


@kernel("clip")
def clip(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """min(max(x, low), high)."""
    out = np.maximum(inputs[0], numbers["low"])
    return np.minimum(out, numbers["high"], out=out)


def _rsqrt(x: Array) -> Array:
    return np.reciprocal(np.sqrt(x))


def _power(x: Array, exponent: float) -> Array:
    out: Array = np.power(x, x.dtype.type(exponent))
    return out


def _erf(x: Array) -> Array:
    x = writable(x)
    out = np.empty_like(x)
    over_planes(write_erf, x.size, WORK_OF_ERF * x.size, x.reshape(-1), out.reshape(-1))
    return out


@jit
def write_erf(start: int, stop: int, x: Array, out: Array) -> None:
    """The error function of the flat x[start:stop] into out."""
    for i in range(start, stop):
        out[i] = math.erf(x[i])


def _softsign(x: Array) -> Array:
    out: Array = x / (1 + np.abs(x))
    return out


def _logsigmoid(x: Array) -> Array:
    out: Array = np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))
    return out


def _celu(x: Array, slope: float) -> Array:
    out: Array = np.maximum(x, 0) + np.minimum(slope * np.expm1(x / slope), 0)
    return out


def _squareplus(x: Array) -> Array:
    """(x + sqrt(x^2 + 4)) / 2; below zero the reciprocal of what it is of -x, since the two have the product 1."""
    above: Array = np.hypot(x, x.dtype.type(2)) / 2 + np.abs(x) / 2
    return np.where(x < 0, 1 / above, above)


def _tanhshrink(x: Array) -> Array:
    out: Array = x - np.tanh(x)
    return out


def _softshrink(x: Array, limit: float) -> Array:
    return np.where(x > limit, x - limit, np.where(x < -limit, x + limit, x * 0))


def _hardshrink(x: Array, limit: float) -> Array:
    return np.where((x >= -limit) & (x <= limit), 0, x)


def _threshold(x: Array, limit: float, value: float) -> Array:
    return np.where(x <= limit, x.dtype.type(value), x)


FUNCTIONS: dict[str, Callable[..., Array]] = {
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "rsqrt": _rsqrt,
    "square": np.square,
    "pow": _power,
    "abs": np.abs,
    "neg": np.negative,
    "sign": np.sign,
    "reciprocal": np.reciprocal,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "atan": np.arctan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.rint,
    "erf": _erf,
    "softsign": _softsign,
    "logsigmoid": _logsigmoid,
    "celu": _celu,
    "squareplus": _squareplus,
    "tanhshrink": _tanhshrink,
    "softshrink": _softshrink,
    "hardshrink": _hardshrink,
    "threshold": _threshold,
}
"""By name, as `cnncalc.layers.functions` has them."""

OPTIONS: dict[str, tuple[str, ...]] = {
    "pow": ("exponent",),
    "celu": ("slope",),
    "softshrink": ("limit",),
    "hardshrink": ("limit",),
    "threshold": ("limit", "value"),
}
"""The numbers of their own that functions take, in order."""
