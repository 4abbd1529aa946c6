"""A number as a person or a paper states it: `4.11G`, `25.6M`, `138 M params`, `98MB`, `93.2MiB`, `140.7 BFLOPs`.

Reading keeps what the last digit is worth, so that a rounded number can be compared by its own digits.  Bytes are
MB = 10^6 or MiB = 2^20 as written.  Exact (`Fraction`) and bounded; what is counted is not decided here.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, NamedTuple

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.quantities import MOST_DIGITS, exact, ungrouped

LONGEST = 40
"""Characters of a text that may be a number."""

MOST_IMAGES = 10**9
"""The largest batch that is counted."""

_NUMBER = re.compile(r"[~≈]?\s*([0-9][0-9,_]*|(?=\.[0-9]))(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?\s*(.*)", re.DOTALL)
_PREFIXED = re.compile(r"(thousand|million|billion|trillion|[kmgbtp])?[\s-]*(.*)", re.IGNORECASE)
_BYTES = re.compile(r"([kmgtp]?)(i?)\s*b(?:ytes?)?", re.IGNORECASE)
_POWERS = {"": 0, "k": 3, "m": 6, "g": 9, "b": 9, "t": 12, "p": 15}
_POWERS |= {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_PREFIXES = ((15, "P"), (12, "T"), (9, "G"), (6, "M"), (3, "k"))
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


def stated_number(text: str, option: str = "", advice: str = "") -> StatedNumber:
    """The number that a text states; `option` names in an error where it was given, `advice` a spelling for there.

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
        raise _unreadable(option, f"`{printable(written[:LONGEST])}...` is too long for a number", advice or HELP)
    if re.match(r"[-\N{MINUS SIGN}]\s*[0-9.]", written):
        raise _unreadable(option, f"`{printable(written)}` is negative", f"leave the sign out: {written[1:].strip()}")
    match = _NUMBER.fullmatch(_without_spelling(written))
    if match is None:
        raise _unreadable(
            option, f"`{printable(written)}` is no number" if written else "the number is empty", advice or HELP
        )
    whole, decimals, exponent, rest = match[1], match[2] or "", int(match[3] or 0), match[4].strip()
    mantissa = _digits(whole, written, option, advice) + decimals
    if len(mantissa) > MOST_DIGITS or abs(exponent) > MOST_DIGITS:
        raise _unreadable(option, f"`{printable(written)}` has more than {MOST_DIGITS} digits", advice or HELP)
    is_long = not decimals and exponent == 0 and len(mantissa) >= LONG_IN_BYTES
    scale, unit, per_second = _unit(rest, written, option, advice, is_long=is_long)
    step = Fraction(10) ** (exponent - len(decimals)) * scale
    return StatedNumber(written, int(mantissa) * step, step, unit, per_second)


def stated_bytes(given: str | float, option: str) -> int:
    """The bytes that a text states with their unit, `8GB`, `24GiB`, `270344B`; a number is bytes already.

    Raises InputError for another unit or none, and for no bytes at all.

    >>> stated_bytes("8GB", "--within"), stated_bytes("1.5 MiB", "--within"), stated_bytes(8e9, "within")
    (8000000000, 1572864, 8000000000)
    """
    if not isinstance(given, str):
        return int(positive(given, option, "8GB"))
    found = amount(given, option, "bytes", "8GB")
    if found.per_second:
        what = f"`{printable(found.text)}` is no amount of memory"
        raise _unreadable(option, what, f"write for example {setting(option, '8GB')}")
    if found.value < 1:
        raise _unreadable(
            option,
            f"`{printable(found.text)}` is no memory at all",
            f"write how much there is, for example {setting(option, '8GB')}",
        )
    return int(found.value)


def amount(text: str, option: str, unit: str, example: str) -> StatedNumber:
    """A number with a unit of what an option wants: "bytes" or "flops"; `example` is one in an error's help.

    A plain prefix is enough (`900G`); `B` alone is a byte here and no billion.  Raises InputError for no unit, another
    one, and for bits.
    """
    advice = f"write for example {setting(option, example)}"
    in_bytes = re.sub(r"(?<=[0-9.\s])[bB](?=\s*(?:$|/|ps|per))", "bytes", text.strip()) if unit == "bytes" else text
    found = stated_number(in_bytes, option, advice)._replace(text=text.strip())
    written = printable(found.text)
    if found.unit == "bytes" and found.per_second and re.search(r"[kmgtpKMGTP]i?b(?=\s*(?:/|ps|per))", found.text):
        eighth = f"{_in_units(found.value / 8)}B/s"
        larger = re.sub(r"b(?=\s*(?:/|ps|per))", "B", found.text)
        raise _unreadable(
            option,
            f"a small b is a bit, and `{written}` is wanted in bytes",
            f"8 bits are a byte: write {setting(option, eighth)}, or {setting(option, larger)} if bytes are meant",
        )
    if found.unit not in ("", unit):
        rate = "FLOPs a second" if unit == "flops" else "bytes a second"
        what = "no amount of memory" if example.endswith("B") else f"no number of {rate}"
        raise _unreadable(option, f"`{written}` is {what}", advice)
    if found.value and not found.unit and not found.text[-1].isalpha():
        prefix, ending = example.strip("0123456789")[:1], example.strip("0123456789")[1:]
        scaled = _in_units(found.value) if found.value >= 10**4 else f"{exact(found.value)}{prefix}"
        advice = f"write the unit, for example {setting(option, scaled + ending)}"
        raise _unreadable(option, f"`{written}` has no unit", advice)
    return found


def setting(option: str, value: str) -> str:
    """How a value is given: `--within 8GB` to a command, `within="8GB"` in Python."""
    return f"{option} {value}" if option.startswith("--") else f'{option}="{value}"'


def positive(given: Any, option: str, example: str) -> Fraction:
    """A number above 0 that has an end, exactly; raises InputError for any other."""
    advice = f"write for example {setting(option, example)}"
    if isinstance(given, bool) or not isinstance(given, (int, float, Fraction)):
        raise _unreadable(option, f"{printable(repr(given)[:LONGEST])} is no number", advice)
    if not 0 < given < 10**MOST_DIGITS:
        said = "a number with so many digits" if abs(given) > 10**LONGEST else str(given)
        raise _unreadable(option, f"{said} is no number above 0 and below 10^{MOST_DIGITS}", advice)
    return Fraction(given)


def _without_spelling(written: str) -> str:
    """The text with one spelling for several: a power of ten, spaces that group digits, a full stop at the end.

    >>> _without_spelling("3.8 x 10^9"), _without_spelling("15 470 264 320"), _without_spelling("4.11 GFLOPs.")
    ('3.8e9', '15470264320', '4.11 GFLOPs')
    """
    plain = _SPACED.sub(lambda match: re.sub(r"\s", "", match[0]), _POWER_OF_TEN.sub(r"e\1", written))
    return plain[:-1] if re.search(r"[A-Za-z]\.$", plain) else plain


def refuse_batch(batch: Any) -> None:
    """Raises InputError for what is no whole number of images from 1 on, and for more than are counted."""
    advice = f"give a whole number from 1 to {MOST_IMAGES:,}"
    if isinstance(batch, bool) or not hasattr(batch, "__index__"):
        raise input_error(
            "wrong-value", f"batch: {printable(repr(batch)[:LONGEST])} is no number of images", help=advice
        )
    if batch > MOST_IMAGES:
        raise input_error("wrong-value", "batch: so many images are too many", help=advice)
    if batch < 1:
        raise input_error("batch-too-small", f"a batch of {batch} images has none", help="give at least one image")


def _digits(whole: str, written: str, option: str, otherwise: str) -> str:
    """The digits before the point, without the commas or underscores that group them."""
    plain = ungrouped(whole)
    if plain and not plain.isdigit():
        advice = f"write a point: {written.replace(',', '.', 1)}" if whole.count(",") == 1 else otherwise or HELP
        raise _unreadable(option, f"`{printable(written)}` has a comma or `_` that does not group three digits", advice)
    return plain


def _unit(rest: str, written: str, option: str, advice: str, *, is_long: bool) -> tuple[Fraction, str, bool]:
    """What the number is multiplied by, what it counts, and whether that is a rate.

    A lone B is a billion, `7B`, and after a number that `is_long` a byte, `246824 B`.
    """
    word = re.sub(r"\s*(?:/|per )\s*s(?:ec(?:ond)?)?$|(?<=b)ps$", "", rest, flags=re.IGNORECASE)
    in_bytes = _BYTES.fullmatch(word)
    if in_bytes and (word.lower() != "b" or (word == "B" and is_long)):
        base = 1024 if in_bytes[2] else 1000
        return Fraction(base) ** (_POWERS[in_bytes[1].lower()] // 3), "bytes", word != rest
    for prefix, counted in _splits(word):
        if counted in _COUNTED or not counted:
            return Fraction(10) ** _POWERS[prefix], _COUNTED.get(counted, ""), word != rest
    what = f"`{printable(written)}` is no number: `{printable(rest)}` is no unit"
    units = "the units are k, M, G, T, P, alone or with FLOPs, MACs, params or B, and MiB, GiB"
    raise _unreadable(option, what, advice or units)


def _splits(word: str) -> tuple[tuple[str, str], ...]:
    """A unit as its power of ten and what is counted: `GFLOPs`; `macs` has no power, though it begins with an m."""
    lower = word.lower()
    match = _PREFIXED.fullmatch(lower)
    return (("", lower), (match[1] or "", match[2])) if match else (("", lower),)


def _in_units(value: Fraction) -> str:
    """The number with the largest prefix that leaves at least 1 before it: `112.5G`."""
    power, letter = next(((n, one) for n, one in _PREFIXES if value >= 10**n), (0, ""))
    scaled = value / 10**power
    return f"{exact(scaled) if len(exact(scaled)) <= MOST_DIGITS else round(scaled)}{letter}"


def _unreadable(option: str, what: str, advice: str) -> InputError:
    return input_error("unreadable-number", f"{option}: {what}" if option else what, help=advice)
