"""A number as a person or a paper states it: `4.11G`, `25.6M`, `138 M params`, `98MB`, `93.2MiB`, `140.7 BFLOPs`.

Reading keeps what the last digit is worth, so that a rounded number can be compared by its own digits.  Bytes are
MB = 10^6 or MiB = 2^20 as written.  Exact (`Fraction`) and bounded; what is counted is not decided here.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.quantities import MOST_DIGITS, ungrouped

LONGEST = 40
"""Characters of a text that may be a number."""

_NUMBER = re.compile(r"[~≈]?\s*([0-9][0-9,_]*|(?=\.[0-9]))(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?\s*(.*)", re.DOTALL)
_PREFIXED = re.compile(r"(thousand|million|billion|trillion|[kmgbt])?[\s-]*(.*)", re.IGNORECASE)
_BYTES = re.compile(r"([kmgt]?)(i?)\s*b(?:ytes?)?", re.IGNORECASE)
_POWERS = {"": 0, "k": 3, "m": 6, "g": 9, "b": 9, "t": 12, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_COUNTED = {
    **dict.fromkeys(("flops", "flop", "ops", "op"), "flops"),
    **dict.fromkeys(("macs", "mac", "madds", "madd", "mult-adds", "mult-add", "multadds", "multiply-adds"), "macs"),
    **dict.fromkeys(("mul-adds", "mul-add", "muladds"), "macs"),
    **dict.fromkeys(("params", "param", "parameters", "parameter", "weights", "weight"), "params"),
    **dict.fromkeys(("activations", "activation", "elements", "values"), "activations"),
}
"""What may be written after a number -> what is counted."""

LONG_IN_BYTES = 4
"""Digits from which a whole number with a lone B after it is in bytes."""

_POWER_OF_TEN = re.compile(r"(?<=[0-9.])\s*[\N{MULTIPLICATION SIGN}x*]\s*10(?:\^|\*\*)([0-9]{1,4})(?![0-9])")
_SPACED = re.compile(r"(?<![0-9.,_])[0-9]{1,3}(?:[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}][0-9]{3})+(?![0-9])")

HELP = "write a number with its unit: 4.11G, 25.6M, 25,557,032, 98MB, 93.2MiB, 4.1GFLOPs"


class StatedNumber(NamedTuple):
    """A number as it was written.

    `value` is exact, and in bytes where `unit` is "bytes"; `step` is what one unit of its last digit is worth; `unit`
    is what is written after it: "flops", "macs", "params", "activations", "bytes" or "".  `per_second` is true of a
    rate (`900GB/s`).
    """

    text: str
    value: Fraction
    step: Fraction
    unit: str = ""
    per_second: bool = False


def stated_number(text: str, option: str = "") -> StatedNumber:
    """The number that a text states; `option` names in an error where it was given.

    Raises InputError for what is no number, is negative or is too long.

    >>> stated_number("4.11G")
    StatedNumber(text='4.11G', value=Fraction(4110000000, 1), step=Fraction(10000000, 1), unit='', per_second=False)
    >>> found = stated_number("93.2MiB"); found.value == Fraction(932, 10) * 2**20, found.unit
    (True, 'bytes')
    >>> found = stated_number("4.1 GFLOPs"); int(found.value), int(found.step), found.unit
    (4100000000, 100000000, 'flops')
    """
    written = text.strip()
    if len(written) > LONGEST:
        raise _unreadable(option, f"`{printable(written[:LONGEST])}...` is too long for a number", HELP)
    if re.match(r"[-\N{MINUS SIGN}]\s*[0-9.]", written):
        raise _unreadable(option, f"`{printable(written)}` is negative", f"leave the sign out: {written[1:].strip()}")
    match = _NUMBER.fullmatch(_without_spelling(written))
    if match is None:
        raise _unreadable(option, f"`{printable(written)}` is no number" if written else "the number is empty", HELP)
    whole, decimals, exponent, rest = match[1], match[2] or "", int(match[3] or 0), match[4].strip()
    mantissa = _digits(whole, written, option) + decimals
    if len(mantissa) > MOST_DIGITS or abs(exponent) > MOST_DIGITS:
        raise _unreadable(option, f"`{printable(written)}` has more than {MOST_DIGITS} digits", HELP)
    is_long = not decimals and exponent == 0 and len(mantissa) >= LONG_IN_BYTES
    scale, unit, per_second = _unit(rest, written, option, is_long=is_long)
    step = Fraction(10) ** (exponent - len(decimals)) * scale
    return StatedNumber(written, int(mantissa) * step, step, unit, per_second)


def stated_bytes(given: str | float, option: str) -> int:
    """The bytes that a text states with their unit, `8GB`, `24GiB`; a number is bytes already.

    Raises InputError for another unit or none, and for no bytes at all.

    >>> stated_bytes("8GB", "--within"), stated_bytes("1.5 MiB", "--within"), stated_bytes(8e9, "within")
    (8000000000, 1572864, 8000000000)
    """
    if not isinstance(given, str):
        return int(positive(given, option))
    found = stated_number(given, option)
    if found.unit != "bytes" or found.per_second:
        plain = found.text.rstrip("kKmMgGtTbB ") if not found.unit else "8"
        what = f"`{printable(found.text)}` is no amount of memory"
        raise _unreadable(option, what, f"write the unit: {option} {plain}GB, or {plain}GiB")
    if not found.value:
        what = f"`{printable(found.text)}` is no memory at all"
        raise _unreadable(option, what, f"write how much there is: {option} 8GB")
    return int(found.value)


def positive(given: float, option: str) -> Fraction:
    """A number above 0 that has an end, exactly; raises InputError for any other."""
    if not 0 < given < 10**MOST_DIGITS:
        raise _unreadable(option, f"{given} is no number above 0 and below 10^{MOST_DIGITS}", HELP)
    return Fraction(given)


def _without_spelling(written: str) -> str:
    """The text with one spelling for several: a power of ten, spaces that group digits, a full stop at the end.

    >>> _without_spelling("3.8 x 10^9"), _without_spelling("15 470 264 320"), _without_spelling("4.11 GFLOPs.")
    ('3.8e9', '15470264320', '4.11 GFLOPs')
    """
    plain = _SPACED.sub(lambda match: re.sub(r"\s", "", match[0]), _POWER_OF_TEN.sub(r"e\1", written))
    return plain[:-1] if re.search(r"[A-Za-z]\.$", plain) else plain


def _digits(whole: str, written: str, option: str) -> str:
    """The digits before the point, without the commas or underscores that group them."""
    plain = ungrouped(whole)
    if plain and not plain.isdigit():
        advice = f"write a point: {written.replace(',', '.', 1)}" if whole.count(",") == 1 else HELP
        raise _unreadable(option, f"`{printable(written)}` has a comma or `_` that does not group three digits", advice)
    return plain


def _unit(rest: str, written: str, option: str, *, is_long: bool) -> tuple[Fraction, str, bool]:
    """What the number is multiplied by, what it counts, and whether that is a rate.

    A lone B is a billion, `7B`, and after a number that `is_long` a byte, `246824 B`.
    """
    word = re.sub(r"\s*(?:/|per )\s*s(?:ec(?:ond)?)?$", "", rest, flags=re.IGNORECASE)
    in_bytes = _BYTES.fullmatch(word)
    if in_bytes and (word.lower() != "b" or (word == "B" and is_long)):
        base = 1024 if in_bytes[2] else 1000
        return Fraction(base) ** (_POWERS[in_bytes[1].lower()] // 3), "bytes", word != rest
    for prefix, counted in _splits(word):
        if counted in _COUNTED or not counted:
            return Fraction(10) ** _POWERS[prefix], _COUNTED.get(counted, ""), word != rest
    what = f"`{printable(written)}` is no number: `{printable(rest)}` is no unit"
    raise _unreadable(option, what, "the units are k, M, G, T, alone or with FLOPs, MACs, params or B, and MiB, GiB")


def _splits(word: str) -> tuple[tuple[str, str], ...]:
    """A unit as its power of ten and what is counted: `GFLOPs`; `macs` has no power, though it begins with an m."""
    lower = word.lower()
    match = _PREFIXED.fullmatch(lower)
    return (("", lower), (match[1] or "", match[2])) if match else (("", lower),)


def _unreadable(option: str, what: str, advice: str) -> InputError:
    return input_error("unreadable-number", f"{option}: {what}" if option else what, help=advice)
