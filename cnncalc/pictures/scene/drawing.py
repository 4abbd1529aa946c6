"""Building a scene shape by shape: `drawing.text(...)`, `with drawing.group(...)`, and whole scenes put into place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import assert_never

from cnncalc.pictures.scene.shapes import (
    Anchor,
    Circle,
    Group,
    Image,
    Line,
    Point,
    Polygon,
    Rectangle,
    Scene,
    Shape,
    Text,
)


class Drawing:
    """Shapes in the order in which they are painted."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []

    def add(self, *shapes: Shape) -> None:
        """Paints shapes over what is there."""
        self.shapes.extend(shapes)

    def line(
        self,
        points: Iterable[Point],
        stroke: str = "line",
        line_width: float = 1.2,
        *,
        arrow: bool = True,
        dash: str = "",
        corner: float = 6.0,
    ) -> None:
        """A line through the points, as `shapes.Line` has it."""
        self.add(Line(tuple(points), stroke, line_width, arrow, dash, corner))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 11.0,
        *,
        anchor: Anchor = "middle",
        role: str = "ink",
        bold: bool = False,
        italic: bool = False,
        fixed: bool = False,
    ) -> None:
        """A text on the baseline y, as `shapes.Text` has it."""
        self.add(Text(x, y, text, size, anchor, role, bold, italic, fixed))

    @contextmanager
    def group(self, label: str, rows: tuple[int, int] | None = None) -> Iterator[None]:
        """What is painted inside is one group."""
        outside, self.shapes = self.shapes, []
        try:
            yield
        finally:
            outside.append(Group(tuple(self.shapes), label, rows))
            self.shapes = outside

    def place(self, scene: Scene, x: float = 0.0, y: float = 0.0) -> None:
        """Paints a whole scene with its upper left corner at x, y."""
        self.add(*(moved(shape, x, y) for shape in scene.shapes))

    def scene(self, width: float, height: float, title: str = "", about: str = "") -> Scene:
        """What has been painted, on a paper of this size."""
        return Scene(tuple(self.shapes), width, height, title, about)


def moved(shape: Shape, dx: float, dy: float) -> Shape:
    """The shape so much further right and down."""
    match shape:
        case Polygon() | Line():
            return shape._replace(points=tuple((x + dx, y + dy) for x, y in shape.points))
        case Rectangle() | Circle() | Text() | Image():
            return shape._replace(x=shape.x + dx, y=shape.y + dy)
        case Group():
            return shape._replace(shapes=tuple(moved(one, dx, dy) for one in shape.shapes))
        case _:
            assert_never(shape)


def scaled(scene: Scene, factor: float) -> Scene:
    """The scene so many times as large, letters and all."""
    shapes = tuple(_scaled(shape, factor) for shape in scene.shapes)
    return scene._replace(shapes=shapes, width=scene.width * factor, height=scene.height * factor)


def _scaled(shape: Shape, factor: float) -> Shape:
    if isinstance(shape, Group):
        return shape._replace(shapes=tuple(_scaled(one, factor) for one in shape.shapes))
    if isinstance(shape, Polygon):
        return shape._replace(points=_times(shape.points, factor))
    if isinstance(shape, Line):
        return shape._replace(points=_times(shape.points, factor), corner=shape.corner * factor)
    return _scaled_in_place(shape._replace(x=shape.x * factor, y=shape.y * factor), factor)


def _scaled_in_place(shape: Rectangle | Circle | Text | Image, factor: float) -> Shape:
    match shape:
        case Rectangle():
            width, height, corner = (side * factor for side in (shape.width, shape.height, shape.corner))
            return shape._replace(width=width, height=height, corner=corner)
        case Circle():
            return shape._replace(radius=shape.radius * factor)
        case Text():
            return shape._replace(size=shape.size * factor)
        case Image():
            across, down = _times((shape.across, shape.down), factor)
            return shape._replace(across=across, down=down)


def _times(points: tuple[Point, ...], factor: float) -> tuple[Point, ...]:
    return tuple((x * factor, y * factor) for x, y in points)


def flat(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """The shapes without their groups."""
    for shape in shapes:
        if isinstance(shape, Group):
            yield from flat(shape.shapes)
        else:
            yield shape
