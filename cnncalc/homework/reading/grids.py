"""Where the tables of a text stand, and their cells: Markdown, drawn boxes, columns under a rule, CSV.

A table is known by its headings, or by rows of nothing but a name, shapes and numbers.  What the cells say is not known
here.  Time grows with the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cnncalc.dialects.printed_rows import boxed_tables
from cnncalc.homework.reading.grid_rows import (
    LONGEST_LINE,
    MOST_CELLS,
    Grid,
    Row,
    guessed,
    is_bare,
    is_heading,
    is_row,
    stretches,
)
from cnncalc.homework.reading.headings import are_understood, heading_of
from cnncalc.homework.reading.separated_values import separated, unheaded


def grids_in(lines: Sequence[str], taken: set[int]) -> Iterator[Grid]:
    """Every table of a text, kind after kind; lines that are taken by then are not read."""
    for found in (_drawn, _piped, _ruled, separated, unheaded):
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
    for numbers in stretches(lines, taken, lambda line: "|" in line or line.startswith("+-")):
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
        elif len(rows) > 1 and all(is_bare(cells) for _, cells in rows):
            yield guessed(notation, rows, frozenset(numbers))


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


_RULE = re.compile(r"[─━=_-]{3,}(?:[\s─━=_+-]*[─━=_-])?")
_WORDS = re.compile(r"\S+(?: \S+)*")


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
        while end < len(lines) and end + 1 not in taken and is_row(lines[end]):
            end += 1
            if not _RULE.fullmatch(lines[end - 1].strip()):
                rows.append((end, _under(headings, lines[end - 1])))
        heading = (number - 1, [text for _, _, text in headings])
        yield Grid("columns", [heading, *rows], frozenset(range(above[0], end + 1)))


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
