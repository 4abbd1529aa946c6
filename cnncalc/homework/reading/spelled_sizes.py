"""Sizes as somebody spelled them: a shape, the sides of a field, the pads around a picture.

`28x28x6`, `28 * 28 * 6`, `26·26·8`, `(None, 28, 28, 6)`, `[-1, 6, 28, 28]`, `torch.Size([8, 26, 26])`, `8@26x26`,
`26x26 with 8 channels`, `26, 26, 8`.  `128,256` may be two sizes or one: as many as a shape has there decide, and the
other reading is kept in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.homework.reading.named_sides import without_side_names
from cnncalc.homework.reading.words_beside import are_silent, is_word, number_among, without_aside
from cnncalc.written_numbers import UNKNOWN, Signs, plainly, readings

LONGEST_SHOWN = 40

_BATCH = frozenset(("none", "-1", "?", "n", "b", "batch", "bs", "batch_size", "null"))
_CALLED = re.compile(r"^(?:torch\.|tf\.)?(?:size|tensorshape|shape)\s*(?=[(\[])", re.IGNORECASE)
_TIMES = re.compile(r"\s*(?:[x×*·⋅∙хХ✕✖⨯]|\bby\b|\bmal\b|\bpor\b|\btimes\b)\s*", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{1,9}(?:x[0-9]{1,9})+")
_IN_BRACKETS = re.compile(r"([^()\[\]{}]*)[(\[{]+([^()\[\]{}]*)[)\]}]+([^()\[\]{}]*)")
_RUN = re.compile(r"(?<![\w.-])(?:(?:none|batch|[nb?]|-1)x)?[0-9][0-9.,']*(?:x[0-9][0-9.,']*)+(?!\w)", re.IGNORECASE)
_LISTED = re.compile(r"[0-9]{1,9}(?:[,;] *| +)[0-9]{1,9}(?:(?:[,;] *| +)[0-9]{1,9}){0,4}")
MAPS = r"(?:(?:feature |activation )?maps?|channels?|filters?|planes?|kan[aä]le|canales|canaux|deep|ch|c)"
"""Words for what a picture has several of."""

_COUNT_FIRST = re.compile(
    rf"([0-9]{{1,9}}) ?(?:@|{MAPS} ?(?:@|of|à|,|with)? ?(?:size )?) ?([0-9]{{1,9}}(?:x[0-9]{{1,9}})+)"
)
_COUNT_LAST = re.compile(rf"([0-9]{{1,9}}(?:x[0-9]{{1,9}})+)[ ,;]*(?:with|and|mit|und|w/)? ?([0-9]{{1,9}}) ?{MAPS}")


_UNITS = re.compile(r"(?<=[0-9])\s?(?:pixels?|px|pixeles|píxeles)(?=\s?[x×*]\s?[0-9])", re.IGNORECASE)
_SQUARE = re.compile(r"(?<![\w.^])([0-9]{1,6})(?:²|\^2)(?=\s?[x×*]\s?[0-9]{1,9}(?![\w^²]))")
_MAPS_OF_SIZE = re.compile(
    rf"(?<![\w.x×*])([0-9]{{1,9}}) {MAPS}(?: (?:each|all))? of (?:size )?(?=[0-9]{{1,9}}\s?[x×*])", re.IGNORECASE
)


def joined_sizes(text: str) -> str:
    """The text with sizes that have units between them, or a square, as our notation writes them.

    >>> joined_sizes("28² x 8"), joined_sizes("8 feature maps of size 28x28")
    ('28x28 x 8', '8@28x28')
    """
    return _MAPS_OF_SIZE.sub(r"\1@", _SQUARE.sub(r"\1x\1", _UNITS.sub("", text)))


class Sizes(NamedTuple):
    """Sizes in the order in which they were written; `doubt` is another reading, `remark` what was left out."""

    given: tuple[int, ...]
    batch_dropped: bool = False
    doubt: str = ""
    remark: str = ""


class Expected(NamedTuple):
    """What is known before an answer is read: its author's signs in numbers, and how many sizes a shape has here.

    `batch_first`: the print puts the number of a batch in front of every shape.  `in_prose`: any words may stand beside
    the answer, and those that nobody knows are remarked upon.
    """

    signs: Signs = UNKNOWN
    sizes: int = 0
    batch_first: bool = False
    in_prose: bool = False


def times(sizes: Sequence[int]) -> str:
    """Sizes as our notation writes them."""
    return "x".join(map(str, sizes))


def spelled_sizes(text: str, expected: Expected) -> Sizes | None:
    """The sizes that a text means, with any sign between them, in brackets of any kind or none, among words.

    >>> spelled_sizes("8@26x26", Expected()).given, spelled_sizes("(None, 26, 26, 8)", Expected()).given
    ((8, 26, 26), (26, 26, 8))
    """
    if _PLAIN.fullmatch(text):
        return _listed(text.split("x"), expected)
    text = without_side_names(text)
    bracket = _IN_BRACKETS.fullmatch(_CALLED.sub("", text.strip()))
    if bracket and not re.search("[0-9]", bracket[1] + bracket[3]):
        parts = re.split(r"\s*[x,;]\s*|\s+", _TIMES.sub("x", bracket[2].strip(" ,")))
        return _among(_listed(parts, expected), f"{bracket[1]} {bracket[3]}".split(), text, expected)
    bare = _TIMES.sub("x", without_aside(text))
    together = _with_maps(bare.lower(), expected.sizes or 3)
    if together is not None:
        return Sizes(together)
    run = _RUN.search(bare)
    if run is None:
        return _without_times(bare, expected)
    words = f"{bare[: run.start()]} {bare[run.end() :]}".split()
    return _among(_listed(run[0].rstrip(".,").split("x"), expected), words, text, expected)


def _among(found: Sizes | None, words: Sequence[str], text: str, expected: Expected) -> Sizes | None:
    """Sizes among words; None where they are no words, or may change what the sizes mean."""
    if found is None or not all(map(is_word, words)):
        return None
    if are_silent(words):
        return found
    remark = found.remark or f"of `{text[:LONGEST_SHOWN]}` only the sizes are read"
    return found._replace(remark=remark) if expected.in_prose else None


def _with_maps(text: str, most: int) -> tuple[int, ...] | None:
    """`8@26x26`, `8 maps of 26x26`, `26x26 with 8 channels`: the channels first, or last."""
    first, last = _COUNT_FIRST.fullmatch(text), _COUNT_LAST.fullmatch(text)
    if not (first or last):
        return None
    count, written = (first[1], first[2]) if first else (last[2], last[1])  # type: ignore[index]
    sizes = tuple(map(int, written.split("x")))
    if len(sizes) == most and int(count) in (sizes[0], sizes[-1]):
        return sizes
    if len(sizes) >= most:
        return None
    return (int(count), *sizes) if first else (*sizes, int(count))


def _without_times(text: str, expected: Expected) -> Sizes | None:
    """One size (400), or several with commas or spaces between (26, 26, 8), which may be one number (128,256)."""
    number = number_among(text, expected.signs)
    listed = _listed(re.split("[,;] *| +", text), expected) if _LISTED.fullmatch(text) else None
    if number is None or number[0].value.denominator != 1 or number[0].value <= 0:
        return listed
    read, words = number
    if listed is None:
        return _among(Sizes((read.value.numerator,), doubt=read.doubt), words, text, expected)
    if len(listed.given) == expected.sizes > 1:
        return listed._replace(doubt=plainly(read.value))
    return Sizes((read.value.numerator,), doubt="" if expected.sizes == 1 else times(listed.given))


def _listed(parts: Sequence[str], expected: Expected) -> Sizes | None:
    """The sizes of a shape, without the batch axis that frameworks print first."""
    named = len(parts) > 1 and parts[0].lower() in _BATCH
    read = [_size(part, expected.signs) for part in parts[named or (expected.batch_first and len(parts) > 1) :]]
    sizes = tuple(size for size in read if size is not None)
    if not sizes or len(sizes) != len(read):
        return None
    is_of_one = len(sizes) == expected.sizes + 1 > 2 and sizes[0] == 1 and not (named or expected.batch_first)
    if is_of_one:
        return Sizes(sizes[1:], True, remark="a batch of 1 in front of a shape is left out")
    return Sizes(sizes, named)


def _size(text: str, signs: Signs) -> int | None:
    read = readings(text, signs, whole=True) if text[:1].isdecimal() and text[-1:].isdecimal() else None
    return read.value.numerator if read is not None and read.value.denominator == 1 else None
