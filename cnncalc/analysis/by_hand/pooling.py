"""Pools by their definition: one number for each window, channel by channel.

Pads hold nothing: the largest, the sum and the mean are taken over the inputs inside the window, unless `countpad`
asks that the mean divide by the pads too.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from math import inf, isqrt, nan, sqrt

from cnncalc.analysis.by_hand.sliding import Numbers, taps, window_starts
from cnncalc.analysis.by_hand.volumes import Number, Place, Step, Volume, flat, plain, plane_values, sizes_of, volume


def _pooled(x: Volume, numbers: Numbers, pool: Callable[[int, list[Number], int], Number]) -> Volume:
    """`pool(channel, values inside the window, positions of the window on the padded axes)` at every window."""
    sizes, before, after = sizes_of(x), numbers["before"], numbers["after"]
    grid, offsets = window_starts(numbers, sizes), [offset for _, offset in taps(numbers)]

    def output(c: int, place: Place) -> Number:
        reached = [
            tuple(grid[axis][place[axis]] + offset[axis] - before[axis] for axis in range(3)) for offset in offsets
        ]
        inside = [p for p in reached if all(0 <= i < n for i, n in zip(p, sizes, strict=True))]
        on_pads = [p for p in reached if all(i < n + more for i, n, more in zip(p, sizes, after, strict=True))]
        return pool(c, [x[c][z][y][column] for z, y, column in inside], len(on_pads))

    return volume(len(x), (len(grid[0]), len(grid[1]), len(grid[2])), output)


def mean(values: list[Number], count: int) -> Number:
    """The sum divided by `count`: exact as long as the sum is."""
    if not count:
        return nan
    total = sum(values)
    return total / count if isinstance(total, float) else plain(Fraction(total) / count)


def root(value: Number) -> Number:
    """The square root, exact where it is rational."""
    if isinstance(value, float):
        return sqrt(value)
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    if (above * above, below * below) == (value.numerator, value.denominator):
        return plain(Fraction(above, below))
    return sqrt(value)


def maxpool(step: Step) -> Volume:
    """The largest number of each window."""
    return _pooled(step.x, step.numbers, lambda _, values, __: max(values, default=-inf))


def avgpool(step: Step) -> Volume:
    """The mean of each window."""
    counted = step.numbers["countpad"]
    return _pooled(step.x, step.numbers, lambda _, values, on_pads: mean(values, on_pads if counted else len(values)))


def sumpool(step: Step) -> Volume:
    """The sum of each window."""
    return _pooled(step.x, step.numbers, lambda _, values, __: sum(values))


def l2pool(step: Step) -> Volume:
    """The root of the sum of squares of each window."""
    return _pooled(step.x, step.numbers, lambda _, values, __: root(sum(value * value for value in values)))


def subsample(step: Step) -> Volume:
    """LeNet-5's: the sum of the window times one weight a channel, plus one bias."""
    factors, biases = step.weights["weight"], step.weights["bias"]
    return _pooled(step.x, step.numbers, lambda c, values, _: sum(values) * factors[c] + biases[c])


def global_avgpool(step: Step) -> Volume:
    """The mean of each channel."""
    planes = [plane_values(plane) for plane in step.x]
    return flat(mean(values, len(values)) for values in planes)


def global_maxpool(step: Step) -> Volume:
    """The largest number of each channel."""
    return flat(max(plane_values(plane)) for plane in step.x)


def cell_values(x: Volume, numbers: Numbers) -> Callable[[int, Place], list[Number]]:
    """The numbers that an output reads, by its channel and place."""
    sizes, outputs = sizes_of(x), numbers["output"]
    return lambda c, place: [x[c][z][y][column] for z, y, column in product(*cell_reach(sizes, outputs, place))]


def cell_reach(sizes: Place, outputs: Place, place: Place) -> tuple[range, ...]:
    """Output o of n reads from floor(o * size / n) up to, not including, ceil((o + 1) * size / n)."""
    axes = zip(sizes, outputs, place, strict=True)
    return tuple(range(o * size // count, -(-(o + 1) * size // count)) for size, count, o in axes)


def adaptive_avgpool(step: Step) -> Volume:
    """The mean of each cell."""
    read = cell_values(step.x, step.numbers)
    return volume(len(step.x), step.numbers["output"], lambda c, p: mean(cell := read(c, p), len(cell)))


def adaptive_maxpool(step: Step) -> Volume:
    """The largest number of each cell."""
    read = cell_values(step.x, step.numbers)
    return volume(len(step.x), step.numbers["output"], lambda c, p: max(read(c, p)))
