"""Where the numbers of a view come from: each axis shown is a row of digits of the axes behind it.

`view(1, 2, 58, 28, 28)` shows 116 channels as two digits, of stride 58 and of stride 1; a permute reorders axes, and
another view groups the digits anew.  Nothing is known here of tensors, frameworks or operations; the layers that bring
numbers into such an order are found only when somebody reads them.
"""

from __future__ import annotations

from itertools import chain
from math import prod

from cnncalc.geometry import Shape
from cnncalc.layers.base import Layer
from cnncalc.layers.channels import Shuffle
from cnncalc.layers.rearranging import Digit, Rearrange
from cnncalc.layers.reshaping import Flatten, Reshape

Digits = tuple[Digit, ...]
"""The digits of one axis shown, the slowest first; an axis of size 1 has none."""


def plain(dims: tuple[int, ...]) -> tuple[Digits, ...]:
    """The digits of a tensor seen as it is."""
    return tuple((Digit(axis, 1, size),) if size != 1 else () for axis, size in enumerate(dims))


def size_of(digits: Digits) -> int:
    """How many numbers the axis has."""
    return prod(digit.size for digit in digits)


def merged(digits: Digits) -> Digits:
    """Neighbouring digits that count on without a gap, as one.

    >>> merged((Digit(1, 58, 2), Digit(1, 1, 58)))
    (Digit(axis=1, stride=1, size=116),)
    """
    found: list[Digit] = []
    for digit in digits:
        last = found[-1] if found else None
        if last is not None and last.axis == digit.axis and last.stride == digit.stride * digit.size:
            found[-1] = Digit(digit.axis, digit.stride, last.size * digit.size)
        else:
            found.append(digit)
    return tuple(found)


def regrouped(axes: tuple[Digits, ...], dims: tuple[int, ...]) -> tuple[Digits, ...] | None:
    """The same digits in row-major order on axes of other sizes; None where a size falls between two digits.

    >>> regrouped(((), (Digit(1, 1, 6),)), (2, 3))
    ((Digit(axis=1, stride=3, size=2),), (Digit(axis=1, stride=1, size=3),))
    """
    waiting = list(merged(tuple(chain(*axes))))[::-1]
    found: list[Digits] = []
    for size in dims:
        taken: list[Digit] = []
        left = size
        while left > 1:
            if not waiting:
                return None
            digit = waiting.pop()
            if left % digit.size and digit.size % left:
                return None
            inner = max(1, digit.size // left)
            taken.append(Digit(digit.axis, digit.stride * inner, digit.size // inner))
            if inner > 1:
                waiting.append(Digit(digit.axis, digit.stride, inner))
            left //= digit.size // inner
        found.append(merged(tuple(taken)))
    return None if waiting else tuple(found)


def layers_between(behind: Shape, channels: Digits, spatial: tuple[Digits, ...]) -> tuple[Layer, ...]:
    """The layers that make of a shape the one with these digits.

    Axis 0 of a digit are the channels of the shape, 1 and on its spatial axes.
    """
    wanted = Shape(size_of(channels), tuple(map(size_of, spatial)))
    first = merged((*channels, *chain(*spatial)))
    sizes = (behind.channels, *behind.spatial)
    whole = plain(sizes)
    if first == tuple(chain(*whole)):
        return () if wanted == behind else _reshaped(wanted, "channels_first")
    if merged((*chain(*spatial), *channels)) == tuple(chain(*whole[1:], whole[0])):
        return () if wanted == behind else _reshaped(wanted, "channels_last")
    if tuple(map(merged, spatial)) == whole[1:] and wanted == behind:
        groups = _dealt(channels)
        if groups:
            return (Shuffle(groups=groups),)
    return (Rearrange.of(behind, channels, spatial),)


def _reshaped(wanted: Shape, order: str) -> tuple[Layer, ...]:
    if not wanted.spatial:
        return (Flatten(order=order),)  # type: ignore[arg-type]
    return (Reshape(size=wanted.sizes(order), order=order),)  # type: ignore[arg-type]


def _dealt(channels: Digits) -> int:
    """The groups of a channel shuffle that puts the channels in this order; 0 where it is none."""
    if len(channels) != 2:
        return 0
    outer, inner = channels
    return inner.size if outer.stride == 1 and inner.stride == outer.size else 0
