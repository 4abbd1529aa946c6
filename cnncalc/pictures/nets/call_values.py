"""What differs from call to call of a block, in few words: `64 | 128 | 256`, `64–384`, `/2 in calls 2–4`.

Values alone; which of them a box of a panel shows, `panel_labels` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

MOST_IN_ORDER = 4
MOST_RUNS = 2
"""Calls are listed by their numbers up to so many runs of them, `calls 2–4, 7`; more are only counted."""


def varied(values: Iterable[str | int]) -> str:
    """What differs from call to call: up to four in order, else the range or the different ones.

    >>> varied([64, 128, 128, 256]), varied([16, 24, 40, 80, 112]), varied(["3×3", "3×3"])
    ('64 | 128 | 128 | 256', '16–112', '3×3')
    """
    every = list(values)
    different = list(dict.fromkeys(every))
    if len(different) == 1:
        return str(different[0])
    if len(every) <= MOST_IN_ORDER:
        return " | ".join(str(value) or "none" for value in every)
    numbers = [value for value in different if isinstance(value, int)]
    if len(numbers) == len(different):
        return f"{min(numbers)}–{max(numbers)}"
    words = [str(value) or "none" for value in different]
    return " or ".join(words) if len(words) <= MOST_IN_ORDER else f"{words[0]} … {words[-1]}"


def sometimes(word: str, calls: Sequence[bool]) -> str:
    """A word that only some of the calls have.

    >>> sometimes("/2", [False, True, True, True]), sometimes("/2", [True, False])
    ('/2 in calls 2–4', '/2 in call 1')
    >>> sometimes("/2", [True, False] * 3)
    '/2 in 3 of 6 calls'
    """
    return f"{word} in {_numbers(calls)}"


def either(values: Sequence[str]) -> str:
    """Words of which one stands in some calls, the other in the rest; more than two as `varied` has them.

    >>> either(["relu", "hardswish", "hardswish"]), either(["relu", "relu", "gelu", "relu"])
    ('relu in call 1, else hardswish', 'gelu in call 3, else relu')
    """
    different = dict.fromkeys(values)
    if len(different) != 2 or "" in different or len(values) == 2:
        return varied(values)
    some, rest = sorted(different, key=values.count)
    return f"{some} in {_numbers([value == some for value in values])}, else {rest}"


def which(values: Sequence[str]) -> tuple[str, ...]:
    """In which calls the rarer ones of a few words are, where `varied` does not list them in order.

    >>> which(["3×3", "5×5", *["3×3"] * 3, "1×1"]), which(["3×3", "5×5"]), which(["3×3", "5×5"] * 4)
    (('5×5 in call 2, 1×1 in call 6',), (), ())
    """
    different = dict.fromkeys(values)
    if len(values) <= MOST_IN_ORDER or not 1 < len(different) <= MOST_IN_ORDER:
        return ()
    usual = max(different, key=values.count)
    found = [sometimes(one, [value == one for value in values]) for one in different if one and one != usual]
    return () if any(words.endswith(f"of {len(values)} calls") for words in found) else (", ".join(found),)


def _numbers(calls: Sequence[bool]) -> str:
    having = [number for number, has in enumerate(calls, 1) if has]
    starts = [having[0], *(b for a, b in pairwise(having) if b != a + 1)]
    if len(starts) > MOST_RUNS:
        return f"{len(having)} of {len(calls)} calls"
    ends = [*(a for a, b in pairwise(having) if b != a + 1), having[-1]]
    runs = [str(a) if a == b else f"{a}–{b}" for a, b in zip(starts, ends, strict=True)]
    return f"call{'s' if len(having) > 1 else ''} {', '.join(runs)}"
