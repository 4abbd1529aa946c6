"""The values of one option of a sweep as they are written: `96..320:32`, `0.25..1:0.25`, `1,8,32`, or a single one.

Exact and bounded: how many there are is known before any of them is made.  What a value means is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import floor, prod

from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.quantities import MOST_DIGITS, exact

MOST_NETS = 1_000
"""Networks of one sweep."""

LONGEST_VALUES = 10_000
"""Characters of one option."""

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?::({_NUMBER}))?")
_DOTS = re.compile(r"\.\.")


def sweep_values(text: str, option: str) -> tuple[str, ...]:
    """Every value that an option names, in the order in which they are written; each once.

    Raises InputError for a range that never ends, goes the wrong way or is too long.

    >>> sweep_values("96..320:64", "--input"), sweep_values("0.25..1:0.25,2", "--set alpha")
    (('96', '160', '224', '288'), ('0.25', '0.5', '0.75', '1', '2'))
    >>> sweep_values("1..3", "--batch"), sweep_values("1/3..1:1/3", "--set depth")
    (('1', '2', '3'), ('1/3', '2/3', '1'))
    """
    if len(text) > LONGEST_VALUES:
        raise _refused(option, f"more than {LONGEST_VALUES:,} characters are no list of values")
    found: dict[str, None] = {}
    for part in text.split(","):
        piece = part.strip()
        if not piece:
            raise _refused(option, f"a value is missing in `{printable(text[:40])}`")
        found |= dict.fromkeys(_values(piece, option))
        if len(found) > MOST_NETS:
            raise _too_many(option, len(found))
    return tuple(found)


def _values(piece: str, option: str) -> tuple[str, ...]:
    """The values of one range, or the one value."""
    if not _DOTS.search(piece):
        return (piece,)
    shown = printable(piece[:40])
    match = _RANGE.fullmatch("".join(piece.split()))
    if match is None or len(piece) > 4 * MOST_DIGITS:
        raise _refused(option, f"`{shown}` is no range")
    try:
        first, last, step = (Fraction(number or "1") for number in match.groups())
    except ZeroDivisionError:
        raise _refused(option, f"`{shown}` divides by 0") from None
    if step <= 0:
        raise _refused(option, f"the range `{shown}` never ends: its step is {exact(step)}", "a step is more than 0")
    if last < first:
        turned = f"{match[2]}..{match[1]}" + (f":{match[3]}" if match[3] else "")
        raise _refused(option, f"the range `{shown}` ends before it begins", f"write {turned}")
    count = floor((last - first) / step) + 1
    if count > MOST_NETS:
        raise _too_many(option, count)
    return tuple(exact(first + n * step) for n in range(count))


def refuse_product(counts: Sequence[int]) -> None:
    """Raises InputError where the options together make too many networks; `counts` are how many values each has."""
    total = prod(counts)
    if total > MOST_NETS:
        written = " * ".join(f"{count:,}" for count in counts)
        message = f"{written} = {total:,} networks are too many for one sweep: at most {MOST_NETS:,}"
        raise input_error("sweep-too-long", message, help="take a larger step, or fewer values of one of them")


def _too_many(option: str, count: int) -> InputError:
    message = f"{option} names {count:,} values, and a sweep has at most {MOST_NETS:,} networks"
    return input_error("sweep-too-long", message, help="take a larger step: 96..320:32")


def _refused(option: str, message: str, help: str = "") -> InputError:
    start = f"{option}=" if option.startswith("--set ") else f"{option} "
    advice = help or f"write values with commas, or a range with its step: {start}1,2,4 or {start}2..10:2"
    return input_error("bad-range", f"{option}: {message}", help=advice)
