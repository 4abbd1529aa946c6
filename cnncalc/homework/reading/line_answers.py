"""The answers of one line: which values it holds, and which quantity each is about.

`26x26x8 params 80`, `26x26x8 80 params`, `shape = 26x26x8, params: 80`, `26x26x8, 80`.  A name stands before its value
or behind it; a value without a name is about what the key asks there, in the key's order.  Every answer is read by
itself, so that one that cannot be read costs no other; a value that might be about several quantities is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from cnncalc.asked import FIELD, PADS, SHAPE, SIZE, VALUES
from cnncalc.diagnostics import Span
from cnncalc.homework.reading.quantity_words import NAME, NAMED, quantity_called
from cnncalc.homework.reading.spelled_answers import LONGEST_ANSWER, SHOWN, Spelled, spelled_answer
from cnncalc.homework.reading.spelled_sizes import Expected, spelled_sizes
from cnncalc.homework.reading.words_beside import are_silent

_BETWEEN = re.compile(r"[;|\t\n]|,(?=\s|[^\d\s])|\.\s+(?=[^\W\d])|\s(?:and|und|y|et|e|&)\s", re.IGNORECASE)
_WORTH = re.compile(r"(?:^|\s)worth\b", re.IGNORECASE)
_VALUE = re.compile(r"[0-9?]")
_DASH = re.compile(r"\s[-–—]\s")
_QUOTED = re.compile(r'"[^"\n]*"|torch\.size|tensorshape', re.IGNORECASE)
"""What holds no name of a quantity."""
_INTEGER = re.compile(r"\s*[0-9]{1,9}\s*")
_INTEGER_AND_NAME = re.compile(rf"\s*[0-9]{{1,9}}\s+{NAME}", re.IGNORECASE)
_SIZED = (SHAPE.name, FIELD.name, PADS.name)
_BEGINS = re.compile(r"[\s:=]*[~≈(\[]*[0-9]")
_IN_ORDER = "values without a name are taken in the order in which the key asks"
_UNNAMED = "does not say what it counts: write its name in front, as in `params 80`"


class Part(NamedTuple):
    """A value as it was written; `name` is the quantity that it is said to be about, "" where nothing is said.

    `doubt` is another number that may have been meant.
    """

    name: str
    text: str
    doubt: str = ""


def line_answers(
    text: str, asked: Sequence[str], span: Span, expected: Expected, *, only: bool = False
) -> list[Spelled]:
    """What a line answers of what is asked there; `only`: it is a numbered question, whose answer is all it says.

    >>> [one.answer.given for one in line_answers("26x26x8 80 params", ["shape", "params"], Span(1, 1), Expected())]
    [Fraction(80, 1), (26, 26, 8)]
    """
    worth = _WORTH.search(text)
    bare = text[: worth.start()] if worth else text
    parts = list(_parts(bare, expected))
    found = list(_named(parts, asked, span, expected))
    found += _unnamed([part.text for part in parts if not part.name], asked, found, span, expected)
    if only and not found:
        whole = spelled_answer(asked[0], bare, span, expected)
        found += [whole] if whole else []
    return found


def _named(parts: Sequence[Part], asked: Sequence[str], span: Span, expected: Expected) -> Iterator[Spelled]:
    """The values that have a name the key asks for."""
    for name, text, doubt in parts:
        is_shape = name == SIZE.name not in asked and len(_sizes(text, expected)) > 1
        meant = SHAPE.name if is_shape else name
        if meant in asked:
            read = spelled_answer(meant, text, span, expected)
            if read is not None:
                yield read._replace(answer=read.answer._replace(doubt=read.answer.doubt or doubt))


def _unnamed(
    texts: Sequence[str], asked: Sequence[str], named: Sequence[Spelled], span: Span, expected: Expected
) -> list[Spelled]:
    """The values without a name, each about the first quantity asked that it can be about."""
    found: list[Spelled] = []
    open_ones = [name for name in asked if all(one.answer.asked != name for one in named)]
    values = [text for text in texts if _VALUE.search(text)]
    if not values and texts and open_ones and not are_silent(texts[0].split()):
        values = [texts[0]]
    if len(values) == 1 and len(open_ones) > 1:
        values = _torn(values[0], expected) or values
    left: list[str] = []
    for n, text in enumerate(values):
        fitting = [name for name in open_ones if _fits(name, text, expected)]
        read = spelled_answer(fitting[0], text, span, expected) if fitting else None
        if read is None:
            left += [text.strip()] if _BEGINS.match(text) else []
            continue
        open_ones.remove(fitting[0])
        if fitting[0] not in _SIZED and len(fitting) > len(values) - n and "?" not in text:
            read = Spelled(read.answer._replace(given=None), f"`{read.answer.text[:20]}` {_UNNAMED}")
        elif len(fitting) > 1 and len(values) > 1:
            read = read._replace(remark=read.remark or _IN_ORDER)
        found.append(read)
    if left and found and not named and len(asked) == 1:
        last = found.pop()
        several = "several values, and it does not say which one is the answer"
        whole = last.answer._replace(given=None, doubt="", text=", ".join((last.answer.text, *left))[:SHOWN])
        found.append(Spelled(whole, several))
    elif left and found:
        found[-1] = found[-1]._replace(remark=found[-1].remark or f"`{left[0][:SHOWN]}` is not read: it {_UNNAMED}")
    return found


def _fits(name: str, text: str, expected: Expected) -> bool:
    """Whether a value without a name can be about this quantity: only some have several sizes, one has a matrix."""
    if name == VALUES.name or "?" in text:
        return True
    return name in _SIZED or len(_sizes(text, expected)) < 2


def _sizes(text: str, expected: Expected) -> tuple[int, ...]:
    read = spelled_sizes(text.strip(" :="), expected) if len(text) <= LONGEST_ANSWER else None
    return read.given if read is not None else ()


def _torn(text: str, expected: Expected, *, even_if_whole: bool = False) -> list[str]:
    """A shape and a count behind it with nothing but a space between, where there is one way to part them."""
    is_whole = 0 < expected.sizes == len(_sizes(text, expected)) and not even_if_whole
    if is_whole or len(text) > LONGEST_ANSWER:
        return []
    words = text.split()
    parted = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(max(1, len(words) - 6), len(words))]
    found = {_meant(*pair, expected): pair for pair in parted if _are_shape_and_count(*pair, expected)}
    return list(*list(found.values())[:1]) if len(found) == 1 or (found and even_if_whole) else []


def _meant(shape: str, count: str, expected: Expected) -> tuple[object, object]:
    return _sizes(shape, expected), _number(count, expected)


def _are_shape_and_count(shape: str, count: str, expected: Expected) -> bool:
    sizes = _sizes(shape, expected)
    return bool(sizes) and len(sizes) == (expected.sizes or len(sizes)) and _is_number(count, expected)


def _is_number(text: str, expected: Expected) -> bool:
    return _number(text, expected) is not None


def _number(text: str, expected: Expected) -> object:
    """The number that a text gives, shown work included."""
    read = spelled_answer(SIZE.name, text, Span(1, 1), expected) if _VALUE.search(text) else None
    return read.answer.given if read is not None else None


# ---------------------------------------------------------------------- names and values
def _parts(text: str, expected: Expected) -> Iterator[Part]:
    """Every value with the name beside it."""
    masked = _masked(text)
    if not set("=+") & set(masked):
        masked = _DASH.sub(" ; ", masked)
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
        yield from _named_parts(piece, mask, expected)


def _pieces(text: str, masked: str) -> Iterator[tuple[str, str]]:
    """The text between separators, each with its mask."""
    start = 0
    for match in _BETWEEN.finditer(masked):
        yield text[start : match.start()], masked[start : match.start()]
        start = match.end()
    yield text[start:], masked[start:]


def _named_parts(text: str, masked: str, expected: Expected) -> Iterator[Part]:
    """The values of one piece: each name takes what follows it, or else each takes what stands before it."""
    names = list(NAMED.finditer(masked))
    if not names:
        if text.strip():
            yield Part("", text)
        return
    ends = [*(match.start() for match in names[1:]), len(text)]
    before = text[: names[0].start()]
    after = [text[match.end() : end] for match, end in zip(names, ends, strict=True)]
    called = [quantity_called(match[0]).name for match in names]
    if not _holds_value(after[-1]) and _VALUE.search(before):
        values = _values_first(called, before, after, expected)
        if values:
            yield from values
            return
    for n in range(len(names) - 1, 0, -1):
        torn = _torn(after[n - 1], expected) if not _holds_value(after[n]) and called[n - 1] in _SIZED else []
        after[n - 1 : n + 1] = torn or after[n - 1 : n + 1]
    if (
        len(names) == 1
        and called[0] not in _SIZED
        and _is_number(before, expected)
        and len(_sizes(after[0], expected)) > 1
    ):
        before, after[0] = after[0], before
    if before.strip():
        yield Part("", before)
    yield from map(Part, called, after)


def _values_first(called: Sequence[str], before: str, after: Sequence[str], expected: Expected) -> list[Part]:
    """The values in front of their names, and what is left before the first; nothing where they do not stand so."""
    values = [before, *after[:-1]]
    if all(_is_value(name, value, expected) for name, value in zip(called, values, strict=True)):
        torn = _torn(before, expected, even_if_whole=True)
        doubt = torn[1].strip() if torn and called[0] not in _SIZED else ""
        return [Part(called[0], before, doubt), *map(Part, called[1:], values[1:])]
    torn = _torn(before, expected)
    if torn and all(_is_value(name, value, expected) for name, value in zip(called[1:], values[1:], strict=True)):
        return [Part("", torn[0]), Part(called[0], torn[1]), *map(Part, called[1:], values[1:])]
    return []


def _is_value(name: str, text: str, expected: Expected) -> bool:
    """Whether a text is a value of this quantity."""
    return _is_number(text, expected) or (name in _SIZED and bool(_sizes(text, expected)))


def _holds_value(text: str) -> bool:
    """Whether a value follows a name: a number, `?`, or brackets that stand right behind it."""
    bare = text.strip(" :=")
    return bool(_VALUE.search(_masked(bare)) or (bare[:1] in ("[", "(") and _VALUE.search(bare)))


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
    return _QUOTED.sub(lambda quoted: "\0" * len(quoted[0]), "".join((*pieces, text[last:])))
