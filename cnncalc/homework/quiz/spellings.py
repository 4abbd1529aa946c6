"""The spellings in which students type an answer, for platforms that compare texts letter by letter.

A shape is typed as 28x28x8, (28, 28, 8) or with the channels first; our own checker reads all of these and more, a
platform only those that are listed.  Numbers are compared as numbers there, but Moodle reads 1,168 as 1.168.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from cnncalc.asked.quantity import Right
from cnncalc.geometry import Shape

_ALL = ("{x}x", "{x} x ", "{x},", "{x}, ", "({x}, )", "{x}\u00d7", "{x} \u00d7 ", "({x},)", "[{x}, ]", "[{x},]")
COMMON = 5
"""So many of the spellings, the first, are what most students type."""


def _joined(sizes: Sequence[int], form: str) -> str:
    before, rest = form.split("{x}")
    between = rest.rstrip(")]")
    return before + between.join(map(str, sizes)) + rest[len(between) :]


def of_sizes(sizes: Sequence[int]) -> tuple[str, ...]:
    """The sizes as they may be typed; the first is our own.

    >>> of_sizes((28, 28, 8))[:3]
    ('28x28x8', '28 x 28 x 8', '28,28,8')
    """
    if len(sizes) == 1:
        return (str(sizes[0]),)
    return (*(_joined(sizes, form) for form in _ALL), "*".join(map(str, sizes)), " ".join(map(str, sizes)))


def typed(own: str, sizes: tuple[int, ...]) -> tuple[str, ...]:
    """Several sizes as they may be typed, first `own`, as our language writes them.

    A padding has two forms: 2x1 for each axis, 2,2,1,1 for each side.

    >>> typed("2x1", (2, 2, 1, 1))[:5], "2, 2, 1, 1" in typed("2x1", (2, 2, 1, 1))
    (('2x1', '2 x 1', '2,1', '2, 1', '(2, 1)'), True)
    """
    short = tuple(int(size) for size in re.split("[x,]", own))
    return tuple(dict.fromkeys((own, *of_sizes(short), *of_sizes(sizes))))


def channels_first(right: Right) -> tuple[str, ...]:
    """The same shape with its channels first, where that is another text."""
    if not isinstance(right, Shape) or not right.rank:
        return ()
    own = of_sizes(right.sizes())
    return tuple(text for text in of_sizes(right.sizes("channels_first")) if text not in own)


def as_moodle_reads(value: Fraction) -> tuple[Fraction, ...]:
    """What Moodle reads when the number is typed plainly, and with one separator of thousands: 1168, and 1.168.

    A single comma is a decimal point to it (qtype_numerical, `apply_units`); spaces and several commas it drops.  Of
    2,000 it makes 2, which may be somebody's wrong answer.

    >>> as_moodle_reads(Fraction(1168))
    (Fraction(1168, 1), Fraction(146, 125))
    """
    if value.denominator != 1 or value % 1000 == 0 or not 1000 <= abs(value) < 1_000_000:
        return (value,)
    return (value, value / 1000)
