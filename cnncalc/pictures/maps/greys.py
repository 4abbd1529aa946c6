"""How numbers become greys: stretched from black to white, signed around a middle grey, or clipped.

Every way says in words what it did, since a picture that was stretched shows no sizes.  Numbers that are not finite
have no grey: they are marked, and counted in the words.  Which way suits which numbers is their owner's business.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from PIL import Image

Array = np.ndarray[Any, Any]

WHITE, MIDDLE, BLACK = 255, 128, 0
ROUNDINGS = 4
"""Values that differ by no more than so many roundings of the largest are one value."""

NOT_FINITE = (230, 25, 75)
"""The red of numbers that are not finite."""

SHARE = 99.5
"""Percent of the signed values that lie between black and white; the few beyond would make all others grey."""


class Greys(NamedTuple):
    """Values as levels from 0 to 255, where they are not finite, and in words how they became so."""

    levels: Array
    not_finite: Array
    words: str


def stretched(values: Array) -> Greys:
    """The smallest value becomes black, the largest white; where all are one value, black if it is 0, else grey."""
    finite = np.isfinite(values)
    found = values[finite]
    low, high = (float(found.min()), float(found.max())) if found.size else (0.0, 0.0)
    if bool(is_constant(low, high, values.dtype)):
        levels = np.full(values.shape, BLACK if low == 0 else MIDDLE, np.uint8)
        return Greys(levels, ~finite, _and_odd(constant_words(low) if found.size else "", finite))
    levels = _levels(values, low, high, finite)
    return Greys(levels, ~finite, _and_odd(f"black is {number(low)}, white is {number(high)}", finite))


def signed(values: Array, share: float = SHARE) -> Greys:
    """0 becomes the middle grey, negative values darker, positive ones brighter."""
    finite = np.isfinite(values)
    found = np.abs(values[finite].astype(np.float64))
    top = float(np.percentile(found, share)) if found.size else 0.0
    top = top or float(found.max(initial=0.0))
    if top == 0:
        return Greys(np.full(values.shape, MIDDLE, np.uint8), ~finite, _and_odd("all values are 0", finite))
    levels = _levels(values, -top, top, finite)
    words = f"grey is 0, black is {number(-top)} or less, white is {number(top)} or more"
    if float(found.max()) == top:
        words = f"grey is 0, black is {number(-top)}, white is {number(top)}"
    return Greys(levels, ~finite, _and_odd(words, finite))


def clipped(values: Array) -> Greys:
    """0 and less becomes black, 1 and more white: the values of a picture stay what they are."""
    finite = np.isfinite(values)
    levels = _levels(values, 0.0, 1.0, finite)
    return Greys(levels, ~finite, _and_odd("black is 0 or less, white is 1 or more", finite))


def is_constant(low: Any, high: Any, kind: np.dtype[Any]) -> Any:
    """Whether values of this kind, the smallest and the largest of each map, differ by no more than by rounding.

    >>> is_constant(np.float32(0.1), np.nextafter(np.float32(0.1), np.float32(1)), np.dtype("float32")).item()
    True
    >>> is_constant(np.array([0.0, 5.0]), np.array([1e-30, 5.0]), np.dtype("float32")).tolist()
    [False, True]
    """
    smallest, largest = np.asarray(low, np.float64), np.asarray(high, np.float64)
    share = ROUNDINGS * float(np.finfo(kind).eps) if kind.kind == "f" else 0.0
    return largest - smallest <= share * np.maximum(np.abs(smallest), np.abs(largest))


def grey_picture(levels: Array, not_finite: Array) -> Image.Image:
    """A picture of levels `[y, x]`, or of colours `[y, x, 3]`, with what is not finite in red.

    >>> grey_picture(np.array([[0, 255]], np.uint8), np.array([[False, True]])).getpixel((1, 0))
    (230, 25, 75)
    """
    if not not_finite.any():
        return Image.fromarray(np.ascontiguousarray(levels))
    colours = np.repeat(levels[..., None], 3, axis=2) if levels.ndim == 2 else levels.copy()
    colours[not_finite] = NOT_FINITE
    return Image.fromarray(np.ascontiguousarray(colours))


def number(value: float) -> str:
    """A value in few digits.

    >>> number(0.123456), number(-1234567.0), number(0.0)
    ('0.123', '-1.23e+06', '0')
    """
    return f"{value + 0.0:.3g}"


def constant_words(value: float) -> str:
    """What is said of a map that holds one value everywhere."""
    return f"all values are {number(value)}"


def not_finite_words(count: int) -> str:
    """What is said of numbers that are not finite; nothing where there are none."""
    return f"red: {count:,} {'value is' if count == 1 else 'values are'} not finite (NaN or infinity)" if count else ""


def _levels(values: Array, low: float, high: float, finite: Array) -> Array:
    """From `low` (0) to `high` (255), what lies beyond cut off; in float64, where no difference is too large."""
    exact = np.where(finite, values, low).astype(np.float64)
    share = (exact - low) / (high - low)
    return np.rint(np.clip(share, 0, 1) * WHITE).astype(np.uint8)


def _and_odd(words: str, finite: Array) -> str:
    return "; ".join(filter(None, (words, not_finite_words(int(finite.size - np.count_nonzero(finite))))))
