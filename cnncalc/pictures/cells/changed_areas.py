"""What of a drawing changes from one frame to the next: the areas, and the shapes that lie in them.

Most of a moving picture is still; only what changes has to be painted again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, assert_never

from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Circle, Group, Image, Line, Polygon, Rectangle, Scene, Shape, Text

EDGE = 2.0
"""Free round a shape: what smooth edges and letters that hang over need."""


class Area(NamedTuple):
    """A part of a drawing, in its units."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Area) -> bool:
        """Whether both have something in common."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def joined(self, other: Area) -> Area:
        """The smallest area around both."""
        return Area(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def changed_areas(before: Scene, after: Scene) -> tuple[Area, ...]:
    """Where two drawings of one size differ: areas that do not touch each other."""
    old, new = set(flat(before.shapes)), set(flat(after.shapes))
    return _apart(area_of(shape) for shape in old ^ new)


def within(scene: Scene, areas: Iterable[Area]) -> Scene:
    """The drawing with nothing but the shapes that lie in the areas, in part or as a whole."""
    kept = tuple(areas)
    placed = ((shape, area_of(shape)) for shape in flat(scene.shapes))
    shapes = tuple(shape for shape, own in placed if any(own.touches(area) for area in kept))
    return scene._replace(shapes=shapes)


def area_of(shape: Shape) -> Area:
    """The area that a shape may cover."""
    match shape:
        case Text():
            width = text_width(shape.text, shape.size, bold=shape.bold, fixed=shape.fixed)
            left = shape.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
            points = [(left, shape.y - shape.size), (left + width, shape.y + 0.3 * shape.size)]
        case Rectangle():
            points = [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
        case Circle():
            points = [
                (shape.x - shape.radius, shape.y - shape.radius),
                (shape.x + shape.radius, shape.y + shape.radius),
            ]
        case Line() | Polygon():
            points = list(shape.points)
        case Image():
            far = shape.x + shape.across[0] + shape.down[0], shape.y + shape.across[1] + shape.down[1]
            points = [(shape.x, shape.y), far]
        case Group():
            points = [corner for one in map(area_of, shape.shapes) for corner in (one[:2], one[2:])]
        case _:
            assert_never(shape)
    edge = EDGE + (0.0 if isinstance(shape, Text | Image | Group) else shape.line_width / 2)
    across, down = zip(*points, strict=True)
    return Area(min(across) - edge, min(down) - edge, max(across) + edge, max(down) + edge)


def _apart(areas: Iterable[Area]) -> tuple[Area, ...]:
    found: list[Area] = []
    for area in areas:
        whole = area
        while touching := [one for one in found if one.touches(whole)]:
            for one in touching:
                found.remove(one)
                whole = whole.joined(one)
        found.append(whole)
    return tuple(sorted(found))
