"""Two steps done together, one after the other: the map between them is never written out as a whole.

What the pair knows of its two ops is how they share its nodes and its maps; how it is done lies in the op that results.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from cnncalc.runtime.engine.ir import IO, Access, Map, Step
from cnncalc.runtime.engine.ops.base import Label, Op

if TYPE_CHECKING:
    from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed

BETWEEN = 0
"""The key of a map that no other step knows."""


@dataclass(frozen=True, slots=True)
class Pair(Op):
    """`first` does as many nodes as `count`, and writes `between` for `second`, which finds it as `seen`."""

    weighted: ClassVar[bool] = True

    first: Op
    second: Op
    count: int
    between: Access
    seen: Access

    def parts(self, step: Step) -> tuple[Step, ...]:
        return self.halves_of(step, step.nodes)

    def halves_of(self, io: IO, nodes: tuple[int, ...] = ()) -> tuple[Step, Step]:
        """The two steps."""
        before = Step(self.first, nodes[: self.count], io.reads, self.between)
        return before, Step(self.second, nodes[self.count :], (self.seen,), io.write)

    def packed_floats(self, io: IO) -> int:
        return sum(half.op.packed_floats(half) for half in self.halves_of(io))

    def pack(self, io: IO, arrays: LayerArrays, memory: Arena) -> Packed:
        from cnncalc.runtime.engine.weights import Packed

        parts = tuple(
            half.op.pack_all(half, arrays.of(half.nodes, half.write.map.channels), memory)
            for half in self.halves_of(io, arrays.nodes)
        )
        return Packed(calls=tuple(call for part in parts for call in part.calls), parts=parts)

    def multiplications(self, io: IO) -> int:
        return sum(half.op.multiplications(half) for half in self.halves_of(io))

    def label(self, word: str) -> Label:
        halves = (self.first.label(word), self.second.label(word))
        return Label(word, tuple(window for half in halves for window in half.windows))


def between(written: Access, read: Access) -> tuple[Access, Access]:
    """Both accesses of a map that lies between two steps, under a key that says nothing."""
    inner = Map(BETWEEN, written.map.shape, BETWEEN)
    return replace(written, map=inner), replace(read, map=inner)
