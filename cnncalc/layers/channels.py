"""Layers that pick, add or reorder channels: slice, padchannels, shuffle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Padding, Shape
from cnncalc.layers.backward import KEEPS_NOTHING, Kept
from cnncalc.layers.base import ChannelSight, Formula, KernelCall, Layer, no_weights, operand, refuse_groups


def refuse_range(chosen: tuple[int, int], size: int, noun: str, of: str) -> None:
    """Refuse `A:B` that is not among the `size` that arrive; `noun` is also the name of the argument."""
    first, last = chosen
    if not 0 <= first < last <= size:
        raise Refusal(
            "slice-out-of-range",
            f"{noun} {first}:{last} are not among the {size} {of} that arrive",
            noun,
            label=f"from 0:1 to {size - 1}:{size} here",
            notes=(f"A:B keeps {noun} A, A + 1, ... up to B - 1, counted from 0",),
            help=f"write a range inside 0:{size}, the smaller number first",
        )


@dataclass(frozen=True, kw_only=True)
class Slice(Layer):
    """Keeps channels A up to, not including, B, counted from 0.

    Output: B - A channels.  Weights: none.  Work: none.

    >>> Slice(channels=(0, 48)).output_shape((Shape(96, (27, 27)),)).text()
    '27x27x48'

    Source: Krizhevsky et al. 2012, the two halves of AlexNet; Ma et al. 2018 (ShuffleNetV2).
    """

    word: ClassVar[str] = "slice"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    channels: tuple[int, int] = operand("range", "the channels to keep: `0:48` are the first 48")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        first, last = self.channels
        refuse_range(self.channels, inputs[0].channels, "channels", "channels")
        return Shape(last - first, inputs[0].spatial)

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "some"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        first, last = self.channels
        return (Formula("channels", "B - A", f"{last} - {first}", last - first), *no_weights())

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("slice", {"first": self.channels[0], "last": self.channels[1]})


@dataclass(frozen=True, kw_only=True)
class PadChannels(Layer):
    """Puts empty channels, all zeros, before and after those that arrive.

    Output: before + C + after channels.  Weights: none.  Work: none.

    >>> PadChannels(channels=Padding("explicit", ((8, 8),))).output_shape((Shape(16, (16, 16)),)).text()
    '16x16x32'

    Source: He et al. 2015, section 4.2: the shortcuts without weights (option A) of the ResNets for CIFAR-10.
    """

    word: ClassVar[str] = "padchannels"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    channels: Padding = operand("padding", "empty channels per side: `8`, or before,after: `0,16`")

    def sides(self) -> tuple[int, int]:
        """How many channels are added ahead of those that arrive, and behind them."""
        if self.channels.mode != "explicit" or len(self.channels.sides) != 1:
            raise Refusal(
                "needs-sides",
                f"padchannels needs one number a side, not `{self.channels.text}`",
                "channels",
                help="write `padchannels 8` for 8 channels on either side, or `padchannels 0,16` for 16 after them",
            )
        return self.channels.sides[0]

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return Shape(inputs[0].channels + sum(self.sides()), inputs[0].spatial)

    def channel_sight(self, inputs: tuple[Shape, ...]) -> ChannelSight:
        return "beside"

    def formulas(self, inputs: tuple[Shape, ...]) -> tuple[Formula, ...]:
        (ahead, behind), arriving = self.sides(), inputs[0].channels
        numbers = f"{ahead} + {arriving} + {behind}"
        return (Formula("channels", "before + C + after", numbers, ahead + arriving + behind), *no_weights())

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        ahead, behind = self.sides()
        return KernelCall("padchannels", {"ahead": ahead, "behind": behind})


@dataclass(frozen=True, kw_only=True)
class Shuffle(Layer):
    """Mixes the channels of the groups: output c comes from channel (c mod G) * C/G + c // G.

    Output: as it arrives.  Weights: none.  Work: none.

    >>> Shuffle(groups=3).output_shape((Shape(240, (28, 28)),)).text()
    '28x28x240'

    Source: Zhang et al. 2017 (ShuffleNet).
    """

    word: ClassVar[str] = "shuffle"
    backward: ClassVar[Kept] = KEEPS_NOTHING
    groups: int = operand("count", "into how many groups the channels are split before they are mixed")

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        refuse_groups(self.groups, (inputs[0].channels, "channel"))
        return inputs[0]

    def kernel_call(self, inputs: tuple[Shape, ...]) -> KernelCall:
        return KernelCall("shuffle", {"groups": self.groups})
