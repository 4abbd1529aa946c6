"""The rule that sizes obey, found by looking at every one of them: from where on, every how many, which of them.

A rule is what a list of yes and no says: it repeats itself with a period from some size on.  The smallest period is
searched, and a rule is believed where the list shows it `TIMES` times in a row.  Nothing here knows what a net is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

TIMES = 3
"""Periods that must be seen one after another."""
LEAST_PART = Fraction(2, 3)
"""The part of the sizes from the first right one on that must follow the rule."""


class Looking(NamedTuple):
    """How far sizes are looked at one by one: `stretch` beyond the first right one, at most up to `most`.

    `farther`: what they show is tried on sizes beyond `most` too.
    """

    stretch: int = 256
    most: int = 2_304
    farther: bool = True


FAR = Looking()
"""As far as the layers of a net can be asked in about a second."""


class SizeRule(NamedTuple):
    """From `start` on a size is right where it is one of the `remainders` modulo `period`; below only the `others`.

    `checked` is the largest size looked at.  Without remainders no size beyond the others is right.
    """

    start: int
    period: int
    remainders: tuple[int, ...]
    others: tuple[int, ...]
    checked: int

    def holds(self, size: int) -> bool:
        """Whether the size is right."""
        return size % self.period in self.remainders if size >= self.start else size in self.others

    @property
    def smallest(self) -> int | None:
        """The smallest size that is right."""
        return min((*self.others, *(self._first(one) for one in self.remainders)), default=None)

    def first_ones(self, count: int) -> tuple[int, ...]:
        """The smallest sizes that follow the rule, without the others below."""
        starts = sorted(map(self._first, self.remainders))
        return tuple(sorted(one + k * self.period for one in starts for k in range(count)))[:count]

    def below(self, size: int) -> int | None:
        """The nearest size under this one that is right."""
        return next((n for n in range(size - 1, max(0, size - self.period - 1), -1) if self.holds(n)), None) or max(
            (n for n in self.others if n < size), default=None
        )

    def above(self, size: int) -> int | None:
        """The nearest size over this one that is right."""
        last = max(size, self.start) + self.period
        return next((n for n in range(size + 1, last + 1) if self.holds(n)), None)

    def _first(self, remainder: int) -> int:
        return self.start + (remainder - self.start) % self.period


def rule_of(right: Sequence[bool]) -> SizeRule | None:
    """The rule of the sizes 1, 2, 3 ... of which these are right; None where the list shows none often enough.

    >>> rule_of([n % 4 == 3 and n > 5 for n in range(1, 30)])
    SizeRule(start=7, period=4, remainders=(3,), others=(), checked=29)
    """
    count = len(right)
    first = right.index(True) if True in right else 0
    for period in range(1, count // TIMES + 1):
        start = count - period
        while start > 0 and right[start - 1] == right[start - 1 + period]:
            start -= 1
        if count - start >= TIMES * period and count - start >= LEAST_PART * (count - first):
            return _tidy(right, start, period)
    return None


def _tidy(right: Sequence[bool], start: int, period: int) -> SizeRule:
    """The rule, beginning with its first size that is right."""
    remainders = tuple(sorted((n + 1) % period for n in range(start, start + period) if right[n]))
    while remainders and not right[start]:
        start += 1
    others = tuple(n + 1 for n in range(start) if right[n])
    return SizeRule(start + 1, period, remainders, others, len(right))


def found_rule(is_right: Callable[[int], bool], near: int = 1, looking: Looking = FAR) -> SizeRule | None:
    """The rule of all sizes, by looking at them one by one until they show it; None where they do not.

    What they show is then tried on a period on either side of `near`, and two periods long beyond all looked at.
    Raises what `is_right` raises.
    """
    right: list[bool] = []
    most, wanted = looking.most, looking.stretch
    while len(right) < most:
        right.extend(is_right(n) for n in range(len(right) + 1, min(wanted, most) + 1))
        if True in right and len(right) < min(most, wanted := right.index(True) + 1 + looking.stretch):
            continue
        rule = rule_of(right)
        is_whole = rule is not None and (bool(rule.remainders) or len(right) >= most)
        if rule is not None and is_whole and all(is_right(n) == rule.holds(n) for n in _farther(rule, near, looking)):
            return rule
        wanted = 2 * len(right)
    return None


def _farther(rule: SizeRule, near: int, looking: Looking) -> Iterator[int]:
    """Sizes beyond those that showed the rule, on which it is tried."""
    yield from range(max(1, near - rule.period), near + rule.period + 1)
    if looking.farther:
        yield from range(looking.most, looking.most + 2 * rule.period)
