"""Winograd's F(4x4, 3x3) and F(2x2, 5x5): when it pays, in which form, and with the pool after it.

It multiplies a quarter as often as the formula says, or a third, but moves every number between pixels and
frequencies, and reads several times as many weights.  The rules were found by measurement, on a machine with AVX-512.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import ALL, Chain, Takes
from cnncalc.runtime.engine.ir import IO, Map, Step
from cnncalc.runtime.engine.ops.base import LONGEST_SUM, FusedOp, Label, Tile, Workspace
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.ops.pair import Pair, between
from cnncalc.runtime.engine.ops.pool import Pool
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.engine.tiling import OVERHEAD, tile_of, vectors_for
from cnncalc.runtime.engine.weight_layout import Filters
from cnncalc.runtime.engine.window import Window, flat_window, zero_fill
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call, Row
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed

FREQUENCIES = 36

APART = 80
"""Numbers between frequencies, so that they do not all fall into the same lines of a cache."""

PATCHES = 3 * FREQUENCIES * BLOCK
"""Numbers for the patches of one thread (`cnncalc.kernels.engine.winograd`)."""

FEWEST_CHANNELS = 32
FEWEST_TILES = 9
"""With fewer tiles in all (an image of 7x7 has 4) the larger weights cost more than the multiplications saved."""

CACHE_BYTES = 18_000_000
"""Frequencies of all tiles that still fit into the last cache: then three passes read each weight once."""

NEAR_BYTES, NEAR_WEIGHTS = 2_000_000, 5_000_000
"""More frequencies than a core's second cache holds, weights that cost little to read again: then sweeps are faster
(64 -> 64 channels at 56x56: 0.30 ms instead of 0.34)."""

MOST_SWEPT = 56
"""Tiles of one sweep at most: with more, the frequencies of its tiles leave a core's second cache."""

WEIGHT_TILES = ((700_000, 2), (20_000_000, 5), (float("inf"), 17))
"""Bytes of weights up to which reading them once more costs as much as so many tiles: they come from the second cache,
from the last cache, from memory."""

THREE_BY_THREE, FIVE_BY_FIVE = Window((1, 3, 3)), Window((1, 5, 5))
SIDES = {THREE_BY_THREE: 4, FIVE_BY_FIVE: 2}
"""Window -> outputs of a tile of 6x6 inputs, on each axis."""


@dataclass(frozen=True, slots=True)
class WinogradTile(Tile):
    """The tile of the product of frequencies: so many tiles of pixels with so many vectors of filters."""

    columns: int
    vectors: int
    lanes: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """Tiles held at once, and the distance of frequencies before the product, and after it."""

    kept: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Winograd(FusedOp):
    """A convolution; `swept` tiles go through all three passes at once, or all through one after the other (0)."""

    kernel: ClassVar[str] = "winograd"
    takes: ClassVar[Takes] = ALL
    weighted: ClassVar[bool] = True

    tile: WinogradTile
    swept: int
    channels: int
    flip: bool = False
    window: Window = THREE_BY_THREE

    @property
    def side(self) -> int:
        """Outputs of a tile on each axis."""
        return SIDES[self.window]

    @property
    def shape(self) -> tuple[int, ...]:
        tile, end = self.tile, self.epilogue
        return (tile.columns, tile.vectors, tile.lanes, self.swept, end.activation.value, end.residual.value)

    @property
    def sliding(self) -> Window:
        return self.window

    @property
    def is_too_long(self) -> bool:
        return self.channels * self.window.taps > LONGEST_SUM

    def filters(self, io: IO) -> Filters:
        """How its weights lie when they are packed."""
        whole = -(-self.channels // BLOCK) * BLOCK
        return Filters(io.write.map.channels, self.tile.vectors * self.tile.lanes, whole, self.channels, FREQUENCIES)

    def sweep(self, io: IO) -> Sweep:
        """How the frequencies lie in the workspace."""
        kept, filters = self.swept or tiles_of(io.write.map, self.side)[0], self.filters(io)
        before, after = (deep * kept + APART for deep in (filters.depth, filters.count * filters.width))
        return Sweep(kept, max(before, after), max(before, after)) if self.swept else Sweep(kept, before, after)

    def workspace(self, io: IO, threads: int) -> Workspace:
        """Frequencies, then the patches of each thread.

        In a sweep one piece more than frequencies is enough: the sums of one go where the inputs of the one before
        were.
        """
        sweep = self.sweep(io)
        if self.swept:
            return Workspace(0, (FREQUENCIES + 1) * sweep.before + PATCHES)
        return Workspace(FREQUENCIES * (sweep.before + sweep.after), PATCHES)

    def packed_floats(self, io: IO) -> int:
        return self.filters(io).floats

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        from cnncalc.runtime.engine.weights import pack_frequencies

        return pack_frequencies(arrays.weight(flip=self.flip), arrays.affine(), self.filters(io), memory)

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        return self.bound(io, at, at.packed, pooled=False)

    def bound(self, io: IO, at: Bound, packed: Packed, *, pooled: bool) -> tuple[Call, ...]:
        """Its calls, which may keep only the largest of each 2x2."""
        sweep, tile = self.sweep(io), self.tile
        row = self._row(io, at, sweep)
        row |= {
            "FIRST_PASS": at.kernel("winograd.input_transform", (tile.lanes, self.side)),
            "SECOND_PASS": at.kernel("winograd.frequency_products", tile.numbers),
            "THIRD_PASS": at.kernel(
                "winograd.output_transform",
                (tile.lanes, self.epilogue.activation, self.epilogue.residual, pooled, self.side),
            ),
        }
        product: Row = {
            "BLOCKS": io.reads[0].map.blocks,
            "INNER": BLOCK,
            "LAST": BLOCK,
            "KERNEL_Y": 1,
            "KERNEL_X": 1,
            "IN_BLOCK": sweep.kept * BLOCK,
            "OUT_BLOCK": sweep.kept * BLOCK,
            "OUT_PIXEL": BLOCK,
            "LOW": -inf,
            "HIGH": inf,
            "BIAS": int(packed.held[-1].ctypes.data),
        }
        tiles = tiles_of(io.write.map, self.side)[0]
        if self.swept:
            return (at.call_at(at.kernel("winograd.sweep"), -(-tiles // sweep.kept), row, product),)
        return (
            at.call_at(int(row["FIRST_PASS"]), tiles, row, product),
            at.call_at(int(row["SECOND_PASS"]), int(FREQUENCIES * row["FILTER_BLOCKS"]), row, product),
            at.call_at(int(row["THIRD_PASS"]), tiles, row, product),
        )

    def _row(self, io: IO, at: Bound, sweep: Sweep) -> Row:
        filters, own = self.filters(io), self.workspace(io, at.threads)
        _, down, across = tiles_of(io.write.map, self.side)
        each = own.each - PATCHES
        before = 4 * sweep.before
        return (
            at.maps(self.epilogue)
            | at.window(self.window)
            | {
                "BLOCKS": io.reads[0].map.blocks,
                "CHANNELS": io.write.map.blocks,
                "FILTER_BLOCKS": filters.count,
                "WEIGHT_BLOCK": filters.width * filters.depth,
                "WEIGHT_FREQUENCY": filters.count * filters.width * filters.depth,
                "TILES_Y": down,
                "TILES_X": across,
                "TILES": sweep.kept,
                "FREQUENCY_IN": sweep.before,
                "FREQUENCY_OUT": sweep.after,
                "SCRATCH": at.workspace + (before if self.swept else 0),
                "PRODUCTS": at.workspace + (0 if self.swept else FREQUENCIES * before),
                "SCRATCH_SIZE": each,
                "ZEROS": at.workspace + 4 * (own.shared + at.threads * each),
            }
        )

    def multiplications(self, io: IO) -> int:
        made = io.write.map
        return made.numbers * self.channels * self.window.taps

    def label(self, word: str) -> Label:
        return Label("Winograd", (self.window.printed,))


@dataclass(frozen=True, slots=True)
class PooledWinograd(Pair):
    """With a pool that keeps only the largest of each 2x2 outputs: it costs nothing, as a tile holds four windows.

    The map before the pool, the largest of VGG, is never written.
    """

    kernel: ClassVar[str] = "pooled_winograd"

    first: Winograd

    @property
    def shape(self) -> tuple[int, ...]:
        return self.first.shape

    @property
    def sliding(self) -> Window:
        return THREE_BY_THREE

    def workspace(self, io: IO, threads: int) -> Workspace:
        return self.first.workspace(self.halves_of(io)[0], threads)

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        before, _ = self.halves_of(io)
        packed = at.packed.parts[0]
        return self.first.bound(before, replace(at, io=before, packed=packed), packed, pooled=True)

    def label(self, word: str) -> Label:
        return Label("Winograd", Pair.label(self, word).windows)


def join_pool(step: Step, following: Step, threads: int) -> Step | None:
    """A convolution by Winograd and the pool after it in one step; None where the pool is of another kind."""
    first, second = step.op, following.op
    if not isinstance(first, Winograd) or first.window != THREE_BY_THREE:
        return None
    if not isinstance(second, Pool) or not second.halves(following):
        return None
    if following.write.map.shape[3:] != tuple(size // 2 for size in step.write.map.shape[3:]):
        return None
    op = PooledWinograd(first, second, len(step.nodes), *between(step.write, following.reads[0]))
    return Step(op, step.nodes + following.nodes, step.reads, following.write)


def lower_winograd(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Convolutions by Winograd where it pays."""
    source, target = net.source(layer), net.maps[chain.last]
    sliding = flat_window(layer, source, target)
    if net.direct or sliding is None or not zero_fill(layer) or layer.numbers["groups"] > 1:
        return
    if pays_winograd(source, target, sliding.window) and not net.reads_planes(source):
        tile, swept = winograd_tile(source, target, net.lanes, net.threads, SIDES[sliding.window])
        op = Winograd(tile, chain.epilogue, swept, source.channels, layer.numbers["flip"], sliding.window)
        yield net.step(op, chain, sliding.access(source))


def tiles_of(target: Map, side: int) -> tuple[int, int, int]:
    """(in all, down, across)."""
    images, _, _, height, width = target.shape
    down, across = -(-height // side), -(-width // side)
    return images * down * across, down, across


def pays_winograd(source: Map, target: Map, window: Window) -> bool:
    """Whether the layer is of the right kind and large enough."""
    side = SIDES.get(window)
    if side is None:
        return False
    total, down, across = tiles_of(target, side)
    filled = target.shape[3] * target.shape[4] / (side**2 * down * across)
    wide = min(source.channels, target.channels) >= FEWEST_CHANNELS
    return wide and total >= FEWEST_TILES and filled >= 0.6


def winograd_tile(source: Map, target: Map, lanes: int, threads: int, side: int) -> tuple[WinogradTile, int]:
    """The tile of the product, and the tiles of one sweep; 0 for three passes."""
    vectors = vectors_for(lanes, target.channels)
    total = tiles_of(target, side)[0]
    frequencies = 36 * 4 * total * (source.blocks + target.blocks) * BLOCK
    weights = 36 * 4 * source.blocks * target.blocks * BLOCK**2
    near = frequencies > NEAR_BYTES and weights <= NEAR_WEIGHTS
    if frequencies <= CACHE_BYTES and not near:
        return WinogradTile(tile_of(1, total, vectors, lanes)[0], vectors, lanes), 0
    swept = _swept(total, weights, vectors, lanes, threads)
    return WinogradTile(tile_of(1, swept, vectors, lanes)[0], vectors, lanes), swept


def _swept(total: int, weights: int, vectors: int, lanes: int, threads: int) -> int:
    """How many tiles one sweep takes, so that the threads are done soonest: all have equally many, few are in vain."""
    again = next(tiles for size, tiles in WEIGHT_TILES if weights <= size)
    best, found = float("inf"), 1
    for swept in range(1, min(total, MOST_SWEPT) + 1):
        columns = tile_of(1, swept, vectors, lanes)[0]
        sweeps = -(-total // swept)
        rounds = -(-sweeps // threads)
        cost = rounds * (-(-swept // columns) * (columns + OVERHEAD) + again)
        if cost <= best:
            best, found = cost, swept
    return found
