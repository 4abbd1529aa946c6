"""Softmax over the channels of each place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.ir import IO, Access, Step
from cnncalc.runtime.engine.ops.base import Op
from cnncalc.runtime.engine.ops.bound import Bound
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.storage import Kind
from cnncalc.runtime.planning import Step as LayerStep

if TYPE_CHECKING:
    from cnncalc.runtime.engine.program import Call


@dataclass(frozen=True, slots=True)
class Softmax(Op):
    """One unit is a row of places."""

    kernel: ClassVar[str] = "softmax"

    def bind(self, io: IO, at: Bound) -> tuple[Call, ...]:
        row = at.maps() | {"CHANNELS": io.write.map.channels}
        return (self.call(at, row, int(row["IMAGES"] * row["HEIGHT"])),)


def lower_softmax(net: Lowering, chain: Chain, layer: LayerStep) -> Iterator[Step]:
    """It ends most nets, so it writes planes, as they are handed out."""
    last = Access(net.maps[chain.last], Kind.PLANES)
    yield net.step(Softmax(), chain, Access(net.source(layer)), last)
