"""The roofline of a machine with every line of a net on it: FLOPs a second that are possible by FLOPs a byte.

Both axes are logarithmic.  A line's point lies on the roof, since its time is the least possible; the area of the point
is its share of the time.  Every number is `cnncalc.analysis.roofline`'s own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.roofline import LineTime, Roofline
from cnncalc.layers.base import counted
from cnncalc.pictures.charts.line_chart import Scale
from cnncalc.pictures.charts.plots import EDGE, Mark, Plot, heading, key, left_room, level_rules, net_name, row_name
from cnncalc.pictures.nets.volumes import SMALL_LETTERS, WORD_LETTERS, clipped
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Circle, Point, Polygon, Rectangle, Scene
from cnncalc.quantities import hundredths, percent, short, with_unit

COMPUTE, MEMORY = Mark("bound by arithmetic", "conv.face"), Mark("bound by memory", "pool.face", "up")
TITLE = "Roofline"
HEIGHT, BELOW = 240.0, 42.0
SMALLEST, LARGEST = 2.6, 15.0
"""Radius of a point without time, and of one that takes all of it."""

MOST_NAMED = 5
"""So many lines, those that take longest, have their names written at their points."""

AROUND = 1.6
"""How far the axes go beyond the numbers, as a factor."""

NAME_WIDTH = 190.0


class Spot(NamedTuple):
    """Lines with one intensity, which are one point: the first of them, how many, their rows and their time."""

    name: str
    lines: int
    rows: tuple[int, int]
    time: LineTime
    share: Fraction

    @property
    def intensity(self) -> Fraction:
        return self.time.intensity or Fraction(0)

    @property
    def mark(self) -> Mark:
        return COMPUTE if self.time.bound == "compute" else MEMORY

    @property
    def words(self) -> str:
        more = f" and {self.lines - 1} more" if self.lines > 1 else ""
        return f"{clipped(self.name, SMALL_LETTERS, NAME_WIDTH)}{more}: {percent(self.share)}"


def roofline_chart(analysis: Analysis, found: Roofline, width: float) -> Scene:
    """The chart, so wide."""
    spots = _spots(analysis, found)
    across, up = _scales(found, spots)
    drawing = Drawing()
    _, top = heading(drawing, width, f"{TITLE}: {net_name(analysis)}", _about(found))
    _, top = key(drawing, width, top, (COMPUTE, MEMORY))
    rules = up.ticks(6, "FLOP/s")
    plot = Plot(left_room(label for _, label in rules), top + 4, width - EDGE - 8, top + 4 + HEIGHT)
    space = _Space(plot, across, up)
    level_rules(drawing, plot, [space.at(Fraction(1), Fraction(value))[1] for value, _ in rules], [n for _, n in rules])
    _bottom(drawing, space)
    _draw_roof(drawing, space, found)
    for spot in spots:
        _draw_spot(drawing, space, found, spot)
    _number_largest(drawing, space, found, spots[:MOST_NAMED])
    if found.total.intensity:
        _draw_whole(drawing, space, found.total)
    return drawing.scene(width, plot.bottom + BELOW, f"{TITLE}: {net_name(analysis)}", _in_words(found))


def _spots(analysis: Analysis, found: Roofline) -> list[Spot]:
    """The lines that compute something, those with one intensity together; what takes longest first."""
    rows: dict[Fraction, list[int]] = {}
    for row, line in enumerate(found.lines):
        if line.intensity:
            rows.setdefault(line.intensity, []).append(row)
    spots = []
    for several in rows.values():
        first = max(several, key=lambda row: found.lines[row].seconds)
        share = sum((found.share(found.lines[row]) for row in several), Fraction(0))
        spots.append(Spot(row_name(analysis, first), len(several), (first, first), found.lines[first], share))
    return sorted(spots, key=lambda spot: -spot.share)


class _Space:
    """Where a pair of numbers lies in the plot."""

    def __init__(self, plot: Plot, across: Scale, up: Scale) -> None:
        self.plot, self.across, self.up = plot, across, up

    def at(self, intensity: Fraction, rate: Fraction) -> Point:
        plot = self.plot
        x = plot.left + self.across.share(float(intensity)) * (plot.right - plot.left)
        return x, plot.bottom - self.up.share(float(rate)) * (plot.bottom - plot.top)


def _scales(found: Roofline, spots: Iterable[Spot]) -> tuple[Scale, Scale]:
    """Both axes: all lines and the ridge with some room around them."""
    machine = found.machine
    known = [float(spot.intensity) for spot in spots] + [float(machine.ridge)]
    low, high = min(known) / AROUND, max(known) * AROUND
    bottom = float(machine.attainable(Fraction(low)))
    return Scale(low, high, True), Scale(bottom, float(machine.peak) * AROUND, True)


def _about(found: Roofline) -> Iterable[str]:
    machine, batch = found.machine, f", {found.batch} images at once" if found.batch > 1 else ""
    speed = f"{with_unit(machine.peak, 'FLOP/s')} (a multiply-add is 2 FLOPs) and {with_unit(machine.bandwidth, 'B/s')}"
    yield f"{speed}: the ridge is at {hundredths(machine.ridge)} FLOPs a byte; {found.dtype}{batch}"
    best = found.images_per_second
    if best is not None:
        rate = short(round(best)) if best >= 1 else hundredths(best)
        yield f"each point is a line, its area the share of the time; at most {rate} images a second"
    idle = [line for line in found.lines if line.seconds and not line.intensity]
    if idle:
        part = percent(sum((found.share(line) for line in idle), Fraction(0)))
        yield f"not shown: {counted(len(idle), 'line')} without FLOPs, {part} of the time"
    yield "upwards: FLOPs a second that are possible at most (logarithmic scale)"


def _bottom(drawing: Drawing, space: _Space) -> None:
    plot = space.plot
    ends = float("-inf")
    for value, label in space.across.ticks(max(3, int((plot.right - plot.left) / 70)), ""):
        x, half = plot.left + space.across.share(value) * (plot.right - plot.left), text_width(label, WORD_LETTERS) / 2
        drawing.line([(x, plot.bottom), (x, plot.bottom + 4)], "soft", 0.8, arrow=False, corner=0)
        if x - half > ends:
            drawing.text(x, plot.bottom + 16, label, WORD_LETTERS, role="soft")
            ends = x + half + 6
    words = clipped("arithmetic intensity: FLOPs a byte (logarithmic scale)", WORD_LETTERS, plot.right - EDGE)
    drawing.text(plot.right, plot.bottom + 33, words, WORD_LETTERS, anchor="end", role="soft")


def _draw_roof(drawing: Drawing, space: _Space, found: Roofline) -> None:
    machine, plot = found.machine, space.plot
    low, high = Fraction(space.across.low), Fraction(space.across.high)
    corner = space.at(machine.ridge, machine.peak)
    ends = [space.at(low, machine.attainable(low)), corner, space.at(high, machine.attainable(high))]
    drawing.line([corner, (corner[0], plot.bottom)], "soft", 1.0, arrow=False, dash="4 3", corner=0)
    drawing.line(ends, "ink", 2.0, arrow=False, corner=0)
    _write(drawing, corner[0] - 6 - text_width("ridge", SMALL_LETTERS), corner[1] - 6, "ridge")


def _write(drawing: Drawing, x: float, y: float, words: str, *, bold: bool = False) -> None:
    """Words on paper of their own, so that no rule crosses them."""
    long = text_width(words, SMALL_LETTERS, bold=bold)
    drawing.add(Rectangle(x - 2, y - 10, long + 4, 13, fill="paper", stroke=""))
    drawing.text(x, y, words, SMALL_LETTERS, anchor="start", bold=bold)


def _radius(spot: Spot) -> float:
    return max(SMALLEST, LARGEST * sqrt(float(spot.share)))


def _draw_spot(drawing: Drawing, space: _Space, found: Roofline, spot: Spot) -> None:
    x, y = space.at(spot.intensity, found.machine.attainable(spot.intensity))
    with drawing.group(
        f"{spot.words} of the time, {hundredths(spot.intensity)} FLOPs a byte, {spot.mark.name}", spot.rows
    ):
        drawing.add(Circle(x, y, _radius(spot), spot.mark.fill, "ink", 0.8))


def _number_largest(drawing: Drawing, space: _Space, found: Roofline, spots: Sequence[Spot]) -> None:
    """Numbers above the points that take longest; what they mean is written below the roof, on the right."""
    plot, taken = space.plot, list[Point]()
    named = [f"{place}  {spot.words}" for place, spot in enumerate(spots, 1)]
    start = plot.right - 4 - max((text_width(words, SMALL_LETTERS) for words in named), default=0.0)
    for place, (spot, words) in enumerate(zip(spots, named, strict=True), 1):
        x, y = space.at(spot.intensity, found.machine.attainable(spot.intensity))
        above = y - _radius(spot) - 4
        for a, b in sorted(taken, key=lambda point: -point[1]):
            if abs(x - a) < 9 and abs(above - b) < 11:
                above = b - 11
        taken.append((x, above))
        drawing.text(x, above, str(place), SMALL_LETTERS, bold=True)
        _write(drawing, start, plot.bottom - 12 - (len(spots) - place) * 14, words)


def _draw_whole(drawing: Drawing, space: _Space, whole: LineTime) -> None:
    """The whole net as a diamond: all its FLOPs by all its bytes, and by its time."""
    assert whole.intensity is not None  # asked before
    x, y = space.at(whole.intensity, whole.rate)
    r = 6.0
    with drawing.group(
        f"the whole network: {hundredths(whole.intensity)} FLOPs a byte, {with_unit(whole.rate, 'FLOP/s')}"
    ):
        drawing.add(Polygon(((x, y - r), (x + r, y), (x, y + r), (x - r, y)), "mark", "ink", 0.8))
        words = f"all lines: {with_unit(whole.rate, 'FLOP/s')}"
        long = text_width(words, SMALL_LETTERS, bold=True)
        _write(drawing, min(x + r + 4, space.plot.right - long), y + 14, words, bold=True)


def _in_words(found: Roofline) -> str:
    machine = found.machine
    lines = [line for line in found.lines if line.seconds]
    by_memory = sum(line.bound == "memory" for line in lines)
    return (
        f"The roof rises to {with_unit(machine.peak, 'FLOP/s')} at {hundredths(machine.ridge)} FLOPs a byte and is "
        f"level from there on. Of {len(lines)} lines {by_memory} are bound by memory."
    )
