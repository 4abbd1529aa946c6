"""The rows of a table as they stand in a text, and which lines can be rows, headings, or neither.

A heading is words that mean something; a bare row a name with nothing but shapes, numbers and gaps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from cnncalc.asked import PARAMS, SHAPE
from cnncalc.homework.reading.headings import are_understood, heading_of

LONGEST_LINE = 20_000
"""Characters of a line that can belong to a table."""

MOST_CELLS = 60
"""Cells of one row that are read."""

_SIZE = r"[0-9]{1,9}"
SHAPE_LIKE = re.compile(
    rf"[\[(]{{0,2}} ?(?:none|-1|\?|{_SIZE})(?: ?[x×X*,·@] ?{_SIZE}| {_SIZE}){{1,4}} ?,?[\])]{{0,2}}", re.IGNORECASE
)
NUMBER_LIKE = re.compile(r"[~≈]?[0-9][0-9.,'_  ]{0,20}[kKmMG]?")


Row = tuple[int, list[str]]
"""A line and the cells that stand there."""


class Grid(NamedTuple):
    """The cells of one table by line, as they stand there, and every line it takes up; `note`: what was guessed."""

    notation: str
    rows: list[Row]
    lines: frozenset[int]
    note: str = ""


_VALUE_FIRST = re.compile(r"[(\[~≈]{0,2}[0-9][0-9.,]{0,20}(?: ?[x×*] ?[0-9]|,? +[^\W\d]{2})")
"""`10 params 2570`, `26x26x8`"""


def is_heading(cells: Sequence[str]) -> bool:
    """Whether a row says what is answered below it: words, none of which is a number or begins with a value."""
    written = [cell.strip() for cell in cells if cell.strip()]
    if len(written) < 2 or len(cells) > MOST_CELLS:
        return False
    if any(NUMBER_LIKE.fullmatch(cell) or _VALUE_FIRST.match(cell) for cell in written):
        return False
    headings = [heading_of(cell) for cell in cells]
    known = sum(one.role != "unknown" for one in headings)
    return are_understood(headings) and 2 * known >= len(written)


def is_row(line: str) -> bool:
    """Whether a line can be a row of a table: not empty, not far too long, and no answer in our own notation."""
    return bool(line.strip()) and len(line) <= LONGEST_LINE and "=>" not in line


def stretches(lines: Sequence[str], taken: set[int], belongs: Callable[[str], bool]) -> Iterator[list[int]]:
    """Lines that follow one another and belong to a table, two at least."""
    found: list[int] = []
    for number, line in enumerate((*lines, ""), 1):
        if number not in taken and len(line) <= LONGEST_LINE and line.strip() and belongs(line.strip()):
            found.append(number)
        else:
            if len(found) > 1:
                yield found
            found = []


def is_bare(cells: Sequence[str]) -> bool:
    """Whether a row is a name and nothing but shapes, numbers and gaps."""
    name, *others = cells
    named_well = any(c.isalpha() for c in name) and len(name) <= 40 and not re.search('[="(]', name)
    fit = all(cell in ("", "-", "?") or SHAPE_LIKE.fullmatch(cell) or NUMBER_LIKE.fullmatch(cell) for cell in others)
    return named_well and fit and any(others) and len(others) < MOST_CELLS


def guessed(notation: str, rows: list[Row], lines: frozenset[int]) -> Grid:
    """A table without headings: the first column with shapes is the shape, the first other one the parameters."""
    headings = ["layer"]
    for n in range(1, max(len(cells) for _, cells in rows)):
        cells = [cells[n] for _, cells in rows if n < len(cells)]
        kind = SHAPE.name if any(SHAPE_LIKE.fullmatch(cell) for cell in cells) else PARAMS.name
        headings.append(kind if kind not in headings else "?")
    said = f"line {rows[0][0]}: a table without headings, read as {', '.join(headings)}"
    return Grid(notation, [(rows[0][0], headings), *rows], lines, said)
