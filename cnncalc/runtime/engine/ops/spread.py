"""Joins place by place of two maps or more, of which some may be spread: over channels, rows, columns or slices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, NO_EPILOGUE, Access, Activation, Map, Residual, Step
from cnncalc.runtime.engine.ops.base import Tile, TiledOp, channel_floats
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lower, Lowering
from cnncalc.runtime.engine.ops.pointwise import Pointwise, PointwiseTile, pointwise_op
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.engine.window import Window, middle
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call, Row
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed


class Joining(IntEnum):
    """How two numbers are combined, as the kernel numbers it (`cnncalc.kernels.engine.join.JOINS`)."""

    ADD = 0
    SUB = 1
    MUL = 2
    DIV = 3
    MAX = 4
    MIN = 5
    ABSDIFF = 6


@dataclass(frozen=True, slots=True)
class JoinTile(Tile):
    """`one_channel`: 1 where the first map has one for all, 2 where the second has, 3 where both have."""

    lanes: int
    how: Joining
    one_channel: int


@dataclass(frozen=True, slots=True)
class Join(TiledOp):
    """Two maps combined; what is smaller along an axis has one place there, which meets all of the other's."""

    kernel: ClassVar[str] = "join"

    tile: JoinTile

    @property
    def sliding(self) -> Window | None:
        return None

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps() | {"CHANNELS": io.write.map.channels}
        for number, names in enumerate((("IN_BLOCK", "IN_ROW", "IN_PIXEL"), ("RES_BLOCK", "RES_ROW", "RES_PIXEL"))):
            row |= self._distances(io, at, number, names)
        row["RES_IMAGE"] = at.places.reads[1].storage.image
        row["RESIDUAL"] = at.address(at.places.reads[1])
        row["RESIDUAL"] += 4 * at.places.reads[1].storage.offset(io.reads[1].start)
        return (self.call(at, row, at.row_units(row)),)

    def _distances(self, io: IO, at: Bound, number: int, names: tuple[str, str, str]) -> Row:
        read, storage, (_, _, height, width) = io.reads[number].map, at.places.reads[number].storage, _sizes(io)
        block, row, pixel = names
        return {
            block: 0 if self.tile.one_channel & (1 << number) else storage.block,
            row: 0 if read.shape[3] == 1 < height else storage.row,
            pixel: 0 if read.shape[4] == 1 < width else storage.pixel,
        }


def _sizes(io: IO) -> tuple[int, int, int, int]:
    _, channels, depth, height, width = io.write.map.shape
    return channels, depth, height, width


@dataclass(frozen=True, slots=True)
class Share(Pointwise):
    """Each number divided by how many maps were added."""

    count: int

    def packed_floats(self, io: IO) -> int:
        return channel_floats(io)

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        import numpy as np

        from cnncalc.runtime.engine.weights import Packed

        blocks = io.write.map.blocks * BLOCK
        return Packed(memory.copy(np.full(blocks, 1 / self.count), blocks), memory.array(blocks))


def lower_spread(how: Joining, *, share: bool = False) -> Lower:
    """Two maps, and what comes out with each further one."""

    def lower(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
        """One map after the other meets what is there so far."""
        target, sources = net.maps[chain.last], [net.maps[node] for node in layer.reads]
        whole = Map(target.key, net.maps[layer.node].shape, layer.node)
        if len(sources) < 2 or not all(_fits(source, whole) for source in sources) or chain.residual is not None:
            return
        plain = chain.is_plain and not share
        joined = target if plain else net.new_map(layer.node, target.shape)
        yield from _folded(net, chain.nodes if plain else (layer.node,), sources, how, joined)
        if share:
            tile = PointwiseTile(net.lanes, Activation.CLAMP, Residual.NONE)
            yield Step(Share(tile, NO_EPILOGUE, len(sources)), chain.nodes, (Access(joined),), Access(target))
        elif not plain:
            yield net.step(pointwise_op(net.lanes, chain), chain, Access(joined))

    return lower


def _folded(net: Lowering, nodes: tuple[int, ...], sources: Sequence[Map], how: Joining, target: Map) -> Iterator[Step]:
    so_far = sources[0]
    for left, source in zip(reversed(range(len(sources) - 1)), sources[1:], strict=True):
        made = net.new_map(nodes[0], target.shape) if left else target
        spread = [each.channels == 1 < target.channels for each in (so_far, source)]
        tile = JoinTile(net.lanes, how, spread[0] + 2 * spread[1])
        reads = tuple(Access(each, start=_start(each, target)) for each in (so_far, source))
        yield Step(Join(tile), nodes[:1] if left else nodes, reads, Access(made))
        so_far = made


def _start(source: Map, target: Map) -> tuple[int, int, int]:
    """The middle of a larger map."""
    z, y, x = (max(0, place) for place in middle(source, target))
    return z, y, x


def _fits(source: Map, target: Map) -> bool:
    """Whether a map is as large as the result or larger, or has one place or channel to be spread."""
    spatial = all(size >= wanted or size == 1 for size, wanted in zip(source.size, target.size, strict=True))
    return spatial and source.channels in (1, target.channels)


JOINED: Mapping[str, Lower] = {
    "sub": lower_spread(Joining.SUB),
    "div": lower_spread(Joining.DIV),
    "max": lower_spread(Joining.MAX),
    "min": lower_spread(Joining.MIN),
    "absdiff": lower_spread(Joining.ABSDIFF),
    "avg": lower_spread(Joining.ADD, share=True),
}
"""Layers that have no other way."""
