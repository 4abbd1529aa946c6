"""Joins by their definition: branches laid behind one another or combined place by place, cut or padded to one size."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from cnncalc.analysis.by_hand.pooling import mean
from cnncalc.analysis.by_hand.rearranging import cut
from cnncalc.analysis.by_hand.volumes import Number, Place, Step, Volume, mapped, padded, sizes_of, volume

Combination = Callable[[Number, Number], Number]

ONE_PLACE = (1, 1, 1)


def concat(step: Step) -> Volume:
    """The channels of all inputs, one input after the other."""
    return [plane for x in _cropped(step.inputs) for plane in x]


def add(step: Step) -> Volume:
    """Sums place by place."""
    return _together(step.inputs, lambda a, b: a + b)


def sub(step: Step) -> Volume:
    """The first without the second, place by place."""
    return _together(step.inputs, lambda a, b: a - b)


def mul(step: Step) -> Volume:
    """Products place by place."""
    return _together(step.inputs, lambda a, b: a * b)


def maximum(step: Step) -> Volume:
    """The largest at each place."""
    return _together(step.inputs, lambda a, b: a if a >= b else b)


def average(step: Step) -> Volume:
    """The mean at each place."""
    count = len(step.inputs)
    return mapped(add(step), lambda _, total: mean([total], count))


def absolute_difference(step: Step) -> Volume:
    """How far apart two inputs are at each place."""
    return _together(step.inputs, lambda a, b: a - b if a >= b else b - a)


def _over_padded(definition: Callable[[Step], Volume]) -> Callable[[Step], Volume]:
    """The definition of a join over its inputs padded to one size; what `mul` spreads is not padded."""

    def joined(step: Step) -> Volume:
        spread = [definition is mul and sizes_of(x) == ONE_PLACE for x in step.inputs]
        whole = iter(_grown([x for x, alone in zip(step.inputs, spread, strict=True) if not alone]))
        inputs = [x if alone else next(whole) for x, alone in zip(step.inputs, spread, strict=True)]
        return definition(step._replace(inputs=inputs))

    return joined


PADDED: dict[str, Callable[[Step], Volume]] = {
    name: _over_padded(definition)
    for name, definition in (
        *(("add", add), ("sub", sub), ("mul", mul), ("max", maximum)),
        *(("avg", average), ("absdiff", absolute_difference), ("concat", concat)),
    )
}
"""Each join with `pad`, by its word."""


def _grown(inputs: list[Volume]) -> list[Volume]:
    """The maps amid zeros, all as large as the largest on each axis; the odd zeros stand at the end."""
    sizes = [sizes_of(x) for x in inputs]
    if not sizes:
        return []
    largest = [max(size[axis] for size in sizes) for axis in range(3)]
    before = [[(most - n) // 2 for n, most in zip(size, largest, strict=True)] for size in sizes]
    after = [
        [most - n - b for n, most, b in zip(size, largest, first, strict=True)]
        for size, first in zip(sizes, before, strict=True)
    ]
    return [padded(x, first, last) for x, first, last in zip(inputs, before, after, strict=True)]


def _cropped(inputs: list[Volume]) -> list[Volume]:
    """The centres of the maps, all as large as the smallest on each axis; the odd pixel is cut at the end."""
    sizes = [sizes_of(x) for x in inputs]
    depth, height, width = (min(size[axis] for size in sizes) for axis in range(3))
    smallest = (depth, height, width)
    starts = [tuple((n - least) // 2 for n, least in zip(size, smallest, strict=True)) for size in sizes]
    return [cut(x, (z, y, c), smallest) for x, (z, y, c) in zip(inputs, starts, strict=True)]


def _together(inputs: list[Volume], combine: Combination) -> Volume:
    """Number by number over all inputs; `mul` spreads a flat vector or a 1x1 map over the maps."""
    cut = iter(_cropped([x for x in inputs if sizes_of(x) != ONE_PLACE]))
    return reduce(lambda a, b: _pair(a, b, combine), [x if sizes_of(x) == ONE_PLACE else next(cut) for x in inputs])


def _pair(one: Volume, other: Volume, combine: Combination) -> Volume:
    sizes = max(sizes_of(one), sizes_of(other))
    return volume(len(one), sizes, lambda c, p: combine(_spread(one, c, p), _spread(other, c, p)))


def _spread(x: Volume, channel: int, place: Place) -> Number:
    z, y, column = place if sizes_of(x) != ONE_PLACE else (0, 0, 0)
    return x[channel][z][y][column]
