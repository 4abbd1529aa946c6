"""Where branches meet: sums and products of maps, and of a map with vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from operator import ge
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain, Takes, adds_two
from cnncalc.runtime.engine.ir import IO, NO_EPILOGUE, Access, Activation, Demand, Epilogue, Map, Residual, Step
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.ops.pointwise import Pointwise, PointwiseTile, pointwise_op
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.engine.window import middle
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Row
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed


@dataclass(frozen=True, slots=True)
class TimesVector(Pointwise):
    """A map times a second one of one place: its numbers are the factors of the channels."""

    takes: ClassVar[Takes] = Takes.NOTHING

    def demands(self, io: IO) -> tuple[Demand, ...]:
        return Demand.ANY, Demand.BARE, Demand.ANY

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        from cnncalc.runtime.engine.weights import Packed

        return Packed(bias=memory.copy(arrays.offset(), io.write.map.blocks * BLOCK))

    def factors(self, at: Bound) -> Row:
        vector = at.places.reads[1]
        return {"WEIGHTS": at.address(vector), "WEIGHT_IMAGE": vector.storage.image}


def lower_add(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Of two maps in one step, of more in one for each after the first, or of the middles of larger ones."""
    if adds_two(layer, net.layers):
        yield net.step(pointwise_op(net.lanes, chain), chain, Access(net.source(layer)))
        return
    target, sources = net.maps[chain.last], [net.maps[read] for read in layer.reads]
    if not all(_reaches(source, target) for source in sources):
        return
    if chain.is_plain:
        yield from _together(net, chain.nodes, sources, Residual.FIRST, target)
        return
    whole = net.new_map(layer.node, target.shape)
    yield from _together(net, (layer.node,), sources, Residual.FIRST, whole)
    yield net.step(pointwise_op(net.lanes, chain), chain, Access(whole))


def lower_mul(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Of maps one after the other, then with each vector of channels."""
    target, sources = net.maps[chain.last], [net.maps[read] for read in layer.reads]
    whole = [source for source in sources if prod(source.size) > 1] or sources
    vectors = [source for source in sources if source not in whole]
    if not all(_reaches(source, target) for source in whole) or any(
        each.channels != target.channels for each in vectors
    ):
        return
    so_far = whole[0]
    if len(whole) > 1 or whole[0].shape != target.shape:
        so_far = net.new_map(layer.node, target.shape) if vectors else target
        nodes = chain.nodes if so_far is target else (layer.node,)
        yield from _together(net, nodes, whole, Residual.TIMES, so_far)
    op = TimesVector(PointwiseTile(net.lanes, Activation.CLAMP, Residual.NONE), NO_EPILOGUE)
    for left, vector in zip(reversed(range(len(vectors))), vectors, strict=True):
        made = net.new_map(layer.node, target.shape) if left else target
        nodes = (layer.node,) if left else chain.nodes
        yield Step(op, nodes, (Access(so_far), Access(vector)), Access(made))
        so_far = made


def _reaches(source: Map, target: Map) -> bool:
    """Whether nothing of a map has to be spread: it has all channels, and is as large as the target or larger."""
    return source.channels == target.channels and all(map(ge, source.size, target.size))


def _together(
    net: Lowering, nodes: tuple[int, ...], sources: Sequence[Map], mode: Residual, target: Map
) -> Iterator[Step]:
    """One map after the other, its middle where it is larger, meets what is there so far; the last step makes `target`.

    The first to be there is one that is as large as the result, or else a copy.
    """
    first = next((i for i, source in enumerate(sources) if source.shape == target.shape), None)
    so_far = None if first is None else sources[first]
    others = [source for i, source in enumerate(sources) if i != first]
    for left, source in zip(reversed(range(len(others))), others, strict=True):
        made = net.new_map(nodes[0], target.shape) if left else target
        met = Residual.NONE if so_far is None else mode
        read = Access(source, start=middle(source, target))
        op = Pointwise(PointwiseTile(net.lanes, Activation.CLAMP, met), Epilogue(residual=met))
        reads = (read,) if so_far is None else (read, Access(so_far))
        yield Step(op, nodes[:1] if left else nodes, reads, Access(made))
        so_far = made
