"""Whether two nets are the same one: the same operations with the same numbers, reading each other in the same way.

Names, blocks and the order of lines may differ.  Where they are the same it is known which array of the one is which of
the other, so that weights can be carried over; where not, the first operation that differs is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cnncalc.graph.ir import Graph, Node
from cnncalc.questions.plain_operations import Operation, Operations, plain_operations


class Same(NamedTuple):
    """The same net: `arrays` are the names of the first one's arrays, each with that of the second (same order)."""

    arrays: Mapping[str, str]


class Unequal(NamedTuple):
    """Another net: what differs, and the operation of each where that is; None where one has none."""

    said: str
    first: Node | None = None
    second: Node | None = None


def same_net(first: Graph, second: Graph) -> Same | Unequal:
    """Whether both nets compute the same with the same arrays."""
    return _Comparison(plain_operations(first), plain_operations(second)).result()


class _Comparison:
    """Walks both nets from their outputs at the same time; a pair that was met once is not met again."""

    def __init__(self, first: Operations, second: Operations) -> None:
        self.first, self.second = first, second
        self.met: dict[int, int] = {}
        self.taken: dict[int, int] = {}
        self.arrays: dict[str, str] = {}

    def result(self) -> Same | Unequal:
        for what in ("inputs", "outputs"):
            here, there = len(getattr(self.first, what)), len(getattr(self.second, what))
            if here != there:
                return Unequal(f"it has {there} {what}, not {here}")
        pairs = [*zip(self.first.outputs, self.second.outputs, strict=True)]
        pairs += zip(self.first.inputs, self.second.inputs, strict=True)
        waiting = pairs[::-1]
        while waiting:
            one, other = waiting.pop()
            if one in self.met or other in self.taken:
                if self.met.get(one) != other:
                    return self._unequal("it is read elsewhere", one, other)
                continue
            self.met[one], self.taken[other] = other, one
            difference = self._difference(self.first.all[one], self.second.all[other])
            if difference:
                return self._unequal(difference, one, other)
            waiting += reversed([*zip(self.first.all[one].reads, self.second.all[other].reads, strict=True)])
        return Same(self.arrays)

    def _unequal(self, said: str, one: int, other: int) -> Unequal:
        return Unequal(said, self.first.all[one].node, self.second.all[other].node)

    def _difference(self, one: Operation, other: Operation) -> str:
        """What differs between two operations, for a reader; empty where nothing does."""
        said = ""
        if one.kernel != other.kernel:
            said = f"{one.node.layer.word} became {other.node.layer.word}"
        elif one.output != other.output:
            said = f"{one.output.text()} became {other.output.text()}"
        elif one.numbers != other.numbers:
            names = sorted({*one.numbers, *other.numbers})
            name = next(name for name in names if one.numbers.get(name) != other.numbers.get(name))
            said = f"{name} {one.numbers.get(name)} became {other.numbers.get(name)}"
        elif len(one.reads) != len(other.reads):
            said = f"it reads {len(other.reads)} results, not {len(one.reads)}"
        return said or self._other_arrays(one, other)

    def _other_arrays(self, one: Operation, other: Operation) -> str:
        """What differs between their arrays; those that are alike belong together from now on."""
        if [(a.role, a.numbers) for a in one.arrays] != [(a.role, a.numbers) for a in other.arrays]:
            return "its weights are others"
        for a, b in zip(one.arrays, other.arrays, strict=True):
            if self.arrays.setdefault(a.name, b.name) != b.name:
                return f"{a.name} is shared with others"
        return ""
