"""Where the spots of a layering lie from left to right: each near what it is tied to, and none on another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from cnncalc.pictures.nets.layer_order import Layering

BETWEEN = 14.0
ROUNDS = 30
PULLS = (4.0, 1.0, 6.0)
"""How strongly two spots that a hop ties pull each other: two boxes, a box and a bend, two bends."""

BOX_WEIGHT = 4.0
"""A bend gives way to a box rather than a box to a bend."""


def layer_places(layering: Layering, widths: Mapping[int, float]) -> dict[int, float]:
    """The middle of each spot; the leftmost edge is at 0."""
    places = {}
    for layer in layering.layers:
        x = 0.0
        for spot in layer:
            places[spot] = x + widths[spot] / 2
            x += widths[spot] + BETWEEN
    tied: dict[int, list[tuple[int, float]]] = {spot: [] for spot in places}
    for upper, lower in layering.hops:
        pull = PULLS[layering.is_bend(upper) + layering.is_bend(lower)]
        tied[upper].append((lower, pull))
        tied[lower].append((upper, pull))
    for turn in range(ROUNDS):
        for layer in layering.layers if turn % 2 == 0 else reversed(layering.layers):
            wanted = []
            for spot in layer:
                near = sum(places[one] * pull for one, pull in tied[spot])
                wanted.append(near / sum(pull for _, pull in tied[spot]) if tied[spot] else places[spot])
            apart = [(widths[a] + widths[b]) / 2 + BETWEEN for a, b in pairwise(layer)]
            weights = [1.0 if layering.is_bend(spot) else BOX_WEIGHT for spot in layer]
            places |= dict(zip(layer, spread(wanted, apart, weights), strict=True))
    left = min(places[spot] - widths[spot] / 2 for spot in places)
    return {spot: place - left for spot, place in places.items()}


def spread(wanted: Sequence[float], apart: Sequence[float], weights: Sequence[float] = ()) -> list[float]:
    """The places nearest to those wanted that keep their order and are so far apart, or further.

    >>> spread([0, 0, 9], [4, 4])
    [-2.0, 2.0, 9.0]
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    runs: list[tuple[float, float, int]] = []
    for n, (place, offset) in enumerate(zip(wanted, offsets, strict=True)):
        mean, weight, size = place - offset, weights[n] if weights else 1.0, 1
        while runs and runs[-1][0] > mean:
            before, heavy, length = runs.pop()
            mean = (before * heavy + mean * weight) / (heavy + weight)
            weight, size = heavy + weight, length + size
        runs.append((mean, weight, size))
    level = [mean for mean, _, size in runs for _ in range(size)]
    return [mean + offset for mean, offset in zip(level, offsets, strict=True)]
