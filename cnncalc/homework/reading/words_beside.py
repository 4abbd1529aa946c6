"""Words that stand beside a value and are no part of it: `about 80 parameters (with bias)`, `26x26x8 pixels`.

Words that change nothing about a value are known here, in a few languages; of any other the reader says that it was
not read.  A text with a second number is no value with words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cnncalc.written_numbers import Readings, Signs, readings

_WORD = re.compile(r"[^\W\d_][\w'’./²-]*[.,:;!)]*")
_ASIDE = re.compile(r"(?<!^)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*$")
_LONGEST_NUMBER = 7
"""Words that one number may have: `1 168 000`, `7.4 * 10 ^ 4`."""

_REFUSING = frozenset(
    (
        *("not", "no", "never", "nicht", "kein", "keine", "unlike"),
        *("byte", "bytes", "kb", "mb", "gb", "kib", "mib", "gib"),  # a size in bytes is no count
    )
)
_ABOUT = frozenset(
    re.findall(
        r"\S+",
        """about approx approximate approximately almost around ca circa nearly roughly some
        ungefähr etwa rund zirka env environ approximativement aprox aproximadamente alrededor aprossimativamente
        approssimativamente cerca quase ongeveer około okolo yaklaşık примерно около приблизительно 约 約 大约""",
    )
)
"""Words that say of the number beside them that it is rounded, as `~` does."""

_SILENT = frozenset(
    re.findall(
        r"\S+",
        """a all also altogether and answer are as at be because bias biases but by
        calculated cells channels comes each equals exactly feature filters for gives got has have height
        high i in incl including is it its layer learnable long makes map maps my neurons of on one only our output
        outputs per pixel pixels px result should side since size so sum that the there therefore this thus to
        total trainable units values we weights which wide width will with would yields
        param params parameter parameters mac macs flop flops operations ops connections multiplications additions
        ist sind ergibt gesamt insgesamt werte gewichte neuronen pixeln mit und es son da en soit est donc
        avec y e square get obtain an we have""",
    )
)
"""Words that change nothing about a value beside them."""


def is_word(text: str) -> bool:
    """Whether a piece of a text is a word and no number."""
    return _WORD.fullmatch(text) is not None


def are_silent(words: Iterable[str]) -> bool:
    """Whether none of these words can change what the value beside them means."""
    return all(bare in _SILENT or bare in _ABOUT or not bare for bare in map(_bare, words))


def say_about(words: Iterable[str]) -> bool:
    """Whether one of these words says that the number beside them is rounded."""
    return any(_bare(word) in _ABOUT for word in words)


def _bare(word: str) -> str:
    return word.strip(".,:;!()[]{}~≈-").lower()


def without_aside(text: str) -> str:
    """The text without what stands in brackets at its end."""
    return _ASIDE.sub("", text)


def number_among(text: str, signs: Signs) -> tuple[Readings, Sequence[str]] | None:
    """The one number of a text and the words beside it; None where there are several numbers or none.

    >>> number_among("about 80 parameters (with bias)", Signs())[0].value
    Fraction(80, 1)
    """
    read = readings(text, signs, whole=True)
    if read is not None:
        return read, ()
    pieces = without_aside(text).split()
    start = next((n for n, piece in enumerate(pieces) if not is_word(piece)), len(pieces))
    if any(word.lower() in _REFUSING for word in pieces[:start]):
        return None
    for length in range(min(_LONGEST_NUMBER, len(pieces) - start), 0, -1):
        after = pieces[start + length :]
        read = readings(" ".join(pieces[start : start + length]), signs, whole=True)
        if read is not None:
            is_refused = any(word.lower() in _REFUSING for word in after)
            return (read, (*pieces[:start], *after)) if all(map(is_word, after)) and not is_refused else None
    return None
