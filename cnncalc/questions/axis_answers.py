"""What is said of one axis of a net's input: the size asked, its neighbours, the smallest, and the rules of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from cnncalc.graph.fitting_sizes import TooMuchWorkError
from cnncalc.questions.size_rules import Looking, SizeRule, found_rule
from cnncalc.questions.size_verdicts import Verdict


class Verdicts(Protocol):
    """Whatever has a verdict on every size of one axis."""

    def of(self, size: int) -> Verdict:
        """The verdict on a size; raises TooMuchWorkError where it was asked too often."""


class AxisAnswer(NamedTuple):
    """One axis of the input: the verdict on the size asked, and the rules of what fits and of what loses nothing.

    `below` and `above` are the nearest sizes that lose nothing, `fits_below` and `fits_above` the nearest that fit.
    `even` is the rule of the sizes that lose nothing and that every layer divides without rounding.  A rule is None
    where none was found; `is_bounded`: because it would have been too much work.  `beyond` is the first size that does
    not fit above those that do, where these have an end.
    """

    name: str
    asked: Verdict
    below: Verdict | None = None
    above: Verdict | None = None
    fits_below: Verdict | None = None
    fits_above: Verdict | None = None
    smallest: Verdict | None = None
    fitting: SizeRule | None = None
    lossless: SizeRule | None = None
    even: SizeRule | None = None
    beyond: Verdict | None = None
    is_bounded: bool = False


def axis_answer(verdicts: Verdicts, name: str, asked: int, looking: Looking) -> AxisAnswer:
    """Everything about one axis of the input; what would be too much work is left out."""
    own = verdicts.of(asked)
    fitting = lossless = even = None
    is_bounded = False
    try:
        fitting = found_rule(lambda n: verdicts.of(n).fits, asked, looking)
        lossless = found_rule(lambda n: verdicts.of(n).loses_nothing, asked, looking)
        if lossless is not None:
            even = found_rule(lambda n: verdicts.of(n).is_even, asked, looking._replace(most=lossless.checked))
    except TooMuchWorkError:
        is_bounded = True
    first = lossless.smallest if lossless is not None else None
    return AxisAnswer(
        name,
        own,
        *_nearest(verdicts, asked, lossless, looking, lambda one: one.loses_nothing),
        *_nearest(verdicts, asked, fitting, looking, lambda one: one.fits),
        None if first is None else verdicts.of(first),
        fitting,
        lossless,
        even,
        _beyond(verdicts, fitting),
        is_bounded,
    )


def _beyond(verdicts: Verdicts, fitting: SizeRule | None) -> Verdict | None:
    return None if fitting is None or fitting.remainders or not fitting.others else verdicts.of(fitting.others[-1] + 1)


def _nearest(
    verdicts: Verdicts, asked: int, rule: SizeRule | None, looking: Looking, is_right: Callable[[Verdict], bool]
) -> tuple[Verdict | None, Verdict | None]:
    """The nearest sizes below and above that are right."""
    if rule is not None:
        below, above = rule.below(asked), rule.above(asked)
        return None if below is None else verdicts.of(below), None if above is None else verdicts.of(above)
    try:
        down, up = range(asked - 1, max(0, asked - looking.stretch), -1), range(asked + 1, asked + looking.stretch)
        near = next((one for n in down if is_right(one := verdicts.of(n))), None)
        return near, next((one for n in up if is_right(one := verdicts.of(n))), None)
    except TooMuchWorkError:
        return None, None
