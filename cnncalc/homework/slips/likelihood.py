"""Which of several explanations is named: what it costs, when several tie, and what chance alone may explain.

It knows neither layers nor nets: costs come from the data of the slips, and values are numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from cnncalc.homework.slips.edits import Slip
from cnncalc.homework.slips.explanation import Explanation

COMMONEST = 5
A_LINE_UP, MOST_LINES_UP, EVERYWHERE, SECOND, ARGUED, VAGUE = 1, 3, 1, 3, 2, 4
"""What an explanation costs beside its slip: each line further up, all lines at once, another slip, an argument."""

TIE, MOST_NAMED = 1, 3
"""Explanations that cost this much more than the cheapest are named beside it, so many in all; two slips tie alone."""

Sizes = tuple[int, ...]


def cost(*slips: Slip, lines_up: int = 0, everywhere: bool = False, argument: str = "") -> int:
    """Small for what is common and simple."""
    own = sum(1 + COMMONEST - slip.common + VAGUE * slip.vague for slip in slips) + SECOND * (len(slips) - 1)
    return own + min(lines_up, MOST_LINES_UP) * A_LINE_UP + EVERYWHERE * everywhere + ARGUED * bool(argument)


def likeliest(found: Iterable[Explanation], slips: dict[str, Slip]) -> tuple[Explanation, ...]:
    """The cheapest, with those that tie with it: each name once, and no slip beside one that is enough by itself."""
    named: dict[str, Explanation] = {}
    for one in sorted(found, key=lambda one: one.cost):
        named.setdefault(one.name, one)
    beaten = {name for one in named.values() if len(one.slips) == 1 for name in slips[one.name].beats}
    alone = {one.slips[0] for one in named.values() if len(one.slips) == 1}
    left = [
        one
        for one in named.values()
        if not beaten & set(one.slips) and (len(one.slips) == 1 or not alone & set(one.slips))
    ]
    tie = TIE * (not left or len(left[0].slips) == 1)
    return tuple(one for one in left if one.cost <= left[0].cost + tie)[:MOST_NAMED]


# ---------------------------------------------------------------------- what chance may explain
LEAST_CROWD = 4
"""So many values may be explained however few there are: an exercise with small maps has slips too."""

SHARE_OF_SIZES, SHARE_OF_NUMBERS = 6, 50
"""One in so many of the values about the right one may be explained before an explanation says nothing."""


def is_crowded(given: Sizes, right: Sizes, explained: Iterable[Sizes], share: int) -> bool:
    """Whether what is explained at this cost or less is so much of what might have been answered that it says nothing.

    Counted are values from half to twice the right ones, in those parts that the given answer has wrong; the sides
    of a square that are wrong alike are one part.
    """
    wrong, parts = _wrong_parts(given, right)
    space = prod(2 * right[i] - (right[i] + 1) // 2 for i in parts)
    inside = {sizes for sizes in explained if _is_near(sizes, right, wrong, parts)}
    return len(inside) > max(LEAST_CROWD, space // share)


def is_one_part(given: Sizes, right: Sizes) -> bool:
    """Whether one number alone is wrong, or the sides of a square in the same way: much may give one number."""
    return len(_wrong_parts(given, right)[1]) < 2


def _wrong_parts(given: Sizes, right: Sizes) -> tuple[list[int], list[int]]:
    """The places of the wrong sizes, and one for each of those that differ from each other."""
    wrong = [i for i, (a, b) in enumerate(zip(given, right, strict=True)) if a != b]
    return wrong, list({(given[i], right[i]): i for i in wrong}.values())


def _is_near(sizes: Sizes, right: Sizes, wrong: Sequence[int], parts: Sequence[int]) -> bool:
    """Whether the sizes might have been given with the same parts wrong."""
    if len(sizes) != len(right) or any(
        (a != b) != (i in wrong) for i, (a, b) in enumerate(zip(sizes, right, strict=True))
    ):
        return False
    return all(right[i] <= 2 * sizes[i] and sizes[i] <= 2 * right[i] for i in parts)
