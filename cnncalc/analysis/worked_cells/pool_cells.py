"""One number of a pool: its window and what is done with it; pads hold nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from typing import NamedTuple

from cnncalc.analysis.by_hand import Number
from cnncalc.analysis.by_hand.pooling import cell_reach, cell_values, mean, root
from cnncalc.analysis.by_hand.volumes import Place, Step, Volume, plane_values, sizes_of
from cnncalc.analysis.worked_cells.one_number import (
    Seen,
    Window,
    Work,
    added,
    in_product,
    number_term,
    product_of,
    square_term,
    written,
)
from cnncalc.analysis.worked_cells.rounding import of_numbers
from cnncalc.analysis.worked_cells.sliding_cells import windows_on

MOST_LISTED = 25
"""Numbers that are written out between brackets."""

LARGEST_LISTED = 3
"""Numbers of a larger window of which the largest is taken that are written out."""


class Pooled(NamedTuple):
    """What a pool makes of the numbers of a window, in words and as a number; `rounding` as that of a `Work`."""

    said: str
    result: Number
    rounding: float = 0.0


Pool = Callable[[list[Number], int], Pooled]


def largest(values: list[Number], _: int) -> Pooled:
    """max(1, 3, 2) = 3."""
    found = max(values, default=-inf)
    if len(values) > MOST_LISTED:
        first = sorted(values, reverse=True)[:LARGEST_LISTED]
        few = f"{', '.join(map(written, first))} and {len(values) - len(first):,} that are no larger"
        return Pooled(f"max({few}) = {written(found)}", found)
    return Pooled(f"max({listed(values)}) = {written(found)}", found)


def average(values: list[Number], count: int) -> Pooled:
    """(1 + 3) / 2 = 2."""
    found = mean(values, count)
    said = f"({added([*map(number_term, values)], what='numbers')}) / {count:,} = {written(found)}"
    return Pooled(said, found, of_numbers(values) / max(count, 1))


def total(values: list[Number], _: int) -> Pooled:
    """1 + 3 = 4."""
    found = sum(values)
    return Pooled(added([*map(number_term, values)], found, what="numbers"), found, of_numbers(values))


def length(values: list[Number], _: int) -> Pooled:
    """sqrt(3^2 + 4^2) = sqrt(25) = 5."""
    squares = sum(value * value for value in values)
    terms = added([*map(square_term, values)], what="squares")
    found = root(squares)
    return Pooled(f"sqrt({terms}) = sqrt({written(squares)}) = {written(found)}", found)


def listed(values: Sequence[Number]) -> str:
    """`1, 3, 2`; of very many the first and the last."""
    texts = [written(value) for value in values]
    if len(texts) > MOST_LISTED:
        return f"{', '.join(texts[:6])}, ..., {texts[-1]}: {len(texts):,} numbers"
    return ", ".join(texts)


def windowed(word: str, pool: Pool) -> Callable[[Step, int, Place], Work]:
    """The cell of a pool whose window slides."""

    def cell(step: Step, channel: int, place: Place) -> Work:
        windows = _windows(step, channel, place)
        values = [one.value for window in windows for row in window.seen for one in row if one.value is not None]
        count = _count(step, place) if step.numbers.get("countpad") else len(values)
        said, result, off = pool(values, count)
        pads = "nothing" if any(one.is_pad for window in windows for row in window.seen for one in row) else ""
        return Work(word, (said,), result, windows, pads=pads, rounding=off)

    return cell


def _windows(step: Step, channel: int, place: Place) -> tuple[Window, ...]:
    """The window with nothing where it lies on pads."""
    found = windows_on(step.x, channel, None, step.numbers, place)
    return tuple(without_pads(window)._replace(name=window.name.partition(", ")[2]) for window in found)


def without_pads(window: Window) -> Window:
    """The window of a pool: nothing is where it lies on pads."""
    return window._replace(seen=[[Seen(None, True) if one.is_pad else one for one in row] for row in window.seen])


def _count(step: Step, place: Place) -> int:
    """The places of a window on the map and its pads: one that hangs over those counts less."""
    count = 1
    for axis, size in enumerate(sizes_of(step.x)):
        numbers = step.numbers
        start = place[axis] * numbers["stride"][axis]
        whole = size + numbers["before"][axis] + numbers["after"][axis]
        reach = (start + tap * numbers["dilation"][axis] for tap in range(numbers["kernel"][axis]))
        count *= sum(at < whole for at in reach)
    return count


def subsample_cell(step: Step, channel: int, place: Place) -> Work:
    """LeNet-5's: the sum of the window times one weight, plus a bias."""
    summed = windowed("subsample", total)(step, channel, place)
    weight, bias = step.weights["weight"][channel], step.weights["bias"][channel]
    result = summed.result * weight + bias
    last = f"{product_of(summed.result, weight)} + {in_product(bias)} (bias) = {written(result)}"
    off = summed.rounding * abs(float(weight)) + of_numbers([summed.result * weight, bias])
    return summed._replace(sums=(*summed.sums, last), result=result, rounding=off)


def global_cell(word: str, pool: Pool) -> Callable[[Step, int, Place], Work]:
    """The cell of a pool over a whole channel."""

    def cell(step: Step, channel: int, _: Place) -> Work:
        values = plane_values(step.x[channel])
        said, result, off = pool(values, len(values))
        whole = stretches(step.x, channel, tuple(map(range, sizes_of(step.x))))
        return Work(word, (said,), result, drawn=whole, rounding=off)

    return cell


def adaptive_cell(word: str, pool: Pool) -> Callable[[Step, int, Place], Work]:
    """The cell of a pool whose windows are as large as they must be."""

    def cell(step: Step, channel: int, place: Place) -> Work:
        values = cell_values(step.x, step.numbers)(channel, place)
        said, result, off = pool(values, len(values))
        reach = cell_reach(sizes_of(step.x), step.numbers["output"], place)
        return Work(word, (said,), result, drawn=stretches(step.x, channel, reach), rounding=off)

    return cell


def stretches(x: Volume, channel: int, reach: tuple[range, ...]) -> tuple[Window, ...]:
    """A block of one channel, slice by slice, as it is."""
    slices, rows, columns = reach
    return tuple(
        Window("", [[Seen(x[channel][z][y][at]) for at in columns] for y in rows], None, channel, z, rows, columns)
        for z in slices
    )
