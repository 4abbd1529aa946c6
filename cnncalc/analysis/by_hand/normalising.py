"""Normalisations by their definition; the root makes floats of them all."""

from __future__ import annotations

from math import sqrt
from typing import Any

from cnncalc.analysis.by_hand.pooling import mean
from cnncalc.analysis.by_hand.volumes import Number, Step, Volume, columns, mapped, plane_values, sizes_of, volume


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
    x = step.x
    if step.numbers["axes"] == "all":
        everything = [value for plane in x for value in plane_values(plane)]
        even = iter(_normalised(everything, step.numbers["epsilon"]))
        factors, shifts = iter(_leaves(step.weights["weight"])), iter(_leaves(step.weights["bias"]))
        return mapped(x, lambda _, __: next(even) * next(factors) + next(shifts))
    normal = {place: _normalised(values, step.numbers["epsilon"]) for place, values in columns(x).items()}
    return volume(len(x), sizes_of(x), lambda c, p: normal[p][c] * step.weights["weight"][c] + step.weights["bias"][c])


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
    return mapped(x, lambda c, _: next(even) * step.weights["weight"][c] + step.weights["bias"][c])


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


def _normalised(values: list[Number], epsilon: float) -> list[Number]:
    """(v - mean) / sqrt(variance + epsilon); the variance divides by the count."""
    middle = mean(values, len(values))
    root = sqrt(mean([(value - middle) ** 2 for value in values], len(values)) + epsilon)
    return [(value - middle) / root for value in values]


def _leaves(nested: Any) -> list[Number]:
    return [leaf for inner in nested for leaf in _leaves(inner)] if isinstance(nested, list) else [nested]
