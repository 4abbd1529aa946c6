"""Group normalisation, and layer normalisation whose factors differ by channel only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Tile, TiledOp, channel_floats
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed


@dataclass(frozen=True, slots=True)
class LayerNormTile(Tile):
    """`by_place`: all channels of each place together, else all places of each group of channels."""

    lanes: int
    by_place: int


@dataclass(frozen=True, slots=True)
class LayerNorm(TiledOp):
    """Each set less its mean, over its deviation, times a factor and plus an offset by channel."""

    kernel: ClassVar[str] = "layer_norm"
    weighted: ClassVar[bool] = True
    deep: ClassVar[bool] = True

    tile: LayerNormTile
    groups: int
    epsilon: float

    def packed_floats(self, io: IO) -> int:
        return channel_floats(io)

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        blocks = io.write.map.blocks * BLOCK
        return memory.by_channel(arrays.factor(), arrays.offset(), blocks)

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps() | at.slices() | {"CHANNELS": io.write.map.channels, "LOW": self.epsilon}
        row["GROUPS"] = self.groups
        sets = row["HEIGHT"] if self.tile.by_place else row["GROUPS"]
        return (self.call(at, row, int(row["IMAGES"] * sets)),)


@dataclass(frozen=True, slots=True)
class InstanceNormTile(Tile):
    """Vectors of so many lanes."""

    lanes: int


@dataclass(frozen=True, slots=True)
class InstanceNorm(TiledOp):
    """Each channel less its own mean, over its own deviation, times its factor and plus its offset."""

    kernel: ClassVar[str] = "instance_norm"
    weighted: ClassVar[bool] = True
    deep: ClassVar[bool] = True

    tile: InstanceNormTile
    epsilon: float

    def packed_floats(self, io: IO) -> int:
        return channel_floats(io)

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        from cnncalc.runtime.engine.weights import Packed

        blocks = io.write.map.blocks * BLOCK
        return Packed(memory.copy(arrays.factor(), blocks), memory.copy(arrays.offset(), blocks))

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps() | at.slices() | {"CHANNELS": io.write.map.channels, "LOW": self.epsilon}
        return (self.call(at, row, int(row["IMAGES"] * row["BLOCKS"])),)


def lower_instance_norm(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Groups of one channel each."""
    source = net.source(layer)
    if layer.numbers["groups"] == source.channels:
        yield net.step(InstanceNorm(InstanceNormTile(net.lanes), layer.numbers["epsilon"]), chain, Access(source))


def lower_group_norm(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Each group of channels by itself."""
    yield from _lowered(net, chain, layer, by_place=False)


CHANNELS = ("channels",)
"""The axes of a layer normalisation whose factors differ by channel only."""


def lower_layer_norm(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """All channels of each place; factors of each place's own have no kernel here."""
    if layer.numbers["axes"] in CHANNELS or prod(layer.output[2:]) == 1:
        yield from _lowered(net, chain, layer, by_place=True)


def _lowered(net: Lowering, chain: Chain, layer: LayerStep, *, by_place: bool) -> Iterator[Step]:
    tile = LayerNormTile(net.lanes, int(by_place))
    op = LayerNorm(tile, layer.numbers.get("groups", 1), layer.numbers["epsilon"])
    yield net.step(op, chain, Access(net.source(layer)))
