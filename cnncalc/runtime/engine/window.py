"""Windows that slide over a map: how large, how far apart, where they begin, and what they need around the map.

Pads of zeros and crops before a window are done by the window itself: it begins further out, or further inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import NamedTuple

from cnncalc.runtime.engine.ir import Access, Map
from cnncalc.runtime.engine.storage import BARE, ORIGIN, Halo, Kind, Triple
from cnncalc.runtime.planning import Step as LayerStep


@dataclass(frozen=True, slots=True)
class Window:
    """On each axis (z, y, x): how many taps, how far apart neighbouring windows are, and neighbouring taps."""

    kernel: Triple = (1, 1, 1)
    stride: Triple = (1, 1, 1)
    dilation: Triple = (1, 1, 1)

    @property
    def taps(self) -> int:
        return prod(self.kernel)

    @property
    def is_one_place(self) -> bool:
        """Whether each output is made of one place, and neighbours of neighbours."""
        return self.kernel == self.stride == (1, 1, 1)

    @property
    def is_flat(self) -> bool:
        """Whether it does not move in depth."""
        return self.kernel[0] == self.stride[0] == 1

    @property
    def printed(self) -> tuple[int, int, int]:
        """(height, width, stride)."""
        return self.kernel[1], self.kernel[2], max(self.stride[1:])

    def seen(self, outputs: int, axis: int) -> int:
        """How many neighbouring places so many neighbouring outputs see, from the first to the last."""
        return (outputs - 1) * self.stride[axis] + self.dilation[axis] * (self.kernel[axis] - 1) + 1


ONE_PLACE = Window()


class Sliding(NamedTuple):
    """A layer's window, where the first of them begins, and the halo that it needs."""

    window: Window
    start: Triple
    halo: Halo

    def access(self, source: Map) -> Access:
        """The map to slide over, with zeros around it where they are needed."""
        return Access(source, Kind.BLOCKED, self.halo, None if self.halo == BARE else 0.0, self.start)


def sliding_window(layer: LayerStep, source: Map, target: Map) -> Sliding:
    """How a layer's window slides."""
    n = layer.numbers
    window = Window(tuple(n["kernel"]), tuple(n["stride"]), tuple(n["dilation"]))
    before: Triple = tuple(n["before"])
    return Sliding(window, (-before[0], -before[1], -before[2]), halo_of(window, before, source.size, target.size))


def halo_of(window: Window, before: Triple, source: Sequence[int], target: Sequence[int]) -> Halo:
    """What has to lie around a map so that all windows lie within; `before` is how far outside the first begins."""
    front, top, left = before
    back, below, right = (
        max(0, window.seen(outputs, axis) - before[axis] - size)
        for axis, (outputs, size) in enumerate(zip(target, source, strict=True))
    )
    return Halo(max(0, top), max(0, left), below, right, max(0, front), back)


def flat_window(layer: LayerStep, source: Map, target: Map) -> Sliding | None:
    """The same, for a layer that does nothing in depth; None where it does."""
    n = layer.numbers
    if n["kernel"][0] != 1 or n["before"][0] or n["after"][0]:
        return None
    return sliding_window(layer, source, target)


def zero_fill(layer: LayerStep) -> bool:
    """Whether what is not there counts as zero, as in a halo."""
    padded = any(layer.numbers["before"]) or any(layer.numbers["after"])
    return layer.numbers["fill"] in ZEROS or not padded


ZEROS = ("zeros",)
"""What a pad holds unless its line says otherwise."""

ADDED = {"pad": 1, "crop": -1}
"""Layers that put a map elsewhere, number by number -> the sign of what they add."""


def border(layer: LayerStep) -> tuple[list[int], list[int]] | None:
    """(rows and columns that a pad of zeros or a crop adds before, and after); None where it does something else."""
    sign = ADDED.get(layer.kernel, 0)
    if not sign or layer.numbers.get("fill", "zeros") not in ZEROS:
        return None
    (deep, *before), (further, *after) = layer.numbers["before"], layer.numbers["after"]
    return None if deep or further else ([sign * rows for rows in before], [sign * rows for rows in after])


def unbordered(layer: LayerStep, layers: Sequence[LayerStep]) -> LayerStep:
    """A sliding window that does the pads of zeros and the crops before it itself: it begins further out or inside.

    Its own pads may hold nothing but zeros; what a crop takes away must not come back as a pad.
    """
    pools = "ceil" in layer.numbers
    if "before" not in layer.numbers or not (zero_fill(layer) if "fill" in layer.numbers else pools):
        return layer
    if pools and (layer.numbers["ceil"] or any(layer.numbers["before"]) or any(layer.numbers["after"])):
        return layer
    (deep, *before), (further, *after), read = layer.numbers["before"], layer.numbers["after"], layer.reads[0]
    while (more := border(layers[read])) is not None:
        sides = list(zip([*before, *after], [*more[0], *more[1]], strict=True))
        if any(rows > 0 and added < 0 for rows, added in sides):
            break
        (top, left, below, right), read = (rows + added for rows, added in sides), layers[read].reads[0]
        before, after = [top, left], [below, right]
    if read == layer.reads[0]:
        return layer
    numbers = {**layer.numbers, "before": (deep, *before), "after": (further, *after), "fill": "zeros"}
    return replace(layer, reads=(read, *layer.reads[1:]), numbers=numbers)


def middle(source: Map, target: Map) -> Triple:
    """From where on the middle of a larger map is read; the odd row is left out at the end."""
    if source.size == target.size:
        return ORIGIN
    z, y, x = ((outer - inner) // 2 for outer, inner in zip(source.size, target.size, strict=True))
    return z, y, x
