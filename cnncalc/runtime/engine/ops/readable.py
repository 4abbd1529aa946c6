"""Layers by the kernel that anybody can read, between two changes of layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Label, Op
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import Kind

if TYPE_CHECKING:
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed


@dataclass(frozen=True, slots=True)
class Readable(Op):
    """Whatever the layer of its node does; nothing is compiled."""

    kernel: ClassVar[str] = "readable"
    weighted: ClassVar[bool] = True
    readable: ClassVar[bool] = True

    def pack_all(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        """Nothing: its kernel is given the arrays of its layer as they are."""
        return self.pack(io, arrays, memory)

    def label(self, word: str) -> Label:
        return Label(self.kernel)


def lower_readable(net: Lowering, chain: Chain) -> Iterator[Step]:
    """Each node of a chain by itself."""
    for node in chain.nodes:
        reads = tuple(Access(net.maps[read], Kind.PLANES) for read in net.layers[node].reads)
        yield Step(Readable(), (node,), reads, Access(net.maps[node], Kind.PLANES))
