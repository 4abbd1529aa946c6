"""Local response normalisation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Tile, TiledOp
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call


@dataclass(frozen=True, slots=True)
class LrnTile(Tile):
    """So many neighbouring channels before and after count; the power is so many quarters."""

    lanes: int
    before: int
    after: int
    quarters: int


@dataclass(frozen=True, slots=True)
class Lrn(TiledOp):
    """x / (bias + factor * sum of squares) ** power."""

    kernel: ClassVar[str] = "lrn"

    tile: LrnTile
    factor: float
    bias: float

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps() | {"CHANNELS": io.write.map.channels, "LOW": self.factor, "HIGH": self.bias}
        return (self.call(at, row, at.row_units(row)),)


def lower_lrn(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Where the power is made of square roots and neighbours are a block away at most."""
    n = layer.numbers
    size, quarters = n["size"], 4 * n["beta"]
    if size <= 2 * BLOCK + 1 and quarters in (1, 2, 3, 4):
        tile = LrnTile(net.lanes, size // 2, (size - 1) // 2, int(quarters))
        yield net.step(Lrn(tile, n["alpha"] / size, n["bias"]), chain, Access(net.source(layer)))
