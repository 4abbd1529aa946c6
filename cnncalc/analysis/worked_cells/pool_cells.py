"""One number of a pool: its window and what is done with it; pads hold nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

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
from cnncalc.analysis.worked_cells.sliding_cells import windows_on

MOST_LISTED = 25
"""Numbers that are written out between brackets."""

LARGEST_LISTED = 3
"""Numbers of a larger window of which the largest is taken that are written out."""

Pool = Callable[[list[Number], int], tuple[str, Number]]


def largest(values: list[Number], _: int) -> tuple[str, Number]:
    """max(1, 3, 2) = 3."""
    found = max(values, default=-inf)
    if len(values) > MOST_LISTED:
        first = sorted(values, reverse=True)[:LARGEST_LISTED]
        few = f"{', '.join(map(written, first))} and {len(values) - len(first):,} that are no larger"
        return f"max({few}) = {written(found)}", found
    return f"max({listed(values)}) = {written(found)}", found


def average(values: list[Number], count: int) -> tuple[str, Number]:
    """(1 + 3) / 2 = 2."""
    found = mean(values, count)
    return f"({added([*map(number_term, values)], what='numbers')}) / {count:,} = {written(found)}", found


def total(values: list[Number], _: int) -> tuple[str, Number]:
    """1 + 3 = 4."""
    found = sum(values)
    return added([*map(number_term, values)], found, what="numbers"), found


def length(values: list[Number], _: int) -> tuple[str, Number]:
    """sqrt(3^2 + 4^2) = sqrt(25) = 5."""
    squares = sum(value * value for value in values)
    terms = added([*map(square_term, values)], what="squares")
    found = root(squares)
    return f"sqrt({terms}) = sqrt({written(squares)}) = {written(found)}", found


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
        said, result = pool(values, count)
        pads = "nothing" if any(one.is_pad for window in windows for row in window.seen for one in row) else ""
        return Work(word, (said,), result, windows, pads=pads)

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
    return summed._replace(sums=(*summed.sums, last), result=result)


def global_cell(word: str, pool: Pool) -> Callable[[Step, int, Place], Work]:
    """The cell of a pool over a whole channel."""

    def cell(step: Step, channel: int, _: Place) -> Work:
        values = plane_values(step.x[channel])
        said, result = pool(values, len(values))
        return Work(word, (said,), result, drawn=stretches(step.x, channel, tuple(map(range, sizes_of(step.x)))))

    return cell


def adaptive_cell(word: str, pool: Pool) -> Callable[[Step, int, Place], Work]:
    """The cell of a pool whose windows are as large as they must be."""

    def cell(step: Step, channel: int, place: Place) -> Work:
        values = cell_values(step.x, step.numbers)(channel, place)
        said, result = pool(values, len(values))
        reach = cell_reach(sizes_of(step.x), step.numbers["output"], place)
        return Work(word, (said,), result, drawn=stretches(step.x, channel, reach))

    return cell


def stretches(x: Volume, channel: int, reach: tuple[range, ...]) -> tuple[Window, ...]:
    """A block of one channel, slice by slice, as it is."""
    slices, rows, columns = reach
    return tuple(
        Window("", [[Seen(x[channel][z][y][at]) for at in columns] for y in rows], None, channel, z, rows, columns)
        for z in slices
    )
