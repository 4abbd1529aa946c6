"""How much two shapes lie on each other: the area of two convex outlines, the length of a line inside one."""

from __future__ import annotations

from itertools import pairwise

Point = tuple[float, float]
Corners = tuple[Point, ...]


def overlap(a: Corners, b: Corners) -> float:
    """The area that two convex outlines share.

    >>> overlap(((0, 0), (4, 0), (4, 4), (0, 4)), ((2, 2), (6, 2), (6, 6), (2, 6)))
    4.0
    """
    kept: list[Point] = list(a)
    for start, end in _edges(b):
        kept = _cut(kept, start, end)
    return abs(_area(kept))


def length_inside(points: Corners, outline: Corners) -> float:
    """How long a line through the points is inside a convex outline.

    >>> length_inside(((-1, 1), (9, 1)), ((0, 0), (4, 0), (4, 4), (0, 4)))
    4.0
    """
    whole = 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        first, last = 0.0, 1.0
        for start, end in _edges(outline):
            here, there = _side((x0, y0), start, end), _side((x1, y1), start, end)
            if here < 0 and there < 0:
                first, last = 1.0, 0.0
            elif here < 0:
                first = max(first, here / (here - there))
            elif there < 0:
                last = min(last, here / (here - there))
        whole += max(0.0, last - first) * ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    return whole


def _edges(outline: Corners) -> list[tuple[Point, Point]]:
    ordered = outline if _area(list(outline)) > 0 else outline[::-1]
    return list(pairwise((*ordered, ordered[0])))


def _side(point: Point, start: Point, end: Point) -> float:
    """Positive on the inner side of an edge."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _cut(points: list[Point], start: Point, end: Point) -> list[Point]:
    kept: list[Point] = []
    for before, point in zip([*points[-1:], *points[:-1]], points, strict=True):
        was, here = _side(before, start, end), _side(point, start, end)
        if (was < 0) != (here < 0):
            share = was / (was - here)
            kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
        if here >= 0:
            kept.append(point)
    return kept


def _area(points: list[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], *points[:1]], strict=True)) / 2
