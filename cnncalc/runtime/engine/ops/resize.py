"""Maps made larger: each pixel several times, or pixels drawn between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Op, Tile, TiledOp
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call
    from cnncalc.runtime.engine.weights import Arena, Array, LayerArrays, Packed


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


@dataclass(frozen=True, slots=True)
class AxisPlaces:
    """Output o of `size` lies at (o * slope + offset) / unit (`cnncalc.kernels.shape.resize`)."""

    size: int
    slope: int
    offset: int
    unit: int

    def table(self, n: int, mode: str) -> tuple[int, Array]:
        """How many of n pixels an output is mixed of, and [output, pixel, (which, share)]."""
        import numpy as np

        from cnncalc.kernels.shape import resize_taps

        places = np.arange(self.size) * self.slope + self.offset
        taps = resize_taps(n, places, self.unit, mode)
        table = np.stack([np.stack(pair, axis=-1) for pair in taps], axis=1)
        return len(taps), table.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Resample(TiledOp):
    """Each output mixed of some rows and columns, as two tables say."""

    kernel: ClassVar[str] = "resize.resample"

    tile: BilinearTile
    mode: str
    down: AxisPlaces
    across: AxisPlaces

    def _tables(self, io: IO) -> tuple[tuple[int, Array], tuple[int, Array]]:
        height, width = io.reads[0].map.size[1:]
        return self.down.table(height, self.mode), self.across.table(width, self.mode)

    def packed_floats(self, io: IO) -> int:
        return 2 * MOST_TAPS * (self.down.size + self.across.size) + 2 * BLOCK

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        from cnncalc.runtime.engine.weights import Packed

        (_, rows), (_, columns) = self._tables(io)
        return Packed(memory.copy(rows.ravel(), rows.size), memory.copy(columns.ravel(), columns.size))

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        (down, _), (across, _) = self._tables(io)
        row = at.maps() | {"KERNEL_Y": down, "KERNEL_X": across}
        return (self.call(at, row, at.row_units(row)),)


MOST_TAPS = 4
"""Pixels of an axis that an output is mixed of."""

NEAREST = ("nearest",)


def lower_resize(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """To any size, and nothing in depth."""
    n = layer.numbers
    (deep, height, width), (depth, down, across) = n["size"], n["places"]
    if deep == net.source(layer).size[0] and tuple(depth) == (1, 0, 1):
        axes = AxisPlaces(height, *down), AxisPlaces(width, *across)
        yield net.step(Resample(BilinearTile(net.lanes), n["mode"], *axes), chain, Access(net.source(layer)))


def lower_upsample(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """By whole factors, and nothing in depth."""
    deep, down, across = layer.numbers["factor"]
    if deep == 1:
        near = layer.numbers["mode"] in NEAREST
        op = Nearest(down, across) if near else Bilinear(down, across, BilinearTile(net.lanes))
        yield net.step(op, chain, Access(net.source(layer)))
