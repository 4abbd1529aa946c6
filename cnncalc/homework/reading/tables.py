"""Tables of answers as students hand them in: CSV, Markdown, and the prints of Keras, torchsummary and torchinfo.

`read_table` makes rows of named cells of a text; which place of a key a row means is `match_rows`' business, what a
cell says that of `cells`.  A row costs the same wherever it stands, and there is a most.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.asked import PARAMS, QUANTITIES, SHAPE
from cnncalc.diagnostics import InputError, Source, input_error

MOST_ROWS = 5_000
LONGEST_LINE = 20_000

NAME_HEADINGS = ("name", "layer name", "label", "layer", "layer (type)", "question", "block", "line")
"""The headings of columns that name a row: of several the first in this order that says something in the row."""

HEADINGS = {heading: one.name for one in QUANTITIES for heading in (one.name, *one.also, *one.headings)}
"""A column's heading -> what its cells answer."""

_SHAPE = r"[\[(]+\s*(?:\(\s*)?(?:none|-?[0-9]+)(?:\s*,\s*(?:none|-?[0-9]+))*\s*,?\s*[\])]+"
_PRINTED = re.compile(rf"(?P<shape>{_SHAPE}|--)\s+(?P<params>--|[0-9][0-9,]*|\(recursive\))(?=\s|$)", re.I)
_LONGEST_NAME = 200
_WIDEST_PRINT = 500
"""Characters of a line in which a print's row is looked for, so that time stays bounded."""

_ARRIVING = re.compile(rf"\s(?:{_SHAPE}|--)\s*$", re.I)
"""The shape that arrives, which torchinfo can print in front of the one that leaves."""
_TYPE = re.compile(r"(?P<name>[\w./-]*)\s*\((?P<type>[\w.]+)\)?")
_TOTAL = re.compile(r"^\W*total\s+(?P<what>params|parameters|params\s*#)?\s*:\s*(?P<number>[0-9][0-9,]*)", re.I)
_TREE = re.compile(r"[├└│─|+\s-]+(?=\w)")


class TableRow(NamedTuple):
    """One row: the line it starts on, the name written there, the kind of layer a print names, and what is answered."""

    line: int
    name: str
    kind: str
    cells: tuple[tuple[str, str], ...]


class Table(NamedTuple):
    """`notation` in words; `batch_first`: shapes start with the number of a batch of one."""

    notation: str
    rows: tuple[TableRow, ...]
    batch_first: bool = False


def read_table(source: Source) -> Table:
    """The rows of a text in any of the notations; raises InputError for what is no table or far too long."""
    lines = source.lines
    if sum(1 for line in lines if line.strip()) > MOST_ROWS:
        raise input_error(
            "answers-too-long",
            f"{source.name} has more than {MOST_ROWS:,} lines",
            help="give the table of one network: a row for each layer",
        )
    if any(len(line) > LONGEST_LINE for line in lines):
        raise input_error(
            "answers-too-long",
            f"{source.name} has a line of more than {LONGEST_LINE:,} characters",
            help="give the table of one network: a row for each layer",
        )
    for read in (_boxes, _print, _markdown, _separated):
        table = read(lines)
        if table is not None and table.rows:
            return table
    raise _no_table(source)


def _no_table(source: Source) -> InputError:
    return input_error(
        "answers-not-a-table",
        f"{source.name} is not a table of answers",
        help="give CSV or Markdown with a first line such as `layer,shape,params`, or paste what Keras' summary(), "
        "torchsummary or torchinfo prints",
    )


# ---------------------------------------------------------------------- prints
def _print(lines: Sequence[str]) -> Table | None:
    """The lines of a Keras, torchsummary or torchinfo print: a name, a shape in brackets, a number."""
    found = list(_rows_in_print(lines))
    header = any("output shape" in line.lower() and "param" in line.lower() for line in lines)
    if not found or not (header or any(_SUMMARY_NAME.search(name) for _, name, _ in found)):
        return None
    depth_index = any("depth-idx" in line.lower() for line in lines)
    rows = [_printed(*one) for one in found]
    if depth_index:
        rows = [row for row, nxt in zip(rows, [*rows[1:], None], strict=True) if not _contains(lines, row, nxt)]
    notation = "torchinfo print" if depth_index else "layer print"
    return Table(notation, (*rows, *_totals(lines)), batch_first=depth_index)


_SUMMARY_NAME = re.compile(r"\(\w+\)|\w+-[0-9]+$|\w+:\s*[0-9]+-[0-9]+")


def _rows_in_print(lines: Sequence[str]) -> Iterator[tuple[int, str, re.Match[str]]]:
    """Every row with its line and what stands before its shape."""
    for n, line in enumerate(lines, 1):
        match = _PRINTED.search(line) if len(line) <= _WIDEST_PRINT else None
        name = _ARRIVING.sub("", line[: match.start()]).strip() if match is not None else ""
        if match is not None and name:
            yield n, name, match


def _printed(line: int, written: str, match: re.Match[str]) -> TableRow:
    params = match["params"] if match["params"][0].isdigit() else "--"
    name, kind = named(written)
    return TableRow(line, name, kind, ((SHAPE.name, match["shape"]), (PARAMS.name, params)))


def _contains(lines: Sequence[str], row: TableRow, following: TableRow | None) -> bool:
    """Whether torchinfo prints the next row inside this one: it is a container, not a layer."""
    return following is not None and _indent(lines[following.line - 1]) > _indent(lines[row.line - 1])


def _indent(line: str) -> int:
    match = _TREE.match(line)
    return len(match[0]) if match else 0


def named(text: str) -> tuple[str, str]:
    """A layer's name and its kind: `conv2d_1 (Conv2D)`, `Conv2d-1`, `├─Conv2d: 1-1`, `conv1`.

    >>> named("conv2d_1 (Conv2D)"), named("Conv2d-1"), named("├─Conv2d: 1-1"), named("conv1")
    (('conv2d_1', 'Conv2D'), ('Conv2d-1', 'Conv2d'), ('Conv2d: 1-1', 'Conv2d'), ('conv1', ''))
    """
    text = text[:_LONGEST_NAME]
    bare = _TREE.sub("", text, count=1).strip() if _TREE.match(text) else text.strip()
    inner = re.search(r"(\w+) \((\w+)\): *[0-9]+-[0-9]+", bare)
    if inner:
        return inner[2], inner[1]
    depth = re.match(r"(\w+): *[0-9]+-[0-9]+", bare)
    if depth:
        return bare, depth[1]
    typed = _TYPE.fullmatch(bare)
    if typed and typed["type"]:
        return typed["name"], typed["type"]
    torch = re.fullmatch(r"([A-Za-z]\w*)-[0-9]+", bare)
    return bare.partition(" (")[0], torch[1] if torch else ""


def _totals(lines: Sequence[str]) -> Iterator[TableRow]:
    """`Total params: 61,706 (241.04 KB)`, once."""
    for n, line in enumerate(lines, 1):
        match = _TOTAL.match(line)
        if match:
            yield TableRow(n, "total", "", ((PARAMS.name, match["number"]),))
            return


# ---------------------------------------------------------------------- tables with signs between the cells
def _boxes(lines: Sequence[str]) -> Table | None:
    """Keras 3 draws boxes: ┃ heading ┃, │ cell │, a rule between rows; a long cell goes on in the next line."""
    if sum(1 for line in lines if line.lstrip()[:1] in ("┃", "│") and line.rstrip()[-1:] in ("┃", "│")) < 2:
        return None
    merged: list[tuple[int, list[str]]] = []
    open_row = False
    ruled = any(line.lstrip().startswith("├") for line in lines)
    for n, line in enumerate(lines, 1):
        bare = line.strip()
        if bare[:1] not in ("┃", "│"):
            open_row = False
            continue
        cells = [cell.strip() for cell in re.split("[┃│]", bare)[1:-1]]
        if open_row and len(cells) == len(merged[-1][1]) and (ruled or not cells[0]):
            merged[-1] = merged[-1][0], [_joined(*pair) for pair in zip(merged[-1][1], cells, strict=True)]
        else:
            merged.append((n, cells))
        open_row = True
    table = _columns("Keras print", merged)
    return table and table._replace(rows=(*table.rows, *_totals(lines)))


def _joined(first: str, more: str) -> str:
    return f"{first} {more}".strip() if more else first


def _markdown(lines: Sequence[str]) -> Table | None:
    """| layer | shape |, with a rule of dashes below the heading."""
    rows = [(n, line) for n, line in enumerate(lines, 1) if "|" in line]
    if not any(re.fullmatch(r"[|\s:+-]+", line) and "-" in line for _, line in rows):
        return None
    split = [
        (n, [cell.strip() for cell in line.strip().strip("|").split("|")])
        for n, line in rows
        if not re.fullmatch(r"[|\s:+-]+", line)
    ]
    return _columns("Markdown", split)


def _separated(lines: Sequence[str]) -> Table | None:
    """CSV with commas, semicolons or tabs; quoted cells may hold the sign."""
    written = [line for line in lines if line.strip()]
    if not written:
        return None
    sign = max((",", ";", "\t"), key=lambda tried: (written[0].count(tried), tried == ","))
    if sign not in written[0]:
        return None
    reader = csv.reader(lines, delimiter=sign, skipinitialspace=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((start, [cell.strip() for cell in cells]))
            start = reader.line_num + 1
    except csv.Error:
        return None
    return _columns("CSV", rows)


def _columns(notation: str, rows: list[tuple[int, list[str]]]) -> Table | None:
    """The cells under the headings of the first row."""
    if not rows:
        return None
    headings = [_heading(cell) for cell in rows[0][1]]
    asked = [HEADINGS.get(heading) for heading in headings]
    if not any(asked):
        return None
    names = _name_columns(headings) or ([0] if asked[0] is None else [])
    made = []
    for line, cells in rows[1:]:
        label, kind = named(next((cells[n].strip("`* ") for n in names if n < len(cells) and cells[n]), ""))
        cells_asked = ((what, cells[n]) for n, what in enumerate(asked) if what is not None and n < len(cells))
        made.append(TableRow(line, label, kind, tuple(cells_asked)))
    return Table(notation, tuple(made))


def _name_columns(headings: Sequence[str]) -> list[int]:
    """The columns that may name a row, the best first: our own CSV has a line, a label, a name and the layer's text."""
    naming = [n for n, heading in enumerate(headings) if heading in NAME_HEADINGS or heading.startswith("layer")]
    best = {heading: rank for rank, heading in enumerate(NAME_HEADINGS)}
    return sorted(naming, key=lambda n: best.get(headings[n], best["layer"]))


def _heading(cell: str) -> str:
    return " ".join(cell.strip("`*_: ").lower().replace("_", " ").split())
