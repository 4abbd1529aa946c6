"""The values of one line's answers, each with the name beside it.

A name stands before its value (`params 80`) or behind it (`80 params`); of a piece with several names either all stand
before or all behind.  Where a shape and a count have nothing but a space between them there must be one way to part
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from cnncalc.asked import QUANTITIES, SIZE
from cnncalc.diagnostics import Span
from cnncalc.homework.reading.named_sides import NAMED_SIDES
from cnncalc.homework.reading.quantity_words import NAME, NAMED, quantity_called
from cnncalc.homework.reading.spelled_answers import LONGEST_ANSWER, spelled_answer
from cnncalc.homework.reading.spelled_sizes import MAPS, Expected, spelled_sizes
from cnncalc.homework.reading.words_beside import are_silent

SIZED = tuple(one.name for one in QUANTITIES if one.form in ("sizes", "field", "pads"))
"""Quantities whose answers may have several sizes."""

VALUE = re.compile(r"[0-9?]")
_BETWEEN = re.compile(
    rf"[;|\t\n]|,(?!\s*[0-9]{{1,9}}\s*{MAPS}\b)(?=\s|[^\d\s])"
    r"|\.\s+(?=[^\W\d])|\s(?:and|und|y|et|e|&)\s",
    re.IGNORECASE,
)
_WEAK = frozenset(
    "bias biases kernel learned learnable fraction percent fit fits divides share exact".split()  # noqa: SIM905 - words
)
"""Words that mean a quantity only where the key asks for it."""

_COUNTED = re.compile(r"[0-9]\s*$")
_NONE = re.compile(r"\b(?:no|without|keine?|ohne|sin|sans)\s*$", re.IGNORECASE)
_DASH = re.compile(r"\s[-–—]\s")
_QUOTED = re.compile(r'"[^"\n]*"|torch\.size|tensorshape', re.IGNORECASE)
"""What holds no name of a quantity."""

_NUMBER = r"[~≈]?\s?[0-9][0-9.,' ]{0,20}"
_NAMED_ASIDE = re.compile(
    rf"\(\s?(?:(?:with|and)\s)?(?:{_NUMBER}\s?{NAME}|{NAME}\s?[:=]?\s?{_NUMBER})\s?\)", re.IGNORECASE
)
"""A value with its name in brackets: `(80 params)`."""

_RESULT = re.compile(r"=\s*[~≈]?\s*[0-9]")
_WORKED = re.compile(r"\s*[(\[][^=]*=")
_NUMBER_ALONE = re.compile(rf"\s*[(\[]\s?{_NUMBER}[)\]][\s.,;]*")
_SHAPE_AND_COUNT = re.compile(r"(?<![0-9.,])([0-9]{1,9}(?:\s?[x×*·]\s?[0-9]{1,9}){0,4}),([0-9]{1,12})(?![0-9.,])")
_DIGITS = re.compile("[0-9]+")
_INTEGER = re.compile(r"\s*[0-9]{1,9}\s*")
_INTEGER_AND_NAME = re.compile(rf"\s*[0-9]{{1,9}}\s+{NAME}", re.IGNORECASE)


class Part(NamedTuple):
    """A value as it was written; `name` is the quantity that it is said to be about, "" where nothing is said.

    `doubt` is another number that may have been meant.
    """

    name: str
    text: str
    doubt: str = ""


def named_values(text: str, asked: Sequence[str], expected: Expected) -> Iterator[Part]:
    """Every value with the name beside it."""
    masked = _masked(text)
    aside = _NAMED_ASIDE.search(text)
    if aside and VALUE.search(text[: aside.start()]) and _called_in(aside[0]) & set(asked) - _called_in(masked):
        text = f"{text[: aside.start()]};{aside[0][1:-1]};{text[aside.end() :]}"
        masked = _masked(text)
    if not set("=+") & set(masked):
        masked = _DASH.sub(" ; ", masked)
    masked = _SHAPE_AND_COUNT.sub(lambda match: _parted(match, expected), masked)
    pieces = list(_pieces(text, masked))
    first = sum(1 for _ in takewhile(lambda piece: _INTEGER.fullmatch(piece[0]), pieces))
    if first and first < len(pieces) and first + 1 == expected.sizes and _INTEGER_AND_NAME.match(pieces[first][1]):
        masked = masked.replace(",", " ", first)
        pieces = [("".join(text.partition(pieces[first][0])[:2]), ""), *pieces[first + 1 :]]
        pieces[0] = pieces[0][0], masked[: len(pieces[0][0])]
    elif first > 1 and (first == expected.sizes or not expected.sizes):
        yield Part("", ", ".join(piece.strip() for piece, _ in pieces[:first]))
        pieces = pieces[first:]
    for piece, mask in pieces:
        yield from _named_parts(piece, mask, asked, expected)


def _parted(match: re.Match[str], expected: Expected) -> str:
    """`26x26x8,80` with a sign between its two values, where the comma can stand neither in a number nor in a shape."""
    sizes, digits = len(_DIGITS.findall(match[1])), len(match[2])
    is_count = digits > 3 if sizes == 1 else digits != 3
    return f"{match[1]};{match[2]}" if sizes == expected.sizes and is_count and match[1] != "1" else match[0]


def _called_in(text: str) -> set[str]:
    """The quantities that a text names."""
    return {quantity_called(match[0]).name for match in NAMED.finditer(text)}


def _pieces(text: str, masked: str) -> Iterator[tuple[str, str]]:
    """The text between separators, each with its mask."""
    start = 0
    for match in _BETWEEN.finditer(masked):
        yield text[start : match.start()], masked[start : match.start()]
        start = match.end()
    yield text[start:], masked[start:]


def _named_parts(text: str, masked: str, asked: Sequence[str], expected: Expected) -> Iterator[Part]:
    """The values of one piece: each name takes what follows it, or else each takes what stands before it."""
    found = ((match, quantity_called(match[0]).name) for match in NAMED.finditer(masked))
    named = [
        (match, name)
        for match, name in found
        if name in asked or match[0].lower() not in _WEAK or _COUNTED.search(masked[: match.start()])
    ]
    names, called = [match for match, _ in named], [name for _, name in named]
    if not names:
        if text.strip():
            yield Part("", text)
        return
    ends = [*(match.start() for match in names[1:]), len(text)]
    before = _NONE.sub("", text[: names[0].start()])
    after = [text[match.end() : end] for match, end in zip(names, ends, strict=True)]
    has_none = len(before) < names[0].start()
    if VALUE.search(before) and not has_none and not _names_what_follows(called[-1], before, after[-1], expected):
        values = _values_first(called, before, after, asked, expected)
        if values:
            yield from values
            return
    for n in range(len(names) - 1, 0, -1):
        torn = torn_apart(after[n - 1], expected) if not _holds_value(after[n]) and called[n - 1] in SIZED else []
        after[n - 1 : n + 1] = torn or after[n - 1 : n + 1]
    if (
        len(names) == 1
        and called[0] not in SIZED
        and _is_number(before, expected)
        and len(sizes_in(after[0], expected)) > 1
    ):
        before, after[0] = after[0], before
    if before.strip():
        yield Part("", before)
    yield from map(Part, called, after)


def _names_what_follows(name: str, before: str, after: str, expected: Expected) -> bool:
    """Whether a name that has text on both sides belongs to what follows: to a value, or to work with its result.

    `256 params (288+1)*256 = 73984` and `256 params (73984)`, but `80 params (9+1)*8` and `80 params (with bias)`.
    """
    if not _holds_value(after):
        return False
    if name in SIZED:
        return True
    if after.lstrip()[:1] in ("(", "[") and not _RESULT.search(_masked(after)):
        is_shape = 0 < expected.sizes == len(sizes_in(before, expected))
        return is_shape and _NUMBER_ALONE.fullmatch(after) is not None
    return _is_number(after, expected) or not _is_number(before, expected) or "=" not in after


def _values_first(
    called: Sequence[str], before: str, after: Sequence[str], asked: Sequence[str], expected: Expected
) -> list[Part]:
    """The values in front of their names, and what is left before the first; nothing where they do not stand so."""
    values = [before, *after[:-1]]
    if all(_is_value(name, value, expected) for name, value in zip(called, values, strict=True)):
        torn = torn_apart(before, expected, even_if_whole=True)
        if torn and _WORKED.match(torn[1]):
            return [Part("", torn[0]), Part(called[0], torn[1]), *map(Part, called[1:], values[1:])]
        doubt = torn[1].strip() if torn and called[0] not in SIZED and set(asked) & set(SIZED) else ""
        return [Part(called[0], before, doubt), *map(Part, called[1:], values[1:])]
    torn = torn_apart(before, expected)
    if torn and all(_is_value(name, value, expected) for name, value in zip(called[1:], values[1:], strict=True)):
        return [Part("", torn[0]), Part(called[0], torn[1]), *map(Part, called[1:], values[1:])]
    return []


def _is_value(name: str, text: str, expected: Expected) -> bool:
    """Whether a text is a value of this quantity."""
    return _is_number(text, expected) or (name in SIZED and bool(sizes_in(text, expected)))


def _holds_value(text: str) -> bool:
    """Whether a value follows a name: a number, `?`, or brackets that stand right behind it."""
    bare = text.strip(" :=")
    return bool(VALUE.search(_masked(bare)) or (bare[:1] in ("[", "(") and VALUE.search(bare)))


def _masked(text: str) -> str:
    """The text with everything in brackets or quotes replaced, so that no name and no sign is found in it."""
    opened: list[int] = []
    closed: list[tuple[int, int]] = []
    for n, c in enumerate(text):
        if c in "([{":
            opened.append(n)
        elif c in ")]}" and opened:
            start = opened.pop()
            if not opened:
                closed.append((start, n + 1))
    pieces, last = [], 0
    for start, end in closed:
        pieces += [text[last:start], "\0" * (end - start)]
        last = end
    masked = "".join((*pieces, text[last:]))
    for hidden in (_QUOTED, NAMED_SIDES):
        masked = hidden.sub(lambda match: "\0" * len(match[0]), masked)
    return masked


def sizes_in(text: str, expected: Expected) -> tuple[int, ...]:
    """The sizes that a text gives, none where it gives none."""
    read = spelled_sizes(text.strip(" :="), expected) if len(text) <= LONGEST_ANSWER else None
    return read.given if read is not None else ()


def torn_apart(text: str, expected: Expected, *, even_if_whole: bool = False) -> list[str]:
    """A shape and a count behind it with nothing but a space between, where there is one way to part them."""
    is_whole = 0 < expected.sizes == len(sizes_in(text, expected)) and not even_if_whole
    if is_whole or len(text) > LONGEST_ANSWER:
        return []
    words = text.split()
    parted = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(max(1, len(words) - 6), len(words))]
    found = {_meant(*pair, expected): pair for pair in parted if _are_shape_and_count(*pair, expected)}
    return list(*list(found.values())[:1]) if len(found) == 1 or (found and even_if_whole) else []


def _meant(shape: str, count: str, expected: Expected) -> tuple[object, object]:
    return sizes_in(shape, expected), _number(count, expected)


def _are_shape_and_count(shape: str, count: str, expected: Expected) -> bool:
    sizes = sizes_in(shape, expected)
    between = re.split("[0-9]", shape)[-1] + re.split("[0-9]", count, maxsplit=1)[0]
    if not are_silent(between.split()):
        return False
    return bool(sizes) and len(sizes) == (expected.sizes or len(sizes)) and _is_number(count, expected)


def _is_number(text: str, expected: Expected) -> bool:
    return _number(text, expected) is not None


def _number(text: str, expected: Expected) -> object:
    """The number that a text gives, shown work included."""
    read = spelled_answer(SIZE.name, text, Span(1, 1), expected) if VALUE.search(text) else None
    return read.answer.given if read is not None else None
