"""Which columns of a table are shown at a width, how wide each is, and in which form; nothing is drawn here.

    table    one line a row.  When space is short, texts are cut, bars are narrowed and left out, then optional columns.
    stacked  a text that does not fit beside the numbers has lines of its own, in full, with the numbers below it.
    list     every number on a line of its own, behind its heading.

What carries the meaning is in all three.  Each form is wider than the next, so a wider terminal never shows less.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from cnncalc.report.sheet import Column

GAP = "  "
WIDEST_BAR, NARROWEST_BAR = 10, 6
SHORTEST_TEXT, CRAMPED_TEXT = 20, 8
INDENT = 2
"""How far the lines of a list stand to the right of the text above them."""

Form = Literal["table", "stacked", "list"]


class Fit(NamedTuple):
    """The columns that are shown, in order, by their index, with the width of each; in a list widths do not matter.

    In the stacked form and in a list marks come first, then the row's text, then the rest, from column `indent` on.
    """

    form: Form
    shown: tuple[int, ...]
    widths: tuple[int, ...]
    indent: int = 0


def fit(columns: tuple[Column, ...], natural: list[int], width: int | None) -> Fit:
    """How columns that would like to be so wide are shown in `width` columns of a terminal."""
    if width is None or total(natural) <= width:
        return Fit("table", tuple(range(len(columns))), tuple(natural))
    smallest = [_smallest(column, most) for column, most in zip(columns, natural, strict=True)]
    for shown in _fewer(columns):
        least = [smallest[n] for n in shown]
        if not any(columns[n].restated for n in shown) and any(column.restated for column in columns):
            least[shown.index(row_text(columns))] = natural[row_text(columns)]
        if total(least) <= width:
            return Fit("table", shown, tuple(_grown(least, [natural[n] for n in shown], width)))
    return _stacked(columns, natural, width)


def total(widths: list[int]) -> int:
    """The columns of a terminal that a line takes."""
    return sum(widths) + len(GAP) * max(0, len(widths) - 1)


def row_text(columns: tuple[Column, ...]) -> int:
    """The column that says which row it is: the first text."""
    return next((n for n, column in enumerate(columns) if column.role == "text"), 0)


def is_optional(column: Column) -> bool:
    """Whether the column may be left out at all."""
    return column.role == "bar" or column.keep > 0 or column.restated


def _fewer(columns: tuple[Column, ...]) -> Iterator[tuple[int, ...]]:
    """The columns, then ever fewer: first without bars, then without the least wanted, last what the text says too."""
    bars = [n for n, column in enumerate(columns) if column.role == "bar"]
    rest = [n for n, column in enumerate(columns) if is_optional(column) and n not in bars]
    shown = list(range(len(columns)))
    yield tuple(shown)
    for leave in (*bars, *sorted(rest, key=lambda n: (columns[n].restated, columns[n].keep))):
        shown.remove(leave)
        yield tuple(shown)


def _smallest(column: Column, natural: int) -> int:
    return min(natural, {"text": SHORTEST_TEXT, "bar": NARROWEST_BAR}.get(column.role, natural))


def _grown(smallest: list[int], natural: list[int], width: int) -> list[int]:
    """What is left over goes to the columns in turn, from the left."""
    widths, spare = list(smallest), width - total(smallest)
    for n, wanted in enumerate(natural):
        more = max(0, min(spare, wanted - widths[n]))
        widths[n] += more
        spare -= more
    return widths


def _stacked(columns: tuple[Column, ...], natural: list[int], width: int) -> Fit:
    """The stacked form where the numbers fit side by side, else the list."""
    text = row_text(columns)
    kept = [n for n, column in enumerate(columns) if not is_optional(column)]
    marks = [n for n in kept if columns[n].role == "mark"]
    below = [n for n in kept if n != text and n not in marks]
    shown = (*marks, text, *below)
    front = [natural[n] for n in marks]
    first = total(front) + len(GAP) if marks else 0
    least = [min(natural[n], CRAMPED_TEXT) if columns[n].role == "text" else natural[n] for n in below]
    if total(least) > width or not below:
        return Fit("list", shown, (*front, width - first, *least), first + INDENT)
    widths = _grown(least, [natural[n] for n in below], width)
    indent = width - total(widths)
    return Fit("stacked", shown, (*front, max(0, indent - first - len(GAP)), *widths), indent)
