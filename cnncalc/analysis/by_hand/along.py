"""Softmax and concat along a spatial axis, by their definition."""

from __future__ import annotations

from math import exp

from cnncalc.analysis.by_hand.volumes import Number, Place, Step, Volume, sizes_of, volume


def softmax_along(step: Step) -> Volume:
    """e^x of each number divided by the sum over all numbers on the same line of the axis."""
    x, axis = step.x, step.numbers["axis"].index(1)
    n = sizes_of(x)[axis]

    def value(c: int, place: Place) -> Number:
        line = [x[c][z][y][w] for z, y, w in (_at(place, axis, i) for i in range(n))]
        largest = max(line)
        return exp(line[place[axis]] - largest) / sum(exp(one - largest) for one in line)

    return volume(len(x), sizes_of(x), value)


def concat_along(step: Step) -> Volume:
    """Each place is that of the map in which it lies."""
    axis = step.numbers["axis"].index(1)
    whole = [(x, i) for x in step.inputs for i in range(sizes_of(x)[axis])]

    def value(c: int, place: Place) -> Number:
        x, index = whole[place[axis]]
        z, y, w = _at(place, axis, index)
        return x[c][z][y][w]

    return volume(len(step.x), _at(sizes_of(step.x), axis, len(whole)), value)


def _at(place: Place, axis: int, index: int) -> Place:
    """The place with another number on one axis."""
    z, y, w = (index if own == axis else at for own, at in enumerate(place))
    return z, y, w
