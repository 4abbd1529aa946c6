"""Layers that pick or reorder channels: slice, shuffle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape
from cnncalc.layers.base import Formula, KernelCall, Layer, no_weights, operand, refuse_groups


@dataclass(frozen=True, kw_only=True)
class Slice(Layer):
    """Keeps channels A up to, not including, B, counted from 0.

    Output: B - A channels.  Weights: none.  Work: none.

    >>> Slice(channels=(0, 48)).output_shape((Shape(96, (27, 27)),)).text()
    '27x27x48'

    Source: Krizhevsky et al. 2012, the two halves of AlexNet; Ma et al. 2018 (ShuffleNetV2).
    """

    word: ClassVar[str] = "slice"
    channels: tuple[int, int] = operand("range", "the channels to keep: `0:48` are the first 48")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        (first, last), arriving = self.channels, inputs[0].channels
        if not 0 <= first < last <= arriving:
            raise Refusal(
                "slice-out-of-range",
                f"channels {first}:{last} are not among the {arriving} channels that arrive",
                "channels",
                label=f"from 0:1 to {arriving - 1}:{arriving} here",
                notes=("A:B keeps channels A, A + 1, ... up to B - 1, counted from 0",),
                help=f"write a range inside 0:{arriving}, the smaller number first",
            )
        return Shape(last - first, inputs[0].spatial)

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        first, last = self.channels
        return (Formula("channels", "B - A", f"{last} - {first}", last - first), *no_weights())

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("slice", {"first": self.channels[0], "last": self.channels[1]})


@dataclass(frozen=True, kw_only=True)
class Shuffle(Layer):
    """Deals the channels out like cards: output c comes from channel (c mod G) * C/G + c // G.

    Output: as it arrives.  Weights: none.  Work: none.

    >>> Shuffle(groups=3).output_shape((Shape(240, (28, 28)),)).text()
    '28x28x240'

    Source: Zhang et al. 2017 (ShuffleNet).
    """

    word: ClassVar[str] = "shuffle"
    groups: int = operand("count", "into how many groups the channels are split before they are dealt out")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        refuse_groups(self.groups, (inputs[0].channels, "channel"))
        return inputs[0]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("shuffle", {"groups": self.groups})
