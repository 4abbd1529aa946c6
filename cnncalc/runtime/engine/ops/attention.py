"""Attention: its four dense layers and both products between places, all of them convolutions of 1x1.

The keys are laid as the filters of the product that makes the scores, and the values are those of the one after the
softmax: maps lie in memory as packed weights do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod, sqrt
from typing import TYPE_CHECKING, ClassVar, Self

from cnncalc.runtime.engine.chain import Chain, Takes
from cnncalc.runtime.engine.ir import IO, NO_EPILOGUE, Access, Map, Step
from cnncalc.runtime.engine.ops.base import Label, Op, Tile, TiledOp
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.convolution import Convolution, tile_for
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BARE, BLOCK, Places
from cnncalc.runtime.engine.weight_layout import WeightLayout
from cnncalc.runtime.engine.window import Window
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed

TOGETHER, TOGETHER_BIAS = "in_proj_weight", "in_proj_bias"
"""Arrays whose rows are those of queries, keys and values, one after the other."""

APART = ("q_proj_weight", "k_proj_weight", "v_proj_weight")
LAST, LAST_BIAS = "out_proj.weight", "out_proj.bias"


@dataclass(frozen=True, slots=True)
class Projection(Convolution):
    """One of the dense layers: of its two arrays the rows from `first` on, where others share them."""

    array: str = LAST
    bias: str = LAST_BIAS
    first: int = 0

    def pack_all(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        own = arrays.rows(self.array, self.bias, self.first, io.write.map.channels)
        return Convolution.pack_all(self, io, own, memory)

    def weight_traffic(self, io: IO, own: dict[str, int]) -> int:
        return io.write.map.channels * (self.channels + 1)

    def label(self, word: str) -> Label:
        return Label(word)


@dataclass(frozen=True, slots=True)
class Questions(Projection):
    """Of queries, keys or values: what follows the layer follows another step."""

    takes: ClassVar[Takes] = Takes.NOTHING

    array: str = TOGETHER
    bias: str = TOGETHER_BIAS


@dataclass(frozen=True, slots=True)
class KeyFilters(Op):
    """The keys of each head as filters: place p becomes channel p, and channel c place c."""

    kernel: ClassVar[str] = "attention.keys_as_filters"

    heads: int

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        source, (height, width) = io.reads[0].map, io.reads[0].map.size[1:]
        row = at.maps() | {"CHANNELS": source.channels // self.heads, "GROUPS": self.heads}
        row |= {"IN_HEIGHT": height, "IN_WIDTH": width}
        return (self.call(at, row, source.images * self.heads * -(-height * width // BLOCK)),)


@dataclass(frozen=True, slots=True)
class MapProduct(Convolution):
    """A convolution of 1x1 in as many groups as there are heads, whose filters are the second map, image by image."""

    takes: ClassVar[Takes] = Takes.NOTHING
    weighted: ClassVar[bool] = False

    def packed_floats(self, io: IO) -> int:
        return io.write.map.blocks * BLOCK

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        from cnncalc.runtime.engine.weights import Packed

        return Packed(bias=memory.array(io.write.map.blocks * BLOCK))

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        (call,), weights = Convolution.bind(self, io, at), at.places.reads[1]
        source, made = at.places.reads[0].storage, at.places.write.storage
        whole, images = dict(call.rows[0]), io.write.map.images
        whole |= {"IMAGES": 1, "WEIGHT_BLOCK": weights.storage.block, "LAST": self.channels - BLOCK * (self.blocks - 1)}
        calls = []
        for image in range(images):
            own = {
                "INPUT": whole["INPUT"] + 4 * image * source.image,
                "WEIGHTS": at.address(weights) + 4 * image * weights.storage.image,
                "OUTPUT": whole["OUTPUT"] + 4 * image * made.image,
            }
            calls.append(self.call(at, whole | own, call.units // images))
        return tuple(calls)

    @property
    def blocks(self) -> int:
        """Blocks of channels that each filter meets."""
        return -(-self.channels // BLOCK)

    def fault(self, io: IO, places: Places) -> str:
        return "" if places.reads[1].storage.halo == BARE else "a map with a halo is taken for weights"

    def placed(self, io: IO, places: Places) -> Self:
        return self

    def weight_traffic(self, io: IO, own: dict[str, int]) -> int:
        return 0

    def label(self, word: str) -> Label:
        return Label(word)


@dataclass(frozen=True, slots=True)
class ScoresTile(Tile):
    """Vectors of so many lanes; whether a place sees none that comes after it."""

    lanes: int
    causal: int


@dataclass(frozen=True, slots=True)
class ScoresSoftmax(TiledOp):
    """The softmax of each head's scores times a factor; so many `places` have one."""

    kernel: ClassVar[str] = "attention.softmax_of_scores"

    tile: ScoresTile
    heads: int
    places: int
    factor: float

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps() | {"GROUPS": self.heads, "CHANNELS": self.places, "LOW": self.factor}
        row["BLOCKS"] = io.write.map.blocks // self.heads
        return (self.call(at, row, int(row["IMAGES"] * self.heads * row["HEIGHT"])),)

    def weight_traffic(self, io: IO, own: dict[str, int]) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class _Attention:
    """A layer of attention while it is lowered."""

    net: Lowering
    layer: LayerStep

    def dense(self, source: Map, array: str, first: int, made: int) -> Step:
        """A dense layer at every place of a map."""
        target = self.net.new_map(self.layer.node, (source.images, made, 1, *source.size[1:]))
        chain = Chain((self.layer.node,))
        op = Questions(tile_for(self.net, chain, target, Window()), NO_EPILOGUE, Window(), source.channels)
        return self.step(replace(op, array=array, first=first), target, source)

    def product(self, source: Map, filters: Map, made: int, *, seen: int, unroll: int) -> Step:
        """Each place of a map times the filters that another one is."""
        heads: int = self.layer.numbers["heads"]
        target = self.net.new_map(self.layer.node, (source.images, heads * made, 1, *source.size[1:]))
        tile = replace(tile_for(self.net, Chain((self.layer.node,)), target, Window(), narrow=True), unroll=unroll)
        op = MapProduct(tile, NO_EPILOGUE, Window(), seen, WeightLayout.GROUPED, heads)
        return self.step(op, target, source, filters)

    def step(self, op: Op, target: Map, *sources: Map) -> Step:
        """A step on the way to the layer's result."""
        return Step(op, (self.layer.node,), tuple(map(Access, sources)), Access(target))


def lower_attention(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Where the numbers of a head are whole blocks."""
    n, arrays = layer.numbers, dict(layer.weights)
    heads, key, value = n["heads"], n["key"], n["value"]
    if key % BLOCK or value % BLOCK:
        return
    sources = [net.maps[layer.reads[i]] for i in (0, min(1, len(layer.reads) - 1), -1)]
    made, own = (heads * key, heads * key, heads * value), _Attention(net, layer)
    firsts = (0, made[0], made[0] + made[1])
    dense = [
        own.dense(source, array, first, size)
        for source, array, first, size in zip(
            sources, (TOGETHER,) * 3 if TOGETHER in arrays else APART, firsts, made, strict=True
        )
    ]
    yield from dense
    queries, keys, values = (step.write.map for step in dense)
    places, padded = prod(keys.size), -(-prod(keys.size) // BLOCK) * BLOCK
    filters = net.new_map(layer.node, (keys.images, heads * padded, 1, 1, key))
    yield own.step(KeyFilters(heads), filters, keys)
    scores = own.product(queries, filters, padded, seen=key, unroll=4)
    yield scores
    shares = net.new_map(layer.node, scores.write.map.shape)
    tile = ScoresTile(net.lanes, int(n["causal"]))
    yield own.step(ScoresSoftmax(tile, heads, places, 1 / sqrt(key)), shares, scores.write.map)
    weighed = own.product(shares, values, value, seen=places, unroll=1)
    yield weighed
    source, target = weighed.write.map, net.maps[chain.last]
    op = Projection(tile_for(net, chain, target, Window()), chain.epilogue, Window(), source.channels)
    yield net.step(op, chain, Access(source))
