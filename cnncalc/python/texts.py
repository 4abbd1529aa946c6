"""Texts: the methods of str, and the three ways in which Python writes values into a text.

Widths have three digits at most, fields name arguments and nothing of them; a text of which a part is not known is not
known.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnncalc.python.program_error import Raised
from cnncalc.python.program_limits import LONGEST_TEXT, WIDEST_FORMAT, Bounds, exceeded, has_values
from cnncalc.python.values import Unknown, Value

METHODS: Mapping[str, Callable[..., Any]] = {
    name: getattr(str, name)
    for name in (
        "lower upper title capitalize swapcase casefold strip lstrip rstrip startswith endswith split rsplit splitlines"
        " partition rpartition replace find rfind index rindex count isdigit isalpha isalnum isnumeric isdecimal"
        " isupper islower isspace istitle isidentifier removeprefix removesuffix zfill ljust rjust center"
    ).split()
}
_DIGITS = re.compile(r"\d+")


def method(text: str, name: str, values: Sequence[Any], bounds: Bounds) -> Any:
    """A method of a text with plain arguments, if what it gives is not too long."""
    bounds.charge(len(text) // 64)
    if name in ("zfill", "ljust", "rjust", "center") and values and isinstance(values[0], int):
        _refuse_longer(values[0])
    if name == "replace" and len(values) > 1 and isinstance(values[0], str) and isinstance(values[1], str):
        _refuse_longer(len(text) + (text.count(values[0]) if values[0] else len(text) + 1) * len(values[1]))
    found = METHODS[name](text, *values)
    if isinstance(found, list):
        bounds.charge(len(found))
    return bounds.kept(found)


def joined(text: str, parts: Sequence[Any], bounds: Bounds) -> Any:
    """`text.join(parts)`."""
    unknown = next((one for one in parts if isinstance(one, Unknown)), None)
    if unknown is not None:
        return unknown
    odd = next((one for one in parts if not isinstance(one, str)), None)
    if odd is not None:
        raise Raised("TypeError", "only texts can be joined")
    bounds.charge(len(parts))
    _refuse_longer(sum(map(len, parts)) + len(text) * len(parts))
    return bounds.kept(text.join(parts))


def _refuse_longer(length: int) -> None:
    if length > LONGEST_TEXT:
        raise exceeded(f"a text has more than {LONGEST_TEXT:,} characters")


def written(value: Any, bounds: Bounds, *, quoted: bool = False) -> Any:
    """`str(value)` (`repr`, if quoted); Unknown where reading does not have its text."""
    if isinstance(value, str) and not quoted:
        return value
    unknown = bounds.whole(value)
    if unknown is not None:
        return unknown
    if has_values(value):
        return Unknown(f"the text of {value.noun if isinstance(value, Value) else 'this list'} is not known")
    return bounds.kept(repr(value) if quoted else str(value))


def formatted(value: Any, how: Any, bounds: Bounds, conversion: str = "") -> Any:
    """`f"{value!conversion:how}"`."""
    if isinstance(how, Unknown):
        return how
    if isinstance(value, Value) or conversion or not isinstance(value, (str, int, float)):
        value = written(value, bounds, quoted=conversion in ("r", "a"))
    if isinstance(value, Value):
        return value
    _refuse_wide(how)
    try:
        return bounds.kept(format(value, how))
    except (ValueError, TypeError, OverflowError) as error:
        raise Raised(type(error).__name__, f"the format `{how[:20]}`: {error}") from None


def _refuse_wide(how: str) -> None:
    if any(len(digits) > 3 for digits in _DIGITS.findall(how)):
        raise exceeded(f"a format is wider than {WIDEST_FORMAT}")


def braces(text: str, values: Sequence[Any], named: Mapping[str, Any], bounds: Bounds) -> Any:
    """`"conv{}".format(1)`."""
    parts: list[str] = []
    index = 0
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError as error:
        raise Raised("ValueError", f"this format: {error}") from None
    for literal, field, how, conversion in fields:
        parts.append(literal)
        if field is None:
            continue
        if how and "{" in how:
            how = braces(how, values[index + 1 :], named, bounds)  # noqa: PLW2901 (a width that is given too)
        key = field or str(index)
        index += not field
        found = formatted(_field(key, values, named), how or "", bounds, conversion or "")
        if not isinstance(found, str):
            return found
        parts.append(found)
        bounds.charge(1 + len(found) // 8)
        _refuse_longer(sum(map(len, parts)) if len(parts) % 64 == 0 else len(found))
    return bounds.kept("".join(parts))


def _field(key: str, values: Sequence[Any], named: Mapping[str, Any]) -> Any:
    if key.isdecimal():
        if len(key) < 4 and int(key) < len(values):
            return values[int(key)]
        raise Raised("IndexError", f"the format has a field {key[:20]}, and {len(values)} values are given")
    if key in named:
        return named[key]
    if "." in key or "[" in key:
        return Unknown("a field of a format that takes a part of its value is not read")
    raise Raised("KeyError", f"the format has a field `{key[:40]}` that is not given")


def percent(text: str, given: Any, bounds: Bounds) -> Any:
    """`"conv%d" % 1`."""
    _refuse_wide(text)
    bounds.charge(len(text) // 8)
    values: list[Any] = (
        list(given.values()) if isinstance(given, dict) else list(given) if isinstance(given, tuple) else [given]
    )
    texts = [one if isinstance(one, (int, float, str)) else written(one, bounds) for one in values]
    unknown = next((one for one in texts if isinstance(one, Value)), None)
    if unknown is not None:
        return unknown
    _refuse_longer(len(text) + sum(len(one) for one in texts if isinstance(one, str)) * (1 + text.count("%")))
    if "*" in text and any(isinstance(one, int) and abs(one) > WIDEST_FORMAT for one in texts):
        raise exceeded(f"a format is wider than {WIDEST_FORMAT}")
    filled: Any = dict(zip(given, texts, strict=True)) if isinstance(given, dict) else tuple(texts)
    return bounds.kept(text % filled)
