"""One number of a result worked out as on a slide: the windows that it is made of, and the sums in words.

Nothing here knows a layer, and nothing is set in columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.by_hand import Number
from cnncalc.quantities import exact

MOST_TERMS = 30
"""Terms of a sum that are written out; of a longer one the first and the last are, and the result is that of all."""

FIRST_TERMS = 6

_DIGITS = ContextVar("digits of a float", default=10)


@contextmanager
def rounded_to(digits: int) -> Iterator[None]:
    """Inside, floats are written with so many digits; what is computed stays as it is."""
    before = _DIGITS.set(digits)
    try:
        yield
    finally:
        _DIGITS.reset(before)


class Seen(NamedTuple):
    """A number that a window lies on; `is_pad`: it belongs to the padding.  None as its value: nothing is there."""

    value: Number | None
    is_pad: bool = False


class Window(NamedTuple):
    """What one number of the result sees of one channel, and the kernel that is laid on it where there is one.

    It lies on these rows and columns of a channel's slice, all counted from 0; those outside the map are padding.
    """

    name: str
    seen: Sequence[Sequence[Seen]]
    kernel: Sequence[Sequence[Number]] | None = None
    channel: int = 0
    slice: int = 0
    rows: Sequence[int] = ()
    columns: Sequence[int] = ()


class Work(NamedTuple):
    """One number worked out: by which layer, from what, in which steps.

    `kernel_name` says how the kernel lies there, `pads` what the padding holds, empty where none is seen.  `drawn` are
    the windows that only a picture shows, where the sums alone say them in a text.
    """

    word: str
    sums: tuple[str, ...]
    result: Number
    windows: tuple[Window, ...] = ()
    kernel_name: str = "kernel"
    pads: str = ""
    drawn: tuple[Window, ...] = ()


def written(value: Number) -> str:
    """A number as it is printed: whole, as a decimal that ends, as a fraction, or a float to ten digits or fewer.

    >>> written(3), written(Fraction(1, 4)), written(Fraction(1, 3)), written(0.1 + 0.2)
    ('3', '0.25', '1/3', '0.3')
    """
    return f"{value:.{_DIGITS.get()}g}" if isinstance(value, float) else exact(value)


def in_product(value: Number) -> str:
    """A number as it stands in a product or a sum: in brackets where its sign or its fraction needs them.

    >>> in_product(3), in_product(-1), in_product(Fraction(1, 3))
    ('3', '(-1)', '(1/3)')
    """
    text = written(value)
    return f"({text})" if text.startswith("-") or "/" in text else text


def added(terms: Sequence[str], result: Number | None = None, *, what: str = "terms") -> str:
    """`1*2 + 3*4 = 14`; of very many terms the first and the last, and how many they are."""
    shown = list(terms)
    if len(terms) > MOST_TERMS:
        shown = [*terms[:FIRST_TERMS], "...", terms[-1]]
    said = " + ".join(shown) or "0"
    if len(terms) > MOST_TERMS:
        said += f" ({len(terms):,} {what})"
    return said if result is None else f"{said} = {written(result)}"


def product_of(a: Number, b: Number) -> str:
    """`3*(-1)`: without spaces, so that no product is broken at the end of a line."""
    return f"{in_product(a)}*{in_product(b)}"


def exact_quotient(total: Number, count: Number) -> Number:
    """A sum divided by a count, exact as long as both are."""
    if isinstance(total, float) or isinstance(count, float):
        return total / count
    return Fraction(total) / count
