"""The tables in a text: CSV with any sign, Markdown, drawn boxes and columns under a rule, with headings or without.

Several may stand in one text, between lines of other kinds.  Which place of a key a row means is `match_rows`'
business, what a cell says that of `cells`, what a heading means that of `headings`.  Time grows with the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from cnncalc.asked import SHAPE, SIZE
from cnncalc.dialects.printed_rows import named
from cnncalc.homework.reading.grid_rows import MOST_CELLS, SHAPE_LIKE, Grid
from cnncalc.homework.reading.grids import grids_in
from cnncalc.homework.reading.headings import Heading, are_understood, heading_of

MOST_ROWS = 5_000
"""Rows of one table."""

MOST_COPIES = 200

Form = Literal["print", "table"]


class TableRow(NamedTuple):
    """One row: the line it starts on, the name written there, the kind of layer it names, and what is answered.

    Of a cell the quantity comes first; `answer` is whatever is asked of the row.
    """

    line: int
    name: str
    kind: str
    cells: tuple[tuple[str, str], ...]


class Table(NamedTuple):
    """`notation` in words; `batch_first`: shapes start with the number of a batch; `notes`: what was not understood."""

    notation: str
    rows: tuple[TableRow, ...]
    batch_first: bool = False
    notes: tuple[str, ...] = ()
    form: Form = "table"


def tables_in(lines: Sequence[str], taken: set[int]) -> Iterator[tuple[Table, frozenset[int]]]:
    """Every table of a text with the lines it takes up, which are added to `taken`; no others are read twice."""
    for grid in grids_in(lines, taken):
        table = table_of(grid)
        if table is not None and table.rows:
            taken |= grid.lines
            yield table, grid.lines


# ---------------------------------------------------------------------- what a table says
def table_of(grid: Grid) -> Table | None:
    """The cells under the headings of the first row; a table of one column of numbers is none."""
    headings = [heading_of(cell) for cell in grid.rows[0][1][:MOST_CELLS]]
    rows = grid.rows[1 : MOST_ROWS + 1]
    if not are_understood(headings):
        return None
    columns = _columns(headings, rows)
    names = sorted((n for n, one in enumerate(headings) if one.role == "name"), key=lambda n: headings[n].word)
    kinds = [n for n, one in enumerate(headings) if one.role == "kind"]
    names = names or kinds or ([0] if headings[0].role in ("unknown", "other") else [])
    made = []
    for line, cells in rows:
        written = next((cells[n].strip("`* ") for n in names if n < len(cells) and cells[n].strip("`* ")), "")
        name, kind = named(written)
        name = name or written
        kind = kind or next((cells[n].strip("`* ") for n in kinds if n < len(cells) and kinds != names), "")
        copies = _COPIES.search(written)
        row = TableRow(line, name, kind, tuple(_cells(columns, cells)))
        made += [row] * (min(int(copies[1]), MOST_COPIES) if copies else 1)
    dropped = len(grid.rows) - 1 - len(rows)
    notes = [*([grid.note] if grid.note else []), *_not_understood(grid.rows[0], headings, rows, names)]
    if dropped > 0:
        notes.append(
            f"line {grid.rows[0][0]}: the table has {dropped:,} rows more than the {MOST_ROWS:,} that are read"
        )
    return Table(grid.notation, tuple(made), _has_batch(made), tuple(notes))


_COPIES = re.compile(r" ×([1-9][0-9]{0,2})$")
"""Behind a layer of our own tables that stands there once for several identical ones."""


class _Column(NamedTuple):
    """What a column answers, the numbers of the cells it is read from, and a unit behind its numbers."""

    asked: str
    cells: tuple[int, ...]
    unit: str = ""


def _columns(headings: Sequence[Heading], rows: Sequence[tuple[int, list[str]]]) -> list[_Column]:
    """What each column answers; of two that answer the same the first counts.  Three sides are one shape."""
    found: dict[str, _Column] = {}
    for n, one in enumerate(headings):
        asked = "answer" if one.role == "answer" else one.word if one.role == "asked" else ""
        if asked == SIZE.name and SHAPE.name not in found and _holds_shapes(rows, n):
            asked = SHAPE.name
        if asked:
            found.setdefault(asked, _Column(asked, (n,), one.unit))
    sides = {one.word: n for n, one in reversed(tuple(enumerate(headings))) if one.role == "side"}
    if len(sides) == 3 and SHAPE.name not in found:
        found[SHAPE.name] = _Column(SHAPE.name, (sides["height"], sides["width"], sides["channels"]))
    return list(found.values())


def _holds_shapes(rows: Sequence[tuple[int, list[str]]], column: int) -> bool:
    cells = [row[column] for _, row in rows[:50] if column < len(row)]
    return any(SHAPE_LIKE.fullmatch(cell.strip()) for cell in cells)


def _cells(columns: Sequence[_Column], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for column in columns:
        written = [cells[n].strip() for n in column.cells if n < len(cells)]
        if len(written) > 1:
            yield column.asked, "x".join(part for part in written if part not in ("", "-", "1x1"))
        elif written:
            scaled = column.unit and re.fullmatch(r"[0-9.,]+", written[0])
            yield column.asked, written[0] + (column.unit if scaled else "")


def _not_understood(
    first: tuple[int, list[str]],
    headings: Sequence[Heading],
    rows: Sequence[tuple[int, list[str]]],
    names: Sequence[int],
) -> Iterator[str]:
    """A sentence for each column whose heading means nothing here although its cells hold something."""
    for n, one in enumerate(headings):
        written = sum(1 for _, cells in rows if n < len(cells) and cells[n].strip())
        if one.role == "unknown" and n not in names and written and any(c.isalnum() for c in first[1][n]):
            cells = "its cell is" if written == 1 else f"its {written:,} cells are"
            yield f"line {first[0]}: the heading `{first[1][n].strip()[:40]}` is not understood, so {cells} not read"


def _has_batch(rows: Sequence[TableRow]) -> bool:
    """Whether every shape begins with one number that all share, as that of a batch, and some are those of maps."""
    shapes = [re.findall("[0-9]+", cell) for row in rows for asked, cell in row.cells if asked == SHAPE.name]
    shapes = [shape for shape in shapes if shape]
    alike = len({shape[0] for shape in shapes}) == 1 and all(len(shape) > 1 for shape in shapes)
    return len(shapes) > 1 and alike and any(len(shape) == 4 for shape in shapes)
