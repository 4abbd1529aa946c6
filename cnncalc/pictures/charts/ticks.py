"""Where an axis has its marks, and what is written at them: round numbers, few enough to be read.

Numbers alone: how far apart the marks lie in a drawing, and what is measured, the charts say.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10

STEPS = (1, 2, 5, 10)
"""What a round step begins with."""

_UNITS = ("", "k", "M", "G", "T")


def round_ticks(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """At most so many multiples of one round step between two numbers, both included.

    >>> round_ticks(0, 9.6), round_ticks(96, 320)
    ((0, 2, 4, 6, 8), (100, 150, 200, 250, 300))
    """
    if not high > low:
        return (low,)
    exponent = floor(log10((high - low) / max(most, 1)))
    for power in (exponent, exponent + 1):
        for step in (number * 10.0**power for number in STEPS):
            first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
            if last - first < max(most, 1):
                return tuple(_plain(step, place, power) for place in range(first, last + 1))
    return (low, high)


def power_ticks(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """At most so many round numbers between two positive ones, for a scale on which each ten times is as long.

    >>> power_ticks(30, 5_000_000), power_ticks(3, 80)
    ((100, 1000, 10000, 100000, 1000000), (5, 10, 20, 50))
    """
    exponents = range(floor(log10(low)), floor(log10(high)) + 1)
    for firsts in ((1, 2, 5), (1,)):
        found = [_plain(10.0**power, first, power) for power in exponents for first in firsts]
        inside = [value for value in found if low <= value <= high]
        if 0 < len(inside) <= most:
            return tuple(inside)
    every = max(1, ceil(len(exponents) / max(most, 1)))
    inside = [10.0**power for power in exponents if not power % every]
    return tuple(value for value in inside if low <= value <= high) or (low,)


def tick_labels(ticks: Sequence[float], unit: str = "") -> tuple[str, ...]:
    """The numbers with one unit for all, that of the largest: thousands are k, millions M; 0 has none.

    >>> tick_labels((0, 500000, 1000000), "B"), tick_labels((0, 5, 10))
    (('0', '0.5 MB', '1 MB'), ('0', '5', '10'))
    """
    largest = max(map(abs, ticks), default=0)
    power = next((place for place in range(len(_UNITS) - 1, 0, -1) if largest >= 1000**place), 0)
    return tuple(_label(tick / 1000**power, _UNITS[power] + unit) if tick else "0" for tick in ticks)


def power_labels(ticks: Sequence[float], unit: str = "") -> tuple[str, ...]:
    """Each number with its own unit, for a scale of powers.

    >>> power_labels((100, 1000, 1000000))
    ('100', '1 k', '1 M')
    """
    return tuple(tick_labels((tick,), unit)[0] for tick in ticks)


def _label(number: float, unit: str) -> str:
    return f"{number:.12g} {unit}".rstrip()


def _plain(step: float, times: int, power: int) -> float:
    """A multiple of a step without what a float adds behind its digits."""
    value = round(step * times, max(0, -power))
    return int(value) if value == int(value) else value
