"""The lines that every explanation consists of: a head with its line's number, a name with a text, a formula."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.diagnostics.wrapping import cells, wrapped
from cnncalc.layers.base import Formula
from cnncalc.quantities import grouped
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


def steps_of(formula: Formula) -> tuple[str, ...]:
    """The formula in symbols, with the numbers put in, and the result: what is said once is not said again.

    >>> steps_of(Formula("channels", "filters", "64", 64))
    ('filters', '64')
    """
    result = grouped(formula.result) if isinstance(formula.result, int) else formula.result
    return tuple(dict.fromkeys(step for step in (formula.symbols, formula.numbers, result) if step))


def formula_lines(formula: Formula, canvas: Canvas) -> Iterator[str]:
    """A formula step by step, each on a line of its own."""
    name, room = formula.quantity, margin(canvas)
    if len(name) >= room:
        yield from wrapped(name, canvas.width)
        name = ""
    for n, step in enumerate(steps_of(formula)):
        first, *more = wrapped(step, canvas.width and canvas.width - room - 2)
        yield f"{name if n == 0 else '':<{room}}= {first}"
        yield from (" " * (room + 2) + line for line in more)
