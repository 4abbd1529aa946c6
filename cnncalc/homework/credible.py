"""Whether a wrong answer can have been worked out: only then may a later answer follow from it.

What somebody worked out with one mistake is half right, or not far off; what nobody worked out is neither, or it is
the same everywhere.  This module compares one value with another: which value arrives, and whether a slip explains
the answer, is known to those who ask.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from cnncalc.asked import FIELD, SHAPE, SIZE
from cnncalc.geometry import Shape
from cnncalc.homework.truth import COUNTED, PlaceKind, Truth
from cnncalc.spec.document import Answer

FACTOR = 2
"""How many times too large or too small a number may be that was worked out with some mistake."""

OFTEN = 3
"""How many different places of one answer are no chance."""

Given = tuple[str, object]
"""What was answered, and to which question, where that makes a difference."""

CARRIED = (*COUNTED, SIZE.name, SHAPE.name, FIELD.name)
"""What other answers follow from, and what the same number may be written for everywhere."""

Claimed = tuple[PlaceKind, int, Answer]


def near(given: Fraction | int, right: Fraction | int) -> bool:
    """Whether a number is no further off than by the factor.

    >>> near(40, 80), near(39, 80), near(0, 0)
    (True, False, True)
    """
    return given * FACTOR >= right and given <= right * FACTOR


def like_sizes(given: tuple[int, ...], right: tuple[int, ...]) -> bool:
    """Whether half of the sizes are right, or none is far off; a 1 says nothing, be it right or not.

    >>> like_sizes((26, 26, 64), (24, 24, 32)), like_sizes((1, 1, 10), (7, 7, 10)), like_sizes((1, 1, 1), (1, 1, 2))
    (True, False, False)
    """
    if len(given) != len(right):
        return False
    pairs = [(a, b) for a, b in zip(given, right, strict=True) if (a, b) != (1, 1)]
    half = 2 * sum(a == b for a, b in pairs) >= len(pairs)
    return half or all(a > 1 and near(a, b) for a, b in pairs)


def like_shape(given: Shape, right: Shape) -> bool:
    """Whether a shape can have been worked out where another one is right."""
    return like_sizes(given.sizes(), right.sizes())


class Repeated(NamedTuple):
    """Answers given in several places, wrongly in all of them, although different ones are right.

    `twice`: nothing follows from such a one because it is not far off.  `filled_in`: those, with their places, that
    are wrong in three different ways or the only answer anywhere: nothing explains them but one slip for all.
    """

    twice: frozenset[Given]
    filled_in: dict[Given, list[Claimed]]


def repeated(truth: Truth, claims: Iterable[Claimed]) -> Repeated:
    """The answers that were repeated.  One answer that counts for several copies of a line was given once."""
    wrong: dict[Given, list[Claimed]] = {}
    rights: dict[Given, set[object]] = {}
    given: dict[str, Counter[Given]] = {}
    seen: set[int] = set()
    for kind, index, answer in claims:
        if answer.given is None or answer.asked not in CARRIED or id(answer) in seen:
            continue
        seen.add(id(answer))
        verdict, right = truth.verdict(answer, truth.subject(kind, index))
        given.setdefault(answer.asked, Counter())[given_of(answer)] += 1
        if verdict.ok is False and not isinstance(right, list):
            rights.setdefault(given_of(answer), set()).add(right)
            wrong.setdefault(given_of(answer), []).append((kind, index, answer))
    twice = frozenset(value for value, found in rights.items() if len(found) > 1)
    alone = {value for values in given.values() if len(values) == 1 and values.total() >= OFTEN for value in values}
    filled_in = {value: wrong[value] for value in twice if len(rights[value]) >= OFTEN or value in alone}
    return Repeated(twice, filled_in)


def given_of(answer: Answer) -> Given:
    """What was answered, to be compared with other answers: `7x7x7` and `7` are one, whatever was asked.

    None of something is no number: what has no parameters may well have no biases.
    """
    given = answer.given
    if isinstance(given, tuple) and len(set(given)) == 1:
        given = Fraction(given[0])
    return ("" if isinstance(given, Fraction) and given else answer.asked), given
