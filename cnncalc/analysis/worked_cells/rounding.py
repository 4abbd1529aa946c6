"""How far the kernels' float32 may be off where numbers are added: a share of the sizes of all that is added.

Each addition rounds by up to 2^-24 of the sum so far.  A pool adds its numbers one after the other, where equal ones
are all rounded alike; a matrix product adds in blocks, where what is rounded up and what is rounded down cancel but for
the root of their number.  Where the sum itself is small, because its terms cancel, this is what is left of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

from cnncalc.analysis.by_hand import Number

UNIT = 2.0**-24
"""Half the distance from 1 to the next number of float32."""

FEW = 8
"""Roundings that every step is allowed, where it adds little or nothing."""

LONGEST_RUN = 4096
"""Numbers that a kernel adds one after the other in float32; more are added in float64."""

BLOCKS = 4
"""Times the root of how many products are added: what the blocks of a matrix product are rounded by."""


def of_products(terms: Sequence[Number]) -> float:
    """What rounding may leave of products that are added in blocks.

    >>> of_products([3, -3]) == (8 + 4) * 2**-24 * 6
    True
    """
    return UNIT * (FEW + BLOCKS * isqrt(len(terms))) * size_of(terms)


def of_numbers(terms: Sequence[Number]) -> float:
    """What rounding may leave of numbers that are added one after the other."""
    return UNIT * (FEW + min(len(terms), LONGEST_RUN)) * size_of(terms)


def of_result(result: Number) -> float:
    """What rounding may leave of a result in which nothing cancels."""
    return UNIT * FEW * abs(float(result))


def size_of(terms: Sequence[Number]) -> float:
    """The sum of the sizes of the terms."""
    return sum((abs(float(term)) for term in terms), 0.0)
