"""What a net would be if something were different: a claimed shape taken for true, or one layer asked differently.

Only what the difference touches is asked again, and every answer is the layers' own; this module derives no size and
no count.  `Told` layers say one thing differently from the layer they stand for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Analysis
from cnncalc.analysis.liveness import is_view
from cnncalc.asked.counting_answers import TOTAL_PARAMS
from cnncalc.asked.quantity import Counts
from cnncalc.diagnostics import Refusal
from cnncalc.geometry import LARGEST_SIZE, Shape
from cnncalc.homework.truth import COUNTED, LENT, Owned, PlaceKind, Subject, Truth, counts_of
from cnncalc.layers.base import Cost, KernelCall, Layer, Weight

Inputs = tuple[Shape, ...]
Asked = tuple[Layer, Inputs]
"""A layer and the shapes with which it is asked."""

Alteration = Callable[[Layer, Inputs], Asked | None]
"""How a layer is asked differently; None: this one has no such slip."""

Belief = Callable[["WhatIf", int], bool]
"""Whether the forced result of a node is believed, after all before it is known; else the node gives what follows."""

MOST_REMEMBERED = 50_000

_ADDED_UP = (*COUNTED, TOTAL_PARAMS)


@dataclass(frozen=True)
class Told(Layer):
    """A layer in whose place something is told differently."""

    layer: Layer

    def output_shape(self, inputs: Inputs) -> Shape:
        return self.layer.output_shape(inputs)

    def weights(self, inputs: Inputs) -> tuple[Weight, ...]:
        return self.layer.weights(inputs)

    def cost(self, inputs: Inputs) -> Cost:
        return self.layer.cost(inputs)

    def connections(self, inputs: Inputs) -> int:
        return self.layer.connections(inputs)

    def unrounded_spatial(self, inputs: Inputs) -> tuple[Fraction, ...] | None:
        return self.layer.unrounded_spatial(inputs)

    def kernel_call(self, inputs: Inputs) -> KernelCall:
        return self.layer.kernel_call(inputs)


@dataclass(frozen=True)
class Followed(Told):
    """The layer with another one behind it that the net does not have."""

    then: Layer

    def output_shape(self, inputs: Inputs) -> Shape:
        return self.then.output_shape((self.layer.output_shape(inputs),))


@dataclass(frozen=True)
class Reshaped(Told):
    """The layer with another result: what it would hand on is replaced."""

    output: Shape

    def output_shape(self, inputs: Inputs) -> Shape:
        return self.output


class Node(NamedTuple):
    """One node told again; `output` is what comes out of what arrives, whatever is believed of it afterwards."""

    output: Shape
    counts: Counts


class Memory:
    """What layers say, remembered for one key: the same few are asked again and again."""

    def __init__(self) -> None:
        self._told: dict[Asked, Node | None] = {}
        self._rightly: dict[int, Node] = {}

    def rightly(self, truth: Truth, node: int) -> Node:
        """A node of the key itself."""
        if node not in self._rightly:
            found = truth.analysis.nodes[node]
            right = self.node(found.node.layer, found.inputs)
            assert right is not None, "the key's own layers refuse nothing"
            self._rightly[node] = right
        return self._rightly[node]

    def node(self, layer: Layer, inputs: Inputs) -> Node | None:
        """The layer asked with these inputs; None where it refuses them."""
        key = (layer, inputs)
        if key not in self._told:
            if len(self._told) > MOST_REMEMBERED:
                self._told.clear()
            self._told[key] = _asked(layer, inputs)
        return self._told[key]


def _asked(layer: Layer, inputs: Inputs) -> Node | None:
    if any(not 0 < size <= LARGEST_SIZE for shape in inputs for size in shape.sizes()):
        return None
    try:
        output = layer.output_shape(inputs)
        owned = Owned(layer.weights(inputs), layer.cost(inputs), layer.connections(inputs), output.channels)
    except Refusal:
        return None
    return Node(output, counts_of(owned))


class WhatIf:
    """The key with some nodes asked differently (`altered`) and the results of some believed to be others (`forced`).

    `touched` holds every node that is told differently, None where it can no longer be told; `causes` names for each
    the first node that the difference came from.  Nodes from `until` on are left as they are.
    """

    def __init__(
        self,
        truth: Truth,
        memory: Memory,
        altered: Mapping[int, Alteration] | None = None,
        forced: Mapping[int, Shape] | None = None,
        until: int | None = None,
        *,
        believes: Belief | None = None,
    ) -> None:
        self.truth = truth
        self.memory = memory
        self.touched: dict[int, Node | None] = {}
        self.causes: dict[int, int] = {}
        self.believed: dict[int, Shape | None] = {}
        self._sources: dict[int, int] = {}
        self._believes = believes
        self._tell(truth.analysis, altered or {}, forced or {}, until)

    def _tell(
        self, key: Analysis, altered: Mapping[int, Alteration], forced: Mapping[int, Shape], until: int | None
    ) -> None:
        for found in key.nodes[min((*altered, *forced), default=len(key.nodes)) : until]:
            node, index = found.node, found.node.index
            output = found.output
            changed = [i for i in node.inputs if i in self.believed]
            if changed or index in altered:
                self.causes[index] = self._sources[index] = min((self._sources[i] for i in changed), default=index)
                told = self._told(node.layer, self._arriving(found.inputs, node.inputs), altered.get(index))
                self.touched[index] = told
                if told is None or told.output != output:
                    self.believed[index] = told and told.output
            if index in forced and (self._believes is None or self._believes(self, index)):
                if self.believed.get(index, output) != forced[index]:
                    self._sources[index] = index
                self.believed.pop(index, None)
                if forced[index] != output:
                    self.believed[index] = forced[index]

    def _arriving(self, inputs: Inputs, nodes: tuple[int, ...]) -> tuple[Shape | None, ...]:
        return tuple(self.believed.get(i, shape) for i, shape in zip(nodes, inputs, strict=True))

    def _told(self, layer: Layer, arriving: tuple[Shape | None, ...], alter: Alteration | None) -> Node | None:
        inputs = tuple(shape for shape in arriving if shape is not None)
        if len(inputs) < len(arriving):
            return None
        asked = (layer, inputs) if alter is None else alter(layer, inputs)
        return None if asked is None else self.memory.node(*asked)

    @classmethod
    def of_node(cls, truth: Truth, memory: Memory, node: int, told: Node) -> WhatIf:
        """The key with one node as it is told here, and nothing that follows from it."""
        found = cls(truth, memory)
        found.touched[node] = told
        return found

    def inputs_of(self, node: int) -> Inputs | None:
        """What is believed to arrive at a node; None where that cannot be told."""
        found = self.truth.analysis.nodes[node]
        arriving = self._arriving(found.inputs, found.node.inputs)
        return None if None in arriving else tuple(shape for shape in arriving if shape is not None)

    # ------------------------------------------------------------------ what it makes of a place
    def subject(self, kind: PlaceKind, index: int) -> Subject | None:
        """The place as it is told here; None where nothing is told differently, or nothing can be told."""
        subject = self.truth.subject(kind, index)
        if subject is None:
            return None
        nodes = self.truth.nodes_of(kind, index)
        changed = [n for n in nodes if n in self.touched]
        if not changed or any(self.touched[n] is None for n in changed):
            return None
        copies = [self._copy(counts, part) for counts, part in zip(subject.copies, _parts(nodes, subject), strict=True)]
        output, size = subject.output, subject.size
        if subject.node is not None and subject.node in self.touched:
            output = self._output(subject.node)
        if kind == "total":
            size += self._more_activations()
        elif output is not None:
            size = output.elements
        return subject._replace(copies=copies, output=output, size=size, field=None)

    def cause(self, kind: PlaceKind, index: int) -> int | None:
        """The node whose difference reaches this place first."""
        found = [self.causes[n] for n in self.truth.nodes_of(kind, index) if n in self.touched]
        return min(found, default=None)

    def _output(self, node: int) -> Shape:
        told = self.touched[node]
        return self.truth.analysis.nodes[node].output if told is None else told.output

    def _copy(self, counts: Counts, nodes: range) -> Counts:
        new = dict(counts)
        for n in nodes:
            told = self.touched.get(n)
            if told is not None:
                before = self.memory.rightly(self.truth, n)
                is_owner = self.truth.analysis.nodes[n].lender is None
                for name in _ADDED_UP:
                    if is_owner or name not in LENT:  # shared weights are counted at their owner
                        new[name] += told.counts[name] - before.counts[name]
        return new

    def _more_activations(self) -> int:
        graph = self.truth.graph
        rows = [row for row in graph.rows if row.last in self.touched and not is_view(graph, row)]
        return sum(self._output(row.last).elements - graph.nodes[row.last].output.elements for row in rows)


def _parts(nodes: range, subject: Subject) -> list[range]:
    """The nodes of each copy of a repeated line."""
    count = len(subject.copies)
    each = len(nodes) // count
    if each * count != len(nodes):
        return [nodes, *[range(0)] * (count - 1)]
    return [nodes[i * each : (i + 1) * each] for i in range(count)]
