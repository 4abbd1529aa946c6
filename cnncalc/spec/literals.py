"""Matrices written in a text: `[1 2; 3 4]`, one row a line, `1/9 * [...]`, several in a row as channels.

Rows end with `;` or a new line, numbers with a space or a comma; the nested lists of Python and numpy
(`[[1, 2], [3, 4]]`) are read too.  A `Bracket` is what stands between `[` and `]` before it is known to be a matrix:
`[-1, 6, 28, 28]` may as well be a shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.matrices import Matrix, Row, decimals_of
from cnncalc.quantities import MOST_DIGITS, is_too_long, number
from cnncalc.spec.unreadable_line import Unreadable, fault

DEEPEST_BRACKET = 4
"""`[[[1]]]` is a list of planes; one level more is only counted, to be refused with a clear message."""

_PIECE = re.compile(r"[\[\];,]|[^\s;,\[\]]+")
_TOO_LONG: int = 10**MOST_DIGITS
_COMMENT = re.compile(r"(?:(?<=\s)|^)#")
_NUMBER_START = re.compile(r"[0-9+\-.\N{MINUS SIGN}]")


class Atom(NamedTuple):
    """A number of a matrix as it was written."""

    text: str
    span: Span
    is_tight: bool = False
    """A comma stands before it, without a space."""


class Bracket(NamedTuple):
    """`[` ... `]`: rows of atoms, or of inner brackets."""

    rows: tuple[tuple[Atom | Bracket, ...], ...]
    span: Span


def bracket_at(lines: tuple[str, ...], number: int, start: int, comments: dict[int, str]) -> tuple[Bracket, int, int]:
    """bracket = "[" row {(";" | new line) row} "]"; row = {number | bracket}, with commas between or not.

    Gives the bracket, and the line number and the column index after its `]`.
    """
    opening = Span(number, start + 1)
    pile: list[tuple[Span, list[list[Atom | Bracket]]]] = []
    line, position, after_comma = _without_comment(lines, number, comments, start), start, False
    while True:
        match = _PIECE.search(line, position)
        if match is None:
            if number == len(lines) or not _goes_on(lines[number]):
                raise _unclosed(opening, number)
            number, position = number + 1, 0
            line = _without_comment(lines, number, comments)
            pile[-1][1].append([])
            continue
        piece, span = match[0], Span(number, match.start() + 1, len(match[0]))
        position = match.end()
        if piece == "[":
            if len(pile) == DEEPEST_BRACKET:
                raise fault("bad-matrix", "brackets are nested too deeply for a matrix", span)
            pile.append((span, [[]]))
        elif piece == "]":
            began, rows = pile.pop()
            bracket = Bracket(tuple(tuple(row) for row in rows if row), began.to(span))
            if not pile:
                return bracket, number, position
            pile[-1][1][-1].append(bracket)
        elif piece == ";":
            pile[-1][1].append([])
        elif piece == ",":
            if after_comma:
                raise fault("bad-matrix", "a number is missing between two commas", span)
        else:
            pile[-1][1][-1].append(Atom(piece, span, line[match.start() - 1] == ","))
        after_comma = piece == ","


def _without_comment(lines: tuple[str, ...], number: int, comments: dict[int, str], position: int = 0) -> str:
    line = lines[number - 1]
    match = _COMMENT.search(line, position) if "#" in line else None
    if match is None:
        return line
    comments[number] = line[match.end() :].rstrip().removeprefix(" ")
    return line[: match.start()]


def _goes_on(line: str) -> bool:
    """Whether a line can be the next row of a matrix: it starts with a number or a bracket, or says nothing."""
    text = line.lstrip()
    return not text or text[0] in "[];,#" or _NUMBER_START.match(text) is not None


def _unclosed(opening: Span, last: int) -> Unreadable:
    where = "" if last == opening.line else f" (its rows go on to line {last})"
    return fault(
        "unclosed-matrix",
        f"this `[` is never closed{where}",
        opening,
        help="write `]` after the last row",
    )


def matrix_of(brackets: list[Bracket], scale: Fraction = Fraction(1), *, open_cells: bool = False) -> Matrix:
    """The matrix that one bracket, or several in a row, hold: each bracket is a plane (channel).

    `open_cells`: a `?` may stand in the place of a number.
    """
    texts = [atom.text for bracket in brackets for atom in _atoms(bracket)] if open_cells else []
    if any(text.endswith((".0", "00")) for text in texts) and "?" not in texts and scale == 1:
        found = matrix_of(brackets)
        places = product(range(found.channels), range(found.rows), range(found.columns))
        return replace(found, decimals=decimals_of(zip(places, texts, strict=True)))
    if "?" in texts:
        found = matrix_of(list(map(_filled, brackets)), scale)
        places = product(range(found.channels), range(found.rows), range(found.columns))
        return replace(found, blank=frozenset(at for at, text in zip(places, texts, strict=True) if text == "?"))
    planes = [plane for bracket in brackets for plane in _planes(bracket)]
    first = planes[0]
    for bracket, rows in planes[1:]:
        if (len(rows), len(rows[0])) != (len(first[1]), len(first[1][0])):
            raise fault(
                "ragged-matrix",
                f"this matrix is {len(rows)}x{len(rows[0])}, but the first one is {len(first[1])}x{len(first[1][0])}",
                bracket.span,
                "all channels have the same size",
            )
    if scale == 1:
        return Matrix(tuple(rows for _, rows in planes))
    scaled = Matrix(tuple(tuple(tuple(scale * value for value in row) for row in rows) for _, rows in planes))
    if any(map(_is_too_long, scaled.values())):
        raise fault("number-too-long", "multiplied out, a number has more than 18 digits", brackets[0].span)
    return scaled


def _atoms(bracket: Bracket) -> Iterator[Atom]:
    """What stands in a bracket, however deep, in order."""
    for row in bracket.rows:
        for piece in row:
            if isinstance(piece, Atom):
                yield piece
            else:
                yield from _atoms(piece)


def _filled(bracket: Bracket) -> Bracket:
    """The bracket with 0 for every `?`."""
    return Bracket(tuple(tuple(map(_filled_piece, row)) for row in bracket.rows), bracket.span)


def _filled_piece(piece: Atom | Bracket) -> Atom | Bracket:
    if isinstance(piece, Bracket):
        return _filled(piece)
    return piece._replace(text="0") if piece.text == "?" else piece


def is_shape(bracket: Bracket) -> bool:
    """Whether a bracket can be a shape as frameworks print it: one row of whole numbers, perhaps behind a batch."""
    if len(bracket.rows) != 1 or any(isinstance(piece, Bracket) for piece in bracket.rows[0]):
        return False
    first, *sizes = (piece.text for piece in bracket.rows[0] if isinstance(piece, Atom))
    return all(map(str.isdecimal, sizes)) and (
        not sizes or first.isdecimal() or not _NUMBER_START.match(first) or first == "-1"
    )


def _is_too_long(value: Fraction) -> bool:
    """Whether a number could not be written so that it is read again."""
    return max(abs(value.numerator), value.denominator) >= _TOO_LONG


def _planes(bracket: Bracket) -> list[tuple[Bracket, tuple[Row, ...]]]:
    """The planes of one bracket with the bracket each was written in."""
    inner = [piece for row in bracket.rows for piece in row if isinstance(piece, Bracket)]
    if not inner:
        return [(bracket, _rows(bracket, bracket.rows))]
    for row in bracket.rows:
        for piece in row:
            if isinstance(piece, Atom):
                raise fault("bad-matrix", f"`{piece.text}` is next to rows that have brackets of their own", piece.span)
    if any(isinstance(piece, Bracket) for child in inner for row in child.rows for piece in row):
        return [plane for child in inner for plane in _planes(child)]
    if all(len(child.rows) <= 1 for child in inner):
        return [(bracket, _rows(bracket, tuple(child.rows[0] if child.rows else () for child in inner)))]
    return [(child, _rows(child, child.rows)) for child in inner]


def _rows(bracket: Bracket, rows: tuple[tuple[Atom | Bracket, ...], ...]) -> tuple[Row, ...]:
    """The numbers of one plane; every row is as long as the first."""
    if not rows or not all(rows):
        raise fault(
            "empty-matrix", "this matrix holds no numbers", bracket.span, help="write rows of numbers: [1 2; 3 4]"
        )
    for place, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise fault(
                "ragged-matrix",
                f"row {place} and row 1 differ in length: {len(row)} and {len(rows[0])}",
                row[0].span.to(row[-1].span),
                "all rows have the same length",
            )
        _refuse_grouped_digits(row)
    return tuple(tuple(_value(piece) for piece in row) for row in rows)


def _refuse_grouped_digits(row: tuple[Atom | Bracket, ...]) -> None:
    """`[7,600 3]` may mean two numbers or three: commas without a space stand beside other separators."""
    for left, right in pairwise(row):
        if not (isinstance(left, Atom) and isinstance(right, Atom) and right.is_tight and len(right.text) == 3):
            continue
        if (
            right.text.isdigit()
            and left.text.isdigit()
            and not all(isinstance(one, Atom) and one.is_tight for one in row[1:])
        ):
            raise fault(
                "bad-number",
                f"`{left.text},{right.text}` may be one number or two",
                left.span.to(right.span),
                help=f"write {left.text}{right.text}, or {left.text} {right.text}",
            )


def _value(piece: Atom | Bracket) -> Fraction:
    text = piece.text if isinstance(piece, Atom) else "["
    value = number(text)
    if is_too_long(text) or (value is not None and _is_too_long(value)):
        raise fault("number-too-long", "this number has more than 18 digits", piece.span)
    if value is not None and not (len(text) > 1 and text[0] == "0" and text.isdigit()):
        return value
    if value is not None:
        raise fault(
            "bad-number",
            f"`{text}` is not a number of a matrix: a comma separates numbers here",
            piece.span,
            help="write 7600, not 7,600, inside brackets",
        )
    raise fault(
        "bad-number", f"`{text}` is not a number", piece.span, help="a matrix holds numbers such as 3, -2, 0.5 or 1/9"
    )
