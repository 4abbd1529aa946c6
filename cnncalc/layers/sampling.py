"""Where the outputs of a resized axis lie on its input, and which pixels are mixed there.

Shared by all that makes maps larger or smaller by single pixels.  It knows no layer and no values.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Literal, NamedTuple

from cnncalc.geometry import AxisWindow


class Sampling(NamedTuple):
    """Output o of an axis lies at (o * slope + offset) / unit of its input, in pixels."""

    slope: int
    offset: int
    unit: int

    def window(self, neighbours: int) -> AxisWindow:
        """The pixels that are read: the one below, the two around (one, where the place falls on it), or four."""
        slope, offset, unit = self
        if neighbours == 1 or self == IN_PLACE:
            return AxisWindow(slope, offset, offset, unit)
        if neighbours == 2:
            return AxisWindow(slope, offset, offset + unit - 1, unit)
        return AxisWindow(slope, offset - unit, offset + 2 * unit, unit)


IN_PLACE = Sampling(1, 0, 1)
"""Of an axis that keeps its size."""


Align = Literal["centres", "middles", "starts", "corners"]


def sampling(size: int, outputs: int, align: Align, scale: Fraction | None = None) -> Sampling:
    """The places at which `outputs` numbers are read from `size` pixels.

    centres  (o + 1/2) * scale - 1/2: the centres of the first pixels lie half a step from the edge on both sides
    middles  (o + 1/2) * scale: the pixel there is the one nearest to its centre
    starts   o * scale: the first pixels begin together
    corners  o * (size - 1) / (outputs - 1): the first and the last pixel keep their places

    scale is size / outputs unless it is given.

    >>> sampling(4, 8, "centres"), sampling(44, 89, "starts"), sampling(3, 5, "corners")
    (Sampling(slope=2, offset=-1, unit=4), Sampling(slope=44, offset=0, unit=89), Sampling(slope=1, offset=0, unit=2))
    """
    if size == outputs and scale is None:
        return IN_PLACE
    if align == "corners":
        apart = Fraction(size - 1, outputs - 1) if outputs > 1 else Fraction(0)
        return Sampling(apart.numerator, 0, apart.denominator)
    apart = Fraction(size, outputs) if scale is None else scale
    if align == "starts":
        return Sampling(apart.numerator, 0, apart.denominator)
    before = apart.denominator if align == "centres" else 0
    return Sampling(2 * apart.numerator, apart.numerator - before, 2 * apart.denominator)


FINEST = 1_000_000
"""The largest denominator of a stated place: 1/3 is read as a float, and meant as a third."""


def stated_sampling(start: float | Fraction, step: float | Fraction) -> Sampling:
    """Output o lies at start + o * step.

    >>> stated_sampling(-0.25, 0.5), stated_sampling(0, 1 / 3)
    (Sampling(slope=2, offset=-1, unit=4), Sampling(slope=1, offset=0, unit=3))
    """
    first, apart = (Fraction(number).limit_denominator(FINEST) for number in (start, step))
    unit = lcm(first.denominator, apart.denominator)
    return Sampling(int(apart * unit), int(first * unit), unit)
