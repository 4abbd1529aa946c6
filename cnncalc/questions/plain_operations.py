"""The operations of a net as everybody has them, whatever a notation calls them: what two nets are compared by.

What one notation says in one word and another in two is the same here: a depthwise convolution is one with as many
groups as channels, a separable one is two convolutions, zeros around a map belong to the convolution that reads them,
and an identity is nothing (`operation_rules`, `plain_windows`).  Pads are resolved: `same` and the rows that it adds
are alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from cnncalc.geometry import Shape
from cnncalc.graph.ir import Graph, Node
from cnncalc.graph.never_negative import is_never_negative
from cnncalc.layers.base import Weight
from cnncalc.layers.joining import Join
from cnncalc.questions.operation_rules import IN_ANY_ORDER, as_others, with_before
from cnncalc.questions.plain_windows import POOLS, fitted_reads, plain_pool, with_pads_around


class Stored(NamedTuple):
    """An array of a net: under which name it is stored (`conv1.weight`), its role, and how many numbers are in it.

    `stated` are the numbers themselves where the net says them.
    """

    name: str
    role: str
    numbers: int
    stated: tuple[Fraction, ...] | None = None


class Operation(NamedTuple):
    """One operation: its kernel, the numbers it is called with, the operations it reads, its arrays, its node."""

    kernel: str
    numbers: Mapping[str, Any]
    reads: tuple[int, ...]
    arrays: tuple[Stored, ...]
    node: Node
    made: Shape | None = None
    """What it computes, where it is a part of what the node does."""

    def array(self, role: str) -> tuple[Stored, ...]:
        """Its array of that role, none where it has none."""
        return tuple(one for one in self.arrays if one.role == role)

    @property
    def output(self) -> Shape:
        """What it computes."""
        return self.node.output if self.made is None else self.made


class Operations(NamedTuple):
    """All operations of a net, each after those that it reads; the inputs that outputs depend on, and the outputs."""

    all: tuple[Operation, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


_GLOBAL = {"adaptive_avgpool": "global_avgpool", "adaptive_maxpool": "global_maxpool"}
"""A pool to a size -> the one over all places, which it is where one place is left."""


def plain_operations(graph: Graph, *, as_rows: bool = False) -> Operations:
    """The operations of a net; `as_rows`: a map of one place is a row, so that making it one is no operation."""
    return _Plain(graph, as_rows=as_rows).operations()


def as_row(shape: Shape) -> Shape:
    """The shape, of a map of one place that of the row."""
    return Shape(shape.channels) if set(shape.spatial) <= {1} else shape


class _Plain:
    def __init__(self, graph: Graph, *, as_rows: bool) -> None:
        self.graph, self.as_rows = graph, as_rows
        self.found: list[Operation] = []
        self.at: dict[int, int] = {}

    def operations(self) -> Operations:
        inputs = []
        for node in self.graph.nodes:
            if node.layer.word == "identity":
                self.at[node.index] = self.at[node.inputs[0]]
                continue
            self._put(node)
            if node.is_input:
                inputs.append(self.at[node.index])
        outputs = tuple(self.at[output] for output in self.graph.outputs)
        self._meet_at_once(outputs)
        needed = self._needed(outputs)
        return Operations(tuple(self.found), tuple(one for one in inputs if one in needed), outputs)

    def _meet_at_once(self, outputs: tuple[int, ...]) -> None:
        """Sums of sums as one, where nobody else reads those within."""
        read = Counter(outputs)
        for needed in self._needed(outputs):
            read.update(self.found[needed].reads)
        for at, one in enumerate(self.found):
            if one.kernel not in IN_ANY_ORDER:
                continue
            within = [self.found[other] for other in one.reads]
            parts = [
                other.reads if other.kernel == one.kernel and read[place] == 1 else (place,)
                for place, other in zip(one.reads, within, strict=True)
            ]
            self.found[at] = one._replace(reads=tuple(place for part in parts for place in part))

    def _needed(self, outputs: tuple[int, ...]) -> set[int]:
        """The operations that an output depends on."""
        found: set[int] = set()
        waiting = list(outputs)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.found[one].reads
        return found

    def _put(self, node: Node) -> None:
        shapes = tuple(self.graph.nodes[one].output for one in node.inputs)
        call = node.layer.kernel_call(shapes)
        reads = tuple(self.at[one] for one in node.inputs)
        arrays = tuple(self._stored(node, one) for one in node.layer.weights(shapes))
        numbers = dict(call.numbers)
        if node.is_input:
            numbers |= {"channels": node.output.channels, "spatial": node.output.spatial}
        if node.layer.word == "dropout":
            numbers["rate"] = node.layer.rate  # type: ignore[attr-defined]  # a Dropout
        if isinstance(node.layer, Join):
            reads = self._fitted(node, node.layer, reads, shapes)
            call = call._replace(kernel=call.kernel.removesuffix("_padded"))
            numbers = {name: value for name, value in numbers.items() if name != "crop"}
        made: list[int] = []
        for part in as_others(Operation(call.kernel, numbers, reads, arrays, node), shapes):
            read = tuple(reads[one] if one >= 0 else made[-1 - one] for one in part.reads)
            if self.as_rows and part.kernel == "flatten" and not as_row(self.found[read[0]].output).spatial:
                made.append(read[0])
                continue
            self._add(part._replace(reads=read))
            made.append(len(self.found) - 1)
        self.at[node.index] = made[-1] if made else reads[0]

    def _stored(self, node: Node, weight: Weight) -> Stored:
        owner = node if node.shares is None else self.graph.nodes[node.shares]
        stated = weight.initial if isinstance(weight.initial, tuple) else None
        return Stored(f"{owner.name}.{weight.name}", weight.name, weight.count, stated)

    def _add(self, operation: Operation) -> None:
        if operation.kernel in _GLOBAL and set(operation.output.spatial) <= {1}:
            operation = operation._replace(kernel=_GLOBAL[operation.kernel], numbers={})
        if operation.kernel == "conv":
            operation = with_pads_around(operation, self.found)
        elif operation.kernel in POOLS:
            operation = plain_pool(operation, self.found, partial(is_never_negative, self.graph))
        self.found.append(with_before(operation, self.found))

    def _fitted(self, node: Node, join: Join, reads: tuple[int, ...], shapes: tuple[Shape, ...]) -> tuple[int, ...]:
        """What a join reads after its branches have one size, by operations of their own."""
        found = []
        for read, fitting in zip(reads, fitted_reads(join, shapes), strict=True):
            if fitting is not None:
                kernel, numbers, made = fitting
                self._add(Operation(kernel, numbers, (read,), (), node, made))
            found.append(read if fitting is None else len(self.found) - 1)
        return tuple(found)
