"""Tables with a sign between their cells: CSV with commas, semicolons, tabs or what `sep=` says.

Quoted cells may hold the sign and go on for some lines.  A table ends where a line has no sign, or at other headings.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from cnncalc.homework.reading.grid_rows import LONGEST_LINE, Grid, Row, guessed, is_bare, is_heading, is_row, stretches

_LONGEST_QUOTE = 20
"""Lines that one quoted cell may go on for."""

_SEP_LINE = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_SIGNS = ("\t", ";", ",")
_OF_A_TEXT = frozenset(("homework", "student", "answer", "title", "input"))


def separated(lines: Sequence[str], taken: set[int]) -> Iterator[Grid]:
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
        if not is_row(text) or sign not in text or is_heading(cells) or (behind_gap and len(cells) != len(heading)):
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


def unheaded(lines: Sequence[str], taken: set[int]) -> Iterator[Grid]:
    """conv1;26x26x8;80: rows of a name, a shape and a number without a line of headings above them."""
    for sign in _SIGNS:
        for numbers in stretches(lines, taken, lambda line, sign=sign: _is_bare_row(line, sign)):  # type: ignore[misc]
            rows = [(number, _split(lines[number - 1], sign)) for number in numbers]
            yield guessed("CSV", rows, frozenset(numbers))


def _is_bare_row(line: str, sign: str) -> bool:
    return sign in line and ":" not in line and is_bare(_split(line, sign))
