"""Activations by their definition.

Piecewise linear ones stay exact; those with exponentials and roots go through floats.  A slope written 0.1 is a tenth.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import erf, exp, expm1, isinf, log, log1p, pi, sqrt, tanh

from cnncalc.analysis.by_hand.volumes import (
    Number,
    Step,
    Volume,
    columns,
    mapped,
    plain,
    plane_values,
    sizes_of,
    volume,
)
from cnncalc.quantities import decimal

SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805
"""Klambauer et al. 2017, appendix."""


def _sixth(value: Number) -> Number:
    """relu6(value + 3) / 6: the straight-line sigmoid of MobileNetV3."""
    held = min(max(value + 3, 0), 6)
    return held / 6 if isinstance(held, float) else plain(Fraction(held) / 6)


def sigmoid_of(value: Number) -> float:
    """1 / (1 + e^-value), without overflow."""
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
    "gelu_approximate": lambda v: v * (1 + tanh(sqrt(2 / pi) * float(v + v**3 * Fraction(44715, 10**6)))) / 2,
    "softplus": _softplus,
    "silu": lambda v: v * sigmoid_of(v),
    "hardswish": lambda v: v * _sixth(v),
    "hardsigmoid": _sixth,
    "sigmoid": sigmoid_of,
    "tanh": tanh,
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
    """A learned slope for the negative numbers of each channel, for all, or for each number."""
    return _with_learned(step, "weight", lambda v, slope: v if v >= 0 else v * slope)


def scale(step: Step) -> Volume:
    """A learned factor for each channel, for all, or for each number."""
    return _with_learned(step, "weight", lambda v, factor: v * factor)


def shift(step: Step) -> Volume:
    """A learned number added to each channel, to all, or to each number."""
    return _with_learned(step, "bias", lambda v, offset: v + offset)


def _with_learned(step: Step, name: str, change: Callable[[Number, Number], Number]) -> Volume:
    weight = step.weights[name]
    if isinstance(weight[0], list):
        own = iter([value for plane in weight for value in plane_values(plane)])
        return mapped(step.x, lambda _, v: change(v, next(own)))
    return mapped(step.x, lambda c, v: change(v, weight[c if len(weight) > 1 else 0]))


def affine(step: Step) -> Volume:
    """A constant factor and a constant offset, one for all or one for each channel."""
    factors, offsets = ([decimal(value) for value in step.numbers[name]] for name in ("factor", "offset"))
    return mapped(step.x, lambda c, v: v * factors[c % len(factors)] + offsets[c % len(offsets)])


def clip(step: Step) -> Volume:
    """Nothing below the lower limit, nothing above the upper."""
    low, high = (value if isinf(value) else decimal(value) for value in (step.numbers["low"], step.numbers["high"]))
    return mapped(step.x, lambda _, v: low if v < low else min(v, high))


def softplus_beta(step: Step) -> Volume:
    """log(1 + e^(beta v)) / beta."""
    beta = step.numbers["beta"]
    return mapped(step.x, lambda _, v: _softplus(beta * float(v)) / beta)


def hardsigmoid_sloped(step: Step) -> Volume:
    """slope * v + 1/2, from 0 to 1."""
    slope, half = decimal(step.numbers["slope"]), Fraction(1, 2)
    return mapped(step.x, lambda _, v: min(max(v * slope + half, 0), 1))


def times(step: Step) -> Volume:
    """One factor for all numbers."""
    factor = decimal(step.numbers["factor"])
    return mapped(step.x, lambda _, v: v * factor)


def softmax(step: Step) -> Volume:
    """Over the channels, at each place by itself."""
    x = step.x
    powers = {place: powers_of(values) for place, values in columns(x).items()}
    totals = {place: sum(values) for place, values in powers.items()}
    return volume(len(x), sizes_of(x), lambda c, p: powers[p][c] / totals[p])


def logsoftmax(step: Step) -> Volume:
    """v less the logarithm of the sum of all e^v, over the channels at each place."""
    x = step.x
    sums = {place: max(values) + log(sum(powers_of(values))) for place, values in columns(x).items()}
    return volume(len(x), sizes_of(x), lambda c, p: float(x[c][p[0]][p[1]][p[2]]) - sums[p])


def glu(step: Step) -> Volume:
    """The first half of the channels times the sigmoid of the second."""
    x, half = step.x, len(step.x) // 2
    gates = mapped(x[half:], lambda _, v: sigmoid_of(v))
    return volume(half, sizes_of(x), lambda c, p: x[c][p[0]][p[1]][p[2]] * gates[c][p[0]][p[1]][p[2]])


def powers_of(values: list[Number]) -> list[float]:
    """e to each number, the largest being taken as 0: their shares are those of a softmax."""
    largest = max(values)
    return [exp(value - largest) for value in values]
