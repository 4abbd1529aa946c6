"""A number as somebody wrote it by hand: with the separators of any country, a unit, a power of ten, as a share.

`quantities.number` reads the one spelling of our own notation; here `1.168`, `4 640`, `73'984`, `80,00`, `1,23,456`,
`7.3984*10^4`, `1,5 Mio`, `~500K`, `75%` and digits of other scripts are read too.  Where a sign may stand before
decimals or between groups of digits there are two readings, and both are given: which one counts is decided by the
signs of the whole text and by whether a count is asked, never silently.  Time is bounded: a long text is no number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from cnncalc.quantities import MOST_DIGITS, exact, grouped

LONGEST_NUMBER = 80
"""Characters of a text that may be a number."""

_SPACE = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}\u2004\u2005\u2006\u200a\t"
_APOSTROPHES = "’‘ʼ´`′＇"
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c"
_SIGNS = str.maketrans(
    dict.fromkeys(_SPACE, " ")
    | dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_UNSEEN)
    | dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}－", "-")
    | {
        "，": ",",
        "．": ".",
        "٬": "'",
        "٫": ".",
        "⁄": "/",
        "∕": "/",
        "％": "%",
        "٪": "%",
        "＋": "+",
        "½": " 1/2",
        "¼": " 1/4",
        "¾": " 3/4",
    }
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER_RAISED = re.compile("10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")
_LATEX = ((r"\times", "*"), (r"\cdot", "*"), (r"\,", " "), (r"\%", "%"), ("{,}", ","), ("{.}", "."), ("$", ""))

_UNITS = {
    **dict.fromkeys(("k", "thousand", "tsd", "tausend"), 3),
    **dict.fromkeys(("m", "mio", "mill", "million", "millions", "millionen", "millones", "mln"), 6),
    **dict.fromkeys(("g", "b", "bn", "mrd", "billion", "billions", "milliarde", "milliarden"), 9),
    **{"t": 12, "万": 4, "萬": 4, "亿": 8, "億": 8, "lakh": 5, "crore": 7},
}
"""What may stand behind a number -> the power of ten that it means."""

_DIGITS = r"[0-9][0-9.,'_ ]*|[.,][0-9]+"
_POWER = r" ?[*x×·⋅∙✕] ?10 ?(?:\^|\*\*) ?[({]?([+-]?[0-9]{1,3})[)}]?"
_NUMBER = re.compile(
    rf"([+-]?) ?({_DIGITS})(?:{_POWER}|[eE]([+-]?[0-9]{{1,3}}))? ?(%|[a-z万萬亿億]+)?\.?", re.IGNORECASE
)
_PERCENT = re.compile(
    r" ?(?:per ?cento?|pour ?cent|por ?cento|por ?ciento|prozent|procent|procento?|%)$", re.IGNORECASE
)
_POWER_ALONE = re.compile(r"10 ?(?:\^|\*\*) ?[({]?([0-9]{1,3})[)}]?")
_THREES = r"[0-9]{1,3}(?:%s[0-9]{3})+"
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")
_OTHER = {",": ".", ".": ","}
_IN_TEXT = re.compile(r"(?<![^\s=>:~≈|])[0-9][0-9.,'’]{1,40}(?![^\s;!|])")


class Signs(NamedTuple):
    """Which of `.` and `,` stand before decimals in a text; empty where the text does not say."""

    decimal: str = ""


UNKNOWN = Signs()


class Readings(NamedTuple):
    """What a written number means: the reading that counts, the one that may have been meant too, and how exact it is.

    `digits` is the power of ten of the last digit that was written (0 for 7,600, -2 for 80.00, 6 for 138M, 4 for
    1.25M), None for a fraction such as 1/3: a rounded number is within half of that power.
    """

    value: Fraction
    other: Fraction | None = None
    digits: int | None = 0
    approximate: bool = False

    @property
    def doubt(self) -> str:
        """The other reading as our notation writes it, empty where there is none."""
        return "" if self.other is None else plainly(self.other)


def plainly(value: Fraction) -> str:
    """A number so that it reads in one way only: `3,216` for a whole one, `3.216` for any other.

    >>> plainly(Fraction(3216)), plainly(Fraction("3.216"))
    ('3,216', '3.216')
    """
    return grouped(value.numerator) if value.denominator == 1 else exact(value)


def readings(text: str, signs: Signs = UNKNOWN, *, whole: bool = False) -> Readings | None:
    """What a text means as a number; None for what is no number or far too long for one.

    `signs` are those of the text it stands in (`signs_of`); `whole`: a count is asked, which has no decimals, so that
    1.168 is 1,168.

    A point in front of a power of ten stands before decimals.

    >>> readings("73'984").value, readings("1.168", whole=True).doubt, readings("7.3984*10^4").value
    (Fraction(73984, 1), '1.168', Fraction(73984, 1))
    """
    if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
        return Readings(Fraction(int(text)))
    plain = _plain(text)
    approximate = plain[:1] in ("~", "≈")
    plain = plain.lstrip("~≈ ")
    above, slash, below = plain.partition("/")
    if slash:
        top, bottom = (_one(part.strip(), signs, whole=True) for part in (above, below))
        if top is None or bottom is None or not bottom.value:
            return None
        return Readings(top.value / bottom.value, None, None, approximate)
    found = _one(plain, signs, whole)
    return found._replace(approximate=approximate) if found is not None else None


def has_too_many_digits(text: str) -> bool:
    """Whether a text would be a number if it had fewer digits, or a smaller power of ten."""
    plain = re.sub("[ .,'_]", "", _plain(text[:10_000], 10_000)).lstrip("~≈+-")
    match = re.match(r"[0-9]*", plain)
    long = match is not None and len(match[0]) > MOST_DIGITS
    return long or re.fullmatch(r"[0-9]+e[+-]?[0-9]{2,}", plain, re.IGNORECASE) is not None


def signs_of(answers: Iterable[str]) -> Signs:
    """What the unmistakable numbers of a person's answers say of the signs that this person uses.

    80,00 and 1.168.000 say that decimals stand behind a comma, 80.00 and 1,168,000 behind a point; 73'984 that
    neither sign groups digits.  Where they contradict one another nothing is said.

    >>> signs_of(["80,00"]).decimal, signs_of(["params 1.168.000"]).decimal, signs_of(["80,5", "7.5"]).decimal
    (',', ',', '')
    """
    numbers = {match[0].rstrip(".,").replace("’", "'") for text in answers for match in _IN_TEXT.finditer(text)}
    signed = [number for number in numbers if not number.isdigit()]
    found = {sign for number in signed for sign in _decimal_signs(number)}
    weak = any(re.fullmatch(_THREES % "'", number) for number in signed)
    if len(found) == 1:
        return Signs(found.pop())
    return Signs(".," if weak and not found else "")


def _decimal_signs(written: str) -> Iterable[str]:
    """The sign that certainly stands before decimals in texts with this number."""
    for sign, other in _OTHER.items():
        if re.fullmatch(rf"{_THREES % re.escape(other)}{re.escape(sign)}[0-9]+", written):
            return sign
        if written.count(other) > 1 and re.fullmatch(_THREES % re.escape(other), written):
            return sign
        one = re.escape(sign)
        if re.fullmatch(rf"(?:0|[0-9]{{4,}}){one}[0-9]+|[0-9]+{one}(?:[0-9]{{1,2}}|[0-9]{{4,}})", written):
            return sign
    return ""


def _plain(text: str, most: int = LONGEST_NUMBER) -> str:
    """The text with one sign for each meaning; empty when it is too long for a number."""
    if len(text) > most:
        return ""
    if text.isascii():
        plain = text
    else:
        plain = _POWER_RAISED.sub(lambda match: "10^" + match[1].translate(_RAISED), text).translate(_SIGNS)
        plain = "".join(str(unicodedata.decimal(c, c)) for c in plain)
    if "\\" in plain or "{" in plain or "$" in plain:
        for latex, meant in _LATEX:
            plain = plain.replace(latex, meant)
    return " ".join(plain.split()).rstrip(";,!. ").strip("'\"*")


def _one(text: str, signs: Signs, whole: bool) -> Readings | None:
    """[sign] digits [power of ten | exponent] [unit | "%"]."""
    text = _PERCENT.sub("%", text) if text[-1:].isalpha() else text
    alone = _POWER_ALONE.fullmatch(text)
    match = _NUMBER.fullmatch(f"1*{text}" if alone else text)
    if match is None:
        return None
    sign, digits, raised, exponent, unit = match.groups()
    power = int(raised or exponent or 0)
    scale = -2 if unit == "%" else _UNITS.get((unit or "").lower(), 0 if not unit else None)
    if scale is None or abs(power) > MOST_DIGITS:
        return None
    scaled = bool(raised or exponent or unit)
    is_scientific = bool(raised or exponent) and "." in digits
    read = _read_digits(digits.strip(), UNKNOWN if is_scientific else signs, whole and not scaled)
    found = [_shifted(one, power + scale, sign) for one in (read[:1] if is_scientific else read)]
    if not found:
        return None
    first, *others = found
    if whole and others and first[0].denominator > 1 == others[0][0].denominator:
        first, others = others[0], [first]
    return Readings(first[0], others[0][0] if others else None, first[1])


def _shifted(read: tuple[int, int], power: int, sign: str) -> tuple[Fraction, int]:
    """Digits and how many of them are decimals, with the power of ten that follows: the value and its last digit."""
    digits, decimals = read
    value = Fraction(digits) * Fraction(10) ** (power - decimals)
    return -value if sign == "-" else value, power - decimals


def _read_digits(written: str, signs: Signs, whole: bool) -> list[tuple[int, int]]:
    """Every reading of digits with signs between them, the likelier first: the digits, and how many are decimals."""
    bare = re.sub("[^0-9]", "", written)
    if len(bare) > MOST_DIGITS or not bare:
        return []
    if written.isdigit():
        return [(int(bare), 0)]
    if re.fullmatch("[0-9]+(?:_[0-9]+)+", written):
        return [(int(bare), 0)]
    found = [(int(bare), decimals) for decimals in _decimals(written)]
    if len(found) == 2:
        sign = "." if "." in written else ","
        behind_decimals = sign in signs.decimal if signs.decimal else sign == "."
        if whole or not behind_decimals:
            found.reverse()
    return found


def _decimals(written: str) -> list[int]:
    """How many of the digits can be decimals: two answers for three digits behind a lonely point or comma."""
    if re.fullmatch(r"[0-9]*[.,][0-9]+", written):
        whole, _, decimals = written.replace(",", ".").partition(".")
        both = len(decimals) == 3 and re.fullmatch("[1-9][0-9]{0,2}", whole)
        return [3, 0] if both else [len(decimals)]
    groups, _, decimals = _split(written)
    fits = any(re.fullmatch(_THREES % re.escape(sign), groups) for sign in ",.' ") or _INDIAN.fullmatch(groups)
    return [len(decimals)] if fits and groups[0] != "0" else []


def _split(written: str) -> tuple[str, str, str]:
    """Groups of digits, and the decimals behind a point or comma that stands once and last."""
    for sign in (".", ","):
        before, found, after = written.rpartition(sign)
        if found and after.isdigit() and sign not in before and not before.isdigit():
            return before, sign, after
    return written, "", ""
