"""The two kinds of lines that every explanation consists of: a head with its line's number, and a name with a text."""

from __future__ import annotations

from cnncalc.diagnostics.wrapping import cells, wrapped
from cnncalc.report.canvas import Canvas

MARGIN, NARROW_MARGIN = 12, 2
WIDE_ENOUGH = 40
"""Columns; where there are fewer, what a name says is written below it."""


def margin(canvas: Canvas) -> int:
    """The columns in front of every text, for its name."""
    return MARGIN if canvas.width is None or canvas.width >= WIDE_ENOUGH else NARROW_MARGIN


def head(text: str, place: str, canvas: Canvas) -> list[str]:
    """The line as written, with its place at the end, `line 5`; without one where that is said below."""
    where = f"   {place}"
    *lines, last = wrapped(text, canvas.width)
    shown = [canvas.paint(line, "title") for line in (*lines, last)]
    if not place:
        return shown
    if canvas.width is None or cells(last) + len(where) <= canvas.width:
        return [*shown[:-1], shown[-1] + canvas.paint(where, "faint")]
    return [*shown, canvas.paint(where.strip(), "faint")]


def said(name: str, text: str, canvas: Canvas) -> list[str]:
    """A name in the margin and a text beside it, wrapped to the width; below it where there is little room."""
    room = margin(canvas)
    above = wrapped(name, canvas.width) if len(name) >= room else []
    first, *more = wrapped(text, canvas.width and canvas.width - room)
    return [*above, f"{'' if above else name:<{room}}{first}", *(" " * room + line for line in more)]
