"""Maps made larger: each pixel several times, or pixels drawn between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Op, Tile
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call


@dataclass(frozen=True, slots=True)
class Nearest(Op):
    """Each pixel so often down and across."""

    kernel: ClassVar[str] = "resize.nearest"

    down: int
    across: int

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps() | {"KERNEL_Y": self.down, "KERNEL_X": self.across}
        return (self.call(at, row, at.single_rows(row)),)


@dataclass(frozen=True, slots=True)
class BilinearTile(Tile):
    """Vectors of so many lanes."""

    lanes: int


@dataclass(frozen=True, slots=True)
class Bilinear(Nearest):
    """Pixels between their neighbours."""

    kernel: ClassVar[str] = "resize.bilinear"

    tile: BilinearTile

    @property
    def variant(self) -> tuple[int, ...]:
        return self.tile.numbers


NEAREST = ("nearest",)


def lower_upsample(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """By whole factors, and nothing in depth."""
    deep, down, across = layer.numbers["factor"]
    if deep == 1:
        near = layer.numbers["mode"] in NEAREST
        op = Nearest(down, across) if near else Bilinear(down, across, BilinearTile(net.lanes))
        yield net.step(op, chain, Access(net.source(layer)))
