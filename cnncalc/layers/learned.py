"""What norms learn: a factor and an offset for each channel, or for each number; either may be left out.

The fields, the weights, their formula and the multiplications and additions they cost, for every norm alike.  It does
not know what is normalised.
"""

from __future__ import annotations

from typing import Any

from cnncalc.layers.base import Cost, Formula, Weight, flag

Axes = tuple[tuple[str, int], ...]


def scale_flag() -> Any:
    """The field `scale` of a norm, with the word `noscale`."""
    return flag(True, "leave out each channel's learned factor, as Keras' scale=False", noscale=False)


def shift_flag() -> Any:
    """The field `shift` of a norm, with the word `noshift`."""
    return flag(True, "leave out what is learned to be added to each channel", noshift=False)


def scale_and_shift(axes: Axes, *, scale: bool, shift: bool) -> tuple[Weight, ...]:
    """The learned factors, which begin at 1, and the offsets, which begin at 0, over these axes."""
    factors = (Weight("weight", axes, initial="ones"),) if scale else ()
    offsets = (Weight("bias", axes, initial="zeros"),) if shift else ()
    return (*factors, *offsets)


def learned_params(symbols: str, count: int, *, scale: bool, shift: bool) -> Formula:
    """How many numbers are learned, where factors or offsets alone are `count`, which is `symbols`."""
    if scale and shift:
        return Formula("params", f"2 * {symbols} (scale and shift)", f"2 * {count}", 2 * count)
    if scale or shift:
        return Formula("params", f"{symbols} ({'scale' if scale else 'shift'} alone)", str(count), count)
    return Formula("params", "neither scale nor shift", "0", 0)


def applying(count: int, *, scale: bool, shift: bool) -> Cost:
    """The work of scaling and shifting so many numbers."""
    return Cost(multiply=count if scale else 0, add=count if shift else 0)
