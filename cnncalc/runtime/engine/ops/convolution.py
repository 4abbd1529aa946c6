"""Convolutions by register tiles: any kernel size, stride and dilation, groups, 1x1 and first layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar, Self

from cnncalc.runtime.engine.chain import ALL, Chain, Takes
from cnncalc.runtime.engine.ir import IO, Access, Activation, Map, Residual, Step
from cnncalc.runtime.engine.ops.base import LONGEST_SUM, FusedOp, Label, Tile
from cnncalc.runtime.engine.ops.bound import PIECES_A_THREAD, Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BARE, BLOCK, ORIGIN, Kind, Places
from cnncalc.runtime.engine.tiling import tile_of, vectors_for
from cnncalc.runtime.engine.weight_layout import UNROLLED, Filters, WeightLayout
from cnncalc.runtime.engine.window import Window, flat_window, zero_fill
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call, Row
    from cnncalc.runtime.engine.weights import Arena, Array, LayerArrays, Packed

SEGMENT_BYTES = 128 * 1024
"""Bytes of inputs that one unit of a convolution reads at most: they stay in a core's second cache while block after
block of filters passes over them."""


@dataclass(frozen=True, slots=True)
class ConvolutionTile(Tile):
    """`rows` x `columns` pixels, `vectors` of `lanes` filters; `step` is the distance of neighbouring inputs."""

    columns: int
    rows: int
    vectors: int
    lanes: int
    step: int
    unroll: int
    activation: Activation

    @property
    def width(self) -> int:
        """Filters in a block."""
        return self.vectors * self.lanes


@dataclass(frozen=True, slots=True)
class Convolution(FusedOp):
    """Each filter sees so many `channels`; `one_row`: rows without anything between them are taken for one."""

    kernel: ClassVar[str] = "convolution"
    takes: ClassVar[Takes] = ALL
    weighted: ClassVar[bool] = True

    tile: ConvolutionTile
    window: Window
    channels: int
    layout: WeightLayout = WeightLayout.BLOCKED
    groups: int = 1
    flip: bool = False
    one_row: bool = False

    @property
    def sliding(self) -> Window:
        return self.window

    @property
    def is_too_long(self) -> bool:
        return self.channels * self.window.taps > LONGEST_SUM

    @property
    def can_stripe(self) -> bool:
        """Whether it can make some rows of a block of filters at a time, for who reads them next."""
        plain = self.layout in (WeightLayout.BLOCKED, WeightLayout.PLANES)
        return plain and self.epilogue.residual is Residual.NONE

    def filters(self, io: IO) -> Filters:
        """How its weights lie when they are packed."""
        inner = 1 if self.layout is WeightLayout.PLANES else BLOCK
        seen = BLOCK if self.layout is WeightLayout.DIAGONAL else self.channels
        depth = self.layout.depth(self.channels)
        return Filters(io.write.map.channels, self.tile.width, depth, seen, self.window.taps, inner)

    def packed_floats(self, io: IO) -> int:
        return self.filters(io).floats

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        from cnncalc.runtime.engine.weights import pack_filters

        return pack_filters(self.arranged(arrays), arrays.affine(), self.filters(io), memory)

    def arranged(self, arrays: LayerArrays) -> Array:
        """The weights as [filter, channel, taps ...], for all channels that a block of filters meets."""
        weight = arrays.weight(flip=self.flip)
        return _between_groups(weight, self.groups) if self.layout is WeightLayout.DIAGONAL else weight

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        filters = self.filters(io)
        row = at.maps(self.epilogue)
        for more in (at.window(self.window), self._blocks(io, at, filters), self.placement(io, at)):
            row.update(more)
        row["SEGMENT"] = self._segment(row, at.threads)
        numbers = io.reads[0].map.numbers + io.write.map.numbers
        # Where weights are fewer than numbers, a thread works on a part of the map in all filters, and finds it in its
        # cache again in the next step; where they are more, on some filters, so that each weight goes to one core only.
        row["PLACES_OUTSIDE"] = int(filters.numbers <= numbers)
        places = -(-row["HEIGHT"] // self.tile.rows) * -(-row["WIDTH"] // row["SEGMENT"])
        units = int(row["IMAGES"] * filters.count * places)
        return (self.call(at, row, units),)

    def _blocks(self, io: IO, at: Bound, filters: Filters) -> Row:
        """The blocks of filters and of the channels that they meet."""
        source, made = at.places.reads[0].storage, at.places.write.storage
        blocks = -(-self.channels // BLOCK)
        row: Row = {
            "BLOCKS": blocks,
            "INNER": BLOCK,
            "LAST": filters.depth - BLOCK * (blocks - 1),
            "FILTER_BLOCKS": filters.count,
            "GROUP_FILTERS": filters.count,
            "WEIGHT_BLOCK": filters.block_numbers,
            "ODD": int(filters.width == 2 * BLOCK and made.pixel == BLOCK and io.write.map.blocks % 2),
        }
        if self.layout is WeightLayout.PLANES:
            along = self.window.kernel[2] if self.window.dilation[2] == 1 else 1
            across = self.window.kernel[2] // along
            row |= {"BLOCKS": self.channels, "IN_BLOCK": source.lane, "INNER": along, "LAST": along, "KERNEL_X": across}
        elif self.layout is WeightLayout.GROUPED:
            own = io.write.map.channels // self.groups // filters.width
            row |= {"GROUP_FILTERS": own, "GROUP_BLOCK": blocks * source.block}
        elif self.layout is WeightLayout.DIAGONAL:
            row |= {"GROUP_FILTERS": 1, "GROUP_BLOCK": source.block}
        return row

    def placement(self, io: IO, at: Bound) -> Row:
        """Where its outputs go, if not one after the other in each row."""
        if not self.one_row:
            return {}
        return {"WIDTH": io.write.map.shape[3] * io.write.map.shape[4], "HEIGHT": 1}

    def _segment(self, row: Row, threads: int) -> int:
        """How many pixels of a row one unit of work takes: whole tiles, few enough that their inputs stay near."""
        columns = self.tile.columns
        tiles = -(-int(row["WIDTH"]) // columns)
        near = SEGMENT_BYTES // (4 * columns * int(row["BLOCKS"] * row["INNER"]))
        pieces = int(row["IMAGES"] * row["HEIGHT"] * row["FILTER_BLOCKS"])
        fair = tiles * pieces // (PIECES_A_THREAD * threads)
        return columns * max(1, min(tiles, near, fair))

    def placed(self, io: IO, places: Places) -> Self:
        """A 1x1 convolution over dense rows sees one long row: its tiles need not end where rows do."""
        if self.layout is not WeightLayout.BLOCKED or not dense_rows(self.window, io, places):
            return self
        columns, rows = tile_of(1, prod(io.write.map.size), self.tile.vectors, self.tile.lanes)
        return replace(self, tile=replace(self.tile, columns=columns, rows=rows), one_row=True)

    def fault(self, io: IO, places: Places) -> str:
        if self.one_row and not dense_rows(self.window, io, places):
            return "rows are taken for one that do not follow each other"
        return ""

    def multiplications(self, io: IO) -> int:
        made = io.write.map
        return made.images * prod(made.size) * made.channels * self.channels * self.window.taps

    def label(self, word: str) -> Label:
        plain = self.layout in (WeightLayout.BLOCKED, WeightLayout.PLANES)
        return Label("direct" if plain else "grouped", (self.window.printed,))


@dataclass(frozen=True, slots=True)
class ConnectedConvolution(Convolution):
    """A convolution of all channels, with zeros where there is no connection."""

    @property
    def can_stripe(self) -> bool:
        return False

    def arranged(self, arrays: LayerArrays) -> Array:
        assert arrays.layer is not None
        return _unconnected(arrays.weight(), arrays.layer.numbers["table"], self.channels)

    def placed(self, io: IO, places: Places) -> Self:
        return self


def dense_rows(window: Window, io: IO, places: Places) -> bool:
    """Whether output i of a channel block is made of input i alone, however many rows they lie in.

    So its window is one place that moves by one, begins at the first, and no map has a halo or places of its own.
    """
    size = io.write.map.shape[3:]
    if not window.is_one_place or io.reads[0].start != ORIGIN or io.write.part is not None:
        return False
    stored = (place.storage for place in (*places.reads, places.write))
    return all(each.halo == BARE and (each.height, each.width) == size for each in stored)


def tile_for(net: Lowering, chain: Chain, target: Map, window: Window, *, narrow: bool = False) -> ConvolutionTile:
    """The tile of a convolution over a blocked map."""
    return _tile(net, chain, target, window.stride[2] * BLOCK, UNROLLED, narrow=narrow)


def _tile(net: Lowering, chain: Chain, target: Map, step: int, unroll: int, *, narrow: bool = False) -> ConvolutionTile:
    vectors = vectors_for(net.lanes, target.channels, narrow)
    columns, rows = tile_of(*target.shape[3:], vectors, net.lanes)
    return ConvolutionTile(columns, rows, vectors, net.lanes, step, unroll, chain.epilogue.activation)


def lower_conv(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """A picture's few channels are read as planes, and groups apart."""
    source, target = net.source(layer), net.maps[chain.last]
    sliding = flat_window(layer, source, target)
    if sliding is None or not zero_fill(layer):
        return
    window, groups = sliding.window, layer.numbers["groups"]
    more = {"groups": groups, "flip": layer.numbers["flip"]}
    if groups > 1:
        yield from _grouped(net, chain, Access(source, Kind.BLOCKED, sliding.halo, 0.0, sliding.start), window, more)
        return
    if net.reads_planes(source):
        # One tap at a time: LLVM would keep inputs that neighbouring windows share in registers, and spill the sums.
        tile = _tile(net, chain, target, window.stride[2], 1)
        read, layout = Access(source, Kind.PLANES, sliding.halo, 0.0, sliding.start), WeightLayout.PLANES
    else:
        tile, read, layout = tile_for(net, chain, target, window), sliding.access(source), WeightLayout.BLOCKED
    yield net.step(Convolution(tile, chain.epilogue, window, source.channels, layout, **more), chain, read)


def _grouped(net: Lowering, chain: Chain, read: Access, window: Window, more: Mapping[str, Any]) -> Iterator[Step]:
    """Groups of whole blocks one by one; groups smaller than a block together, with zeros between them."""
    target, groups = net.maps[chain.last], more["groups"]
    seen, made = read.map.channels // groups, target.channels // groups
    if seen % BLOCK == 0 and made % BLOCK == 0:
        tile, layout = tile_for(net, chain, target, window, narrow=bool(made % 32)), WeightLayout.GROUPED
    elif seen == made and BLOCK % seen == 0 and seen > 1:
        tile, layout = tile_for(net, chain, target, window, narrow=True), WeightLayout.DIAGONAL
    else:
        return
    yield net.step(Convolution(tile, chain.epilogue, window, seen, layout, **more), chain, read)


def lower_connected(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """A convolution in which each filter sees some channels only."""
    source, target = net.source(layer), net.maps[chain.last]
    sliding = flat_window(layer, source, target)
    if sliding is not None and zero_fill(layer):
        tile = tile_for(net, chain, target, sliding.window)
        op = ConnectedConvolution(tile, chain.epilogue, sliding.window, source.channels)
        yield net.step(op, chain, sliding.access(source))


def _unconnected(weight: Array, table: Sequence[Sequence[int]], channels: int) -> Array:
    """weight[connection, ...], filter by filter -> [filter, channel, ...], zeros where nothing is connected."""
    import numpy as np

    wide = np.zeros((len(table), channels, *weight.shape[1:]), weight.dtype)
    connections = iter(weight)
    for filter_, seen in enumerate(table):
        for channel in seen:
            wide[filter_, channel] = next(connections)
    return wide


def _between_groups(weight: Array, groups: int) -> Array:
    """weight[filter, channel of its group, ...] -> [filter, channel of its block of 16, ...], zeros between groups."""
    import numpy as np

    filters, seen, *kernel = weight.shape
    wide = np.zeros((filters, BLOCK, *kernel), weight.dtype)
    for filter_ in range(filters):
        first = filter_ // (filters // groups) * seen % BLOCK
        wide[filter_, first : first + seen] = weight[filter_]
    return wide
