"""The corners of a line with a radius: where each begins and ends, and points on the curve between.

A writer that has curves draws one from `start` to `end` pulled towards `here`; one that has none draws the points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, hypot, pi, sin
from typing import NamedTuple

from cnncalc.pictures.scene.shapes import Point, Rectangle

STEPS = 12
"""Points of a quarter of a circle: of a radius of 8 units it is nowhere off by more than 0.02."""


class Corner(NamedTuple):
    """A curve from `start` to `end`, which are on the two lines that meet `here`."""

    start: Point
    here: Point
    end: Point


def corners(points: Sequence[Point], radius: float) -> Iterator[Corner]:
    """The corners of a line, each with this radius where there is room; a sharp one begins and ends at one point."""
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        size = min(radius, _distance(before, here) / 2, _distance(here, after) / 2)
        if size > 0:
            yield Corner(_towards(here, before, size), here, _towards(here, after, size))
        else:
            yield Corner(here, here, here)


def rounded_line(points: Sequence[Point], radius: float) -> tuple[Point, ...]:
    """The line with its corners as points."""
    found = [points[0]]
    for start, here, end in corners(points, radius):
        steps = range(STEPS + 1) if start != end else (0,)
        found.extend(_on_curve(start, here, end, step / STEPS) for step in steps)
    return (*found, points[-1])


def rounded_rectangle(shape: Rectangle) -> tuple[Point, ...]:
    """The outline of a rectangle with its corners as points."""
    radius = min(shape.corner, shape.width / 2, shape.height / 2)
    left, right = shape.x + radius, shape.x + shape.width - radius
    top, bottom = shape.y + radius, shape.y + shape.height - radius
    centres = ((right, bottom), (left, bottom), (left, top), (right, top))
    angles = [pi / 2 * step / STEPS for step in range(STEPS + 1)] if radius else [0.0]
    return tuple(
        (x + radius * cos(quarter * pi / 2 + angle), y + radius * sin(quarter * pi / 2 + angle))
        for quarter, (x, y) in enumerate(centres)
        for angle in angles
    )


def _on_curve(start: Point, here: Point, end: Point, share: float) -> Point:
    """A point of the quadratic Bezier curve."""
    a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
    return start[0] * a + here[0] * b + end[0] * c, start[1] * a + here[1] * b + end[1] * c


def _distance(a: Point, b: Point) -> float:
    return hypot(a[0] - b[0], a[1] - b[1])


def _towards(here: Point, there: Point, length: float) -> Point:
    share = length / _distance(here, there)
    return here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share
