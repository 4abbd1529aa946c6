"""The lines of a text without what says nothing: comments, struck out words, marks of Markdown, signs without width.

A line that is far too long is read as far as a line may go, and a text with far too many lines as far as a text may go;
both are said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cnncalc.homework.reading.marked_text import NOT_READ, without_struck
from cnncalc.homework.reading.quantity_words import NAME

LONGEST_LINE = 20_000
"""Characters of one line that are read."""

MOST_LINES = 20_000
"""Lines of one text that are read."""

LONGEST_COMMENT = 200
"""Characters of a comment that may be a heading."""

_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_COMMENT = re.compile(
    rf"(?:(?<=\s)|^)(?://+(?!\s*[\d(][^=\n]{0, 40}=)|#(?!\s?(?:of\s)?{NAME}\s*[:=]*\s*[~≈]?\d)(?!\s*{NAME}\s*[:=]))",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\*\*|`+|__(?=\S)|(?<=\S)__|<br\s*/?>")
_LATEX = ((r"\times", "x"), (r"\cdot", "x"), (r"\rightarrow", "→"), (r"\to", "→"), (r"\,", "\u2009"), ("{,}", ","))


class TextLine(NamedTuple):
    """One line: its number, what it says, and the comment of a line that is nothing else."""

    number: int
    text: str
    comment: str = ""


def text_lines(text: str, note: Callable[[str], None]) -> Iterator[TextLine]:
    """Every line of a text in order, empty ones too; what is left out goes to `note`."""
    is_struck = False
    for number, line in enumerate(text.split("\n"), 1):
        if number > MOST_LINES:
            note(f"only the first {MOST_LINES:,} lines are read")
            return
        if len(line) > LONGEST_LINE:
            note(f"line {number}: of {len(line):,} characters the first {LONGEST_LINE:,} are read")
        written = _said(line[:LONGEST_LINE])
        said = without_struck(written)
        if said != written and not is_struck:
            is_struck = True
            note(f"line {number}: {NOT_READ}")
        comment = line[:LONGEST_COMMENT].strip().strip("#/* ") if not written and line.strip() else ""
        yield TextLine(number, said.strip(), comment)


def _said(line: str) -> str:
    """A line without its comment and without marks."""
    said = line if line.isascii() else _UNSEEN.sub("", line)
    comment = _COMMENT.search(said) if "#" in said or "//" in said else None
    if comment is not None:
        said = said[: comment.start()]
    if "*" in said or "`" in said or "_" in said or "<" in said:
        said = _MARKS.sub("", said)
    if "\\" in said or "$" in said or "{,}" in said:
        for mark, meant in _LATEX:
            said = said.replace(mark, meant)
        said = said.replace("$", "").replace("\\", "")
    return said.rstrip()
