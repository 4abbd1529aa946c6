"""Rows of numbers without brackets, as people type them and as spreadsheets save them, in the words of the language.

A spreadsheet that writes decimal commas puts semicolons between the columns, where the language puts them between
rows.  Which of the two is meant follows from the lines; where nothing tells it, the numbers are refused.
"""

from __future__ import annotations

import re

from cnncalc.diagnostics import InputError, input_error

_CELL = re.compile(r"\S*")
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+")
_BOTH = re.compile(r"\d,\d")
LONGEST_SHOWN = 40
"""Characters of a user's numbers that an error repeats."""


def in_brackets(text: str, name: str, *, is_file: bool) -> str:
    """The numbers as a matrix of the language; what has brackets stays as it is.  Raises InputError.

    >>> in_brackets("0;-1,5\\n2;3\\n", "mine.csv", is_file=True)
    '[0 -1.5\\n2 3]'
    >>> in_brackets("0 1;2 3", "--filter", is_file=False)
    '[0 1\\n2 3]'
    """
    lines = [line for line in (written.split("#")[0].strip() for written in text.split("\n")) if line]
    if "[" in text:
        for line in lines:
            _refuse_two_marks(line, name)
        return text
    if is_file and _has_columns(lines):
        if len(lines) == 1:
            raise _unclear(name, lines[0], "is either a row or a column", "a row is [1 2 3], a column is [1; 2; 3]")
        return _bracketed([_columns(line, name) for line in lines])
    rows = [row.strip() for line in lines for row in line.split(";") if row.strip()]
    with_commas = [row for row in rows if "," in row]
    if len(rows) > len(lines) and with_commas and all(_DECIMAL_COMMA.fullmatch(row) for row in with_commas):
        raise _unclear(name, with_commas[0], "is either one number with a decimal comma or two numbers")
    for row in rows:
        _refuse_two_marks(row, name)
    return _bracketed([re.sub(r"[,\t]", " ", row) for row in rows])


def _bracketed(rows: list[str]) -> str:
    return "[" + "\n".join(rows) + "]"


def _has_columns(lines: list[str]) -> bool:
    """Whether semicolons stand between single numbers, so that the lines are the rows."""
    cells = [line.removesuffix(";").split(";") for line in lines]
    return any(len(row) > 1 for row in cells) and all(_CELL.fullmatch(cell.strip()) for row in cells for cell in row)


def _columns(line: str, name: str) -> str:
    """The numbers between semicolons, with points for decimal commas."""
    cells = [cell.strip() for cell in line.removesuffix(";").split(";")]
    for cell in cells:
        if not cell or ("," in cell and not _DECIMAL_COMMA.fullmatch(cell)):
            raise _unclear(name, line, "has an empty cell" if not cell else f"has `{cell[:LONGEST_SHOWN]}` in a cell")
    return " ".join(cell.replace(",", ".") for cell in cells)


def _refuse_two_marks(row: str, name: str) -> None:
    """Raises InputError where spaces part numbers that have commas in them."""
    joined = re.sub(r"\s*;\s*", ";", re.sub(r",\s+|\s+,", ", ", row.strip(" \t[]")))
    if any(_BOTH.search(part) and re.search(r"(?<!,)\s", part) for part in re.split(r"[;\[\]]+", joined)):
        raise _unclear(name, row, "has spaces and commas between numbers")


WRITTEN = "write points in decimals, spaces between numbers, and semicolons between rows: [0.5 1; -1 0]"


def _unclear(name: str, shown: str, what: str, advice: str = WRITTEN) -> InputError:
    cut = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}..."
    return input_error("bad-matrix", f"{name}: `{cut}` {what}", help=advice)
