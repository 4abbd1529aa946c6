"""Dense layers: some units at a time, for some images.  Their weights stay where the caller has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain, Takes
from cnncalc.runtime.engine.ir import IO, Access, Activation, Demand, Step
from cnncalc.runtime.engine.ops.base import FusedOp, Tile, bare_ends, channel_floats
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed


@dataclass(frozen=True, slots=True)
class DenseTile(Tile):
    """So many units for so many images at a time."""

    units: int
    images: int
    lanes: int
    activation: Activation


@dataclass(frozen=True, slots=True)
class Dense(FusedOp):
    """Each unit sums all numbers of an image; nothing can be folded into its weights, as they are not copied."""

    kernel: ClassVar[str] = "dense"
    takes: ClassVar[Takes] = Takes.ACTIVATION
    weighted: ClassVar[bool] = True

    tile: DenseTile

    def demands(self, io: IO) -> tuple[Demand, ...]:
        return bare_ends(io)

    def packed_floats(self, io: IO) -> int:
        return channel_floats(io)

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        import numpy as np

        from cnncalc.runtime.engine.weights import Packed

        weight = np.ascontiguousarray(arrays.weight().reshape(io.write.map.channels, -1))
        return Packed(weight, memory.copy(arrays.offset(), len(weight) + BLOCK))

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        made = io.write.map
        row = at.maps(self.epilogue)
        row |= {
            "CHANNELS": made.channels,
            "SIZE": at.packed.weights.shape[1],
            "TAIL": made.blocks * BLOCK - made.channels,
        }
        return (self.call(at, row, -(-made.channels // self.tile.units)),)

    def multiplications(self, io: IO) -> int:
        return io.reads[0].map.numbers * io.write.map.channels


def lower_dense(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Four units at a time, for up to four images."""
    target = net.maps[chain.last]
    units = 4 if target.channels >= 4 else 1
    images = max(count for count in (1, 2, 4) if count <= target.images)
    tile = DenseTile(units, images, net.lanes, chain.epilogue.activation)
    yield net.step(Dense(tile, chain.epilogue), chain, Access(net.source(layer)))
