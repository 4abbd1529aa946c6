"""A text that is open in an editor: what was typed is put into it, change by change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cnncalc.editor.positions import Position, Range, index_at


class Change(NamedTuple):
    """New letters for a range; for the whole text where there is none."""

    text: str
    range: Range | None = None


def plain_lines(text: str) -> str:
    """The text with line feeds alone at the ends of its lines, and without a byte-order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def changed(text: str, changes: Iterable[Change]) -> str:
    r"""A text with plain line ends after some changes, each of which is about the text that the one before left.

    >>> changed("conv 6\nrelu\n", [Change("16", Range(Position(0, 5), Position(0, 6)))])
    'conv 16\nrelu\n'
    """
    for change in changes:
        new = plain_lines(change.text) if change.range is None else change.text.replace("\r\n", "\n")
        text = new if change.range is None else _replaced(text, change.range, new.replace("\r", "\n"))
    return text


def _replaced(text: str, place: Range, new: str) -> str:
    lines = text.split("\n")
    start, end = _index(lines, place.start), _index(lines, place.end)
    return text[:start] + new + text[max(start, end) :]


def _index(lines: Sequence[str], position: Position) -> int:
    """Letters in front of a position; one after the last line is the end of the text."""
    before = sum(map(len, lines[: position.line])) + min(position.line, len(lines))
    if position.line >= len(lines):
        return before - 1
    return before + index_at(lines[position.line], position.character)
