"""Where the tables of a text stand, and their cells: CSV with any sign, Markdown, drawn boxes, columns under a rule.

A table is known by its headings, or by rows of nothing but a name, shapes and numbers.  What the cells say is not known
here.  Time grows with the text alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from cnncalc.asked import PARAMS, SHAPE
from cnncalc.dialects.printed_rows import boxed_tables
from cnncalc.homework.reading.headings import are_understood, heading_of

LONGEST_LINE = 20_000
"""Characters of a line that can belong to a table."""

MOST_CELLS = 60
_LONGEST_QUOTE = 20
"""Lines that one quoted cell may go on for."""

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


def grids_in(lines: Sequence[str], taken: set[int]) -> Iterator[Grid]:
    """Every table of a text, kind after kind; lines that are taken by then are not read."""
    for found in (_drawn, _piped, _ruled, _separated, _unheaded):
        yield from found(lines, taken)


def _drawn(lines: Sequence[str], taken: set[int]) -> Iterator[Grid]:
    """Tables in boxes: ┃ heading ┃, │ cell │."""
    for boxes in boxed_tables(lines):
        if boxes.first not in taken:
            rows = [(row.line, row.cells) for row in boxes.rows]
            yield Grid("boxes", rows, frozenset(range(boxes.first, boxes.last + 1)))


_PIPE_RULE = re.compile(r"[|\s:+=-]*-[|\s:+=-]*|[|\s:+=-]*=[|\s:+=-]*")


def _piped(lines: Sequence[str], taken: set[int]) -> Iterator[Grid]:
    """| layer | shape |, with or without a rule of dashes below the heading, or in a frame of +---+."""
    for numbers in _stretches(lines, taken, lambda line: "|" in line or line.startswith("+-")):
        rows = []
        for number in numbers:
            bare = lines[number - 1].strip()
            if not _PIPE_RULE.fullmatch(bare):
                cells = re.split(r"(?<!\\)\|", bare.removeprefix("|").removesuffix("|"))
                rows.append((number, [cell.strip() for cell in cells]))
        yield from _parted("Markdown", rows, numbers)


def _parted(notation: str, rows: list[Row], numbers: Sequence[int]) -> Iterator[Grid]:
    """The rows in parts, one for each row that is a heading; without any they stand in front, or are guessed."""
    starts = [n for n, (_, cells) in enumerate(rows) if is_heading(cells)]
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else len(rows)
        until = rows[end][0] - 1 if end < len(rows) else numbers[-1]
        yield Grid(notation, rows[start:end], frozenset(range(rows[start][0], until + 1)))
    if not starts and rows:
        turned = _turned(rows)
        if turned:
            yield Grid(notation, turned, frozenset(numbers))
        elif len(rows) > 1 and all(_is_bare(cells) for _, cells in rows):
            yield _guessed(notation, rows, frozenset(numbers))


def _turned(rows: list[Row]) -> list[Row]:
    """A table whose lines are quantities and whose columns are layers, the other way round; nothing for any other."""
    names, *below = rows
    headings = [cells[0] for _, cells in below]
    known = [heading_of(heading) for heading in headings]
    is_one = are_understood(known) and 2 * sum(one.role != "unknown" for one in known) >= len(known)
    if not is_one or any(heading_of(cell).role != "unknown" for cell in names[1][1:] if cell):
        return []
    columns = range(1, min(len(names[1]), MOST_CELLS))
    turned = [(names[0], [cells[n] if n < len(cells) else "" for _, cells in rows]) for n in columns]
    return [(names[0], ["layer", *headings]), *turned] if turned else []


def _stretches(lines: Sequence[str], taken: set[int], belongs: Callable[[str], bool]) -> Iterator[list[int]]:
    """Lines that follow one another and belong to a table, two at least."""
    found: list[int] = []
    for number, line in enumerate((*lines, ""), 1):
        if number not in taken and len(line) <= LONGEST_LINE and line.strip() and belongs(line.strip()):
            found.append(number)
        else:
            if len(found) > 1:
                yield found
            found = []


_RULE = re.compile(r"[─━=_-]{3,}(?:[\s─━=_+-]*[─━=_-])?")
_WORDS = re.compile(r"\S+(?: \S+)*")
_ARROW = re.compile(r"=>|->|[→⇒]")


def _ruled(lines: Sequence[str], taken: set[int]) -> Iterator[Grid]:
    """Columns with two spaces between them at least, below a heading of one line or two and a rule: our own tables."""
    end = 0
    for number, line in enumerate(lines, 1):
        if number <= max(end, 1) or len(line) > LONGEST_LINE or not _RULE.fullmatch(line.strip()):
            continue
        above = [n for n in (number - 2, number - 1) if n > end and n not in taken and lines[n - 1].strip()]
        headings = _headings_above(
            [lines[n - 1][:LONGEST_LINE] for n in above if n == number - 1 or above[-1] == number - 1]
        )
        if len(headings) > MOST_CELLS or not is_heading([text for _, _, text in headings]):
            continue
        end, rows = number, []
        while end < len(lines) and end + 1 not in taken and _is_row(lines[end]):
            end += 1
            if not _RULE.fullmatch(lines[end - 1].strip()):
                rows.append((end, _under(headings, lines[end - 1])))
        heading = (number - 1, [text for _, _, text in headings])
        yield Grid("columns", [heading, *rows], frozenset(range(above[0], end + 1)))


def _is_row(line: str) -> bool:
    return bool(line.strip()) and len(line) <= LONGEST_LINE and not _ARROW.search(line)


def _headings_above(lines: Sequence[str]) -> list[tuple[int, int, str]]:
    """The headings with where they begin and end; a word of the upper line belongs to what stands below it."""
    found: list[tuple[int, int, str]] = []
    for line in lines:
        below = [(match.start(), match.end(), match[0]) for match in _WORDS.finditer(line)]
        for n, (start, end, text) in enumerate(below):
            over = [one for one in found if one[0] < end and start < one[1]][:1]
            for first, last, upper in over:
                below[n] = min(start, first), max(end, last), f"{upper} {text}"
        found = below
    return found


def _under(headings: Sequence[tuple[int, int, str]], line: str) -> list[str]:
    """The cells of a row under its headings: each belongs where most of it stands."""
    cells = [""] * len(headings)
    for match in list(_WORDS.finditer(line))[:MOST_CELLS]:
        if any(c.isalnum() or c == "?" for c in match[0]):
            start, end = match.span()
            apart = [max(first, start) - min(last, end) for first, last, _ in headings]
            nearest = apart.index(min(apart))
            cells[nearest] = cells[nearest] or match[0]
    return cells


# ---------------------------------------------------------------------- CSV
_SEP_LINE = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_SIGNS = ("\t", ";", ",")
_OF_A_TEXT = frozenset(("homework", "student", "answer", "title", "input"))


def _separated(lines: Sequence[str], taken: set[int]) -> Iterator[Grid]:
    """Tables with a sign between cells, below a row of headings; quoted cells may hold the sign."""
    number = 1
    stated = ""
    first = 0
    while number <= len(lines):
        line = lines[number - 1]
        if number in taken or len(line) > LONGEST_LINE:
            number += 1
            continue
        if match := _SEP_LINE.fullmatch(line):
            stated, first = match[1], number
        sign = next((sign for sign in (stated or _SIGNS) if sign in line and is_heading(_split(line, sign))), "")
        if not sign or line.split(maxsplit=1)[0].lower() in _OF_A_TEXT:
            number += 1
            continue
        rows, end = _rows_below(lines, number, sign, taken)
        if len(rows) > 1:
            yield Grid("CSV", rows, frozenset(range(first or number, end)))
        number, first, stated = max(end, number + 1), 0, ""


def _rows_below(lines: Sequence[str], start: int, sign: str, taken: set[int]) -> tuple[list[Row], int]:
    """The heading and the rows below it up to another heading or what is no row, and the line that follows."""
    heading = _split(lines[start - 1], sign)
    rows = [(start, heading)]
    number, behind_gap = start + 1, False
    end = number
    while number <= len(lines) and number not in taken:
        text, following = _whole_row(lines, number)
        if not text.strip():
            number, behind_gap = number + 1, True
            continue
        cells = _split(text, sign)
        if not _is_row(text) or sign not in text or is_heading(cells) or (behind_gap and len(cells) != len(heading)):
            break
        if any(cells):
            rows.append((number, cells))
        number = end = following
    return rows, end


def _whole_row(lines: Sequence[str], number: int) -> tuple[str, int]:
    """A row with the lines in which a quoted cell goes on, and the line that follows it."""
    text = lines[number - 1]
    if text.count('"') % 2:
        for end in range(number, min(number + _LONGEST_QUOTE, len(lines))):
            if lines[end].count('"') % 2:
                return "\n".join(lines[number - 1 : end + 1]), end + 2
    return text, number + 1


def _split(line: str, sign: str) -> list[str]:
    """The cells of a row, without what stands around them."""
    if '"' not in line:
        return [cell.strip() for cell in line.split(sign)]
    try:
        rows = list(csv.reader([line], delimiter=sign, skipinitialspace=True))
    except csv.Error:
        return [cell.strip() for cell in line.split(sign)]
    return [cell.strip() for cell in rows[0]] if rows else []


def _unheaded(lines: Sequence[str], taken: set[int]) -> Iterator[Grid]:
    """conv1;26x26x8;80: rows of a name, a shape and a number without a line of headings above them."""
    for sign in _SIGNS:
        for numbers in _stretches(lines, taken, lambda line, sign=sign: _is_bare_row(line, sign)):  # type: ignore[misc]
            rows = [(number, _split(lines[number - 1], sign)) for number in numbers]
            yield _guessed("CSV", rows, frozenset(numbers))


def _is_bare_row(line: str, sign: str) -> bool:
    return sign in line and ":" not in line and _is_bare(_split(line, sign))


def _is_bare(cells: Sequence[str]) -> bool:
    """Whether a row is a name and nothing but shapes, numbers and gaps."""
    name, *others = cells
    named_well = any(c.isalpha() for c in name) and len(name) <= 40 and not re.search('[="(]', name)
    fit = all(cell in ("", "-", "?") or SHAPE_LIKE.fullmatch(cell) or NUMBER_LIKE.fullmatch(cell) for cell in others)
    return named_well and fit and any(others) and len(others) < MOST_CELLS


def _guessed(notation: str, rows: list[Row], lines: frozenset[int]) -> Grid:
    """A table without headings: the first column with shapes is the shape, the first other one the parameters."""
    headings = ["layer"]
    for n in range(1, max(len(cells) for _, cells in rows)):
        cells = [cells[n] for _, cells in rows if n < len(cells)]
        kind = SHAPE.name if any(SHAPE_LIKE.fullmatch(cell) for cell in cells) else PARAMS.name
        headings.append(kind if kind not in headings else "?")
    said = f"line {rows[0][0]}: a table without headings, read as {', '.join(headings)}"
    return Grid(notation, [(rows[0][0], headings), *rows], lines, said)


def is_heading(cells: Sequence[str]) -> bool:
    """Whether a row says what is answered below it: words, none of which is a number."""
    written = [cell for cell in cells if cell.strip()]
    if len(written) < 2 or len(cells) > MOST_CELLS or any(NUMBER_LIKE.fullmatch(cell.strip()) for cell in written):
        return False
    headings = [heading_of(cell) for cell in cells]
    known = sum(one.role != "unknown" for one in headings)
    return are_understood(headings) and 2 * known >= len(written)
