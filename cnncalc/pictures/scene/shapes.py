"""A drawing as a list of shapes: polygons, rectangles, circles, lines, texts, images, groups.

Lengths are units of the layout, in which the letters of a label are 11 high, and y runs downwards; how large a unit is
on paper, a writer is told.  Shapes know roles ("conv.face", "ink"), never colours: a theme (`themes`) gives those.
Nothing here knows a net, a file format or a font; how wide a text is, `letters` says.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]

NO_FILL = "none"


class Polygon(NamedTuple):
    """A closed outline; `hatch` names a pattern of `hatches` that is laid on the fill."""

    points: tuple[Point, ...]
    fill: str
    stroke: str = "ink"
    line_width: float = 1.0
    hatch: str = ""


class Rectangle(NamedTuple):
    """An upright rectangle with its upper left corner at x, y; `corner` is the radius of its corners."""

    x: float
    y: float
    width: float
    height: float
    corner: float = 0.0
    fill: str = "node"
    stroke: str = "ink"
    line_width: float = 1.0
    dash: str = ""
    hatch: str = ""


class Circle(NamedTuple):
    """A circle around x, y."""

    x: float
    y: float
    radius: float
    fill: str = "node"
    stroke: str = "ink"
    line_width: float = 1.0


class Line(NamedTuple):
    """A line through points with rounded corners; `arrow`: with a head at its end; `dash` as SVG writes it, "3 2"."""

    points: tuple[Point, ...]
    stroke: str = "line"
    line_width: float = 1.2
    arrow: bool = True
    dash: str = ""
    corner: float = 6.0


class Text(NamedTuple):
    """One line of text on the baseline y; `fixed`: in letters of one width, for numbers in columns."""

    x: float
    y: float
    text: str
    size: float = 11.0
    anchor: Anchor = "middle"
    role: str = "ink"
    bold: bool = False
    italic: bool = False
    fixed: bool = False


class Image(NamedTuple):
    """A picture file's bytes on a parallelogram: the corner at x, y, its sides `across` and `down` from there.

    It has an outline, and is turned and slanted at will, never mirrored.

    `media` is "png", "jpeg" or "webp"; `about` says in words what is seen.
    """

    x: float
    y: float
    across: Point
    down: Point
    data: bytes
    media: str = "png"
    about: str = ""


class Group(NamedTuple):
    """Shapes that are one thing: `label` says it in words, `rows` are the net's rows that it shows, first and last."""

    shapes: tuple[Shape, ...]
    label: str
    rows: tuple[int, int] | None = None


Shape = Polygon | Rectangle | Circle | Line | Text | Image | Group


class Scene(NamedTuple):
    """A whole drawing; `title` and `about` are what somebody hears who does not see it."""

    shapes: tuple[Shape, ...]
    width: float
    height: float
    title: str = ""
    about: str = ""
