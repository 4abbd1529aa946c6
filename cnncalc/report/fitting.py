"""Which columns of a table are shown at a width, how wide each is, and in which form; nothing is drawn here.

    table    one line a row.  When space is short, texts are cut, bars are narrowed and left out, then optional columns.
    stacked  a text that does not fit beside the numbers has lines of its own, in full, with the numbers below it; what
             still does not fit is listed: each on a line of its own, behind its heading.

What carries the meaning is in both.  A table is wider than what is stacked, so a wider terminal never shows less.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from cnncalc.report.sheet import Column

GAP = "  "
WIDEST_BAR, NARROWEST_BAR = 10, 6
SHORTEST_TEXT = 20
Form = Literal["table", "stacked"]


class Fit(NamedTuple):
    """The columns that are shown, in order, by their index, and their widths; those at the end without one are listed.

    In the stacked form marks come first and what is before the row's text, then this text, then the rest side by side,
    from column `indent` on.
    """

    form: Form
    shown: tuple[int, ...]
    widths: tuple[int, ...]
    indent: int = 0


def fit(columns: tuple[Column, ...], natural: list[int], width: int | None, telling: int = 0) -> Fit:
    """How columns that would like to be so wide are shown in `width` columns of a terminal.

    Below `telling` columns the texts of the rows lose words that change numbers: before that bars are left out.
    """
    if width is None or total(natural) <= width:
        return Fit("table", tuple(range(len(columns))), tuple(natural))
    smallest = [_smallest(column, most) for column, most in zip(columns, natural, strict=True)]
    for shown in _fewer(columns):
        least = [smallest[n] for n in shown]
        if any(columns[n].role == "bar" for n in shown) and row_text(columns) in shown:
            text = shown.index(row_text(columns))
            least[text] = max(least[text], min(telling, natural[row_text(columns)]))
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
    """The row's text and below it what fits side by side: all, all but texts, or nothing."""
    text = row_text(columns)
    kept = [n for n, column in enumerate(columns) if not is_optional(column) and n != text]
    before = [n for n in kept if columns[n].role == "mark" or n < text]
    below = [n for n in kept if n not in before]
    numbers = [n for n in below if columns[n].role != "text"]
    side = next((side for side in (below, numbers) if total([natural[n] for n in side]) <= width), [])
    listed = [n for n in below if n not in side]
    front = [natural[n] for n in before]
    first = total(front) + len(GAP) if before else 0
    indent = width - total([natural[n] for n in side]) if side else width + len(GAP)
    widths = (*front, max(0, indent - first - len(GAP)), *(natural[n] for n in side))
    return Fit("stacked", (*before, text, *side, *listed), widths, indent)
