"""Names of quantities in other languages, put into our own word: `parámetros 608` is `params 608`.

The words are those that head the columns of tables.  Nothing else of a line is touched, and the word that is a label of
the key stays one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import groupby

from cnncalc.asked import NAMES, QUANTITIES, SHAPE, SIZE, named_in
from cnncalc.asked.foreign_headings import HEADINGS_OF

_BASE = {
    ord(c): unicodedata.normalize("NFKD", c)[0]
    for c in map(chr, (*range(0xC0, 0x250), *range(0x370, 0x460)))
    if c.isalpha() and c not in "йЙ"
} | {ord("ł"): "l", ord("ı"): "i", ord("ø"): "o"}
"""Letters with an accent -> without it; a text keeps its length."""

_LONGEST = 20_000


def _folded(text: str) -> str:
    return "".join(c if len(low := c.lower()) > 1 else low for c in text).translate(_BASE)


def _words() -> dict[str, str]:
    """A foreign name -> the quantity's own; a word that is a unit in running text (`256 neurons`) is none."""
    ours = {spelling.lower() for one in QUANTITIES for spelling in (one.name, *one.also, *one.headings)}
    ours |= {"out", *HEADINGS_OF[SIZE.name].split("|")}
    return {
        _folded(word): name
        for name in reversed(NAMES)
        for word in HEADINGS_OF.get(name, name).split("|")
        if word not in ours and named_in(word) is None
    }


_WORDS = _words()


def _alternatives(words: list[str]) -> str:
    """A pattern for all of the words, by their first letter, the longest first."""

    def alike() -> Iterator[str]:
        for first, group in groupby(sorted(words, key=lambda word: (word[0], -len(word))), lambda word: word[0]):
            yield f"{re.escape(first)}(?:{'|'.join(re.escape(word[1:]) for word in group)})"

    return "|".join(alike())


_SHAPES = [word for word, name in _WORDS.items() if name == SHAPE.name]
_OTHERS = [word for word, name in _WORDS.items() if name != SHAPE.name]
_COUNT = (
    r"(?:(?:numero|nombre|aantal|liczba|ilosc|число|количество|anzahl)\s(?:(?:de|di|dos|der|van)\s)?(?:l[oe]s\s)?)?"
)
_NAME = re.compile(
    rf"(?<![\w.]){_COUNT}(?:(?P<other>{_alternatives(_OTHERS)})(?![^\W\d])"
    rf"|(?P<sized>{_alternatives(_SHAPES)})(?=\s*[:=：]?\s*[(\[]?\s*[0-9]))"
)


def in_our_words(line: str, is_label: Callable[[str], bool]) -> str:
    """The line with every foreign name of a quantity put into our own.

    >>> in_our_words("número de parámetros: 608", lambda word: False)
    'params: 608'
    """
    folded = _folded(line) if len(line) <= _LONGEST else ""
    pieces, last = [], 0
    for match in _NAME.finditer(folded):
        word = match["other"] or match["sized"]
        if is_label(line[match.start() : match.end()]):
            continue
        following = folded[match.end() : match.end() + 1]
        pieces += [line[last : match.start()], _WORDS[word], " " if following.isdecimal() or following == "：" else ""]
        last = match.end() + (following == "：")
    return "".join((*pieces, line[last:]))
