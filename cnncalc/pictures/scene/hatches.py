"""The hatches that tell kinds of layers apart where colours cannot: each a family of parallel lines.

A writer that has patterns repeats one line; for one that has none, `hatch_lines` cuts the lines at a polygon's edges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, floor, radians, sin

from cnncalc.pictures.scene.shapes import Point

GAPS = {"pool": (5.0, 0.0), "up": (5.0, 45.0), "join": (4.0, -45.0)}
"""Hatch -> distance between two lines, and the angle in degrees by which they lean from upright."""

HATCH_WIDTH, HATCH_STRENGTH = 0.55, 0.42
"""How thick the lines are, and how much of the ink they have."""


def hatch_lines(corners: Sequence[Point], hatch: str) -> Iterator[tuple[Point, Point]]:
    """The lines of a hatch inside a convex polygon."""
    gap, angle = GAPS[hatch]
    across = (cos(radians(angle)), sin(radians(angle)))
    places = [x * across[0] + y * across[1] for x, y in corners]
    for step in range(floor(min(places) / gap) + 1, floor(max(places) / gap) + 1):
        hits = _crossings(corners, places, step * gap)
        if len(hits) == 2:
            yield hits[0], hits[1]


def _crossings(corners: Sequence[Point], places: Sequence[float], place: float) -> list[Point]:
    """Where the line at this place crosses the polygon's edges."""
    ends = [*zip(corners, places, strict=True)]
    hits = []
    for ((x0, y0), before), ((x1, y1), after) in pairwise([*ends, ends[0]]):
        if (before < place) != (after < place):
            share = (place - before) / (after - before)
            hits.append((x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
    return hits
