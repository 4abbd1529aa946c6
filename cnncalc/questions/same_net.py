"""Whether two nets are the same one: the same operations with the same numbers, reading each other in the same way.

Names, blocks and the order of lines may differ, and so may the order of what a sum reads; what no output needs is not
looked at.  Where they are the same it is known which array of the one is which of the other, so that weights can be
carried over; where not, the first operation that differs is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cnncalc.geometry import Order, Shape
from cnncalc.graph.ir import Graph, Node
from cnncalc.questions.operation_colours import colours, in_any_order, plain_number, plain_numbers, readers_of
from cnncalc.questions.plain_operations import Operation, Operations, as_row, plain_operations

MOST_PAIRS = 200_000
"""Pairs of operations that are looked at; nets of which more pairs may belong together are no nets of anybody's."""


class Turned(NamedTuple):
    """The map of whose places the columns of a matrix are, and the order in which the first net has them."""

    map: Shape
    order: Order


class Same(NamedTuple):
    """The same net: `arrays` are the names of the first one's arrays, each with that of the second.

    Their numbers are in the same order, but for those in `turned`: matrices whose columns stand for the places of a map
    with its channels first in one net and last in the other; by the first one's name, with that map.  In `raised` are
    variances to which the second net adds less before it divides, with how much less.
    """

    arrays: Mapping[str, str]
    turned: Mapping[str, Turned] = MappingProxyType({})
    raised: Mapping[str, float] = MappingProxyType({})


class Unequal(NamedTuple):
    """Another net: what differs, and the operation of each where that is; None where one has none."""

    said: str
    first: Node | None = None
    second: Node | None = None


def same_net(first: Graph, second: Graph, *, turned: bool = False) -> Same | Unequal:
    """Whether both nets compute the same with the same arrays.

    `turned`: a net is the same one, too, where its numbers have to be stored otherwise, as in Darknet: columns of
    matrices in another order, variances that make up for another epsilon, maps of one place as rows.
    """
    plain = [plain_operations(graph, as_rows=turned) for graph in (first, second)]
    if turned:
        plain = [net._replace(all=tuple(map(_without_epsilon, net.all))) for net in plain]
    return _Comparison(plain[0], plain[1], turned=turned).result()


def _without_epsilon(operation: Operation) -> Operation:
    return operation._replace(numbers={}) if operation.kernel == "bn" else operation


class _Difference(NamedTuple):
    """What differs at a pair; `follows`: it may be nothing but what an earlier difference leads to."""

    said: str
    follows: bool
    one: int
    other: int


class _Comparison:
    """Walks both nets from their outputs at the same time; a pair that was met once is not met again."""

    def __init__(self, first: Operations, second: Operations, *, turned: bool) -> None:
        self.first, self.second = first, second
        self.may_turn = turned
        self.colours = colours(first, second)
        self.readers = readers_of(first)
        self.arrays: dict[str, str] = {}
        self.owners: dict[str, str] = {}
        self.turned: dict[str, Turned] = {}
        self.raised: dict[str, float] = {}
        self.found: list[_Difference] = []

    def result(self) -> Same | Unequal:
        for what in ("inputs", "outputs"):
            here, there = len(getattr(self.first, what)), len(getattr(self.second, what))
            if here != there:
                return Unequal(f"it has {there} {what}, not {here}")
        if said := self._other_inputs():
            return Unequal(said)
        waiting = [*zip(self.first.outputs, self.second.outputs, strict=True)]
        waiting += zip(self.first.inputs, self.second.inputs, strict=True)
        met = set(waiting)
        waiting.reverse()
        while waiting and len(met) < MOST_PAIRS:
            one, other = waiting.pop()
            difference = self._difference(one, other)
            if difference is not None:
                self.found.append(difference)
                if not difference.follows:
                    continue
            new = [pair for pair in self._read_pairs(one, other) if pair not in met]
            met.update(new)
            waiting += reversed(new)
        return self._first_of_all() or Same(self.arrays, self.turned, self.raised)

    def _other_inputs(self) -> str:
        """What differs where inputs have the same names in another order."""
        here, there = ([net.all[place].node.name for place in net.inputs] for net in (self.first, self.second))
        if here != there and sorted(here) == sorted(there):
            return f"its inputs are {', '.join(there)}, not {', '.join(here)}"
        for pair in zip(self.first.inputs, self.second.inputs, strict=True):
            node, other = self.first.all[pair[0]].node, self.second.all[pair[1]].node
            stated = [getattr(one.layer, "data", None) for one in (node, other)]
            if None not in stated and stated[0] != stated[1]:
                return f"the data of {node.name} are others"
        return ""

    def _first_of_all(self) -> Unequal | None:
        """The difference that comes first in the first net; one that may follow from others only if it is alone."""
        own = [one for one in self.found if not one.follows] or self.found
        if not own:
            return None
        found = min(own, key=lambda difference: difference.one)
        return Unequal(found.said, self.first.all[found.one].node, self.second.all[found.other].node)

    def _read_pairs(self, one: int, other: int) -> list[tuple[int, int]]:
        """What both read, each with its like."""
        mine, theirs = self.first.all[one].reads, list(self.second.all[other].reads)
        if len(mine) != len(theirs):
            return []
        if not in_any_order(self.first.all[one]):
            return list(zip(mine, theirs, strict=True))
        pairs, left = [], []
        for read in mine:
            alike = [two for two in theirs if self.colours[1][two] == self.colours[0][read]]
            if alike:
                theirs.remove(alike[0])
                pairs.append((read, alike[0]))
            else:
                left.append(read)
        return [*pairs, *zip(left, theirs, strict=True)]

    def _difference(self, one: int, other: int) -> _Difference | None:
        """What differs between two operations; None where nothing does."""
        mine, theirs = self.first.all[one], self.second.all[other]
        said = _other_operation(mine, theirs)
        if said and self._turns(one, other):
            said = ""
        if said:
            follows = mine.kernel == theirs.kernel and self._read_other_sizes(mine, theirs)
            return _Difference(said, follows, one, other)
        outputs = mine.output, theirs.output
        if (as_row(outputs[0]) != as_row(outputs[1])) if self.may_turn else (outputs[0] != outputs[1]):
            return _Difference(f"{mine.output.text()} became {theirs.output.text()}", True, one, other)
        if [(a.role, a.numbers) for a in mine.arrays] != [(a.role, a.numbers) for a in theirs.arrays]:
            return _Difference(f"its weights are {_listed(theirs)}, not {_listed(mine)}", True, one, other)
        if self.may_turn and mine.kernel == "bn" and (said := self._raises(mine, theirs)):
            return _Difference(said, False, one, other)
        said = self._other_arrays(mine, theirs)
        return _Difference(said, False, one, other) if said else None

    def _read_other_sizes(self, mine: Operation, theirs: Operation) -> bool:
        """Whether what arrives has other sizes, to which pads and orders are suited."""
        return [self.first.all[read].output for read in mine.reads] != [
            self.second.all[read].output for read in theirs.reads
        ]

    def _turns(self, one: int, other: int) -> bool:
        """Whether nothing but the order of a row differs that only matrices read; notes which do."""
        mine, theirs = self.first.all[one], self.second.all[other]
        readers = [self.first.all[reader] for reader in self.readers[one]]
        if not self.may_turn or {mine.node.layer.word, theirs.node.layer.word} != {"flatten"}:
            return False
        if one in self.first.outputs or any(reader.kernel != "dense" for reader in readers):
            return False
        order: Order = mine.node.layer.order  # type: ignore[attr-defined]  # a Flatten
        turned = Turned(self.first.all[mine.reads[0]].output, order)
        self.turned |= {array.name: turned for reader in readers for array in reader.arrays[:1]}
        return True

    def _raises(self, mine: Operation, theirs: Operation) -> str:
        """What differs where a batch norm's variance cannot make up for what is added to it; notes by how much."""
        was, now = (float(getattr(one.node.layer, "epsilon", 0)) for one in (mine, theirs))
        if was < now:
            return f"epsilon {was:g} became {now:g}"
        if was > now:
            self.raised |= {array.name: was - now for array in mine.array("running_var")}
        return ""

    def _other_arrays(self, one: Operation, other: Operation) -> str:
        """What differs between their arrays; those that are the same belong together from now on."""
        for a, b in zip(one.arrays, other.arrays, strict=True):
            if None not in (a.stated, b.stated) and plain_number(a.stated) != plain_number(b.stated):
                return f"the numbers of {a.name} are others"
            if self.arrays.setdefault(a.name, b.name) != b.name:
                return f"{a.name} is shared, and became two arrays: {self.arrays[a.name]} and {b.name}"
            if self.owners.setdefault(b.name, a.name) != a.name:
                return f"{self.owners[b.name]} and {a.name} became one array, {b.name}"
        return ""


def _other_operation(one: Operation, other: Operation) -> str:
    """What differs between what two operations do, for a reader; empty where nothing does."""
    if one.kernel != other.kernel:
        words = one.node.layer.word, other.node.layer.word
        was, now = (one.kernel, other.kernel) if words[0] == words[1] else words
        return f"{was} became {now}"
    if len(one.reads) != len(other.reads):
        return f"it reads {len(other.reads)} results, not {len(one.reads)}"
    mine, theirs = plain_numbers(one), plain_numbers(other)
    for name in sorted({*mine, *theirs}):
        if mine.get(name) != theirs.get(name):
            rank = one.node.output.rank
            shown = [_shown(each.numbers.get(name), rank) for each in (one, other)]
            return f"{_NAMES.get(name, name)} {' became '.join(shown)}"
    return ""


_NAMES = {"before": "rows before", "after": "rows after", "multiplier": "channel multiplier"}


def _shown(value: Any, rank: int) -> str:
    """A number, or one for each axis: `3x3`."""
    if isinstance(value, tuple) and len(value) == 3 and all(isinstance(one, int) for one in value):
        return "x".join(map(str, value[3 - rank :] if rank else value))
    return "nothing" if value is None else str(value)


def _listed(operation: Operation) -> str:
    """The sizes of its arrays, by their roles."""
    return ", ".join(f"{one.role} of {one.numbers:,}" for one in operation.arrays) or "none"
