"""Lines of our own text that were put together from JSON, and where in the JSON each of their words stands.

What reading such lines finds has places in lines that no user has seen; `Places` gives those of the JSON instead, for
a whole document and for faults.  Nothing here knows what a line means.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, NamedTuple, TypeVar

from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.dialects.json_text import JsonText, Value
from cnncalc.spec.lexing import LONGEST_LINE
from cnncalc.spec.parsing import LONGEST_TEXT

MOST_LINES = 100_000
"""Lines of a net, comments and blank ones included."""

_Placed = TypeVar("_Placed")


class _Piece(NamedTuple):
    """Characters of a line, from `start` on, that the JSON between `offset` and `end` says."""

    start: int
    text: str
    offset: int
    end: int


class Places:
    """Lines that grow word by word."""

    def __init__(self, json: JsonText) -> None:
        self.json = json
        self.lines: list[str] = []
        self._pieces: list[list[_Piece]] = []
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)

    # ------------------------------------------------------------------ growing
    def begin(self, value: Value, text: str = "") -> None:
        """A new line, which `value` says."""
        self._length += len(text) + 1
        if self._length > LONGEST_TEXT or len(self.lines) == MOST_LINES:
            message = f"at most {LONGEST_TEXT:,} characters and {MOST_LINES:,} statements of a net are read"
            self.json.refuse("text-too-long", message, value.offset, help="write repeated layers as a block")
        self.lines.append(text)
        self._pieces.append([_Piece(0, text, value.offset, value.end)])

    def add(self, text: str, value: Value, *, space: str = " ") -> None:
        """More of the last line, behind a space where something stands before it."""
        line = self.lines[-1]
        start = len(line) + len(space) if line else 0
        self._length += start - len(line) + len(text)
        if start + len(text) > LONGEST_LINE:
            message = f"this statement is longer than the {LONGEST_LINE:,} characters that are read"
            advice = 'a large matrix may have its rows on lines of their own: "rows_below": true'
            self.json.refuse("line-too-long", message, value.offset, help=advice)
        self.lines[-1] = f"{line}{space if line else ''}{text}"
        self._pieces[-1].append(_Piece(start, text, value.offset, value.end))

    # ------------------------------------------------------------------ places
    def span(self, span: Span) -> Span:
        """The place in the JSON of a place in the lines."""
        pieces = self._pieces[min(span.line, len(self._pieces)) - 1] if self._pieces else []
        if not pieces:
            return self.json.span(self.json.root.offset)
        first, last = span.column - 1, span.column - 2 + span.length
        begun, ended = _piece_at(pieces, first), _piece_at(pieces, last)
        start, _ = self._part(begun, first, last)
        _, end = self._part(ended, first, last)
        found, other = self.json.span(start), self.json.span(max(start, end - 1))
        if end <= start or other.line != found.line:
            own = self._part(begun, first, begun.start + len(begun.text) - 1)[1]
            other = self.json.span(max(start, own - 1))
        return found.to(other)

    def _part(self, piece: _Piece, first: int, last: int) -> tuple[int, int]:
        """Where the piece's characters from `first` to `last` of the line begin and end in the JSON."""
        for inside in (piece.offset, piece.offset + 1):
            if piece.text and self.json.text.startswith(piece.text, inside) and inside + len(piece.text) <= piece.end:
                until = min(last + 1 - piece.start, len(piece.text))
                return inside + max(0, first - piece.start), inside + max(1, until)
        return piece.offset, piece.end

    def placed(self, value: _Placed) -> _Placed:
        """Statements or a fault with their places in the JSON."""
        found: Any = value
        if isinstance(value, Span):
            found = self.span(value)
        elif isinstance(value, tuple):
            parts = map(self.placed, value)
            found = value._make(parts) if hasattr(value, "_make") else tuple(parts)
        return found  # type: ignore[no-any-return]

    def faults(self, faults: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """The faults at their places in the JSON, without changes that are written for a text."""
        return tuple(self.placed(fault._replace(fixes=())) for fault in faults)


def _piece_at(pieces: list[_Piece], index: int) -> _Piece:
    """The last piece that begins at or before the index."""
    place = bisect_right(pieces, index, key=lambda piece: piece.start) - 1
    return pieces[max(place, 0)]
