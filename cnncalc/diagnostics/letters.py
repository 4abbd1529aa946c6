"""Which letters of a stranger's text are shown, and what is written in place of the others.

A file, a title or a student's name may hold controls: ESC steers a terminal, U+202E turns a line's letters about,
U+200B makes two names look like one.  What is not shown becomes a question mark in a diamond; JSON, which can, says
which letter it was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

MOST_MARKS = 8
"""Marks on one letter; more of them would be drawn over the lines above."""

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_JOINED = ("Lo", "Mn", "Mc")
"""Letters of the scripts in whose words joiners belong, as Persian and Hindi, and their marks."""

_MAY_BE_STACKED = re.compile(rf"[^\0-\u02ff\u2100-\u2bff]{{{MOST_MARKS + 1}}}")
"""So many letters of blocks that may have marks; most texts have none, and need no second look.

A third range would cost every start a millisecond: Python then draws a map of 65,536 letters.
"""

_COLOURS = r"(\x1b\[[0-9;]*m)"
_LINES = r"([\n\t])"


def printable(text: str) -> str:
    r"""The text in one line, with every letter that is not shown replaced, spaces of all widths as spaces.

    >>> printable("a\tb\x1b[31m\u202e\u200b")
    'a b�[31m��'
    """
    if text.isprintable() and not _MAY_BE_STACKED.search(text):
        return text
    return "".join(_shown(text))


def printable_lines(text: str, *, coloured: bool = False) -> str:
    """Lines of output: their ends and tabs are kept, and where there are colours, those."""
    if text.replace("\n", "").isprintable() and not _MAY_BE_STACKED.search(text):
        return text
    parts = re.split(_COLOURS, text) if coloured else [text]
    for n in range(0, len(parts), 2):
        parts[n] = "".join(part if part in ("\n", "\t") else printable(part) for part in re.split(_LINES, parts[n]))
    return "".join(parts)


def escaped_json(text: str) -> str:
    r"""JSON with an escape for every letter that is not shown, so that nothing is lost.

    >>> escaped_json('"é\u202e"')
    '"é\\u202e"'
    """
    if text.isascii():
        return text.replace("\x7f", "\\u007f")
    return "".join(c if c == "\n" or _is_shown(text, n) else _escape(c) for n, c in enumerate(text))


def _shown(text: str) -> Iterator[str]:
    marks = 0
    for n, letter in enumerate(text):
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks > MOST_MARKS:
            continue
        if letter == "\t" or unicodedata.category(letter) == "Zs":
            yield " "
        else:
            yield letter if _is_shown(text, n) else REPLACEMENT


def _is_shown(text: str, n: int) -> bool:
    letter = text[n]
    if letter in _JOINERS:
        around = (text[n - 1 : n], text[n + 1 : n + 2])
        return all(near and unicodedata.category(near) in _JOINED for near in around)
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def _escape(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))
