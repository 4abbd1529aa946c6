"""Which layers hold a net's parameters, its work or its activations: the heaviest ten, and the rest as a number.

Every number is the analysis' own, by the same columns as the table's; a bar has the colour and the hatch of its kind
of layer in the picture of the net.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.sums import sum_of_rows
from cnncalc.asked import quantity_named
from cnncalc.pictures.charts.plots import EDGE, heading, net_name, row_name
from cnncalc.pictures.nets.row_words import kind_of
from cnncalc.pictures.nets.volumes import HATCHED, WORD_LETTERS, clipped
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Rectangle, Scene
from cnncalc.quantities import grouped, percent
from cnncalc.report.columns import NUMBERS

MOST = 10
"""Layers that have a bar of their own."""

BAR, LINE, WIDEST_NAMES, BESIDE = 14.0, 21.0, 0.42, 6.0


class Part(NamedTuple):
    """One line: its name, its number, the row that it shows (None: several, without a bar), and how it is painted."""

    name: str
    number: int
    row: int | None
    kind: str


def share_chart(analysis: Analysis, quantity: str, width: float) -> Scene:
    """The chart of one quantity that adds up over the layers (`report.columns.NUMBERS`), so wide at most."""
    count, numbers = analysis.graph.count, NUMBERS[quantity]
    whole = numbers(analysis.totals.figures, count)
    own = [(numbers(sum_of_rows(analysis, [row]), count), row) for row in range(len(analysis.rows))]
    held = sorted((one for one in own if one[0]), key=lambda one: (-one[0], one[1]))
    parts = [Part(row_name(analysis, row), number, row, kind_of(analysis.rows[row])) for number, row in held[:MOST]]
    rest = whole - sum(part.number for part in parts)
    if rest:
        parts.append(Part(_rest_name(analysis, len(held) - len(parts)), rest, None, "other"))
    figures = analysis.totals.figures
    keras = " as Keras counts" if whole == figures.total_params != figures.params and quantity == "params" else ""
    drawing = Drawing()
    title = f"{_named(quantity)}, layer by layer"
    wide, y = heading(
        drawing, width, title, [f"{net_name(analysis)}: {_about(whole, len(held), analysis.batch, keras)}"]
    )
    right = _draw_parts(drawing, parts, whole, (y + 2, width))
    about = "; ".join(f"{part.name}: {_number(part.number, whole)}" for part in parts) or "no layer has any"
    return drawing.scene(
        min(width, max(wide, right + EDGE)), y + LINE * len(parts) + EDGE, f"{title}: {net_name(analysis)}", f"{about}."
    )


def _draw_parts(drawing: Drawing, parts: list[Part], whole: int, place: tuple[float, float]) -> float:
    """Draws the bars below each other; gives where the longest of them ends, with its number."""
    top, width = place
    names = [clipped(part.name, WORD_LETTERS, width * WIDEST_NAMES) for part in parts]
    numbers = [_number(part.number, whole) for part in parts]
    left = EDGE + BESIDE + max((text_width(name, WORD_LETTERS) for name in names), default=0)
    room = width - left - 2 * EDGE - max((text_width(number, WORD_LETTERS) for number in numbers), default=0)
    largest, ends = max((part.number for part in parts if part.row is not None), default=1), left
    for n, (part, name, number) in enumerate(zip(parts, names, numbers, strict=True)):
        y, long = top + LINE * n, 0.0
        rows = None if part.row is None else (part.row, part.row)
        with drawing.group(f"{part.name}: {number}", rows):
            drawing.text(left - BESIDE, y + 11, name, WORD_LETTERS, anchor="end")
            if part.row is not None:
                long = max(1.0, room * part.number / largest)
                hatch = part.kind if part.kind in HATCHED else ""
                drawing.add(Rectangle(left, y, long, BAR, fill=f"{part.kind}.face", line_width=0.8, hatch=hatch))
                long += BESIDE
            drawing.text(left + long, y + 11, number, WORD_LETTERS, anchor="start")
        ends = max(ends, left + long + text_width(number, WORD_LETTERS))
    return ends


def _named(quantity: str) -> str:
    words = quantity_named(quantity).help
    return words[:1].upper() + words[1:]


def _about(whole: int, holders: int, batch: int, keras: str) -> str:
    images = f", for {batch} images" if batch > 1 else ""
    if not holders:
        return f"{grouped(whole)} in all{images}"
    layers = "one layer" if holders == 1 else f"{grouped(holders)} layers"
    heaviest = f"; the heaviest {MOST} of them and the rest together" if holders > MOST else ""
    return f"{grouped(whole)}{keras} in all{images}, in {layers}{heaviest}"


def _rest_name(analysis: Analysis, layers: int) -> str:
    uncalled = "parts that are never called" if analysis.totals.uncalled else ""
    others = f"{layers} other layer{'s' if layers > 1 else ''}" if layers else ""
    return " and ".join(filter(None, (others, uncalled)))


def _number(part: int, whole: int) -> str:
    return f"{grouped(part)} ({percent(Fraction(part, whole))})"
