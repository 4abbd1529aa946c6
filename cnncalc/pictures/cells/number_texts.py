"""Numbers and sums as they are drawn: fractions exact, floats rounded, a sum as on the slides, long lines broken.

`3·5 − 0 − 3 − 2`: what is added comes first, weights of 0 are left out, weights of 1 are not written.  No shapes here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite

from cnncalc.analysis.by_hand import Number
from cnncalc.analysis.worked_cells.one_number import Window, written
from cnncalc.pictures.scene.letters import text_width

LONGEST = 8
"""Letters of a number that is drawn exactly; a longer one is rounded."""

ALL_TERMS = 9
"""Of more products those with a number that is 0 are left out; the slides write those of a 3x3 kernel."""

MOST_DRAWN, FIRST_TERMS = 16, 6
"""Products of a sum that are written out: of more the first and the last; a grid has them all."""

MOST_LINES = 6
"""Lines of one sum; of a longer one the end is left out."""

_LONG_DECIMAL = re.compile(r"\d+\.\d{4,}(?:e[+-]?\d+)?")
_MINUS = re.compile(r"-(?=[\d.(])|(?<= )-(?= )")


def shown(value: Number, places: int = 3) -> str:
    """A number in a cell: a whole number and a fraction as they are, a decimal with so many places at most.

    >>> shown(-3), shown(Fraction(-2, 3)), shown(0.12345), shown(-1234.5678), shown(10**12), shown(0.0), shown(-3.0)
    ('−3', '−2/3', '0.123', '−1234.57', '1.00e+12', '0', '−3')
    """
    if not value:
        return "0"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = written(value) if isinstance(value, int | Fraction) and _is_short(value) else ""
    if not text or len(text) > LONGEST or len(text.partition(".")[2]) > places:
        text = _rounded(value, places)
    return text.replace("-", "−")


def is_rounded(value: Number) -> bool:
    """Whether `shown` leaves something of a number out.

    >>> is_rounded(0.12345), is_rounded(5.0), is_rounded(0.25), is_rounded(Fraction(1, 3))
    (True, False, False, False)
    """
    if isinstance(value, float) and not isfinite(value):
        return False
    text = shown(value).replace("−", "-")
    return "/" not in text and Fraction(text) != (Fraction(repr(value)) if isinstance(value, float) else value)


def in_cell(value: Number, places: int) -> str:
    """A number in a grid, where a very small one is no wider than others: `0` is exactly 0, `0.00` is not.

    >>> in_cell(0.0, 2), in_cell(-0.00012, 2), in_cell(0.126, 2)
    ('0', '−0.00', '0.13')
    """
    if value and magnitude(value) < Fraction(1, 2 * 10**places):
        return f"{'−' if value < 0 else ''}{0:.{places}f}"
    return shown(value, places)


def _is_short(value: int | Fraction) -> bool:
    limit: int = 10**LONGEST
    return abs(value.numerator) < limit and value.denominator < limit


def _rounded(value: Number, places: int) -> str:
    exact = isinstance(value, int | Fraction)
    number = Decimal(value.numerator) / Decimal(value.denominator) if exact else Decimal(float(value))  # type: ignore[union-attr]
    if not number.is_finite():
        return str(float(value))
    size = abs(number)
    if size >= 10**6 or 0 < size < Decimal(5) / 10 ** (places + 1):
        return f"{number:.{min(places, 2)}e}"
    text = f"{number:.{places if size < 100 else min(places, 2)}f}"
    return text.lstrip("-") if Decimal(text) == 0 else text


def slide_sum(windows: Iterable[Window]) -> str:
    """Numbers times weights as a slide writes them; what a padding of zeros adds is left out.

    >>> from cnncalc.analysis.worked_cells import Seen
    >>> seen = [[Seen(0, True), Seen(0, True)], [Seen(105), Seen(102)]]
    >>> slide_sum([Window("", seen, [[0, -1], [5, -1]])])
    '105·5 − 102'
    """
    pairs: list[tuple[Number, Number]] = [
        (one.value, weight)
        for window in windows
        for row, weights in zip(window.seen, window.kernel or (), strict=True)
        for one, weight in zip(row, weights, strict=True)
        if one.value is not None and weight and not (one.is_pad and not one.value)
    ]
    count = len(pairs)
    if count > ALL_TERMS:
        pairs = [pair for pair in pairs if pair[0]]
    pairs.sort(key=lambda pair: pair[1] < 0)
    terms = [("−" if weight < 0 else "+", _product(value, magnitude(weight))) for value, weight in pairs]
    if len(terms) > MOST_DRAWN:
        terms = [*terms[:FIRST_TERMS], ("+", "…"), terms[-1]]
    text = " ".join(f"{sign} {term}" for sign, term in terms) or "0"
    text = text.removeprefix("+ ")
    if text.startswith("− "):
        text = f"−{text[2:]}"
    return f"{text} ({count:,} products)" if len(pairs) > MOST_DRAWN else text


def has_left_out(window: Window) -> bool:
    """Whether the sum of a window is so long that its products of 0 are not written."""
    numbers = [one for row in window.seen for one in row if one.value is not None]
    return len(numbers) > ALL_TERMS and any(not one.value and not one.is_pad for one in numbers)


def _product(value: Number, weight: Number) -> str:
    own = _bracketed(shown(value))
    return own if weight == 1 else f"{own}·{_bracketed(shown(weight))}"


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") or "/" in text else text


def typeset(text: str) -> str:
    """A sum of a text with the signs of print, its long decimals rounded.

    >>> typeset("0.123456789*(-2) + 3 (bias) = 2.753086422")
    '0.123·(−2) + 3 (bias) = 2.753'
    """
    rounded = _LONG_DECIMAL.sub(lambda found: _rounded(float(found[0]), 3), text)
    return _MINUS.sub("−", re.sub(r"(?<=\S)\*(?=\S)", "·", rounded))


def has_long_decimals(text: str) -> bool:
    """Whether `typeset` rounds something in the text."""
    return bool(_LONG_DECIMAL.search(text))


def broken(text: str, size: float, width: float) -> Sequence[str]:
    """The text in lines no wider than this, broken at its spaces; of very many lines the first ones."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"… {lines[-1]}"]


def magnitude(value: Number) -> Number:
    """The number without its sign: `abs` of a union has no type."""
    return -value if value < 0 else value
