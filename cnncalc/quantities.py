"""Numbers as people write and read them: the one place that reads `138M` and writes `25,557,032`.

Reading is exact (`Fraction`, never a float) and bounded: more than `MOST_DIGITS` digits is nobody's homework.
Writing rounds for display only.  Bytes are MB = 10^6 or MiB = 2^20, and always say which.  Standard library only.
"""

from __future__ import annotations

import re
from fractions import Fraction

MOST_DIGITS = 18
"""The longest number that is read, in digits; the largest exponent too."""

_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*"
_NUMBER = re.compile(rf"([+-]?)({_GROUPED})?(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?([kKmMgGbBtT]?)")
_COMMAS = r"[1-9][0-9]{0,2}(?:,[0-9]{3})+"
_UNDERSCORES = r"[0-9]+(?:_[0-9]+)+"
_LONG = rf"[0-9]{{{MOST_DIGITS + 1}}}"
_POWERS = {"": 0, "k": 3, "m": 6, "g": 9, "b": 9, "t": 12}
_UNITS = ((12, "T"), (9, "G"), (6, "M"), (3, "k"))


def ungrouped(text: str) -> str:
    """The number without the commas or underscores that group its digits; any other text as it is.

    >>> ungrouped("1,000"), ungrouped("1_000"), ungrouped("0,1,0,1")
    ('1000', '1000', '0,1,0,1')
    """
    if "," in text and re.fullmatch(_COMMAS, text):
        return text.replace(",", "")
    return text.replace("_", "") if "_" in text and re.fullmatch(_UNDERSCORES, text) else text


def is_too_long(text: str) -> bool:
    """Whether the text holds a number with more than `MOST_DIGITS` digits, or an exponent beyond it.

    >>> is_too_long("1" * 19), is_too_long("1e400"), is_too_long("1,000")
    (True, True, False)
    """
    if len(text) > MOST_DIGITS and re.search(_LONG, ungrouped(text).replace("_", "")):
        return True
    match = _NUMBER.fullmatch(text) if "e" in text or "E" in text else None
    if match is None:
        return False
    exponent = match[4] or "0"
    return len(exponent) > 4 or abs(int(exponent)) > MOST_DIGITS


def whole_number(text: str) -> int | None:
    """`7600`, `7,600` or `7_600` as an int; None for anything else.

    >>> whole_number("7,600"), whole_number("2.5"), whole_number("-1")
    (7600, None, None)
    """
    plain = ungrouped(text)
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= MOST_DIGITS else None


def number(text: str) -> Fraction | None:
    """`7,600`, `-2`, `.5`, `1/9`, `138M`, `1.2e6` as an exact number; None for anything else or what is too long.

    >>> number("138M"), number("1.2e6"), number("-1/9"), number("28x28")
    (Fraction(138000000, 1), Fraction(1200000, 1), Fraction(-1, 9), None)
    """
    plain = text.replace("\N{MINUS SIGN}", "-")
    digits = plain.removeprefix("-")
    if digits.isascii() and digits.isdigit():
        return Fraction(int(plain)) if len(digits) <= MOST_DIGITS else None
    if "/" in plain:
        above, _, below = plain.partition("/")
        top, bottom = number(above), number(below) if "/" not in below else None
        return top / bottom if top is not None and bottom else None
    match = _NUMBER.fullmatch(plain)
    if match is None or not (match[2] or match[3]) or is_too_long(plain):
        return None
    sign, whole, decimals, exponent, unit = match.groups()
    mantissa = re.sub("[,_]", "", whole or "") + (decimals or "")
    power = int(exponent or 0) + _POWERS[unit.lower()] - len(decimals or "")
    value = Fraction(int(mantissa)) * Fraction(10) ** power
    return -value if sign == "-" else value


def exact(value: Fraction | int) -> str:
    """The number so that `number` reads it back unchanged: `3`, `-0.25`, `1/9`.

    >>> exact(Fraction(1, 4)), exact(Fraction(1, 9)), exact(7)
    ('0.25', '1/9', '7')
    """
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    places = decimal_places(value)
    if places is None or places + len(str(abs(int(value)))) > MOST_DIGITS:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def decimal(value: float) -> int | Fraction:
    """What was meant by a number that was written in decimals or as a fraction.

    >>> print(decimal(0.1), decimal(1 / 255), decimal(2.0))
    1/10 1/255 2
    """
    simple = Fraction(value).limit_denominator(1000)
    found = simple if float(simple) == value else Fraction(str(value))
    return found.numerator if found.denominator == 1 else found


def decimal_places(value: Fraction) -> int | None:
    """How many decimals write the number exactly: 0 for a whole one, None where no `MOST_DIGITS` of them are enough.

    >>> decimal_places(Fraction("0.667")), decimal_places(Fraction(2)), decimal_places(Fraction(1, 3))
    (3, 0, None)
    """
    places = 0
    while 10**places % value.denominator:
        places += 1
        if places > MOST_DIGITS:
            return None
    return places


def grouped(value: int) -> str:
    """All digits, grouped by three.

    >>> grouped(25557032)
    '25,557,032'
    """
    return f"{value:,}"


def short(value: int | Fraction) -> str:
    """Three significant digits and a unit, for display: a thousand is `k`, a million `M`, 10^9 `G`, 10^12 `T`.

    >>> short(4089184256), short(999_999), short(850)
    ('4.09 G', '1.00 M', '850')
    """
    size = abs(Fraction(value))
    if size < 1000:
        return exact(value) if Fraction(value).denominator == 1 else f"{float(value):.3g}"
    for power, unit in reversed(_UNITS):
        scaled = _three_digits(Fraction(value) / 10**power)
        if scaled is not None:
            return f"{scaled} {unit}"
    return f"{grouped(round(Fraction(value) / 10**12))} T"


def with_unit(value: int | Fraction, unit: str) -> str:
    """The number in short with what it counts: a prefix is written at its unit, a plain number has a space.

    >>> with_unit(4089184256, "FLOPs"), with_unit(12, "FLOPs")
    ('4.09 GFLOPs', '12 FLOPs')
    """
    written = short(value)
    return f"{written}{'' if written[-1].isalpha() else ' '}{unit}"


def _three_digits(value: Fraction) -> str | None:
    """The number with three significant digits, or None when it rounds to 1000 or more."""
    for places, limit in ((2, 10), (1, 100), (0, 1000)):
        rounded = round(value, places)
        if abs(rounded) < limit:
            return f"{float(rounded):.{places}f}"
    return None


def megabytes(count: int) -> str:
    """Bytes as MB = 10^6 bytes, two decimals.

    >>> megabytes(4 * 15_237_608)
    '60.95 MB'
    """
    return f"{_two_decimals(Fraction(count, 10**6))} MB"


def mebibytes(count: int) -> str:
    """Bytes as MiB = 2^20 bytes, two decimals.

    >>> mebibytes(4 * 15_237_608)
    '58.13 MiB'
    """
    return f"{_two_decimals(Fraction(count, 2**20))} MiB"


def hundredths(value: Fraction | int) -> str:
    """The number with two decimals; more than nothing never reads as `0.00`.

    >>> hundredths(Fraction(6095, 100)), hundredths(Fraction(1, 10**6)), hundredths(0)
    ('60.95', '<0.01', '0.00')
    """
    if 0 < value < Fraction(5, 1000):
        return "<0.01"
    return _two_decimals(Fraction(value))


def _two_decimals(value: Fraction) -> str:
    return f"{float(round(value, 2)):,.2f}"


def percent(share: Fraction) -> str:
    """A share of the whole with one decimal: `12.5%`; more than nothing never reads as `0.0%`.

    >>> percent(Fraction(1, 8)), percent(Fraction(1, 10**6)), percent(Fraction(0))
    ('12.5%', '<0.1%', '0.0%')
    """
    if 0 < share <= Fraction(1, 2000):
        return "<0.1%"
    return f"{float(round(share * 100, 1)):.1f}%"
