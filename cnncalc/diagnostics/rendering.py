"""A diagnostic as plain text, with the guilty word underlined.

    error[kernel-too-large]: a 5x5 kernel does not fit a 3x3 input
      --> lenet.txt:9:9
       |
     9 | conv 16 5x5 relu
       |         ^^^ the input here is 3x3x16
       |
       = note: height = floor((3 + 0 - 5) / 1) + 1 = -1
       = help: use `same` padding

Colour is the command line's business.
"""

from __future__ import annotations

import unicodedata

from cnncalc.diagnostics import Diagnostic, Source, Span

LONGEST_LINE_SHOWN = 160
"""Characters of a source line that are shown around the guilty word; a longer line is cut, with ` ... `."""


def rendered(diagnostic: Diagnostic, source: Source | None) -> str:
    """The diagnostic as it is printed, without a line end after it."""
    head = f"{diagnostic.severity}[{diagnostic.code}]: {printable(diagnostic.message)}"
    if diagnostic.span is None or source is None:
        body = [f"  --> {source.name}"] if source is not None else []
        return "\n".join([head, *body, *_advice(diagnostic, " ")])
    gutter = " " * len(str(diagnostic.span.line))
    place = f"{gutter} --> {source.name}:{diagnostic.span.line}:{diagnostic.span.column}"
    lines = [head, f" {place}", f" {gutter} |", *_excerpt(diagnostic.span, source, diagnostic.label)]
    advice = _advice(diagnostic, f" {gutter} ")
    if advice:
        lines.append(f" {gutter} |")
    return "\n".join(lines + advice)


def printable(text: str) -> str:
    """The text with control characters replaced, so that a hostile file cannot steer a terminal."""
    return "".join(c if c.isprintable() else "�" for c in text.replace("\t", " "))


def _excerpt(span: Span, source: Source, label: str) -> list[str]:
    line = source.lines[span.line - 1] if span.line <= len(source.lines) else ""
    start = max(0, span.column - 1 - LONGEST_LINE_SHOWN // 2) if len(line) > LONGEST_LINE_SHOWN else 0
    end = min(len(line), start + LONGEST_LINE_SHOWN)
    before, after = "... " if start else "", " ..." if end < len(line) else ""
    shown = printable(line[start:end])
    lead = _width(before) + _width(printable(line[start : span.column - 1]))
    marked = printable(line[span.column - 1 : min(span.column - 1 + span.length, end)])
    carets = "^" * max(1, _width(marked))
    number = str(span.line)
    pointer = f" {' ' * len(number)} | {' ' * lead}{carets} {printable(label)}".rstrip()
    return [f" {number} | {before}{shown}{after}", pointer]


def _width(text: str) -> int:
    """How many terminal cells the text takes: wide East Asian characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _advice(diagnostic: Diagnostic, margin: str) -> list[str]:
    trail = [f"{margin}= note: reached from line {span.line}" for span in diagnostic.trail]
    notes = [f"{margin}= note: {printable(note)}" for note in diagnostic.notes]
    return trail + notes + ([f"{margin}= help: {printable(diagnostic.help)}"] if diagnostic.help else [])
