"""Numbers of a map in another order: what is done by a rearrange, a reshape, a flatten, a pixel shuffle.

Each cuts the row of all numbers (channels, then rows, then columns) into digits, puts the digits into another order,
and reads them as other axes.  Two that cut differently and mean the same are the same here, and two in turn are one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from cnncalc.geometry import Shape

Digits = tuple[tuple[int, int], ...]
"""Sizes in the order in which they arrive, each with its place in the order in which they leave."""


def digits_of(kernel: str, numbers: Mapping[str, Any], arriving: Shape, leaving: Shape) -> Digits | None:
    """What a kernel does to the order of numbers; None where it is no such kernel, or cuts where nothing fits."""
    if kernel == "rearrange":
        return merged(numbers["factors"])
    if kernel in ("flatten", "reshape"):
        return _reshaped(arriving, leaving, is_first=numbers["order"] == "channels_first")
    if kernel == "shuffle":
        groups = numbers["groups"]
        return merged(((groups, 1), (arriving.channels // groups, 0), (prod(arriving.spatial), 2)))
    if kernel in ("space_to_depth", "depth_to_space"):
        return _blocks(numbers["factor"][3 - arriving.rank :], arriving, leaving, is_apart=kernel == "depth_to_space")
    return None


def _reshaped(arriving: Shape, leaving: Shape, *, is_first: bool) -> Digits | None:
    """The same numbers row by row, wherever the channels are while they are read."""
    if is_first:
        return merged(((arriving.elements, 0),))
    last = merged(((arriving.channels, 1), (arriving.elements // arriving.channels, 0)))
    first = merged(((leaving.elements // leaving.channels, 1), (leaving.channels, 0)))
    return in_turn(last, first)


def _blocks(factors: Sequence[int], arriving: Shape, leaving: Shape, *, is_apart: bool) -> Digits:
    """Channels (c, i, j) of place (y, x), or channel c of place (y i, x j)."""
    rank = len(factors)
    small = arriving if is_apart else leaving
    channels = (leaving if is_apart else arriving).channels
    deep = [channels, *factors, *small.spatial]
    wide = [0, *(at for axis in range(rank) for at in (1 + rank + axis, 1 + axis))]
    if is_apart:
        return merged(tuple((deep[at], wide.index(at)) for at in range(len(deep))))
    return merged(tuple((deep[at], at) for at in wide))


def merged(digits: Sequence[tuple[int, int]]) -> Digits:
    """Without digits of one number; those that stay together are one.

    >>> merged(((2, 0), (3, 1), (1, 3), (5, 4)))
    ((30, 0),)
    """
    kept = [one for one in digits if one[0] > 1]
    places = sorted(goal for _, goal in kept)
    found: list[tuple[int, int]] = []
    last = -2
    for size, goal in kept:
        place = places.index(goal)
        if found and place == last + 1:
            found[-1] = (found[-1][0] * size, found[-1][1])
        else:
            found.append((size, place))
        last = place
    order = sorted(place for _, place in found)
    return tuple((size, order.index(place)) for size, place in found)


def in_turn(first: Digits, second: Digits) -> Digits | None:
    """Both as one; None where the second cuts through digits of the first.

    >>> in_turn(((2, 1), (3, 0)), ((3, 1), (2, 0)))
    ((6, 0),)
    """
    leaving = [at for _, at in sorted((place, at) for at, (_, place) in enumerate(first))]
    between = [first[at][0] for at in leaving]
    cut = _common(between, [size for size, _ in second])
    if cut is None:
        return None
    made_of, goes_to = _within(between, cut), _within([size for size, _ in second], cut)
    pieces = list(range(len(cut)))
    came = sorted(pieces, key=lambda one: (leaving[made_of[one]], one))
    goes = sorted(pieces, key=lambda one: (second[goes_to[one]][1], one))
    return merged(tuple((cut[one], goes.index(one)) for one in came))


def _common(one: Sequence[int], other: Sequence[int]) -> list[int] | None:
    """The sizes into which both can be cut."""
    left, right, found = list(one), list(other), list[int]()
    while left and right:
        small, large = sorted((left[-1], right[-1]))
        if large % small:
            return None
        found.insert(0, small)
        for sizes in (left, right):
            sizes[-1] //= small
            if sizes[-1] == 1:
                sizes.pop()
    return found


def _within(sizes: Sequence[int], cut: Sequence[int]) -> list[int]:
    """In which of the sizes each piece lies."""
    found, at, left = [], 0, sizes[0] if sizes else 1
    for piece in cut:
        if left == 1:
            at += 1
            left = sizes[at]
        found.append(at)
        left //= piece
    return found
