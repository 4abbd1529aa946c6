"""Places in a text as editors count them: lines from 0, columns from 0 in units of UTF-16.

A letter beyond the first 65,536 (an emoji) counts twice there and once in a `Span`.  Lines end with a line feed, a
carriage return or both, and with nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.diagnostics import Span


class Position(NamedTuple):
    """Between two letters of a line."""

    line: int
    character: int


class Range(NamedTuple):
    """From one position up to another, which is not part of it."""

    start: Position
    end: Position

    def holds(self, position: Position) -> bool:
        """Whether a cursor at the position touches it, its end included."""
        return self.start <= position <= self.end


def units(text: str) -> int:
    """How many units of UTF-16 a text takes.

    >>> units("conv"), units("×é"), units("😀")
    (4, 2, 2)
    """
    return len(text) if text.isascii() else len(text) + sum(letter > "\uffff" for letter in text)


def index_at(line: str, character: int) -> int:
    """How many letters of a line are left of a column; a column inside a letter counts as the one after it.

    >>> index_at("a😀b", 3), index_at("ab", 9)
    (2, 2)
    """
    if line.isascii():
        return min(max(character, 0), len(line))
    passed = 0
    for index, letter in enumerate(line):
        if passed >= character:
            return index
        passed += 1 + (letter > "\uffff")
    return len(line)


def line_of(lines: Sequence[str], line: int) -> str:
    """A line counted from 0; empty for one that the text does not have."""
    return lines[line] if 0 <= line < len(lines) else ""


def column_at(lines: Sequence[str], position: Position) -> int:
    """The column of a position as a `Span` counts it, from 1."""
    return index_at(line_of(lines, position.line), position.character) + 1


def position_of(lines: Sequence[str], line: int, column: int) -> Position:
    """The position of a line and a column as a `Span` counts them, from 1."""
    return Position(line - 1, units(line_of(lines, line - 1)[: column - 1]))


def range_of(lines: Sequence[str], span: Span) -> Range:
    """The range of a span, cut at the end of its line."""
    return Range(position_of(lines, span.line, span.column), position_of(lines, span.line, span.column + span.length))


def end_of(lines: Sequence[str], line: int) -> Position:
    """Where the words of a line end, which is counted from 1."""
    return Position(line - 1, units(line_of(lines, line - 1).rstrip()))


def whole_of(lines: Sequence[str]) -> Range:
    """All of a text."""
    return Range(Position(0, 0), Position(len(lines) - 1, units(lines[-1])))
