"""Where the spots of a layering lie from left to right: each near what it is tied to, and none on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from cnncalc.pictures.nets.layer_order import Layering

BETWEEN = 14.0
ROUNDS = 30
BEND_WEIGHT = 3.0
"""A bend moves others more than a box does, so that long lines are straight."""


def layer_places(layering: Layering, widths: Mapping[int, float]) -> dict[int, float]:
    """The middle of each spot; the leftmost edge is at 0."""
    places = {}
    for layer in layering.layers:
        x = 0.0
        for spot in layer:
            places[spot] = x + widths[spot] / 2
            x += widths[spot] + BETWEEN
    tied: dict[int, list[int]] = {spot: [] for spot in places}
    for upper, lower in layering.hops:
        tied[upper].append(lower)
        tied[lower].append(upper)
    weights = {spot: BEND_WEIGHT if layering.is_bend(spot) else 1.0 for spot in places}
    for turn in range(ROUNDS):
        for layer in layering.layers if turn % 2 == 0 else reversed(layering.layers):
            wanted = []
            for spot in layer:
                whole = sum(weights[one] for one in tied[spot])
                near = sum(places[one] * weights[one] for one in tied[spot])
                wanted.append(near / whole if tied[spot] else places[spot])
            apart = [(widths[a] + widths[b]) / 2 + BETWEEN for a, b in pairwise(layer)]
            places |= dict(zip(layer, spread(wanted, apart), strict=True))
    left = min(places[spot] - widths[spot] / 2 for spot in places)
    return {spot: place - left for spot, place in places.items()}


def spread(wanted: Sequence[float], apart: Sequence[float]) -> list[float]:
    """The places nearest to those wanted that keep their order and are so far apart, or further.

    >>> spread([0, 0, 9], [4, 4])
    [-2.0, 2.0, 9.0]
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    runs: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        mean, size = place - offset, 1
        while runs and runs[-1][0] > mean:
            before, length = runs.pop()
            mean, size = (before * length + mean * size) / (length + size), length + size
        runs.append((mean, size))
    level = [mean for mean, size in runs for _ in range(size)]
    return [mean + offset for mean, offset in zip(level, offsets, strict=True)]
