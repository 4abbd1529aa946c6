"""A diagnostic as plain text, with the guilty word underlined.

    error[kernel-too-large]: a 5x5 kernel does not fit a 3x3 input
      --> lenet.txt:9:9
       |
     9 | conv 16 5x5 relu
       |         ^^^ the input here is 3x3x16
       |
       = note: height = floor((3 + 0 - 5) / 1) + 1 = -1
       = help: use `same` padding

With a width, words are wrapped and the source's line is cut around the guilty word; a path is always whole.
Colour is the command line's business: each piece says what it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Literal, NamedTuple

from cnncalc.diagnostics.facts import Diagnostic, Source, Span
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.wrapping import cells, wrapped

LONGEST_LINE_SHOWN = 160
"""Characters of a source line that are shown around the guilty word; a longer line is cut, with ` ... `."""

SHORTEST_LINE_SHOWN = 16
"""Characters that are shown however narrow the terminal is."""

NARROWEST_LABEL = 24
"""Columns; where there are fewer behind the carets, what is said about them is written below."""

CUT = "... "

Kind = Literal["error", "warning", "message", "frame", "source", "caret", "note", "help"]


class Piece(NamedTuple):
    """A part of a line and what it is."""

    text: str
    kind: Kind


Line = tuple[Piece, ...]


def rendered(diagnostic: Diagnostic, source: Source | None, width: int | None = None) -> str:
    """The diagnostic as it is printed, without a line end after it."""
    lines = rendered_lines(diagnostic, source, width)
    return "\n".join("".join(piece.text for piece in line) for line in lines)


def rendered_lines(diagnostic: Diagnostic, source: Source | None, width: int | None = None) -> Iterator[Line]:
    """The lines of the diagnostic, in pieces."""
    yield from _head(diagnostic, width)
    if diagnostic.span is None or source is None:
        if source is not None:
            yield (Piece(f"  --> {printable(source.name)}", "frame"),)
        yield from _advice(diagnostic, source, " ", width)
        return
    place = source.place(diagnostic.span.line)
    gutter = " " * (len(str(place.line)) + 1)
    yield (Piece(f"{gutter} --> {printable(place.head)}:{diagnostic.span.column}", "frame"),)
    yield (Piece(f"{gutter} |", "frame"),)
    yield from _excerpt(diagnostic.span, source, diagnostic.label, width)
    advice = list(_advice(diagnostic, source, f"{gutter} ", width))
    if advice:
        yield (Piece(f"{gutter} |", "frame"),)
    yield from advice


def _head(diagnostic: Diagnostic, width: int | None) -> Iterator[Line]:
    severity = f"{diagnostic.severity}[{diagnostic.code}]"
    first, *more = wrapped(f"{severity}: {printable(diagnostic.message)}", width, 2)
    yield Piece(severity, diagnostic.severity), Piece(first.removeprefix(severity), "message")
    yield from ((Piece(line, "message"),) for line in more)


def _excerpt(span: Span, source: Source, label: str, width: int | None) -> Iterator[Line]:
    """The source's line around the span, the carets below it, and what is said about them."""
    line = source.lines[span.line - 1] if span.line <= len(source.lines) else ""
    number = str(source.place(span.line).line)
    gutter = f" {' ' * len(number)} |"
    room = LONGEST_LINE_SHOWN if width is None else max(SHORTEST_LINE_SHOWN, width - len(gutter) - 1)
    start, end = _window(line, span.column - 1, room)
    before, after = CUT if start else "", f" {CUT.strip()}" if end < len(line) else ""
    yield (
        Piece(f" {number} |", "frame"),
        Piece(f" {before}{printable(line[start:end])}{after}".rstrip(), "source"),
    )
    lead = cells(before) + cells(printable(line[start : span.column - 1]))
    marked = printable(line[span.column - 1 : min(span.column - 1 + span.length, end)])
    carets = "^" * max(1, cells(marked))
    beside, *below = _label(printable(label), lead, len(carets), room if width is not None else None)
    yield Piece(gutter, "frame"), Piece(f" {' ' * lead}{carets}{beside}", "caret")
    yield from ((Piece(gutter, "frame"), Piece(f" {said}", "caret")) for said in below)


def _window(line: str, guilty: int, room: int) -> tuple[int, int]:
    """The stretch of the line that takes at most `room` columns with its marks of cuts, around the guilty place."""
    if len(line) <= room and cells(printable(line)) <= room:
        return 0, len(line)
    room -= 2 * len(CUT)
    start = end = min(guilty, len(line))
    for before in (room // 2, room):
        most = before - cells(printable(line[guilty:end]))
        while start > max(0, guilty - room) and cells(printable(line[start - 1 : guilty])) <= most:
            start -= 1
        while end < min(len(line), start + room) and cells(printable(line[start : end + 1])) <= room:
            end += 1
    return start, end


def _label(label: str, lead: int, carets: int, room: int | None) -> list[str]:
    """What is written behind the carets, then the lines below: under them, or further left near the right edge."""
    if not label:
        return [""]
    behind = lead + carets + 1
    if room is None or behind + cells(label) <= room:
        return [f" {label}"]
    if room - behind >= NARROWEST_LABEL:
        first, *more = wrapped(label, room - behind)
        return [f" {first}", *(" " * behind + line for line in more)]
    indent = max(0, min(lead, room - NARROWEST_LABEL))
    return ["", *(" " * indent + line for line in wrapped(label, room - indent))]


def _advice(diagnostic: Diagnostic, source: Source | None, margin: str, width: int | None) -> Iterator[Line]:
    for span in diagnostic.trail:
        line = source.line_words(span.line) if source is not None else f"line {span.line}"
        if source is not None and diagnostic.span is not None:
            here, there = source.place(diagnostic.span.line), source.place(span.line)
            line += f" of {os.path.basename(source.name)}" if there.name == source.name != here.name else ""
        yield from _hanging(f"{margin}= note: ", printable(f"reached from {line}"), "note", width)
    for note in diagnostic.notes:
        yield from _hanging(f"{margin}= note: ", printable(note), "note", width)
    if diagnostic.help:
        yield from _hanging(f"{margin}= help: ", printable(diagnostic.help), "help", width)


def _hanging(lead: str, text: str, kind: Kind, width: int | None) -> Iterator[Line]:
    first, *more = wrapped(text, width and width - len(lead))
    yield (Piece(lead + first, kind),)
    yield from ((Piece(" " * len(lead) + line, kind),) for line in more)
