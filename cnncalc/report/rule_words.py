"""A rule of sizes in words: `every size from 188 on`, `16k + 12 (k = 11, 12, ...)`, `32k + 25 to 32k + 32`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.questions.size_rules import SizeRule

MOST_RUNS = 4
"""Runs of remainders that are written one by one; of more the first are."""
SHOWN = 4
"""How many of the sizes, or of their runs, are written as examples."""
MOST_OTHERS = 6
"""Smaller sizes that follow no rule and are named."""


def rule_in_words(rule: SizeRule) -> str:
    """The rule as a subject: `every size from 188 on`, `n = 16k + 12 with k >= 11`.

    >>> rule_in_words(SizeRule(188, 16, (12,), (), 444)), rule_in_words(SizeRule(32, 1, (0,), (), 288))
    ('n = 16k + 12 with k >= 11', 'every size from 32 on')
    >>> rule_in_words(SizeRule(25, 32, (0, 25, 26, 27, 28, 29, 30, 31), (), 281))
    'n = 32k + 25 to 32k + 32 with k >= 0'
    """
    others = ", ".join(map(str, rule.others[:MOST_OTHERS])) + (", ..." if len(rule.others) > MOST_OTHERS else "")
    if not rule.remainders:
        return f"{others}, and no other up to {rule.checked}" if others else f"no size up to {rule.checked}"
    words = f"every size from {rule.start} on" if len(rule.remainders) == rule.period else _progressions(rule)
    return f"{others}, and {words}" if others else words


def first_sizes(rule: SizeRule) -> str:
    """`: 188, 204, 220, 236, ...`; nothing where every size follows the rule."""
    if not rule.remainders or len(rule.remainders) == rule.period:
        return ""
    runs = sorted((low + k * rule.period, high + k * rule.period) for low, high in _runs(rule) for k in range(SHOWN))[
        :SHOWN
    ]
    return ": " + ", ".join(str(low) if low == high else f"{low} to {high}" for low, high in runs) + ", ..."


def _progressions(rule: SizeRule) -> str:
    """The runs of remainders, each as numbers of k; k begins where the first of them is the rule's start."""
    period, least = rule.period, rule.start // rule.period
    runs = [(low - least * period, high - least * period) for low, high in _runs(rule)]
    said = " or ".join(
        _term(period, low) if low == high else f"{_term(period, low)} to {_term(period, high)}"
        for low, high in runs[:MOST_RUNS]
    )
    more = f" ({len(runs)} runs of remainders)" if len(runs) > MOST_RUNS else ""
    return f"n = {said}{more} with k >= {least}"


def _term(period: int, remainder: int) -> str:
    return f"{period}k + {remainder}" if remainder else f"{period}k"


def _runs(rule: SizeRule) -> Iterator[tuple[int, int]]:
    """The first and the last size of each run of neighbours, within one period from the start on."""
    low = None
    for size in range(rule.start, rule.start + rule.period + 1):
        is_right = size < rule.start + rule.period and rule.holds(size)
        if is_right and low is None:
            low = size
        if not is_right and low is not None:
            yield low, size - 1
            low = None
