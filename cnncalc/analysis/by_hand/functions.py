"""`function NAME` by its definition: exact where the mathematics stays rational, floats behind roots and powers.

Where a function has no value the number is NaN, and where it has no end it is infinite, as in a run.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    ceil,
    copysign,
    cos,
    cosh,
    erf,
    exp,
    expm1,
    floor,
    inf,
    isinf,
    isnan,
    log,
    log1p,
    log2,
    log10,
    nan,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from cnncalc.analysis.by_hand.volumes import Number, Step, Volume, mapped, plain
from cnncalc.quantities import decimal


def function(step: Step) -> Volume:
    """The function called `name` of each number; the other numbers are its own."""
    own = [decimal(value) for key, value in step.numbers.items() if key != "name"]
    change = FUNCTIONS[step.numbers["name"]]
    return mapped(step.x, lambda _, value: _worked_out(change, value, own))


def _worked_out(change: Callable[..., Number], value: Number, own: list[int | Fraction]) -> Number:
    if isnan(value):
        return nan
    try:
        return change(value, *own)
    except OverflowError:
        return inf
    except ValueError:
        return nan


def _log(value: Number, logarithm: Callable[[float], float], least: int = 0) -> float:
    return logarithm(float(value)) if value > least else -inf if value == least else nan


def _sqrt(value: Number) -> float:
    return sqrt(value) if value >= 0 else nan


def _reciprocal(value: Number) -> Number:
    if value == 0:
        return inf
    return 1 / value if isinstance(value, float) else plain(1 / Fraction(value))


def _whole(value: Number, rounded: Callable[[Number], int]) -> Number:
    return value if isinf(value) else rounded(value)


def _sinh(value: Number) -> float:
    try:
        return sinh(value)
    except OverflowError:
        return copysign(inf, value)


def _power(value: Number, exponent: int | Fraction) -> Number:
    if value == 0 and exponent < 0:
        return inf
    if value < 0 and exponent.denominator > 1:
        return nan
    if isinstance(exponent, int) and abs(exponent) <= 8 and not isinstance(value, float):
        return plain(Fraction(value) ** exponent)
    return float(float(value) ** (exponent if isinstance(exponent, int) else float(exponent)))


def _softsign(value: Number) -> Number:
    whole = 1 + (value if value >= 0 else -value)
    return value / whole if isinstance(value, float) else plain(Fraction(value) / Fraction(whole))


def _logsigmoid(value: Number) -> float:
    return min(float(value), 0.0) - log1p(exp(-abs(float(value))))


def _celu(value: Number, slope: int | Fraction) -> Number:
    return value if value > 0 else float(slope) * expm1(value / slope)


def _softshrink(value: Number, limit: Number) -> Number:
    return value - limit if value > limit else value + limit if value < -limit else 0


FUNCTIONS: dict[str, Callable[..., Number]] = {
    **{"exp": exp, "expm1": expm1, "sin": sin, "cos": cos, "tan": tan, "erf": erf, "abs": abs},
    **{"asin": asin, "acos": acos, "atan": atan, "sinh": _sinh, "cosh": cosh, "asinh": asinh, "acosh": acosh},
    "atanh": lambda v: copysign(inf, v) if abs(v) == 1 else atanh(v),
    "floor": lambda v: _whole(v, floor),
    "ceil": lambda v: _whole(v, ceil),
    "round": lambda v: _whole(v, round),
    "log": lambda v: _log(v, log),
    "log1p": lambda v: _log(v, log1p, -1),
    "log2": lambda v: _log(v, log2),
    "log10": lambda v: _log(v, log10),
    "sqrt": _sqrt,
    "rsqrt": lambda v: inf if v == 0 else 1 / _sqrt(v),
    "square": lambda v: v * v,
    "pow": _power,
    "neg": lambda v: -v,
    "sign": lambda v: (v > 0) - (v < 0),
    "reciprocal": _reciprocal,
    "softsign": _softsign,
    "logsigmoid": _logsigmoid,
    "celu": _celu,
    "squareplus": lambda v: (v + sqrt(v * v + 4)) / 2,
    "tanhshrink": lambda v: v - tanh(v),
    "softshrink": _softshrink,
    "hardshrink": lambda v, limit: 0 if -limit <= v <= limit else v,
    "threshold": lambda v, limit, value: v if v > limit else value,
}
"""By name, as `cnncalc.layers.functions` has them."""
