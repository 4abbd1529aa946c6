"""Axes in another order, split into factors or made of several: `rearrange "h w (g=2 c) -> h w (c g)"`.

The text names the axes that arrive and those that leave, as the library einops writes them; which one the channels are
says the file's order.  No number changes, and none is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import ClassVar, NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Order, Shape, Window, lifted, shape_of
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import ChannelSight, Formula, KernelCall, Layer, file_order, no_weights, operand

MOST_FACTORS, LONGEST_PATTERN, MOST_DIGITS = 24, 400, 9
_AXIS = re.compile(r"\(([^()]*)\)|([^\s()]+)")
_FACTOR = re.compile(rf"([a-zA-Z_]\w*)(?:=(\d{{1,{MOST_DIGITS}}}))?|1")

Factor = tuple[str, int]
"""A part of an axis: its name and its size."""


class Digit(NamedTuple):
    """A factor of an axis: it counts along `axis` (0: the channels) in steps of `stride` numbers, `size` of them."""

    axis: int
    stride: int
    size: int


@dataclass(frozen=True, kw_only=True)
class Rearrange(Layer):
    """Puts the axes into another order: `rearrange "h w c -> w h c"`, or splits and joins them.

    Each side names every axis once, in the order of the file: the last one is the channels, with `order channels_first`
    the first one.  `(h a)` is one axis whose numbers count in h rows of a; one size may be left open, the others are
    written: `(h a=2)`.  `1` is an axis of size 1.
    Output: the axes of the right side.  Weights: none.  Work: none.
    PyTorch's `x.view(n, c, h, 2, w).permute(0, 1, 3, 2, 4).reshape(n, 2 * c, h, w)` of N x C x H x W is, with
    `order channels_first`, `rearrange "c (h a=2) w -> (c a) h w"`; windows of attention of 7x7 are
    `rearrange "(y h=7) (x w=7) c -> (y x) (h w) c"`.

    >>> Rearrange(pattern="(h a=2) w c -> h w (a c)").output_shape((Shape(64, (8, 8)),)).text()
    '4x8x128'

    Source: Rogozhnikov 2022 (einops); PyTorch's permute and view; Keras' Permute.
    """

    word: ClassVar[str] = "rearrange"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    pattern: str = operand("pattern", 'the axes that arrive and those that leave: `"h w c -> w h c"`')
    order: Order = file_order()

    @classmethod
    def of(cls, arriving: Shape, channels: Sequence[Digit], spatial: Sequence[Sequence[Digit]]) -> Rearrange:
        """The layer that makes these channels and these spatial axes of the factors of a shape."""
        sizes = (arriving.channels, *arriving.spatial)
        axes = [[one for one in axis if one.size > 1] for axis in (channels, *spatial)]
        digits = sorted({one for axis in axes for one in axis}, key=lambda one: (one.axis, -one.stride))
        named = {digit: f"f{place}" for place, digit in enumerate(digits, start=1)}
        left = [[f"{named[one]}={one.size}" for one in digits if one.axis == axis] for axis in range(len(sizes))]
        right = [[named[digit] for digit in axis] for axis in axes]
        return cls(pattern=f"{_written(left)} -> {_written(right)}", order="channels_first")

    def sides(self, shape: Shape) -> tuple[list[list[Factor]], list[list[Factor]]]:
        """The factors of every axis that arrives and of every one that leaves, the channels first."""
        arriving, arrow, leaving = self.pattern.partition("->")
        if not arrow or len(self.pattern) > LONGEST_PATTERN:
            raise self._unfit("a pattern names the axes that arrive and those that leave, with -> between them")
        left, right = self._axes(arriving), self._axes(leaving)
        if len(left) != shape.rank + 1:
            raise self._unfit(f"{arriving.strip()} names {len(left)} axes, and {shape.text(self.order)} arrives")
        if not 1 <= len(right) <= 4:
            raise self._unfit(f"{len(right)} axes leave, and a shape has 1 to 4")
        known: dict[str, int] = {}
        for axis, size in zip(left, shape.sizes(self.order), strict=True):
            known |= self._sizes(axis, size, known)
        names = [name for axis in right for name, _ in axis if name != "1"]
        if len(set(names)) < len(names) or set(names) != set(known) or len(names) > MOST_FACTORS:
            lost = sorted(set(names) ^ set(known))
            said = f"{lost[0]} is on one side only" if lost else "a name is written twice"
            raise self._unfit(f"both sides must have the same names, each once: {said}")
        found = [[[(name, known[name]) for name, _ in axis if name != "1"] for axis in side] for side in (left, right)]
        return (found[0], found[1]) if self.order == "channels_first" else (_turned(found[0]), _turned(found[1]))

    def _axes(self, side: str) -> list[list[tuple[str, int]]]:
        """The names of each axis with the sizes that are written; 0 where a size is left open."""
        axes = [group or alone for group, alone in _AXIS.findall(side)]
        if re.sub(r"\s", "", _AXIS.sub("", side)) or not axes:
            raise self._unfit(f"`{side.strip()}` is not read: names with spaces between, `(a b)` for parts of one axis")
        return [[self._factor(word) for word in axis.split()] for axis in axes]

    def _factor(self, word: str) -> tuple[str, int]:
        found = _FACTOR.fullmatch(word)
        if found is None or found[2] == "0":
            raise self._unfit(f"`{word}` is no axis: write a name, a name with its size such as `a=2`, or 1")
        return found[1] or "1", int(found[2] or 0)

    def _sizes(self, axis: list[tuple[str, int]], size: int, known: dict[str, int]) -> dict[str, int]:
        """The size of every factor of an axis that arrives; one that is left open is what the others leave."""
        named = [(name, stated) for name, stated in axis if name != "1"]
        if len({name for name, _ in named} - set(known)) < len(named):
            raise self._unfit("a name is written twice on the left side")
        open_names = [name for name, stated in named if not stated]
        stated = prod(each for _, each in named if each)
        if len(open_names) > 1 or size % stated or (not open_names and size != stated):
            text = " ".join(name if not each else f"{name}={each}" for name, each in axis)
            message = f"({text}) does not make an axis of {size}"
            if len(open_names) > 1:
                message += f": write the size of {open_names[0]}, as in `{open_names[0]}=2`"
            raise self._unfit(message)
        return {name: each or size // stated for name, each in named}

    def _unfit(self, message: str) -> Refusal:
        return Refusal(
            "pattern-unfit",
            message,
            "pattern",
            help='write it as in "h w (g=2 c) -> h w (c g)": each name once on both sides, the last axis the channels'
            if self.order == "channels_last"
            else 'write it as in "(g=2 c) h w -> (c g) h w": each name once on both sides, the first axis the channels',
        )

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        channels, *spatial = (prod(size for _, size in axis) for axis in self.sides(inputs[0])[1])
        return shape_of((channels, *spatial), "channels_first")

    def keeps_places(self, shape: Shape) -> bool:
        """Whether only channels change their order: every spatial axis leaves as it arrives."""
        left, right = self.sides(shape)
        return left[1:] == right[1:]

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        return None if self.keeps_places(inputs[0]) else "everywhere"

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "own" if self.keeps_places(inputs[0]) else "dealt"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        text = self.output_shape(inputs).text()
        return (Formula("shape", self.pattern, text, text), *no_weights())

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        """`factors`: for each factor of what arrives its size, and which factor of the result it becomes."""
        left, right = self.sides(inputs[0])
        order = [name for axis in right for name, _ in axis]
        factors = tuple((size, order.index(name)) for axis in left for name, size in axis)
        output = self.output_shape(inputs)
        numbers = {"factors": factors, "channels": output.channels, "spatial": lifted(output.spatial, 1)}
        return KernelCall("rearrange", numbers)


def _turned(axes: list[list[Factor]]) -> list[list[Factor]]:
    """The channels, which are the last, as the first."""
    return [axes[-1], *axes[:-1]]


def _written(axes: Sequence[Sequence[str]]) -> str:
    return " ".join(axis[0] if len(axis) == 1 else f"({' '.join(axis)})" if axis else "1" for axis in axes)
