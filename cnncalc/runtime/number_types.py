"""Numbers in the type of a run: whether all are finite, and their change of type, where each must have a place.

A number that is not finite stays what it is; one that becomes infinite only by the change of type is refused, with its
place.  Where the numbers are from is not known here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.diagnostics import input_error
from cnncalc.runtime.planning import Precision

Array = np.ndarray[Any, Any]


def is_finite(array: Array) -> bool:
    """Whether all numbers are; NaN passes through the least and the largest."""
    return not array.size or bool(np.isfinite(array.min()) and np.isfinite(array.max()))


def place_not_finite(array: Array) -> tuple[int, ...] | None:
    """The index of the first number that is NaN or infinite; None where all are finite.

    >>> place_not_finite(np.array([[1, 2], [np.nan, np.inf]])), place_not_finite(np.ones(3))
    ((1, 0), None)
    """
    if is_finite(array):
        return None
    return tuple(int(index) for index in np.unravel_index(int(np.argmin(np.isfinite(array))), array.shape))


def in_type(values: Array, dtype: Precision, what: str) -> Array:
    """The same numbers in that type, without a copy where they have it already.

    `what` holds them, as the subject of a sentence.  Raises InputError where a finite number is too large.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large is infinite, and found so below
        found: Array = values.astype(dtype, copy=False)
    if values.dtype.kind == "f" and values.dtype.itemsize > found.dtype.itemsize and not is_finite(found):
        lost = np.isinf(found) & np.isfinite(values)
        if lost.any():
            place = tuple(int(index) for index in np.unravel_index(int(np.argmax(lost)), lost.shape))
            where = f" at [{', '.join(map(str, place))}]" if place else ""
            raise input_error(
                "number-does-not-fit",
                f"{what} holds {values[place]:g}{where}, which does not fit {dtype}",
                notes=(f"the largest number of {dtype} is {np.finfo(dtype).max:.2g}",),
                help="divide the numbers before you save them",
            )
    return found
