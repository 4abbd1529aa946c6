"""The answers of one line: which quantity each of its values is about, and how each is read.

`26x26x8 params 80`, `26x26x8 80 params`, `shape = 26x26x8, params: 80`, `26x26x8, 80`.  A value without a name is about
what the key asks there, in the key's order.  Every answer is read by itself, so that one that cannot be read costs no
other; a value that might be about several quantities is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from cnncalc.asked import PARAMS, SHAPE, SIZE, quantity_named
from cnncalc.asked.counting_answers import Trainable
from cnncalc.asked.measured_answers import SpatialOf
from cnncalc.diagnostics import Span
from cnncalc.homework.reading.named_sides import without_side_names
from cnncalc.homework.reading.named_values import SIZED, VALUE, Part, named_values, sizes_in, torn_apart
from cnncalc.homework.reading.spelled_answers import ARROW, SHOWN, Spelled, spelled_answer
from cnncalc.homework.reading.spelled_sizes import Expected
from cnncalc.homework.reading.words_beside import are_silent
from cnncalc.spec.document import Answer

MOST_VALUES = 60
"""Values of one line that are read."""

_WORTH = re.compile(r"(?:^|\s)worth\b", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:[^\d:]|(?<=\w)\d)*:\s+")
"""What a numbered question is about, in front of its answer: `receptive field of conv3:`."""

_LEADING = re.compile(r"[\s:=]*(?:[(\[{~≈-]|none|batch|torch|tensor)", re.IGNORECASE)
"""How a value begins that does not begin with a digit."""

_BEGINS = re.compile(r"[\s:=]*[~≈(\[]*[0-9]")
_IN_ORDER = "values without a name are taken in the order in which the key asks"
_UNNAMED = "does not say what it counts: write its name in front, as in `params 80`"


def line_answers(
    text: str, asked: Sequence[str], span: Span, expected: Expected, *, only: bool = False
) -> list[Spelled]:
    """What a line answers of what is asked there; `only`: it is a numbered question, whose answer is all it says.

    >>> [one.answer.given for one in line_answers("26x26x8 80 params", ["shape", "params"], Span(1, 1), Expected())]
    [(26, 26, 8), Fraction(80, 1)]
    """
    worth = _WORTH.search(text)
    bare = text[: worth.start()] if worth else text
    bare = _ABOUT.sub("", bare, count=1) if only else bare
    values = named_values(bare, asked, expected)
    parts = list(islice(values, MOST_VALUES))
    found = list(_named(parts, asked, span, expected))
    found += _unnamed([part.text for part in parts if not part.name], asked, found, span, expected, only=only)
    if only and not found:
        whole = spelled_answer(asked[0], bare, span, expected)
        found += [whole] if whole else []
    if found and next(values, None) is not None:
        found[-1] = found[-1]._replace(remark=f"of these answers the first {MOST_VALUES} values are read")
    return sorted(found, key=lambda one: asked.index(one.answer.asked))


def _named(parts: Sequence[Part], asked: Sequence[str], span: Span, expected: Expected) -> Iterator[Spelled]:
    """The values that have a name the key asks for."""
    for name, text, doubt in parts:
        meant = name if name in asked else _meant_instead(name, text, expected)
        if meant in asked:
            read = spelled_answer(meant, text, span, expected)
            if read is not None:
                yield read._replace(answer=read.answer._replace(doubt=read.answer.doubt or doubt))


def _meant_instead(name: str, text: str, expected: Expected) -> str:
    """What a name means that the key does not ask for: `size 26x26x8` is a shape, learnable parameters are params."""
    if name in (SIZE.name, SpatialOf.name) and len(sizes_in(text, expected)) > 1:
        return SHAPE.name
    return PARAMS.name if name == Trainable.name else name


def _unnamed(
    texts: Sequence[str],
    asked: Sequence[str],
    named: Sequence[Spelled],
    span: Span,
    expected: Expected,
    *,
    only: bool,
) -> list[Spelled]:
    """The values without a name, each about the first quantity asked that it can be about."""
    found: list[Spelled] = []
    open_ones = [name for name in asked if all(one.answer.asked != name for one in named)]
    values = [text for text in texts if VALUE.search(text)]
    plain = [text for text in values if _begins_with_value(text)]
    if values and not plain and open_ones and not only and not named:
        shown = " ".join(values[0].split())[:SHOWN]
        return [Spelled(Answer(open_ones[0], None, span, shown), f"`{shown[:20]}` {_UNNAMED}")]
    left = [text.strip() for text in values if text not in plain and ARROW.search(text)]
    unknown = [text.strip() for text in values if text not in plain] if len(open_ones) > 1 else []
    values = plain or values
    if not values and texts and open_ones and not are_silent(texts[0].split()):
        values = [texts[0]]
    if len(values) == 1 and len(open_ones) > 1 and set(SIZED) & set(open_ones):
        values = torn_apart(values[0], expected) or values
    for n, text in enumerate(values):
        fitting = [name for name in open_ones if _fits(name, text, expected)]
        read = spelled_answer(fitting[0], text, span, expected) if fitting else None
        if read is None:
            left += [text.strip()] if _BEGINS.match(text) or ARROW.search(text) else []
            continue
        open_ones.remove(fitting[0])
        if fitting[0] not in SIZED and len(fitting) > len(values) - n and "?" not in text:
            read = Spelled(read.answer._replace(given=None), f"`{read.answer.text[:20]}` {_UNNAMED}")
        elif len(fitting) > 1 and len(values) > 1:
            read = read._replace(remark=read.remark or _IN_ORDER)
        found.append(read)
    if left and found and not named and len(asked) == 1:
        last = found.pop()
        several = "several values, and it does not say which one is the answer"
        whole = last.answer._replace(given=None, doubt="", text=", ".join((last.answer.text, *left))[:SHOWN])
        found.append(Spelled(whole, several))
    elif (left or unknown) and found:
        unread = (*left, *unknown)[0][:SHOWN]
        found[-1] = found[-1]._replace(remark=found[-1].remark or f"`{unread}` is not read: it {_UNNAMED}")
    return found


def _begins_with_value(text: str) -> bool:
    """Whether nothing stands before a value that may make it mean something else."""
    bare = without_side_names(text)
    return _LEADING.match(bare) is not None or are_silent(VALUE.split(bare)[0].strip(" =:").split())


def _fits(name: str, text: str, expected: Expected) -> bool:
    """Whether a value without a name can be about this quantity: only some have several sizes, one has a matrix."""
    if quantity_named(name).form in ("matrix", "words") or "?" in text:
        return True
    return name in SIZED or len(sizes_in(text, expected)) < 2
