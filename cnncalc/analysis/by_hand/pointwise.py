"""Activations by their definition.

Piecewise linear ones stay exact; those with exponentials and roots go through floats.  A slope written 0.1 is a tenth.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import erf, exp, expm1, log1p, sqrt, tanh

from cnncalc.analysis.by_hand.volumes import Number, Step, Volume, columns, mapped, plain, sizes_of, volume
from cnncalc.quantities import decimal

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
"""Klambauer et al. 2017, appendix."""


def _sixth(value: Number) -> Number:
    """relu6(value + 3) / 6: the straight-line sigmoid of MobileNetV3."""
    held = min(max(value + 3, 0), 6)
    return held / 6 if isinstance(held, float) else plain(Fraction(held) / 6)


def _sigmoid(value: Number) -> float:
    power = exp(-abs(float(value)))
    return (1 if value >= 0 else power) / (1 + power)


def _softplus(value: Number) -> float:
    return max(float(value), 0.0) + log1p(exp(-abs(float(value))))


SIMPLE: dict[str, Callable[[Number], Number]] = {
    "identity": lambda v: v,
    "relu": lambda v: max(v, 0),
    "relu6": lambda v: min(max(v, 0), 6),
    "selu": lambda v: SELU_SCALE * (v if v > 0 else SELU_ALPHA * expm1(v)),
    "gelu": lambda v: v * (1 + erf(v / sqrt(2))) / 2,
    "silu": lambda v: v * _sigmoid(v),
    "hardswish": lambda v: v * _sixth(v),
    "hardsigmoid": _sixth,
    "sigmoid": _sigmoid,
    "tanh": tanh,
    "softplus": _softplus,
    "mish": lambda v: v * tanh(_softplus(v)),
}
"""Activations without a number of their own."""


def leaky(step: Step) -> Volume:
    """A small slope for negative numbers."""
    slope = decimal(step.numbers["slope"])
    return mapped(step.x, lambda _, v: v if v >= 0 else v * slope)


def elu(step: Step) -> Volume:
    """slope * (e^v - 1) for negative numbers."""
    return mapped(step.x, lambda _, v: v if v >= 0 else step.numbers["slope"] * expm1(v))


def prelu(step: Step) -> Volume:
    """A learned slope for the negative numbers of each channel."""
    slopes = step.weights["weight"]
    return mapped(step.x, lambda c, v: v if v >= 0 else v * slopes[c])


def scale(step: Step) -> Volume:
    """A learned factor for each channel."""
    factors = step.weights["weight"]
    return mapped(step.x, lambda c, v: v * factors[c])


def times(step: Step) -> Volume:
    """One factor for all numbers."""
    factor = decimal(step.numbers["factor"])
    return mapped(step.x, lambda _, v: v * factor)


def softmax(step: Step) -> Volume:
    """Over the channels, at each place by itself."""
    x = step.x
    powers = {place: _powers(values) for place, values in columns(x).items()}
    totals = {place: sum(values) for place, values in powers.items()}
    return volume(len(x), sizes_of(x), lambda c, p: powers[p][c] / totals[p])


def _powers(values: list[Number]) -> list[float]:
    largest = max(values)
    return [exp(value - largest) for value in values]
