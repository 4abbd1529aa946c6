"""A scene as a PDF of one page, as large as the drawing, with the fonts that ship embedded, as publishers ask for.

It looks as the SVG does: what SVG has and fpdf2 has not (rounded corners of lines, patterns, pictures on a slanted
face) is made of points, lines and turns.  Letters that the fonts do not have become the nearest ones, else "?".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics.extras import missing_extra
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.hatches import HATCH_STRENGTH, HATCH_WIDTH, hatch_lines
from cnncalc.pictures.scene.letters import shown_text, text_width
from cnncalc.pictures.scene.rounded_corners import rounded_line, rounded_rectangle
from cnncalc.pictures.scene.shapes import (
    NO_FILL,
    Circle,
    Image,
    Line,
    Point,
    Polygon,
    Rectangle,
    Scene,
    Shape,
    Text,
)
from cnncalc.pictures.scene.themes import Theme, colours
from cnncalc.pictures.writers.physical_width import width_in_points
from cnncalc.pictures.writers.shipped_fonts import FACES, FAMILY, FIXED_FAMILY, font_path, in_shipped_letters

if TYPE_CHECKING:
    from fpdf import FPDF

POINTS_OF_A_UNIT = 0.75
"""Without a width, a unit is a pixel of 1/96 inch."""

_HEAD = ((0.8125, 0.0), (-5.6875, 2.7625), (-5.6875, -2.7625))
"""The corners of an arrow's head as SVG draws it, from the end of its line on and beside it."""


def pdf(scene: Scene, theme: Theme = "light", *, width: str = "") -> bytes:
    """The scene as a PDF file, so wide on paper ("17cm"); the same bytes each time.  Raises InputError."""
    unit = width_in_points(width) / scene.width if width else POINTS_OF_A_UNIT
    page = library()(unit=unit, format=(scene.width, scene.height))
    page.set_auto_page_break(False)
    page.set_margin(0)
    page.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
    page.set_title(shown_text(scene.title))
    page.add_page()
    ground = Rectangle(0, 0, scene.width, scene.height, 0, "paper", "")
    with page.local_context(stroke_join_style="round", stroke_cap_style="butt"):
        _Page(page, theme, unit).paint([ground, *flat(scene.shapes)])
    return bytes(page.output())


def library() -> Any:
    """What lays a page out; raises InputError where that is not installed."""
    try:
        from fpdf import FPDF  # noqa: PLC0415 (an extra)
    except ImportError:
        raise missing_extra("a .pdf file", "fpdf2", doing="writing") from None
    return FPDF


class _Page:
    """A page and the colours with which shapes are painted on it."""

    def __init__(self, page: FPDF, theme: Theme, unit: float) -> None:
        self._page, self._colours, self._unit = page, colours(theme), unit
        self._faces: set[str] = set()

    def paint(self, shapes: Iterable[Shape]) -> None:
        for shape in shapes:
            if isinstance(shape, Polygon):
                style = self._style(shape.fill, shape.stroke, shape.line_width)
                self._page.polygon(shape.points, style=style)
                self._hatch(shape.points, shape.hatch)
            elif isinstance(shape, Rectangle):
                self._rectangle(shape)
            elif isinstance(shape, Circle):
                style = self._style(shape.fill, shape.stroke, shape.line_width)
                self._page.circle(shape.x, shape.y, shape.radius, style=style)
            elif isinstance(shape, Line):
                self._line(shape)
            elif isinstance(shape, Text):
                self._text(shape)
            elif isinstance(shape, Image):
                self._image(shape)

    def _colour(self, role: str) -> tuple[int, int, int]:
        red, green, blue = bytes.fromhex(self._colours[role][1:])
        return red, green, blue

    def _style(self, fill: str, stroke: str, line_width: float) -> str:
        if fill != NO_FILL:
            self._page.set_fill_color(*self._colour(fill))
        if stroke:
            self._page.set_draw_color(*self._colour(stroke))
            self._page.set_line_width(line_width)
        return ("D" if stroke else "") + ("F" if fill != NO_FILL else "")

    def _rectangle(self, shape: Rectangle) -> None:
        self._dash(shape.dash)
        outline = rounded_rectangle(shape)
        if style := self._style(shape.fill, shape.stroke, shape.line_width):
            self._page.polygon(outline, style=style)
        self._dash("")
        self._hatch(outline, shape.hatch)

    def _hatch(self, corners: tuple[Point, ...], hatch: str) -> None:
        if hatch:
            with self._page.local_context(stroke_opacity=HATCH_STRENGTH):
                self._style(NO_FILL, "ink", HATCH_WIDTH)
                for (x0, y0), (x1, y1) in hatch_lines(corners, hatch):
                    self._page.line(x0, y0, x1, y1)

    def _dash(self, dash: str) -> None:
        parts = [float(part) for part in dash.replace(",", " ").split()]
        if parts:
            self._page.set_dash_pattern(parts[0], parts[-1])
        else:
            self._page.set_dash_pattern()

    def _line(self, shape: Line) -> None:
        if len(shape.points) < 2:
            return
        self._style(shape.stroke, shape.stroke, shape.line_width)
        self._dash(shape.dash)
        self._page.polyline(rounded_line(shape.points, shape.corner), style="D")
        self._dash("")
        (x0, y0), (x1, y1) = shape.points[-2:]
        length = hypot(x1 - x0, y1 - y0)
        if shape.arrow and length:
            dx, dy = (x1 - x0) / length, (y1 - y0) / length
            head = tuple((x1 + on * dx - beside * dy, y1 + on * dy + beside * dx) for on, beside in _HEAD)
            self._page.polygon(head, style="F")

    def _text(self, shape: Text) -> None:
        """The text as wide as the layout took it to be."""
        text = in_shipped_letters(shown_text(shape.text), fixed=shape.fixed)
        if not text.strip():
            return
        family, style = (FIXED_FAMILY, "") if shape.fixed else (FAMILY, "B" if shape.bold else "I" * shape.italic)
        face = FACES[family, style]
        if face not in self._faces:
            self._faces.add(face)
            self._page.add_font(family, style, font_path(face))
        self._page.set_font(family, style, shape.size * self._unit)
        self._page.set_text_color(*self._colour(shape.role))
        width = text_width(text, shape.size, bold=shape.bold, fixed=shape.fixed)
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
        self._page.text(shape.x - width * share, shape.y, text)

    def _image(self, shape: Image) -> None:
        """The picture upright, turned so that its upper side is `across`, slanted so that its left side is `down`."""
        (ax, ay), (bx, by) = shape.across, shape.down
        turn, width = atan2(ay, ax), hypot(ax, ay)
        along, height = (ax * bx + ay * by) / width, (ax * by - ay * bx) / width
        x, y = shape.x, shape.y
        with self._page.rotation(-degrees(turn), x, y), self._page.skew(ax=degrees(atan2(-along, height)), x=x, y=y):
            self._page.image(BytesIO(shape.data), x, y, width, height)
        self._style(NO_FILL, "ink", 1.0)
        self._page.polygon(((x, y), (x + ax, y + ay), (x + ax + bx, y + ay + by), (x + bx, y + by)), style="D")
