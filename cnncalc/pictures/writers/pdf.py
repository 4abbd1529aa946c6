"""A scene as a PDF of one page, as large as the drawing; its letters are Helvetica, which each reader of PDF has.

Helvetica in a PDF has Latin letters only: others are written with these where that can be read ("≤" as "<="), else "?".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from cnncalc.diagnostics.extras import missing_extra
from cnncalc.pictures.scene.drawing import flat
from cnncalc.pictures.scene.hatches import corners_of, hatch_lines
from cnncalc.pictures.scene.letters import shown_text
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

if TYPE_CHECKING:
    from fpdf import FPDF

POINTS_OF_A_UNIT = 0.75
"""Without a width, a unit is a pixel of 1/96 inch."""

_WRITTEN = {"…": "...", "≤": "<=", "≥": ">=", "−": "-", "–": "-", "→": "->", "≈": "~", "Σ": "sum", "Δ": "delta"}
_HEAD, _HEAD_HALF = 6.0, 2.8
_HATCH_WIDTH = 0.6


def pdf(scene: Scene, theme: Theme = "light", *, width: str = "") -> bytes:
    """The scene as a PDF file, so wide on paper ("17cm"); the same bytes each time.  Raises InputError."""
    unit = width_in_points(width) / scene.width if width else POINTS_OF_A_UNIT
    page = library()(unit=unit, format=(scene.width, scene.height))
    page.set_auto_page_break(False)
    page.set_margin(0)
    page.set_creation_date(datetime(2000, 1, 1, tzinfo=UTC))
    page.set_title(shown_text(scene.title))
    page.add_page()
    _Page(page, theme, unit).paint([Rectangle(0, 0, scene.width, scene.height, 0, "paper", "")])
    _Page(page, theme, unit).paint(flat(scene.shapes))
    return bytes(page.output())


def library() -> Any:
    """What lays a page out; raises InputError where that is not installed."""
    try:
        from fpdf import FPDF  # noqa: PLC0415 (an extra)
    except ImportError:
        raise missing_extra("a .pdf file", "fpdf2", doing="writing") from None
    return FPDF


def latin(text: str) -> str:
    """The text in letters that a PDF's Helvetica has.

    >>> latin("a ≤ b…, ő, 層")
    'a <= b..., o, ?'
    """
    return "".join(_latin_letter(letter) for letter in text)


class _Page:
    """A page and the colours with which shapes are painted on it."""

    def __init__(self, page: FPDF, theme: Theme, unit: float) -> None:
        self._page, self._colours, self._unit = page, colours(theme), unit

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
        style = self._style(shape.fill, shape.stroke, shape.line_width)
        self._dash(shape.dash)
        place = (shape.x, shape.y, shape.width, shape.height)
        if shape.corner:
            self._page.rect(*place, style=style, round_corners=True, corner_radius=shape.corner)
        else:
            self._page.rect(*place, style=style)
        self._dash("")
        self._hatch(corners_of(shape), shape.hatch)

    def _hatch(self, corners: tuple[Point, ...], hatch: str) -> None:
        if hatch:
            self._style(NO_FILL, "soft", _HATCH_WIDTH)
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
        self._page.polyline(shape.points, style="D")
        self._dash("")
        (x0, y0), (x1, y1) = shape.points[-2:]
        length = hypot(x1 - x0, y1 - y0)
        if shape.arrow and length:
            back = (_HEAD * (x1 - x0) / length, _HEAD * (y1 - y0) / length)
            side = (_HEAD_HALF * (y1 - y0) / length, _HEAD_HALF * (x1 - x0) / length)
            x, y = x1 - back[0], y1 - back[1]
            self._page.polygon(((x1, y1), (x - side[0], y + side[1]), (x + side[0], y - side[1])), style="F")

    def _text(self, shape: Text) -> None:
        text = latin(shown_text(shape.text))
        style = ("B" if shape.bold else "") + ("I" if shape.italic else "")
        self._page.set_font("courier" if shape.fixed else "helvetica", style, shape.size * self._unit)
        self._page.set_text_color(*self._colour(shape.role))
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor]
        self._page.text(shape.x - self._page.get_string_width(text) * share, shape.y, text)

    def _image(self, shape: Image) -> None:
        """The picture on its upright rectangle, slanted as its sides are."""
        (ax, ay), (bx, by) = shape.across, shape.down
        with self._page.skew(ax=degrees(atan2(bx, by)), ay=degrees(atan2(-ay, ax)), x=shape.x, y=shape.y):
            self._page.image(BytesIO(shape.data), shape.x, shape.y, ax, by)


def _latin_letter(letter: str) -> str:
    if letter in _WRITTEN:
        return _WRITTEN[letter]
    if letter <= "\xff":
        return letter
    return normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?"
