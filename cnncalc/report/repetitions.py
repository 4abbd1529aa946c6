"""Where neighbouring stretches of a sequence are alike: `a b a b a b` is `a b` three times.

Works on whole numbers that say which things are alike, and knows nothing of tables.  The time is linear in the length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

LONGEST_PERIOD = 40
"""Longer stretches are not looked for."""

MOST_PERIODS_TRIED = 4
"""At each place the distances to the next few things that are alike are tried as periods."""


class Run(NamedTuple):
    """From `start` on, `copies` stretches of `period` things each are alike."""

    start: int
    period: int
    copies: int

    @property
    def end(self) -> int:
        return self.start + self.period * self.copies


def shortest_runs(alike: Sequence[int], places: Sequence[int] = ()) -> list[Run]:
    """The runs of the shortest period that there is one of: `a a b a a b` has two of `a`, not one of `a a b`.

    >>> shortest_runs([1, 1, 2, 1, 1, 2])
    [Run(start=0, period=1, copies=2), Run(start=3, period=1, copies=2)]
    """
    following = _following(alike)
    apart = {after - place for place, after in enumerate(following) if after < len(alike)}
    periods = sorted(period for period in apart if period <= LONGEST_PERIOD)
    for longest in (*periods, *([LONGEST_PERIOD] if periods else [])):
        found = list(_runs(alike, following, places, longest))
        if found:
            return found
    return []


def runs(alike: Sequence[int], places: Sequence[int] = ()) -> Iterator[Run]:
    """The runs from left to right, at each place that of the shortest period.

    `places` say where each thing was written: where a run may begin at several places, `b a b a b`, its stretches begin
    with what was written first.

    >>> list(runs([1, 2, 1, 2, 1, 2, 3, 3]))
    [Run(start=0, period=2, copies=3), Run(start=6, period=1, copies=2)]
    >>> list(runs([2, 1, 2, 1, 2], places=[3, 5, 6, 5, 6]))
    [Run(start=1, period=2, copies=2)]
    """
    return _runs(alike, _following(alike), places, LONGEST_PERIOD)


def _runs(alike: Sequence[int], following: Sequence[int], places: Sequence[int], longest: int) -> Iterator[Run]:
    at = 0
    while at < len(alike):
        run = _run_at(alike, following, at, places, longest)
        if run is not None:
            yield run
        at = run.end if run else at + 1


def _following(alike: Sequence[int]) -> list[int]:
    """For each place the next one that is alike; the length of all where there is none."""
    known: dict[int, int] = {}
    found = [len(alike)] * len(alike)
    for place in range(len(alike) - 1, -1, -1):
        thing = alike[place]
        found[place] = known.get(thing, len(alike))
        known[thing] = place
    return found


def _run_at(alike: Sequence[int], following: Sequence[int], at: int, places: Sequence[int], longest: int) -> Run | None:
    place = at
    for _ in range(MOST_PERIODS_TRIED):
        place = following[place]
        period = place - at
        if place >= len(alike) or period > longest:
            return None
        matched = _matched(alike, at, period)
        if matched >= period:
            copies, spare = divmod(matched + period, period)
            return Run(at + _first_written(places, at, period, spare), period, copies)
    return None


def _matched(alike: Sequence[int], at: int, period: int) -> int:
    """How many things from there on are followed by one like them after a period."""
    end = at
    while end + period < len(alike) and alike[end] == alike[end + period]:
        end += 1
    return end - at


def _first_written(places: Sequence[int], at: int, period: int, spare: int) -> int:
    """How much later the run begins, at most `spare`, so that its stretches are in the order of the text."""
    if not places or period == 1:
        return 0
    for later in range(spare + 1):
        second = places[at + later + period : at + later + 2 * period]
        if all(a <= b for a, b in pairwise(second)):
            return later
    return 0
