"""One number of a result worked out as on a slide: the windows that it is made of, and the sums in words.

Nothing here knows a layer, and nothing is set in columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from math import floor, inf, isfinite, isnan, log10
from typing import NamedTuple

from cnncalc.analysis.by_hand import Number
from cnncalc.quantities import exact

MOST_TERMS, TERMS_OF_MANY = 49, 6
"""Terms of a sum that are written out, as many as a kernel of 7x7 has; of a longer one those that weigh most."""

MOST_ZEROS = 25
"""Terms of a sum whose zeros are written out too."""

MOST_CHANNELS, CHANNELS_OF_MANY = 4, 3
"""Channels whose sums are written out; of more those that weigh most, and what the others add together."""

MOST_DECIMALS = 12

MOST_DIGITS = 17
"""Digits that tell any two floats apart."""

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
    the windows that only a picture shows, where the sums alone say them in a text.  `heaviest` are the channels whose
    windows and sums a text shows where there are too many, empty where it shows all.  `rounding` is how far
    the kernels' float32 may be off where numbers cancel.
    """

    word: str
    sums: tuple[str, ...]
    result: Number
    windows: tuple[Window, ...] = ()
    kernel_name: str = "kernel"
    pads: str = ""
    drawn: tuple[Window, ...] = ()
    heaviest: tuple[int, ...] = ()
    rounding: float = 0.0


class Term(NamedTuple):
    """One addend of a sum: as it is written, and its value."""

    text: str
    value: Number


def written(value: Number) -> str:
    """A number as it is printed: whole, as a decimal that ends, as a fraction, or a float to ten digits or fewer.

    >>> written(3), written(Fraction(1, 4)), written(Fraction(1, 3)), written(0.1 + 0.2)
    ('3', '0.25', '1/3', '0.3')
    """
    return f"{value:.{_DIGITS.get()}g}" if isinstance(value, float) else exact(value)


def one_digit_apart(one: Number, other: Number) -> bool:
    """Whether two floats differ by no more than the last digit that is written of them."""
    size = max(_size(one), _size(other))
    if not isinstance(one, float) or not isinstance(other, float) or not 0 < size < inf:
        return False
    return abs(one - other) <= 1.01 * 10.0 ** (floor(log10(size)) + 1 - _DIGITS.get())


def in_product(value: Number) -> str:
    """A number as it stands in a product or a sum: in brackets where its sign or its fraction needs them.

    >>> in_product(3), in_product(-1), in_product(Fraction(1, 3))
    ('3', '(-1)', '(1/3)')
    """
    text = written(value)
    return f"({text})" if text.startswith("-") or "/" in text else text


def added(
    terms: Sequence[Term], result: Number | None = None, *, what: str = "terms", bias: Number | None = None
) -> str:
    """`1*2 + 3*4 = 14`; of very many terms those that weigh most, and what all the others add together."""
    chosen = weightiest([term.value for term in terms], MOST_TERMS, TERMS_OF_MANY)
    if len(terms) == len(chosen) > MOST_ZEROS:
        chosen = [n for n in chosen if terms[n].value] or chosen[:1]
    shown = [terms[n].text for n in chosen]
    if len(chosen) < len(terms):
        shown.append(f"{in_product(rest_of([term.value for term in terms], chosen))} {others(terms, chosen, what)}")
    if bias is not None:
        shown.append(f"{in_product(bias)} (bias)")
    said = " + ".join(shown) or "0"
    return said if result is None else f"{said} = {written(result)}"


def weightiest(values: Sequence[Number], most: int, of_many: int) -> list[int]:
    """The indexes of all values, or where they are more than `most` of those that are largest, in their order."""
    if len(values) <= most:
        return list(range(len(values)))
    return sorted(sorted(range(len(values)), key=lambda n: _size(values[n]), reverse=True)[:of_many])


def _size(value: Number) -> float:
    size = abs(float(value))
    return inf if isnan(size) else size


def rest_of(values: Sequence[Number], chosen: Sequence[int]) -> Number:
    """What all but the chosen values add."""
    left = set(range(len(values))) - set(chosen)
    return sum(values[n] for n in sorted(left))


def others(values: Sequence[object], chosen: Sequence[int], what: str) -> str:
    """`(the other 25,082 products)`: what stands for the values that are not chosen."""
    return f"(the other {len(values) - len(chosen):,} {what})"


def added_parts(parts: Sequence[tuple[Number, str]], result: Number) -> str:
    """`1.2045 + (-0.31) + 0.0071 (bias) = 0.9016`: numbers, each with what is written behind it.

    Floats have as many decimals as the result, so that what is printed adds up but for its last digit; one of which
    that would leave a digit or none has its own.
    """
    said = " + ".join(f"{_as_exact_as(result, value)} {behind}".rstrip() for value, behind in parts)
    return f"{said or '0'} = {written(result)}"


def _as_exact_as(result: Number, value: Number) -> str:
    """An addend, its last digit where the result has its own."""
    size = _size(result)
    if not isinstance(result, float) or not 0 < size < inf or not isinstance(value, float) or not isfinite(value):
        return in_product(value)
    behind_the_point = _DIGITS.get() - 1 - floor(log10(size))
    decimals = min(MOST_DECIMALS, behind_the_point)
    if abs(value) < 10.0 ** (1 - decimals):
        return in_product(value or 0)
    if decimals < 0:
        said = f"{value:.{min(MOST_DIGITS, floor(log10(abs(value))) + 1 + decimals)}g}"
    else:
        said = f"{value:.{decimals}f}"
        said = said.rstrip("0").rstrip(".") if decimals else said
    return f"({said})" if said.startswith("-") else said


def product_of(a: Number, b: Number) -> str:
    """`3*(-1)`: without spaces, so that no product is broken at the end of a line."""
    return f"{in_product(a)}*{in_product(b)}"


def product_term(a: Number, b: Number) -> Term:
    """A product as an addend."""
    return Term(product_of(a, b), a * b)


def number_term(value: Number) -> Term:
    """A number as an addend."""
    return Term(in_product(value), value)


def square_term(value: Number) -> Term:
    """A square as an addend."""
    return Term(f"{in_product(value)}^2", value * value)


def exact_quotient(total: Number, count: Number) -> Number:
    """A sum divided by a count, exact as long as both are."""
    if isinstance(total, float) or isinstance(count, float):
        return total / count
    return Fraction(total) / count
