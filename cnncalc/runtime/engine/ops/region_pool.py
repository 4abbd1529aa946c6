"""Pools of regions: global ones, whose only region is the whole map, and adaptive ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Tile, TiledOp
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.ops.pool import Pooling
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call


@dataclass(frozen=True, slots=True)
class RegionTile(Tile):
    """Vectors of so many lanes, and what is made of a region."""

    lanes: int
    mode: Pooling


@dataclass(frozen=True, slots=True)
class RegionPool(TiledOp):
    """The largest or the mean of each region; how many there are says the map that is written."""

    kernel: ClassVar[str] = "region_pool"

    tile: RegionTile

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        source = at.places.reads[0].storage
        row = at.maps() | {"IN_HEIGHT": source.height, "IN_WIDTH": source.width}
        return (self.call(at, row, at.row_units(row)),)


def lower_largest(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """The largest of each region."""
    yield net.step(RegionPool(RegionTile(net.lanes, Pooling.LARGEST)), chain, Access(net.source(layer)))


def lower_mean(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """The mean of each region."""
    yield net.step(RegionPool(RegionTile(net.lanes, Pooling.AVERAGE)), chain, Access(net.source(layer)))
