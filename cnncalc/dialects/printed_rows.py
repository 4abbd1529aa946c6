"""The rows of what Keras' `model.summary()`, torchsummary and torchinfo print: names, classes, shapes and parameters.

Keras 3 draws boxes and colours, Keras 2 and torchinfo cut long names or go on in the next line, torchsummary and
torchinfo can show a batch of any size.  What the rows say of a network, and whether they are right, is known elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

MOST_ROWS = 5_000
"""Rows of one print."""

WIDEST = 500
"""Characters of a line in which a row is looked for, so that time stays bounded."""

LONGEST_NAME = 200

_COLOURS = re.compile(
    r"\x1b\[[0-9;:?]{0,40}[A-Za-z]|\x1b\][^\x07\x1b]{0,500}(?:\x07|\x1b\\)|\[(?:38;5;[0-9]{1,3}|[01])m"
)
_SHAPE = r"[\[(]{1,3} {0,3}(?:none|-?[0-9]{1,18})(?: {0,3}, {0,3}(?:none|-?[0-9]{1,18})){0,9} {0,3},? {0,3}[\])]{1,3}"
_ROW = re.compile(rf"(?P<shape>{_SHAPE}|--)\s+(?P<params>--|[0-9][0-9,]*|\(recursive\))(?=\s|$)", re.IGNORECASE)
_SHAPE_ALONE = re.compile(rf"(?P<shape>{_SHAPE})(?:\s+[?_]+)?\s*$", re.IGNORECASE)
_PARAMS_ALONE = re.compile(r"\s{2,}(?:[?_]+\s+)?(?P<params>[0-9][0-9,]*)\s*$")
"""Rows in which somebody left one cell open; `?` and `___` are open cells, too."""
_OPEN = re.compile(r"[\s?_-]*")
_WHOLE_SHAPE = re.compile(_SHAPE, re.IGNORECASE)
_ARRIVING = re.compile(rf"\s(?:{_SHAPE}|--)\s*$", re.IGNORECASE)
"""The shape that arrives, which torchinfo can print in front of the one that leaves."""
_ARROWS = re.compile("=|->|[→⇒]")
"""What no row of a print has: the lines of other notations do."""
_NAMES_A_LAYER = re.compile(r"\(\w+\)|\w+-[0-9]+$|\w+:\s*[0-9]+-[0-9]+")
_TYPE = re.compile(r"(?P<name>[\w./-]*)\s*\((?P<type>[\w.]+)\)?")
_TREE = re.compile(r"[├└│─|+\s-]+(?=\w)")
_MORE_OF_A_CLASS = re.compile(r" *\(?(?P<rest>\w*)\) *")
_IS_CLASS = re.compile(r"\s*\(?\w*\)?\s*")
_TOTAL = re.compile(
    r"^\W*(?P<which>total|trainable)\s+(?:params|parameters)?(?:\s*#)?\s*:\s*(?P<number>[0-9][0-9,]*)", re.IGNORECASE
)
_RULE = re.compile(r"[\s_=\-━─]{8,}")
_FOOTER = re.compile(
    r"^\W{0,9}(?:(?:non-)?trainable params|optimizer params|total mult-adds|(?:input|params|forward/backward pass|"
    r"estimated total) size|model:)",
    re.IGNORECASE,
)
BOX_SIDES = "┃│║"
_BOX_SIDE = re.compile(f"[{BOX_SIDES}]")
_DRAWN = frozenset(BOX_SIDES + "┏┡├└┌╞╘╭╰┗┣┠╔╠╚╟")


class PrintedRow(NamedTuple):
    """One row: its line and column, its name and class, its shape and parameters as they are printed."""

    line: int
    column: int
    name: str
    kind: str
    shape: str
    params: str


class Print(NamedTuple):
    """One printed summary: its rows, the totals below them with their lines, and every line it takes up.

    `batch` is the first size that all shapes share, which is no size of an image; None where they share none.
    """

    rows: tuple[PrintedRow, ...]
    totals: tuple[tuple[str, int, str], ...]
    lines: frozenset[int]
    batch: int | None
    is_torchinfo: bool


class BoxedRow(NamedTuple):
    """One row of a table of drawn boxes: the line it starts on, and its cells."""

    line: int
    cells: list[str]


class Boxes(NamedTuple):
    """A table of drawn boxes: its rows, and the first and the last of its lines."""

    rows: list[BoxedRow]
    first: int
    last: int


def without_colours(text: str) -> str:
    """The text without the codes with which programs colour what they print on a terminal.

    >>> without_colours("(\\x1b[38;5;45mNone\\x1b[0m, 26)")
    '(None, 26)'
    """
    return _COLOURS.sub("", text) if "\x1b" in text or "[38;5;" in text else text


def printed_summaries(lines: Sequence[str]) -> tuple[Print, ...]:
    """Every printed summary of a text, in its order; the lines have no colours any more."""
    rows: dict[int, PrintedRow] = {}
    taken: set[int] = set()
    for boxes in boxed_tables(lines):
        boxed = list(_boxed(boxes))
        if boxed and _is_heading(" ".join(boxes.rows[0].cells)):
            rows |= {row.line: row for row in boxed}
            taken |= set(range(boxes.first, boxes.last + 1))
    headings = []
    for number, line in enumerate(lines, 1):
        if _is_heading(line):
            headings.append(number)
        elif number not in taken and (row := _row(line, number, lines, headed=bool(headings))) is not None:
            rows[number] = row
    starts = [0, *headings, len(lines) + 1]
    parts = ([rows[n] for n in range(*ends) if n in rows] for ends in pairwise(starts))
    found = (_print(part, *ends, lines, taken) for part, ends in zip(parts, pairwise(starts), strict=True))
    return tuple(one for one in found if one is not None)


def _is_heading(line: str) -> bool:
    """Layer (type)   Output Shape   Param #"""
    lower = line[:WIDEST].lower()
    return "output shape" in lower and "param" in lower and "," not in lower and ";" not in lower and "|" not in lower


def _print(rows: list[PrintedRow], first: int, end: int, lines: Sequence[str], boxed: set[int]) -> Print | None:
    """The print whose heading is on line `first`, 0 for one without; None where no rows of a print are."""
    if not rows or (not first and not any(_NAMES_A_LAYER.search(lines[row.line - 1][:WIDEST]) for row in rows)):
        return None
    is_torchinfo = bool(first) and "depth-idx" in lines[first - 1].lower()
    if is_torchinfo:
        rows = [row for row, after in zip(rows, [*rows[1:], None], strict=True) if not _contains(lines, row, after)]
    totals = []
    taken = {first} if first else set()
    for number in range(first or rows[0].line, end):
        line = lines[number - 1][:WIDEST]
        total = _TOTAL.match(line)
        if total:
            totals.append((total["which"].lower(), number, total["number"]))
        around = not line.strip() or number in boxed or _RULE.fullmatch(line) or _FOOTER.match(line)
        if total or around or (number <= rows[-1].line and _IS_CLASS.fullmatch(line)):
            taken.add(number)
        elif number > rows[-1].line:
            break
    taken |= {row.line for row in rows}
    return Print(tuple(rows[:MOST_ROWS]), tuple(totals), frozenset(taken), _batch(rows), is_torchinfo)


def _batch(rows: Sequence[PrintedRow]) -> int | None:
    """The first size of every shape where it is one number for all, as programs print that of a batch."""
    shapes = [re.findall(r"none|-?[0-9]+", row.shape.lower()) for row in rows if row.shape != "--"]
    first = {shape[0] for shape in shapes}
    alone = len(shapes) == 1 and len(shapes[0]) < 4
    if len(first) != 1 or alone or any(len(shape) < 2 for shape in shapes):
        return None
    (size,) = first
    return int(size) if size.isdigit() else None


# ---------------------------------------------------------------------- rows on one line
def _row(line: str, number: int, lines: Sequence[str], *, headed: bool) -> PrintedRow | None:
    """The row that a line holds: a name, a shape in brackets, a number; below a heading one of the two may be open."""
    if len(line) > WIDEST or not any(sign in line for sign in "[(-"):
        return None
    match = _ROW.search(line) or (_half_row(line) if headed else None)
    if match is None or _ARROWS.search(line):
        return None
    written = _ARRIVING.sub("", line[: match.start()]).strip()
    if not written:
        return None
    following = lines[number] if number < len(lines) else ""
    name, kind = named(_whole_class(written, following))
    found = {"shape": "--", "params": "--", **match.groupdict()}
    params = found["params"] if found["params"][0].isdigit() else "--"
    return PrintedRow(number, line.index(written) + 1, name, kind, found["shape"], params)


def _half_row(line: str) -> re.Match[str] | None:
    """The one value of a row in which the other is open; only behind what names a layer and its class."""
    for pattern in (_SHAPE_ALONE, _PARAMS_ALONE):
        match = pattern.search(line)
        if match is not None and _NAMES_A_LAYER.search(line[: match.start()].rstrip()):
            return match
    return None


def _whole_class(written: str, following: str) -> str:
    """The name with the class that goes on in the next line, where a print has cut it."""
    more = _MORE_OF_A_CLASS.fullmatch(following[:LONGEST_NAME]) if following.strip() else None
    if more is None or written.endswith(")"):
        return written
    return f"{written}{more['rest']})" if "(" in written else f"{written} ({more['rest']})"


def named(text: str) -> tuple[str, str]:
    """A layer's name and its class: `conv2d_1 (Conv2D)`, `Conv2d-1`, `├─Conv2d: 1-1`, `conv1`.

    >>> named("conv2d_1 (Conv2D)"), named("Conv2d-1"), named("├─Conv2d: 1-1"), named("conv1")
    (('conv2d_1', 'Conv2D'), ('Conv2d-1', 'Conv2d'), ('Conv2d: 1-1', 'Conv2d'), ('conv1', ''))
    """
    text = text[:LONGEST_NAME]
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


def _contains(lines: Sequence[str], row: PrintedRow, following: PrintedRow | None) -> bool:
    """Whether torchinfo prints the next row inside this one: it is a container, not a layer."""
    return following is not None and _indent(lines[following.line - 1]) > _indent(lines[row.line - 1])


def _indent(line: str) -> int:
    match = _TREE.match(line[:WIDEST])
    return len(match[0]) if match else 0


# ---------------------------------------------------------------------- boxes
def boxed_tables(lines: Sequence[str]) -> Iterator[Boxes]:
    """The tables that are drawn with boxes: ┃ heading ┃, │ cell │, a rule between rows."""
    first = 0
    for number, line in enumerate((*lines, ""), 1):
        bare = line.strip()
        is_drawn = bare != "" and bare[0] in _DRAWN
        if is_drawn and not first:
            first = number
        elif not is_drawn and first:
            rows = _joined_rows(lines, first, number)
            if len(rows) > 1:
                yield Boxes(rows, first, number - 1)
            first = 0


def _joined_rows(lines: Sequence[str], first: int, end: int) -> list[BoxedRow]:
    """The rows of one table; a long cell goes on in the next line."""
    ruled = any(lines[n - 1].lstrip()[0] in "├┠╟┣╠" for n in range(first, end))
    rows: list[BoxedRow] = []
    open_row = False
    for number in range(first, end):
        bare = lines[number - 1].strip()
        if bare[0] not in BOX_SIDES:
            open_row = False
            continue
        cells = [cell.strip() for cell in _BOX_SIDE.split(bare)[1:-1]]
        if not cells:
            continue
        if open_row and len(cells) == len(rows[-1].cells) and (ruled or not cells[0]):
            rows[-1] = rows[-1]._replace(cells=[_joined(*pair) for pair in zip(rows[-1].cells, cells, strict=True)])
        else:
            rows.append(BoxedRow(number, cells))
        open_row = True
    return rows


def _joined(before: str, more: str) -> str:
    """Two lines of a cell; a name or a class of Keras that was cut within a word goes on."""
    cut_class = before.count("(") > before.count(")") and " " not in more
    cut_name = "_" in before and " " not in before and "(" in more.partition(" ")[2]
    if before[-1:].isalnum() and more[:1].isalnum() and (cut_class or cut_name):
        return before + more
    return f"{before} {more}".strip()


def _boxed(boxes: Boxes) -> Iterator[PrintedRow]:
    """The rows of a table of boxes that have a name, a shape and a number of parameters."""
    for line, cells in boxes.rows[1:]:
        at = next((n for n, cell in enumerate(cells) if n and _WHOLE_SHAPE.fullmatch(cell[:WIDEST])), None)
        if at is None and len(cells) > 2 and _OPEN.fullmatch(cells[1][:WIDEST]):
            at = 1
        params = cells[at + 1] if at is not None and at + 1 < len(cells) else ""
        if at is not None and re.fullmatch(r"[0-9][0-9,]*|[-?_]+|", params):
            name, kind = named(cells[0])
            shape = "--" if _OPEN.fullmatch(cells[at][:WIDEST]) else cells[at]
            yield PrintedRow(line, 1, name, kind, shape, params if params[:1].isdigit() else "--")
