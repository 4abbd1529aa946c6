"""The two kinds of lines that every explanation consists of: a head with its line's number, and a name with a text."""

from __future__ import annotations

from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.report.canvas import Canvas

MARGIN = 12


def head(text: str, number: int, canvas: Canvas) -> list[str]:
    """The line as written, with its number at the end."""
    where = f"   line {number}"
    *lines, last = [canvas.paint(line, "title") for line in wrapped(text, canvas.width and canvas.width - len(where))]
    return [*lines, last + canvas.paint(where, "faint")]


def said(name: str, text: str, canvas: Canvas) -> list[str]:
    """A name in the margin and a text beside it, wrapped to the width."""
    first, *more = wrapped(text, canvas.width and canvas.width - MARGIN)
    return [f"{name:<{MARGIN}}{first}", *(" " * MARGIN + line for line in more)]
