"""A small table of words for a page: cells are wrapped in their columns, so that nothing is ever cut.

Where the columns do not fit side by side, each row becomes a few lines of its own.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence

from cnncalc.diagnostics.wrapping import cells, wrapped
from cnncalc.report.canvas import Canvas

GAP = "  "
NARROWEST_COLUMN = 12


def table_lines(rows: Sequence[Sequence[str]], canvas: Canvas, right: Collection[int] = ()) -> Iterator[str]:
    """The rows in columns, the first of them headings; one row below the other where they do not fit side by side.

    The columns whose numbers are `right`, counted from 0, are set to the right.
    """
    widths = _widths(rows, canvas.width)
    if widths is None:
        yield from _stacked(rows, canvas)
        return
    for number, row in enumerate(rows):
        columns = [_in_lines(cell, width) for cell, width in zip(row, widths, strict=True)]
        for n in range(max(map(len, columns))):
            texts = [column[n] if n < len(column) else "" for column in columns]
            padded = [_padded(texts[at], width, at in right) for at, width in enumerate(widths)]
            line = GAP.join(padded).rstrip()
            yield canvas.paint(line, "heading") if number == 0 else line
        if number == 0:
            rule = canvas.rule * (sum(widths) + len(GAP) * (len(widths) - 1))
            yield canvas.paint(rule, "faint")


def _padded(text: str, width: int, right: bool) -> str:
    space = " " * (width - cells(text))
    return space + text if right else text + space


def _in_lines(text: str, width: int) -> list[str]:
    """A cell in lines of at most `width`; a word that is longer is broken."""
    return textwrap.wrap(text, width, break_on_hyphens=False) or [""]


def _widths(rows: Sequence[Sequence[str]], room: int | None) -> list[int] | None:
    """How wide each column is; the widest give way, and None where they would have to give too much."""
    widths = [max(cells(row[n]) for row in rows) for n in range(len(rows[0]))]
    if room is None:
        return widths
    longest = [max(cells(word) for row in rows for word in row[n].split() or [""]) for n in range(len(rows[0]))]
    least = [min(width, max(word, NARROWEST_COLUMN)) for width, word in zip(widths, longest, strict=True)]
    spare = room - len(GAP) * (len(widths) - 1)
    if sum(least) > spare:
        return None
    while sum(widths) > spare:
        widest = max((n for n in range(len(widths)) if widths[n] > least[n]), key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def _stacked(rows: Sequence[Sequence[str]], canvas: Canvas) -> Iterator[str]:
    """One row below the other, each cell behind the heading of its column."""
    headings, *others = rows
    for number, row in enumerate(others):
        if number:
            yield ""
        first, *more = wrapped(row[0], canvas.width)
        yield from (canvas.paint(first, "name"), *more)
        for heading, cell in zip(headings[1:], row[1:], strict=True):
            if cell:
                start, *rest = wrapped(f"{heading}: {cell}", canvas.width and canvas.width - 4)
                yield from (f"  {start}", *(f"    {line}" for line in rest))
