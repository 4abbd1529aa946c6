"""Lines of a source as its user counts them, written and read: in one file, in several, in the cells of a notebook.

Inside the program a line is its number in the whole text; what is shown and what somebody types is the line of a file
or of a cell.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from cnncalc.diagnostics import Part, Place, Source

MOST_LINES_NAMED = 8
"""How many lines are named before it is said how many more there are."""

MOST_DIGITS = 9
"""Digits of a line's or a cell's number; more are none."""


def brief_place(source: Source, line: int) -> str:
    """A line for a narrow column: `12`, in another file `blocks.py:12`, in a notebook `cell 7:3`."""
    place = source.place(line)
    if place.cell:
        return f"cell {place.cell}:{place.line}"
    return str(place.line) if place.name == source.name else f"{os.path.basename(place.name)}:{place.line}"


def lines_in_words(source: Source, lines: Iterable[int]) -> str:
    """`line 3`, `lines 3, 5 and 9`, `lines 3, 5, 9 ... (40 lines)`, `lines 3 and 5, line 12 of blocks.py`."""
    places = [source.place(line) for line in sorted(set(lines))]
    more = f" ... ({len(places)} lines)" if len(places) > MOST_LINES_NAMED else ""
    found: dict[tuple[str, int], list[Place]] = {}
    for place in places[:MOST_LINES_NAMED]:
        found.setdefault((place.name, place.cell), []).append(place)
    return ", ".join(_numbered(source, several, is_cut=bool(more)) for several in found.values()) + more


def _numbered(source: Source, places: list[Place], *, is_cut: bool) -> str:
    """Lines of one file or cell."""
    *first, last = (str(place.line) for place in places)
    if not first:
        numbers = f"line {last}"
    elif is_cut:
        numbers = f"lines {', '.join(first)}, {last}"
    else:
        numbers = f"lines {', '.join(first)} and {last}"
    return numbers + source.behind(places[0])


def line_at(source: Source, text: str) -> int | None:
    """The line that somebody means by `12`, `blocks.py:12` or, in a notebook, `7:3`; None where there is no such line.

    >>> line_at(Source("net.py", "a\\nb\\nc", parts=(Part(1, "net.py"), Part(3, "blocks.py"))), "blocks.py:1")
    3
    """
    where, _, number = text.strip().rpartition(":")
    count = _number(number)
    if count is None:
        return None
    parts = source.parts or (Part(1, source.name),)
    ends = [*(part.first - 1 for part in parts[1:]), len(source.lines)]
    for part, last in zip(parts, ends, strict=True):
        end = last - (not source.lines[last - 1])  # an empty one at its end is what its last line end leaves
        line = part.first + count - 1
        if part.first <= line <= end and _is_meant(part, where, source):
            return line
    return None


def _is_meant(part: Part, where: str, source: Source) -> bool:
    """Whether a part is what stands before the line's number; nothing stands before a line of the file itself."""
    if part.cell:
        return _number(where.removeprefix("cell ")) == part.cell
    return where in (part.name, os.path.basename(part.name)) if where else part.name == source.name


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None
