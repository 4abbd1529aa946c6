"""What is alive in memory while each layer of a net is computed: a bar for each, and the peak.

Every number is the analysis' own (`Analysis.memory_by_row`); here they become bars.  Where a net has more layers than
bars can be told apart, neighbours share one, which shows the fullest of them, and the chart says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from cnncalc.analysis.liveness import RowMemory
from cnncalc.analysis.model import Analysis
from cnncalc.analysis.stored_bytes import BYTES
from cnncalc.pictures.charts.plots import EDGE, Mark, Plot, heading, key, left_room, level_rules, net_name, row_name
from cnncalc.pictures.charts.ticks import round_ticks, tick_labels
from cnncalc.pictures.nets.volumes import SMALL_LETTERS, WORD_LETTERS, clipped
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Rectangle, Scene
from cnncalc.quantities import grouped, short

WRITTEN, READ, KEPT = (
    Mark("written now", "block.face"),
    Mark("read now", "pool.face", "up"),
    Mark("kept for later", "input.face"),
)
HEIGHT, NARROWEST, WIDEST, OUTLINED = 170.0, 3.0, 96.0, 7.0
"""How high the fullest bar is; how wide a bar and its gap are at least and at most; from where on bars are outlined."""

TITLE = "Memory while each layer runs"
ABOVE, BELOW = 20.0, 22.0
EACH = BYTES["float32"]


class Bar(NamedTuple):
    """Neighbouring rows, first and last, and the fullest of them with what is alive there."""

    first: int
    last: int
    fullest: int
    memory: RowMemory


class Bars(NamedTuple):
    """All bars, where they are drawn, and how far apart they begin."""

    bars: tuple[Bar, ...]
    plot: Plot
    step: float


def memory_chart(analysis: Analysis, width: float, *, title: bool = True) -> Scene:
    """The chart, at most so wide; without `title` for a page that has its own heading."""
    by_row = analysis.memory_by_row
    drawing = Drawing()
    top = max(analysis.totals.peak_activation_size, 1)
    ticks = round_ticks(0, top * EACH, 5)
    labels = tick_labels(ticks, "B")
    left = left_room(labels)
    bars = _bars(by_row, int((width - left - EDGE) / NARROWEST))
    named = f"{net_name(analysis)}: " if title else ""
    wide, y = heading(drawing, width, TITLE if title else "", [named + _about(analysis, bars)])
    key_wide, y = key(drawing, width, y, (WRITTEN, READ, KEPT))
    step = min(WIDEST, (width - left - EDGE) / max(len(bars), 1))
    plot = Plot(left, y + ABOVE, left + step * len(bars), y + ABOVE + HEIGHT)
    level_rules(drawing, plot, [plot.bottom - HEIGHT * tick / (top * EACH) for tick in ticks], labels)
    for place, bar in enumerate(bars):
        _draw_bar(drawing, analysis, bar, (left + place * step, plot.bottom, step), HEIGHT / top)
    placed = Bars(bars, plot, step)
    peak_wide = _mark_peak(drawing, analysis, placed, width)
    _name_bars(drawing, analysis, placed)
    wide = min(width, max(wide, key_wide, plot.right + EDGE, peak_wide))
    return drawing.scene(wide, plot.bottom + BELOW, f"{TITLE}: {net_name(analysis)}", _in_words(analysis))


def _bars(by_row: Sequence[RowMemory], most: int) -> tuple[Bar, ...]:
    """The rows as bars, no more than so many, each of equally many neighbours."""
    each = max(1, ceil(len(by_row) / max(most, 1)))
    found = []
    for first in range(0, len(by_row), each):
        last = min(first + each, len(by_row)) - 1
        fullest = max(range(first, last + 1), key=lambda row: by_row[row].alive)
        found.append(Bar(first, last, fullest, by_row[fullest]))
    return tuple(found)


def _about(analysis: Analysis, bars: Sequence[Bar]) -> str:
    images = f", for {analysis.batch} images" if analysis.batch > 1 else ""
    each = bars[0].last - bars[0].first + 1 if bars else 1
    merged = f"; each bar is the fullest of {each} neighbouring layers" if each > 1 else ""
    return f"activations that are needed at each step, with {EACH} bytes for each number (float32){images}{merged}"


def _draw_bar(drawing: Drawing, analysis: Analysis, bar: Bar, place: tuple[float, float, float], scale: float) -> None:
    """Paints a bar that begins at x on the line y, as one group that shows its rows."""
    x, y, step = place
    wide = step * (0.84 if step >= OUTLINED else 1.0)
    stroke = "ink" if step >= OUTLINED else ""
    with drawing.group(_bar_label(analysis, bar), (bar.first, bar.last)):
        for count, mark in ((bar.memory.kept, KEPT), (bar.memory.read, READ), (bar.memory.written, WRITTEN)):
            high = count * scale
            if high > 0:
                y -= high
                shape = Rectangle(x + (step - wide) / 2, y, wide, high, fill=mark.fill, stroke=stroke, line_width=0.7)
                drawing.add(shape._replace(hatch=mark.hatch))


def _bar_label(analysis: Analysis, bar: Bar) -> str:
    memory = bar.memory
    parts = f"{grouped(memory.written)} written, {grouped(memory.read)} read, {grouped(memory.kept)} kept for later"
    among = f", the fullest of {bar.last - bar.first + 1} layers" if bar.last > bar.first else ""
    return f"{_name(analysis, bar.fullest)}{among}: {grouped(memory.alive)} numbers alive: {parts}"


def _mark_peak(drawing: Drawing, analysis: Analysis, placed: Bars, width: float) -> float:
    """Marks the first of the fullest bars and writes its number above it; gives where the words end."""
    bars, plot, step = placed
    if not bars:
        return 0.0
    place = max(range(len(bars)), key=lambda n: bars[n].memory.alive)
    x = plot.left + step * place
    drawing.add(Rectangle(x, plot.top, step, plot.bottom - plot.top, fill="none", stroke="mark", line_width=1.6))
    text = clipped(_peak_words(analysis, bars[place]), WORD_LETTERS, width - 2 * EDGE, bold=True)
    long = text_width(text, WORD_LETTERS, bold=True)
    start = min(max(EDGE, x + step / 2 - long / 2), max(EDGE, width - EDGE - long))
    drawing.text(start, plot.top - 7, text, WORD_LETTERS, anchor="start", bold=True)
    return start + long + EDGE


def _peak_words(analysis: Analysis, bar: Bar) -> str:
    alive = bar.memory.alive
    times = sum(memory.alive == alive for memory in analysis.memory_by_row)
    others = f" and {times - 1} more" if times > 1 else ""
    return f"peak: {_bytes(alive * EACH)}, {grouped(alive)} numbers, at {_name(analysis, bar.fullest)}{others}"


def _name_bars(drawing: Drawing, analysis: Analysis, placed: Bars) -> None:
    """Writes the layers' words below their bars where all of them have room; else where the net begins and ends."""
    bars, plot, step = placed
    words = [analysis.rows[bar.fullest].row.word for bar in bars]
    if all(bar.first == bar.last for bar in bars) and all(text_width(w, SMALL_LETTERS) < step - 3 for w in words):
        for place, word in enumerate(words):
            drawing.text(plot.left + step * (place + 0.5), plot.bottom + 14, word, SMALL_LETTERS, role="soft")
        return
    drawing.text(plot.left, plot.bottom + 14, "first layer", SMALL_LETTERS, anchor="start", role="soft")
    drawing.text(plot.right, plot.bottom + 14, "last layer", SMALL_LETTERS, anchor="end", role="soft")


def _in_words(analysis: Analysis) -> str:
    by_row = analysis.memory_by_row
    if not by_row:
        return "The net has no layers."
    fullest = max(range(len(by_row)), key=lambda row: by_row[row].alive)
    peak = _peak_words(analysis, Bar(fullest, fullest, fullest, by_row[fullest]))
    return f"A bar for each layer: what it writes, what it reads and what is kept for later layers. The {peak}."


def _name(analysis: Analysis, row: int) -> str:
    return clipped(row_name(analysis, row), WORD_LETTERS, 240)


def _bytes(count: int) -> str:
    return f"{short(count)}B" if count >= 1000 else f"{count} bytes"
