"""Neighbouring stretches that are alike are found, each once, in a time that grows with the length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.report.repetitions import LONGEST_PERIOD, MOST_PERIODS_TRIED, runs, shortest_runs


@given(st.lists(st.integers(0, 3), max_size=40))
def test_every_run_is_one_and_as_long_as_it_can_be(alike: list[int]) -> None:
    end = 0
    for run in runs(alike):
        stretch = alike[run.start : run.start + run.period]
        assert run.start >= end
        assert run.copies >= 2
        assert alike[run.start : run.end] == stretch * run.copies
        assert alike[run.end : run.end + run.period] != stretch
        end = run.end


@given(st.lists(st.integers(0, 3), min_size=1, max_size=10), st.integers(2, 5))
def test_a_stretch_that_is_repeated_is_always_found(stretch: list[int], copies: int) -> None:
    assert shortest_runs(stretch * copies)


def test_nothing_is_found_where_nothing_is_repeated() -> None:
    assert shortest_runs(range(1000)) == []
    assert shortest_runs([1, 2, 1, 3, 1, 4]) == []


class Counting(Sequence[int]):
    """A sequence that counts how often it is read."""

    def __init__(self, things: Sequence[int]) -> None:
        self.things = things
        self.read = 0

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[int]: ...
    def __getitem__(self, place: int | slice) -> int | Sequence[int]:
        self.read += 1
        return self.things[place]

    def __len__(self) -> int:
        return len(self.things)


def almost(length: int, period: int) -> list[int]:
    """Stretches that are alike but for their last thing, so that each looks repeated until its end."""
    return [n % period if n % period != period - 1 else n + period for n in range(length)]


@pytest.mark.parametrize(
    "things", [[1] * 10_000, [n % 7 for n in range(10_000)], almost(10_000, 5), almost(10_000, 40)]
)
def test_a_place_is_read_a_bounded_number_of_times(things: list[int]) -> None:
    counting = Counting(things)
    list(runs(counting))
    assert counting.read <= 2 * MOST_PERIODS_TRIED * LONGEST_PERIOD * len(things)
    twice = Counting(things * 2)
    list(runs(twice))
    assert twice.read <= 2.2 * counting.read
