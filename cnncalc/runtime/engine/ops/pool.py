"""Pools whose windows slide: the largest of each window, its mean, or its sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from math import inf, prod
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Label, Tile, TiledOp, is_large
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.depthwise import IN_FLIGHT
from cnncalc.runtime.engine.ops.lowering import Lower, Lowering
from cnncalc.runtime.engine.storage import BARE, BLOCK, ORIGIN, Fill, Kind
from cnncalc.runtime.engine.tiling import columns_for
from cnncalc.runtime.engine.window import Window, flat_window
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call
    from cnncalc.runtime.engine.weights import Arena, Array, LayerArrays, Packed


class Pooling(IntEnum):
    """What is made of a window, as kernels number it (`cnncalc.kernels.engine.window_tile`)."""

    LARGEST = 1
    AVERAGE = 2


class Counting(Enum):
    """By what the sum of a window is divided."""

    ONE = auto()
    INSIDE = auto()
    """The taps that lie in the map."""
    PADDED = auto()
    """The taps that lie in the map or in its pads."""


@dataclass(frozen=True, slots=True)
class PoolTile(Tile):
    """`columns` outputs with `taps` in a row; `step` and `tap` are distances of neighbouring windows and taps."""

    columns: int
    taps: int
    step: int
    tap: int
    lanes: int
    mode: Pooling


@dataclass(frozen=True, slots=True)
class Pool(TiledOp):
    """`pads_after` are the pads below and at the right that count as taps."""

    kernel: ClassVar[str] = "pool"

    tile: PoolTile
    window: Window
    counting: Counting
    pads_after: tuple[int, int] = (0, 0)

    @property
    def sliding(self) -> Window:
        return self.window

    @property
    def is_too_long(self) -> bool:
        return is_large(self.window)

    @property
    def is_largest(self) -> bool:
        """Whether it keeps the largest."""
        return self.tile.mode is Pooling.LARGEST

    def halves(self, io: IO) -> bool:
        """Whether it keeps the largest of each 2x2, with nothing around the map."""
        return self.is_largest and self.window == HALVING and io.reads[0].start == ORIGIN

    def packed_floats(self, io: IO) -> int:
        return 0 if self.is_largest else prod(io.write.map.size)

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        from cnncalc.runtime.engine.weights import Packed

        return Packed() if self.is_largest else Packed(place_factors=self.place_factors(io))

    def place_factors(self, io: IO) -> Array:
        """One over the number of taps that count in each window [oy, ox]; all ones for a sum."""
        import numpy as np

        height, width = io.write.map.shape[3:]
        if self.counting is Counting.ONE:
            return np.ones(height * width + BLOCK, np.float32)
        inside = self.counting is Counting.INSIDE
        down, across = (self._counts(io, axis, inside=inside) for axis in (1, 2))
        counts = np.maximum(down[:, None] * across, 1)
        return np.append(1 / counts.ravel(), np.ones(BLOCK)).astype(np.float32)

    def _counts(self, io: IO, axis: int, *, inside: bool) -> Array:
        """How many taps of each window lie in the input, or in the input with its pads."""
        import numpy as np

        before = -io.reads[0].start[axis]
        end = io.reads[0].map.size[axis] + (0 if inside else self.pads_after[axis - 1])
        firsts = np.arange(io.write.map.size[axis])[:, None] * self.window.stride[axis]
        taps = firsts + np.arange(self.window.kernel[axis]) * self.window.dilation[axis] - before
        counts: Array = ((taps >= (0 if inside else -before)) & (taps < end)).sum(axis=1)
        return counts

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps()
        row |= at.window(self.window)
        row["WEIGHT_BLOCK"] = BLOCK * self.window.taps
        row["PLACE_FACTORS"] = int(at.packed.place_factors.ctypes.data)
        return (self.call(at, row, at.row_units(row)),)

    def products(self, io: IO) -> int:
        return self.multiplications(io) * self.window.taps

    def label(self, word: str) -> Label:
        return Label(word, (self.window.printed,))


HALVING = Window((1, 2, 2), (1, 2, 2))


def lower_maxpool(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """The largest of each window; only a maximum over negative numbers needs a halo of -inf.

    Zeros from a pad before the pool (`fill`) all count.
    """
    zeros = "fill" in layer.numbers or net.source(layer).key in net.nonnegative
    return _Pools(Pooling.LARGEST, Counting.ONE, 0.0 if zeros else -inf).lower(net, chain, layer)


def lower_avgpool(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """The mean of each window."""
    inside = not layer.numbers["countpad"] and "fill" not in layer.numbers
    return _Pools(Pooling.AVERAGE, Counting.INSIDE if inside else Counting.PADDED, 0.0).lower(net, chain, layer)


def lower_sumpool(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """The sum of each window."""
    return _Pools(Pooling.AVERAGE, Counting.ONE, 0.0).lower(net, chain, layer)


@dataclass(frozen=True, slots=True)
class _Pools:
    """A kind of pool, with what its halo holds."""

    mode: Pooling
    counting: Counting
    fill: Fill

    def lower(self, net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
        source, target = net.source(layer), net.maps[chain.last]
        sliding = flat_window(layer, source, target)
        if sliding is None:
            return
        window, halo = sliding.window, sliding.halo
        columns, (_, _, taps) = columns_for(target.shape[4], IN_FLIGHT[net.lanes]), window.kernel
        tile = PoolTile(columns, taps, window.stride[2] * BLOCK, window.dilation[2] * BLOCK, net.lanes, self.mode)
        read = Access(source, Kind.BLOCKED, halo, None if halo == BARE else self.fill, sliding.start)
        _, below, right = layer.numbers["after"]
        yield net.step(Pool(tile, window, self.counting, (below, right)), chain, read)


LOWERED: dict[str, Lower] = {"maxpool": lower_maxpool, "avgpool": lower_avgpool, "sumpool": lower_sumpool}
