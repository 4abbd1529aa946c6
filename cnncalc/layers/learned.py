"""What pointwise layers and norms learn: factors, offsets or slopes, for each channel, for each number, or one for all.

The fields, the weights, their formula and the multiplications and additions they cost, alike for all of them.  It does
not know what else a layer does.
"""

from __future__ import annotations

from math import prod
from typing import Any

from cnncalc.geometry import AXIS_NAMES, Shape
from cnncalc.layers.base import Cost, Formula, Weight, flag, option

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


def each_choice(what: str) -> Any:
    """The field `each`: for what there is a learned number of its own."""
    choices = ("channels", "shared", "all")
    return option(
        "choice", "channels", f"`shared`: one {what} for all numbers; `all`: one for each number", choices=choices
    )


def learned_axes(each: str, shape: Shape) -> Axes:
    """The axes along which learned numbers differ.

    >>> learned_axes("all", Shape(64, (7, 5)))
    (('channels', 64), ('height', 7), ('width', 5))
    """
    if each == "shared":
        return (("shared", 1),)
    places = tuple(zip(AXIS_NAMES[shape.rank], shape.spatial, strict=True)) if each == "all" else ()
    return (("channels", shape.channels), *places)


def learned_symbols(each: str, shape: Shape) -> str:
    """How many they are, in symbols."""
    if each == "shared":
        return "one for all"
    return " * ".join((*AXIS_NAMES[shape.rank], "C")) if each == "all" else "C"


def learned_numbers(each: str, shape: Shape) -> Formula:
    """How many numbers are learned."""
    sizes = [size for _, size in learned_axes(each, shape)]
    channels, *places = sizes
    count = prod(sizes)
    return Formula("params", learned_symbols(each, shape), " * ".join(map(str, (*places, channels))), count)
