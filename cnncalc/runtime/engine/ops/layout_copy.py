"""Maps in another layout, number by number: planes to blocks and back, and a map as one long vector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from math import prod
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Demand, Step
from cnncalc.runtime.engine.ops.base import Op
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import BLOCK
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call, Row


class Order(Enum):
    """In which order the numbers go on."""

    SAME = auto()
    CHANNELS_FIRST = auto()
    CHANNELS_LAST = auto()


ORDERS = {"channels_first": Order.CHANNELS_FIRST, "channels_last": Order.CHANNELS_LAST}


@dataclass(frozen=True, slots=True)
class LayoutCopy(Op):
    """The same map, or one vector of all its numbers in this order."""

    kernel: ClassVar[str] = "layout_copy"
    copies: ClassVar[bool] = True
    moves: ClassVar[bool] = True

    order: Order = Order.SAME

    def demands(self, io: IO) -> tuple[Demand, ...]:
        return () if self.order is Order.SAME else (Demand.ANY, Demand.BARE)

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        source, made, storage = io.reads[0].map, io.write.map, at.places.write.storage
        count, blocked, flat = source.channels, storage.pixel == BLOCK, self.order is not Order.SAME
        padded = made.blocks * BLOCK if blocked and not flat else count
        height, width = source.shape[2] * source.shape[3], source.shape[4]
        row = at.maps()
        row |= {"CHANNELS": count, "CHANNELS_PADDED": padded, "HEIGHT": height, "WIDTH": width}
        row |= {"SIZE": made.channels, "TAIL": made.blocks * BLOCK - made.channels if blocked and flat else 0}
        row |= self._vector(count, height, width)
        return (self.call(at, row, int(row["IMAGES"] * -(-padded // BLOCK) * height)),)

    def _vector(self, count: int, height: int, width: int) -> Row:
        """The distances in a vector of all numbers."""
        if self.order is Order.CHANNELS_FIRST:
            plane = height * width
            return {"OUT_LANE": plane, "OUT_BLOCK": BLOCK * plane, "OUT_ROW": width, "OUT_PIXEL": 1}
        if self.order is Order.CHANNELS_LAST:
            return {"OUT_LANE": 1, "OUT_BLOCK": BLOCK, "OUT_ROW": width * count, "OUT_PIXEL": count}
        return {}


@dataclass(frozen=True, slots=True)
class VolumeFlatten(LayoutCopy):
    """A volume as one vector: each slice of each image goes to its own places there."""

    deep: ClassVar[bool] = True

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        source, made, storage = io.reads[0].map, io.write.map, at.places.write.storage
        count, (depth, height, width) = source.channels, source.size
        whole, row = at.places.reads[0].storage, at.maps()
        step = height * width * (1 if self.order is Order.CHANNELS_FIRST else count)
        row |= {"IMAGES": 1, "CHANNELS": count, "CHANNELS_PADDED": count, "HEIGHT": height, "WIDTH": width}
        row["TAIL"] = made.blocks * BLOCK - made.channels if storage.pixel == BLOCK else 0
        row |= self._vector(count, depth * height, width)
        calls = []
        for image in range(source.images):
            for z in range(depth):
                read = row["INPUT"] + 4 * (image * whole.image + z * whole.slice)
                written = row["OUTPUT"] + 4 * (image * storage.image + z * step)
                own = {**row, "INPUT": read, "OUTPUT": written, "SIZE": made.channels - z * step}
                calls.append(self.call(at, own, -(-count // BLOCK) * height))
        return tuple(calls)


def lower_flatten(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """The numbers of a map as one long vector, in the order of the file."""
    order, source = ORDERS[layer.numbers["order"]], net.source(layer)
    yield net.step(VolumeFlatten(order) if source.size[0] > 1 else LayoutCopy(order), chain, Access(source))


def lower_reshape(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """Only where a vector becomes another vector."""
    if prod(net.source(layer).size) == prod(layer.output[2:]) == 1:
        yield net.step(LayoutCopy(), chain, Access(net.source(layer)))
