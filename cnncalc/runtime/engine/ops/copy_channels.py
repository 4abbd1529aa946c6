"""Channels of a blocked map to other places among the channels: slices, empty channels, parts of a joined map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, ChannelPart, Step
from cnncalc.runtime.engine.ops.base import Tile, TiledOp
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.engine.window import ONE_PLACE, Window
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call


@dataclass(frozen=True, slots=True)
class ChannelsTile(Tile):
    """Vectors of so many lanes."""

    lanes: int


@dataclass(frozen=True, slots=True)
class CopyChannels(TiledOp):
    """Channel d is channel d + `shift` of what is read, or zeros where there is none."""

    kernel: ClassVar[str] = "copy_channels"
    moves: ClassVar[bool] = True

    tile: ChannelsTile
    shift: int

    @property
    def sliding(self) -> Window:
        return ONE_PLACE

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        """Whoever writes the last channel writes zeros after it, to the end of its block."""
        part, source, made = io.write.part, io.reads[0].map, io.write.map
        first = part.first if isinstance(part, ChannelPart) else 0
        count = min(source.channels, made.channels + self.shift)
        last = first + count
        if part is None or last == made.channels:
            last = made.blocks * BLOCK
        row = at.maps()
        row |= {"CHANNELS": count, "CHANNELS_PADDED": last, "FIRST_CHANNEL": first, "SHIFT": self.shift}
        row["BLOCKS"] = -(-last // BLOCK) - first // BLOCK
        return (self.call(at, row, at.row_units(row)),)


def lower_slice(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Some neighbouring channels."""
    yield _shifted(net, chain, layer, layer.numbers["first"])


def lower_padchannels(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """All channels between empty ones."""
    yield _shifted(net, chain, layer, -layer.numbers["ahead"])


def _shifted(net: Lowering, chain: Chain, layer: LayerStep, shift: int) -> Step:
    return net.step(CopyChannels(ChannelsTile(net.lanes), shift), chain, Access(net.source(layer)))
