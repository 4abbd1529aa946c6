"""Several series of numbers as lines over one axis: what a sweep and a growing field look like.

Series are told apart by marker and dash, never by colour alone.  An axis whose numbers span three powers of ten is
logarithmic, and says so.  What is measured, the callers know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import isfinite, log10
from typing import NamedTuple

from cnncalc.pictures.charts.plots import EDGE, KEY_LINE, Plot, heading, left_room, level_rules
from cnncalc.pictures.charts.ticks import power_labels, power_ticks, round_ticks, tick_labels
from cnncalc.pictures.nets.volumes import WORD_LETTERS, clipped
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Circle, Point, Polygon, Rectangle, Scene, Shape

COLOURS = ("block.face", "skip", "up.face", "dense.face", "ink")
DASHES = ("", "7 3", "2 3", "9 3 2 3")
MARKERS = ("circle", "square", "triangle", "diamond")
MOST_SERIES = len(DASHES) * len(MARKERS)
"""So many pairs of a dash and a marker there are; more series are not drawn, and the chart says so."""

HEIGHT, BELOW, SIGN = 190.0, 40.0, 34.0
RADIUS, MOST_MARKED, MOST_POINTS = 3.4, 60, 1000
LOGARITHMIC = 1000.0
"""From this ratio of the largest number to the smallest on, an axis is logarithmic."""


class Series(NamedTuple):
    """A name and its points (x, y), from left to right."""

    name: str
    points: tuple[Point, ...]


class Axis(NamedTuple):
    """What an axis measures: its name and the unit that its numbers have ("B", or nothing)."""

    name: str
    unit: str = ""


class Scale(NamedTuple):
    """Where the numbers of one axis are between its ends."""

    low: float
    high: float
    is_logarithmic: bool

    def share(self, value: float) -> float:
        """How far along the axis a number is: 0 at its low end, 1 at its high end."""
        low, high, here = (log10(n) if self.is_logarithmic else n for n in (self.low, self.high, value))
        return (here - low) / (high - low) if high > low else 0.5

    def ticks(self, most: int, unit: str) -> list[tuple[float, str]]:
        """The round numbers on the axis, with their labels."""
        numbers = (power_ticks if self.is_logarithmic else round_ticks)(self.low, self.high, most)
        labels = (power_labels if self.is_logarithmic else tick_labels)(numbers, unit)
        return [*zip(numbers, labels, strict=True)]


def line_chart(
    series: Sequence[Series], width: float, x: Axis, y: Axis, *, title: str = "", lines: Iterable[str] = ()
) -> Scene:
    """The chart, so wide; numbers that are not finite are left out."""
    drawn = [one._replace(points=_thinned(one.points)) for one in series[:MOST_SERIES]]
    across = scale_of([point[0] for one in drawn for point in one.points], from_zero=False)
    up = scale_of([point[1] for one in drawn for point in one.points], from_zero=True)
    drawing = Drawing()
    missing = [f"only the first {MOST_SERIES} of {len(series)} are drawn"] if len(series) > MOST_SERIES else []
    _, top = heading(drawing, width, title, [*lines, _axis_words(y, up), *missing])
    top = _key(drawing, width, top, drawn) if len(drawn) > 1 else top
    rules = up.ticks(6, y.unit)
    plot = Plot(left_room(label for _, label in rules), top + 10, width - EDGE - 8, top + 10 + HEIGHT)
    level_rules(drawing, plot, [_place(plot, up, value) for value, _ in rules], [label for _, label in rules])
    whole = all(float(point[0]).is_integer() for one in drawn for point in one.points)
    _bottom(drawing, plot, across, x, whole=whole)
    for place, one in enumerate(drawn):
        points = [(plot.left + across.share(a) * (plot.right - plot.left), _place(plot, up, b)) for a, b in one.points]
        with drawing.group(_in_words(one, x, y)):
            _draw_series(drawing, points, place)
    about = "; ".join(_in_words(one, x, y) for one in drawn)
    return drawing.scene(width, plot.bottom + BELOW, title or f"{y.name} by {x.name}", about)


def scale_of(values: Sequence[float], *, from_zero: bool) -> Scale:
    """The scale that holds the numbers; `from_zero`: it begins at 0 where it can, so that lengths can be compared."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low > 0 and high / low >= LOGARITHMIC:
        return Scale(low, high, True)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = low - 1, high + 1
    return Scale(low, high, False)


def _place(plot: Plot, up: Scale, value: float) -> float:
    return plot.bottom - up.share(value) * (plot.bottom - plot.top)


def _axis_words(axis: Axis, scale: Scale) -> str:
    return f"upwards: {axis.name}{' (logarithmic scale)' if scale.is_logarithmic else ''}"


def _thinned(points: Sequence[Point]) -> tuple[Point, ...]:
    """The points with finite numbers; of very many in each stretch only the lowest and the highest."""
    finite = [point for point in points if isfinite(point[0]) and isfinite(point[1])]
    if len(finite) <= MOST_POINTS:
        return tuple(finite)
    each = -(-len(finite) * 2 // MOST_POINTS)
    kept: list[Point] = []
    for first in range(0, len(finite), each):
        part = finite[first : first + each]
        kept += sorted({min(part, key=lambda point: point[1]), max(part, key=lambda point: point[1])})
    return tuple(kept)


def _bottom(drawing: Drawing, plot: Plot, across: Scale, axis: Axis, *, whole: bool) -> None:
    """The ticks, their labels and the name of the axis that runs to the right; `whole`: its numbers are."""
    ends = float("-inf")
    for value, label in across.ticks(max(3, int((plot.right - plot.left) / 70)), axis.unit):
        if whole and value % 1:
            continue
        x, half = plot.left + across.share(value) * (plot.right - plot.left), text_width(label, WORD_LETTERS) / 2
        drawing.line([(x, plot.bottom), (x, plot.bottom + 4)], "soft", 0.8, arrow=False, corner=0)
        if x - half > ends and x + half <= plot.right + EDGE + 8:
            drawing.text(x, plot.bottom + 16, label, WORD_LETTERS, role="soft")
            ends = x + half + 6
    words = f"{axis.name}{' (logarithmic scale)' if across.is_logarithmic else ''}"
    words = clipped(words, WORD_LETTERS, plot.right - EDGE)
    drawing.text(plot.right, plot.bottom + 32, words, WORD_LETTERS, anchor="end", role="soft")


def _key(drawing: Drawing, width: float, y: float, series: Sequence[Series]) -> float:
    """Each name beside a piece of its line; gives where the key ends."""
    x = EDGE
    for place, one in enumerate(series):
        name = clipped(one.name, WORD_LETTERS, width - 2 * EDGE - SIGN - 6)
        length = SIGN + 6 + text_width(name, WORD_LETTERS)
        if x > EDGE and x + length > width - EDGE:
            x, y = EDGE, y + KEY_LINE
        _draw_series(drawing, [(x, y + 6), (x + SIGN, y + 6)], place, marked=[(x + SIGN / 2, y + 6)])
        drawing.text(x + SIGN + 6, y + 9.5, name, WORD_LETTERS, anchor="start")
        x += length + 16
    return y + KEY_LINE


def _draw_series(drawing: Drawing, points: Sequence[Point], place: int, marked: Sequence[Point] = ()) -> None:
    """The line of the series at this place among all, with markers where there is room for them."""
    colour = COLOURS[place % len(COLOURS)]
    dash = DASHES[(place + place // len(MARKERS)) % len(DASHES)]
    if len(points) > 1:
        drawing.line(points, colour, 2.0, arrow=False, dash=dash, corner=0)
    if not marked:
        marked = points if len(points) <= MOST_MARKED else (points[0], points[-1])
    drawing.add(*(_marker(MARKERS[place % len(MARKERS)], point, colour) for point in marked))


def _marker(marker: str, point: Point, colour: str) -> Shape:
    (x, y), r = point, RADIUS
    if marker == "circle":
        return Circle(x, y, r, colour, "ink", 0.8)
    if marker == "square":
        return Rectangle(x - r, y - r, 2 * r, 2 * r, fill=colour, line_width=0.8)
    if marker == "triangle":
        return Polygon(((x, y - r - 1), (x + r + 1, y + r), (x - r - 1, y + r)), colour, "ink", 0.8)
    return Polygon(((x, y - r - 1), (x + r + 1, y), (x, y + r + 1), (x - r - 1, y)), colour, "ink", 0.8)


def _in_words(series: Series, x: Axis, y: Axis) -> str:
    """The series for somebody who does not see it: where it begins and ends, and whether it only grows."""
    if not series.points:
        return f"{series.name}: nothing"
    (x0, y0), (x1, y1) = series.points[0], series.points[-1]
    steps = [b[1] - a[1] for a, b in pairwise(series.points)]
    way = "never smaller" if all(step >= 0 for step in steps) else "up and down"
    way = "never larger" if steps and all(step <= 0 for step in steps) else way
    return f"{series.name}: {y.name} {y0:,.6g} at {x.name} {x0:,.6g}, {y1:,.6g} at {x1:,.6g}, {way} in between"
