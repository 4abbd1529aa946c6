"""Text in the columns of a terminal: how many it takes, and where it is broken when there are fewer.

Lines break between words.  A word is never broken, so that a number, a path or a command is always whole, unless it is
of wide letters, which are written without spaces and may be broken anywhere.  Nothing here knows what the text means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

NARROWEST = 8
"""No text is broken to fewer columns than this."""

_WORDS = r"\s*\S+"


def cells(text: str) -> int:
    """How many places of a terminal the text takes: wide East Asian characters two, combining ones none.

    >>> cells("conv"), cells("畳み込み"), cells("e\u0301")
    (4, 8, 1)
    """
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def wrapped(text: str, width: int | None, hang: int = 0) -> list[str]:
    """The text in lines of at most `width`, all but the first indented by `hang`; in one line without a width.

    >>> wrapped("at most 28x28x6", 12, 2)
    ['at most', '  28x28x6']
    """
    if width is None or cells(text) <= width:
        return [text]
    room = max(width, NARROWEST + hang)
    lines, line, taken = [], "", 0
    for word in _words(text, room - hang):
        wide = cells(word)
        if line.strip() and taken + wide > room:
            lines.append(line.rstrip())
            bare = word.lstrip()
            line, taken = " " * hang + bare, hang + cells(bare)
        else:
            line += word
            taken += wide
    return [*lines, line.rstrip()]


def _words(text: str, room: int) -> Iterator[str]:
    """The words, each with the spaces before it; a long one is taken apart before and behind its wide letters."""
    for word in re.findall(_WORDS, text):
        if word.isascii() or cells(word) <= room:
            yield word
            continue
        start = 0
        for n in range(1, len(word)):
            if _cells(word[n]) and 2 in (_cells(word[n - 1]), _cells(word[n])):
                yield word[start:n]
                start = n
        yield word[start:]
