"""Pads and crops: of zeros by reading from elsewhere, of repeated numbers by a kernel of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Tile, TiledOp
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.ops.pointwise import pointwise_op
from cnncalc.runtime.engine.storage import BARE, Halo, Kind
from cnncalc.runtime.engine.window import border, zero_fill
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call


class Repeated(IntEnum):
    """What a border repeats, as the kernel numbers it (`cnncalc.kernels.engine.border`)."""

    EDGE = 0
    REFLECT = 1
    WRAP = 2


FILLS = {"edge": Repeated.EDGE, "reflect": Repeated.REFLECT, "wrap": Repeated.WRAP}


@dataclass(frozen=True, slots=True)
class BorderTile(Tile):
    """What is repeated."""

    fill: Repeated


@dataclass(frozen=True, slots=True)
class Border(TiledOp):
    """`pads` are the rows above and the columns at the left."""

    kernel: ClassVar[str] = "border"

    tile: BorderTile
    pads: tuple[int, int]

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        source, (above, before) = at.places.reads[0].storage, self.pads
        row = at.maps()
        row |= {"IN_HEIGHT": source.height, "IN_WIDTH": source.width, "PADS_Y": above, "PADS_X": before}
        return (self.call(at, row, at.single_rows(row)),)


def filled(net: Lowering, layer: LayerStep) -> tuple[Step, LayerStep] | None:
    """A border that is not zeros, in a map of its own, and the layer that reads that; None where there is none."""
    n, source = layer.numbers, net.source(layer) if layer.reads else None
    if source is None or n.get("fill") not in FILLS or n["before"][0] or n["after"][0] or zero_fill(layer):
        return None
    sizes = (first + size + last for first, size, last in zip(n["before"], source.size, n["after"], strict=True))
    whole = net.new_map(layer.node, (*source.shape[:2], *sizes))
    op = Border(BorderTile(FILLS[n["fill"]]), (n["before"][1], n["before"][2]))
    none = {"before": (0, 0, 0), "after": (0, 0, 0), "fill": "zeros"}
    after = replace(layer, reads=(whole.key, *layer.reads[1:]), numbers={**n, **none})
    return Step(op, (), (Access(source),), Access(whole)), after


def lower_crop(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """The same map, read from further inside; with zeros around it, from within its halo."""
    sides = border(layer)
    if sides is not None:
        (top, left), (below, right) = sides
        halo = Halo(*(max(0, rows) for rows in (top, left, below, right)))
        fill = None if halo == BARE else 0.0
        read = Access(net.source(layer), Kind.BLOCKED, halo, fill, (0, -top, -left))
        yield net.step(pointwise_op(net.lanes, chain), chain, read)


def lower_pad(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Zeros around a map, or its own numbers again."""
    repeated = filled(net, layer)
    if repeated is not None and chain.is_plain:
        yield replace(repeated[0], nodes=chain.nodes, write=Access(net.maps[chain.last]))
    elif repeated is not None:
        yield repeated[0]
        yield from lower_pad(net, chain, repeated[1])
    else:
        yield from lower_crop(net, chain, layer)
