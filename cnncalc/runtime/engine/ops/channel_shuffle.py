"""Channels to places and back, or shuffled among each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Tile, TiledOp
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lower, Lowering
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call


class Dealing(IntEnum):
    """Where a number comes from, as the kernel numbers it (`cnncalc.kernels.engine.channel_shuffle`)."""

    SPACE_TO_DEPTH = 0
    DEPTH_TO_SPACE = 1
    SHUFFLE = 2


@dataclass(frozen=True, slots=True)
class ShuffleTile(Tile):
    """How the channel and the place are found."""

    order: Dealing


@dataclass(frozen=True, slots=True)
class ChannelShuffle(TiledOp):
    """`down` x `across` places of a channel, or `down` groups of channels."""

    kernel: ClassVar[str] = "channel_shuffle"

    tile: ShuffleTile
    down: int
    across: int

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps()
        row |= {"CHANNELS": io.write.map.channels, "KERNEL_Y": self.down, "KERNEL_X": self.across}
        return (self.call(at, row, at.single_rows(row)),)


def _lower_as(order: Dealing) -> Lower:
    def lower(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
        """Between channels and places, where nothing moves in depth."""
        deep, down, across = layer.numbers.get("factor", (1, layer.numbers.get("groups"), 1))
        if deep == 1:
            yield net.step(ChannelShuffle(ShuffleTile(order), down, across), chain, Access(net.source(layer)))

    return lower


LOWERED: dict[str, Lower] = {
    "space_to_depth": _lower_as(Dealing.SPACE_TO_DEPTH),
    "depth_to_space": _lower_as(Dealing.DEPTH_TO_SPACE),
    "shuffle": _lower_as(Dealing.SHUFFLE),
}
