"""Normalisations by their definition; the root makes floats of them all."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

from cnncalc.analysis.by_hand.pooling import mean
from cnncalc.analysis.by_hand.volumes import (
    Number,
    Place,
    Step,
    Volume,
    columns,
    mapped,
    plane_values,
    sizes_of,
    volume,
)


def bn(step: Step) -> Volume:
    """(x - running mean) / sqrt(running variance + epsilon) * weight + bias, channel by channel.

    Without a weight it is 1, without a bias 0.
    """
    middles, variances, epsilon = step.weights["running_mean"], step.weights["running_var"], step.numbers["epsilon"]
    factors = step.weights.get("weight", [1] * len(middles))
    shifts = step.weights.get("bias", [0] * len(middles))
    return mapped(step.x, lambda c, v: (v - middles[c]) / sqrt(variances[c] + epsilon) * factors[c] + shifts[c])


def ln(step: Step) -> Volume:
    """Over the channels of each place (Keras), or with `all` over the whole image (PyTorch)."""
    return _over_channels(step, _normalised)


def rmsnorm(step: Step) -> Volume:
    """Over the root of the mean square, of the same numbers as `ln`."""
    return _over_channels(step, _by_mean_square)


def l2norm(step: Step) -> Volume:
    """Over the length of the channels of each place."""
    lengths = {place: sqrt(sum(v * v for v in values)) for place, values in columns(step.x).items()}
    least = step.numbers["epsilon"]
    return volume(len(step.x), sizes_of(step.x), lambda c, p: _at(step.x, c, p) / max(lengths[p], least))


def gn(step: Step) -> Volume:
    """Over all places of each group of channels."""
    x, each = step.x, len(step.x) // step.numbers["groups"]
    even = iter(
        value
        for start in range(0, len(x), each)
        for value in _normalised(
            [v for plane in x[start : start + each] for v in plane_values(plane)], step.numbers["epsilon"]
        )
    )
    factors, shifts = _learned(step, len(x))
    return mapped(x, lambda c, _: next(even) * factors[c] + shifts[c])


def lrn(step: Step) -> Volume:
    """x / (bias + alpha / size * sum of squares)^beta; size // 2 channels before, the rest of the window after."""
    x, size = step.x, step.numbers["size"]
    around = columns(x)

    def value(c: int, place: tuple[int, int, int]) -> Number:
        near = around[place][max(0, c - size // 2) : c - size // 2 + size]
        power: float = (
            step.numbers["bias"] + step.numbers["alpha"] / size * float(sum(v * v for v in near))
        ) ** step.numbers["beta"]
        return around[place][c] / power

    return volume(len(x), sizes_of(x), value)


Normal = Callable[[list[Number], float], list[Number]]


def _over_channels(step: Step, normal: Normal) -> Volume:
    """The channels of each place, or with `all` the whole image, made normal together; then scaled and shifted."""
    x, epsilon = step.x, step.numbers["epsilon"]
    if step.numbers["axes"] == "all":
        everything = [value for plane in x for value in plane_values(plane)]
        even, (factors, shifts) = iter(normal(everything, epsilon)), map(iter, _learned(step, len(everything)))
        return mapped(x, lambda _, __: next(even) * next(factors) + next(shifts))
    factor, shift = _learned(step, len(x))
    found = {place: normal(values, epsilon) for place, values in columns(x).items()}
    return volume(len(x), sizes_of(x), lambda c, p: found[p][c] * factor[c] + shift[c])


def _learned(step: Step, count: int) -> tuple[list[Number], list[Number]]:
    """The factors, 1 where there are none, and the offsets, 0 where there are none."""
    return _leaves(step.weights.get("weight", [1] * count)), _leaves(step.weights.get("bias", [0] * count))


def _at(x: Volume, channel: int, place: Place) -> Number:
    z, y, column = place
    return x[channel][z][y][column]


def _by_mean_square(values: list[Number], epsilon: float) -> list[Number]:
    root = sqrt(mean([value * value for value in values], len(values)) + epsilon)
    return [value / root for value in values]


def _normalised(values: list[Number], epsilon: float) -> list[Number]:
    """(v - mean) / sqrt(variance + epsilon); the variance divides by the count."""
    middle = mean(values, len(values))
    root = sqrt(mean([(value - middle) ** 2 for value in values], len(values)) + epsilon)
    return [(value - middle) / root for value in values]


def _leaves(nested: Any) -> list[Number]:
    return [leaf for inner in nested for leaf in _leaves(inner)] if isinstance(nested, list) else [nested]
