"""Small pictures and maps as nested lists of exact numbers: `x[channel][depth][row][column]`.

A flat vector is `x[channel][0][0][0]`, a 2-D picture has depth 1, a 1-D signal depth and height 1, exactly as the
kernels see their arrays (without the image axis).  Numbers are ints and Fractions wherever the mathematics stays
rational, floats behind exponentials and roots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, NamedTuple

from cnncalc import matrices
from cnncalc.matrices import Matrix

Number = matrices.Number
Volume = matrices.Volume
Row = list[Number]
Place = tuple[int, int, int]
"""A position or a size along depth, height and width."""


class Step(NamedTuple):
    """One kernel call: what arrives, the weights as lists in lists in storage order, and the resolved numbers."""

    inputs: list[Volume]
    weights: Mapping[str, Any]
    numbers: Mapping[str, Any]

    @property
    def x(self) -> Volume:
        """What arrives, where one thing does."""
        return self.inputs[0]


def volume(channels: int, sizes: Place, value: Callable[[int, Place], Number]) -> Volume:
    """The volume whose number in channel c at place p is `value(c, p)`."""
    depth, height, width = sizes
    return [
        [[[value(c, (z, y, x)) for x in range(width)] for y in range(height)] for z in range(depth)]
        for c in range(channels)
    ]


def sizes_of(x: Volume) -> Place:
    """Depth, height and width."""
    return len(x[0]), len(x[0][0]), len(x[0][0][0])


def places(sizes: Sequence[int]) -> Iterator[Place]:
    """Every place of a volume of these sizes, the width fastest."""
    depth, height, width = sizes
    return product(range(depth), range(height), range(width))


def plane_values(plane: list[list[Row]]) -> list[Number]:
    """All numbers of one channel, the width fastest."""
    return [value for rows in plane for row in rows for value in row]


def columns(x: Volume) -> dict[Place, list[Number]]:
    """For each place the numbers of all channels there."""
    return {place: channels_at(x, place) for place in places(sizes_of(x))}


def channels_at(x: Volume, place: Place) -> list[Number]:
    """The numbers of all channels at one place."""
    z, y, column = place
    return [plane[z][y][column] for plane in x]


def flat(values: Iterable[Number]) -> Volume:
    """A flat vector."""
    return [[[[value]]] for value in values]


def mapped(x: Volume, change: Callable[[int, Number], Number]) -> Volume:
    """Every number replaced by `change(channel, number)`."""
    return [[[[change(c, v) for v in row] for row in rows] for rows in plane] for c, plane in enumerate(x)]


def of_matrix(data: Matrix) -> Volume:
    """A stated picture or signal."""
    return [[[[plain(value) for value in row] for row in plane]] for plane in data.planes]


def plain(value: Fraction | int) -> int | Fraction:
    """The number as an int where it is whole: a hundred times faster to add."""
    return value.numerator if value.denominator == 1 else value


def nested(values: Sequence[Number], shape: Sequence[int]) -> Any:
    """The values as lists in lists of the given shape, the last axis fastest."""
    if not shape:
        return values[0]
    step = prod(shape[1:])
    return [nested(values[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])]


def padded(x: Volume, before: Sequence[int], after: Sequence[int], fill: str = "zeros", value: Number = 0) -> Volume:
    """The volume with rows added on every side: zeros or another value, the edge, its mirror image, the other end."""
    sizes = sizes_of(x)
    depths, rows, columns = (
        [source(i, size, fill) for i in range(-low, size + high)]
        for size, low, high in zip(sizes, before, after, strict=True)
    )
    return [[[[_at(plane, z, y, c, value) for c in columns] for y in rows] for z in depths] for plane in x]


def _at(plane: list[list[Row]], z: int | None, y: int | None, c: int | None, value: Number) -> Number:
    return value if z is None or y is None or c is None else plane[z][y][c]


def source(index: int, size: int, fill: str) -> int | None:
    """The position whose number stands at `index` of a padded axis; None where the pad holds a zero.

    >>> [source(i, 5, "wrap") for i in (-2, -1, 0, 5)], [source(i, 5, "reflect") for i in (-2, -1, 0, 5)]
    ([3, 4, 0, 0], [2, 1, 0, 3])
    """
    if 0 <= index < size:
        return index
    if fill == "edge":
        return 0 if index < 0 else size - 1
    if fill == "wrap":
        return index % size
    if fill == "reflect":
        turn = max(1, 2 * (size - 1))
        return min(index % turn, turn - index % turn) if size > 1 else 0
    return None
