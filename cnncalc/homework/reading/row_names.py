"""Names of rows that say what is answered too: `conv1 params`, `conv1.params`, `number of parameters of conv1`.

A row's name is a place and a quantity where one part of it is a name of the key and all of the other means something
that can be asked.  Which names a key has is the caller's business; what a heading means that of `headings`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from cnncalc.asked import SHAPE, SIZE
from cnncalc.homework.reading.grid_rows import SHAPE_LIKE
from cnncalc.homework.reading.headings import LONGEST_HEADING, heading_of
from cnncalc.homework.reading.tables import TableRow

MOST_PARTS = 12
"""Places where a name is divided."""

_BETWEEN = re.compile(r"[\s.:,;/|()\[\]_–—-]+")


def asked_by_name(row: TableRow, is_name: Callable[[str], bool]) -> TableRow:
    """The row under the name of its place alone, its column of answers as answers to what its name asks."""
    if all(asked != "answer" for asked, _ in row.cells):
        return row
    bracket = heading_of(row.kind)
    if bracket.role == "asked" and is_name(row.name):
        found: tuple[str, str] | None = (row.name, bracket.word)
    else:
        found = None if is_name(row.name) else _divided(row.name, is_name)
    if found is None:
        return row
    name, quantity = found
    cells = ((_of_its_form(quantity, cell) if asked == "answer" else asked, cell) for asked, cell in row.cells)
    return row._replace(name=name, kind="", cells=tuple(cells))


def _divided(name: str, is_name: Callable[[str], bool]) -> tuple[str, str] | None:
    """The place that a name begins or ends with, and the quantity that the rest of it means."""
    text = name[:LONGEST_HEADING].strip()
    parts = [(text[: sign.start()], text[sign.end() :]) for sign in islice(_BETWEEN.finditer(text), MOST_PARTS)]
    for place, quantity in (*parts, *(part[::-1] for part in parts)):
        heading = heading_of(quantity) if place and quantity else None
        if heading is not None and heading.role == "asked" and is_name(place):
            return place, heading.word
    return None


def _of_its_form(quantity: str, cell: str) -> str:
    """`conv1 size` above sizes asks for a shape."""
    return SHAPE.name if quantity == SIZE.name and SHAPE_LIKE.fullmatch(cell.strip()) else quantity
