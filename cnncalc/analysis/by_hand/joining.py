"""Joins by their definition: branches laid behind one another or combined place by place, cut or padded to one size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from math import copysign, inf

from cnncalc.analysis.by_hand.pooling import mean
from cnncalc.analysis.by_hand.rearranging import cut
from cnncalc.analysis.by_hand.volumes import Number, Place, Step, Volume, mapped, padded, plain, sizes_of, volume

Combination = Callable[[Number, Number], Number]

ONE_PLACE = (1, 1, 1)


def concat(step: Step) -> Volume:
    """The channels of all inputs, one input after the other."""
    return [plane for x in _fitted(step, step.inputs) for plane in x]


def add(step: Step) -> Volume:
    """Sums place by place."""
    return _together(step, lambda a, b: a + b)


def sub(step: Step) -> Volume:
    """The first without the second, place by place."""
    return _together(step, lambda a, b: a - b)


def mul(step: Step) -> Volume:
    """Products place by place."""
    return _together(step, lambda a, b: a * b)


def div(step: Step) -> Volume:
    """The first divided by the second, place by place; what is divided by 0 is no number, as in a run."""
    return _together(step, _quotient)


def maximum(step: Step) -> Volume:
    """The largest at each place."""
    return _together(step, max)


def minimum(step: Step) -> Volume:
    """The smallest at each place."""
    return _together(step, min)


def average(step: Step) -> Volume:
    """The mean at each place."""
    count = len(step.inputs)
    return mapped(add(step), lambda _, total: mean([total], count))


def absolute_difference(step: Step) -> Volume:
    """How far apart two inputs are at each place."""
    return _together(step, lambda a, b: a - b if a >= b else b - a)


def _over_padded(definition: Callable[[Step], Volume]) -> Callable[[Step], Volume]:
    """The definition of a join over its inputs padded to one size; what has one place is spread, but in `concat`."""

    def joined(step: Step) -> Volume:
        spread = [definition is not concat and sizes_of(x) == ONE_PLACE for x in step.inputs]
        whole = iter(_grown([x for x, alone in zip(step.inputs, spread, strict=True) if not alone]))
        inputs = [x if alone else next(whole) for x, alone in zip(step.inputs, spread, strict=True)]
        return definition(step._replace(inputs=inputs))

    return joined


PADDED: dict[str, Callable[[Step], Volume]] = {
    name: _over_padded(definition)
    for name, definition in (
        *(("add", add), ("sub", sub), ("mul", mul), ("max", maximum)),
        *(("min", minimum), ("avg", average), ("absdiff", absolute_difference), ("concat", concat)),
    )
}
"""Each join with `pad`, by its word."""


def _grown(inputs: list[Volume]) -> list[Volume]:
    """The maps amid zeros, all as large as the largest on each axis; the odd zeros stand at the end."""
    sizes = [sizes_of(x) for x in inputs]
    if not sizes:
        return []
    largest = [max(size[axis] for size in sizes) for axis in range(3)]
    before = margins(sizes)
    after = [
        [most - n - b for n, most, b in zip(size, largest, first, strict=True)]
        for size, first in zip(sizes, before, strict=True)
    ]
    return [padded(x, first, last) for x, first, last in zip(inputs, before, after, strict=True)]


def margins(sizes: Sequence[Place]) -> list[Place]:
    """How many zeros come before each of several maps that are padded to the largest size."""
    depth, height, width = (max(size[axis] for size in sizes) for axis in range(3))
    return [((depth - d) // 2, (height - h) // 2, (width - w) // 2) for d, h, w in sizes]


def _fitted(step: Step, inputs: list[Volume]) -> list[Volume]:
    """With `crop` the centres of the maps, as large as the smallest on each axis; the odd pixel is cut at the end."""
    if not step.numbers.get("crop") or not inputs:
        return inputs
    sizes = [sizes_of(x) for x in inputs]
    depth, height, width = (min(size[axis] for size in sizes) for axis in range(3))
    return [cut(x, start, (depth, height, width)) for x, start in zip(inputs, centres(sizes), strict=True)]


def centres(sizes: Sequence[Place]) -> list[Place]:
    """Where the centre begins that is kept of each of several maps, by their sizes."""
    depth, height, width = (min(size[axis] for size in sizes) for axis in range(3))
    return [((d - depth) // 2, (h - height) // 2, (w - width) // 2) for d, h, w in sizes]


def _together(step: Step, combine: Combination) -> Volume:
    """Number by number over all inputs; what has one place, one row or one channel is spread over the others."""
    whole = iter(_fitted(step, [x for x in step.inputs if sizes_of(x) != ONE_PLACE]))
    inputs = [x if sizes_of(x) == ONE_PLACE else next(whole) for x in step.inputs]
    return reduce(lambda a, b: _pair(a, b, combine), inputs)


def _pair(one: Volume, other: Volume, combine: Combination) -> Volume:
    depth, height, width = map(max, zip(sizes_of(one), sizes_of(other), strict=True))
    channels = max(len(one), len(other))
    return volume(channels, (depth, height, width), lambda c, p: combine(_spread(one, c, p), _spread(other, c, p)))


def _spread(x: Volume, channel: int, place: Place) -> Number:
    z, y, column = (0 if size == 1 else at for size, at in zip(sizes_of(x), place, strict=True))
    return x[channel if len(x) > 1 else 0][z][y][column]


def _quotient(a: Number, b: Number) -> Number:
    if b == 0:
        return inf * a * copysign(1.0, b)
    return plain(Fraction(a) / b) if not isinstance(a, float) and not isinstance(b, float) else a / b
