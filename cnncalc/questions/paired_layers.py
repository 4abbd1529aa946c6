"""Which operations of two nets do the same work: they are paired by what they are and where they are in the graph.

A layer and the norm and activation that follow it are laid next to another net's as one, so that `conv 64 3x3 bn relu`
is paired with the three lines of a program.  Labels, names and line numbers play no part.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import TypeVar

from cnncalc.analysis.liveness import row_of_node
from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.graph.ir import Graph
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import POST_WORDS
from cnncalc.questions.alignment import NEVER, Pairs, alignment
from cnncalc.questions.block_calls import first_rows, rows_of_copy
from cnncalc.questions.canonical_order import canonical_order
from cnncalc.questions.layer_changes import differing_arguments, family, plainly
from cnncalc.questions.pads_apart import is_pad, takes_pads
from cnncalc.questions.run_borders import at_borders

_WITH_WEIGHTS, _JOIN, _OTHER = 10, 6, 4
"""What a layer costs that only one of the nets has."""

_CHANGED, _ARGUMENT, _MOST_ARGUMENTS, _SHAPE = 2, 2, 3, 1
"""What a pair costs: for any change, for each argument up to so many, for each of the shapes that differs."""

_ROLE = 3
"""What it costs that two stretches are at other places of their branches."""

MOST_FOR_BLOCKS = Fraction(5, 4)
"""How many times the cheapest pairs may cost in which whole blocks meet."""

MOST_IN_BLOCKS = 100_000
"""Pairs of places in different blocks that are looked at; larger nets are aligned without regard to their blocks."""

Pair = tuple[int | None, int | None]
Role = tuple[bool, bool]
"""Whether a stretch begins where the net forks, and whether it ends in a join."""

T = TypeVar("T")


class PairedLayers:
    """Pairs the operations of two analysed nets.

    Operations that are the same and work on the same shapes have one number, their look; so have stretches of them.
    What two looks cost is asked once.
    """

    def __init__(self, a: Analysis, b: Analysis) -> None:
        self.a, self.b = a, b
        self.looks: dict[Hashable, int] = {}
        self.node_of: list[NodeAnalysis] = []
        self.stretches: dict[tuple[Role, tuple[int, ...]], int] = {}
        self.stretch_of: list[tuple[int, ...]] = []
        self.role_of: list[Role] = []
        self.family_of: list[str] = []
        self.stretch_costs: dict[tuple[int, int], int] = {}
        self.node_costs: dict[tuple[int, int], int] = {}
        self.layer_costs: dict[tuple[Layer, Layer], int] = {}

    def pairs(self) -> list[list[Pair]]:
        """For each stretch of the two nets its pairs of nodes, in the order of the graphs; None: the other alone."""
        ours, theirs = stretches(self.a), stretches(self.b)
        looks_a, looks_b = self._stretch_looks(self.a, ours), self._stretch_looks(self.b, theirs)
        pairs = self._by_blocks(looks_a, looks_b, _parts(self.a, ours), _parts(self.b, theirs))
        pairs = at_borders(pairs, looks_b, _borders(self.b, theirs))
        turned = at_borders([(m, n) for n, m in pairs], looks_a, _borders(self.a, ours))
        found = {n: m for m, n in turned}
        lines: list[list[Pair]] = []
        for n, m in side_by_side(range(len(ours)), range(len(theirs)), found):
            inner = {}
            if n is not None and m is not None:
                inner = dict(self._inner(self.stretch_of[looks_a[n]], self.stretch_of[looks_b[m]]))
            lines.append(side_by_side(() if n is None else ours[n], () if m is None else theirs[m], inner))
        return lines

    def _by_blocks(self, a: list[int], b: list[int], parts_a: list[range], parts_b: list[range]) -> Pairs:
        """The pairs of stretches: whole blocks first, then what is in them, unless that is far from the cheapest."""
        flat = alignment(a, b, self._stretch_cost, self._alone)
        if len(parts_a) == len(a) or len(parts_b) == len(b):
            return flat
        names: dict[tuple[int, ...], int] = {}
        named_a = [names.setdefault(tuple(a[part.start : part.stop]), len(names)) for part in parts_a]
        named_b = [names.setdefault(tuple(b[part.start : part.stop]), len(names)) for part in parts_b]
        of = list(names)
        if sum(len(of[x]) for x in set(named_a)) * sum(len(of[y]) for y in set(named_b)) > MOST_IN_BLOCKS:
            return flat

        @cache
        def cost(x: int, y: int) -> int:
            if (len(of[x]) == 1) != (len(of[y]) == 1):
                return NEVER
            return self._priced(of[x], of[y], alignment(of[x], of[y], self._stretch_cost, self._alone))

        def alone(x: int) -> int:
            return sum(map(self._alone, of[x]))

        found: Pairs = []
        for n, m in alignment(named_a, named_b, cost, alone):
            mine, other = parts_a[n], parts_b[m]
            inner = alignment(a[mine.start : mine.stop], b[other.start : other.stop], self._stretch_cost, self._alone)
            found += [(mine.start + i, other.start + j) for i, j in inner]
        return found if self._priced(a, b, found) <= MOST_FOR_BLOCKS * self._priced(a, b, flat) else flat

    def _priced(self, a: Sequence[int], b: Sequence[int], pairs: Pairs) -> int:
        """What an alignment costs, without what each run of things alone does."""
        every = sum(map(self._alone, a)) + sum(map(self._alone, b))
        saved = 0
        for i, j in pairs:
            paired = self._stretch_cost(a[i], b[j]) if a[i] != b[j] else 0
            saved += self._alone(a[i]) + self._alone(b[j]) - paired
        return every - saved

    def _stretch_looks(self, analysis: Analysis, several: list[tuple[int, ...]]) -> list[int]:
        readers = readers_of(analysis.graph)
        found = []
        for stretch in several:
            key = _role(analysis.graph, stretch, readers), tuple(self._look(analysis.nodes[index]) for index in stretch)
            if key not in self.stretches:
                self.stretches[key] = len(self.stretch_of)
                self.role_of.append(key[0])
                self.stretch_of.append(key[1])
                self.family_of.append(self._main_family(key[1]))
            found.append(self.stretches[key])
        return found

    def _look(self, node: NodeAnalysis) -> int:
        key = (node.node.layer, node.inputs, node.output)
        if key not in self.looks:
            self.looks[key] = len(self.node_of)
            self.node_of.append(node)
        return self.looks[key]

    # ------------------------------------------------------------------ costs
    def _alone(self, stretch: int) -> int:
        return sum(self._node_alone(look) for look in self.stretch_of[stretch])

    def _node_alone(self, look: int) -> int:
        one = self.node_of[look]
        if one.weights:
            return _WITH_WEIGHTS
        return _JOIN if len(one.inputs) > 1 else _OTHER

    def _stretch_cost(self, x: int, y: int) -> int:
        if self.family_of[x] != self.family_of[y]:
            return NEVER
        if (x, y) not in self.stretch_costs:
            roles = sum(_ROLE for one, other in zip(self.role_of[x], self.role_of[y], strict=True) if one != other)
            self.stretch_costs[x, y] = roles + self._counted(self.stretch_of[x], self.stretch_of[y])
        return self.stretch_costs[x, y]

    def _counted(self, x: tuple[int, ...], y: tuple[int, ...]) -> int:
        """What a stretch costs in place of another."""
        cost = sum(map(self._node_alone, (*x, *y)))
        for i, j in self._inner(x, y):
            cost += self._node_cost(x[i], y[j]) - self._node_alone(x[i]) - self._node_alone(y[j])
        return cost

    def _main_family(self, stretch: tuple[int, ...]) -> str:
        """The family of what a stretch is named for: its first operation, or the one after a pad."""
        first = self.node_of[stretch[0]]
        return _family(self.node_of[stretch[1]] if is_pad(first) and len(stretch) > 1 else first)

    def _inner(self, x: tuple[int, ...], y: tuple[int, ...]) -> list[tuple[int, int]]:
        """Which operations of two stretches are paired."""
        if len(x) == len(y) == 1 and self._node_cost(x[0], y[0]) < NEVER:
            return [(0, 0)]
        return alignment(x, y, self._node_cost, self._node_alone)

    def _node_cost(self, x: int, y: int) -> int:
        """What it costs to take one operation for the other."""
        if x == y:
            return 0
        if (x, y) not in self.node_costs:
            one, other = self.node_of[x], self.node_of[y]
            both = self._node_alone(x) + self._node_alone(y)
            shapes = _SHAPE * ((one.inputs != other.inputs) + (one.output != other.output))
            self.node_costs[x, y] = shapes + self._layer_cost(one, other, both)
        return self.node_costs[x, y]

    def _layer_cost(self, one: NodeAnalysis, other: NodeAnalysis, both: int) -> int:
        """What the layers alone cost, whatever arrives; `both`: what they cost when they are not paired."""
        if _family(one) != _family(other):
            return NEVER
        a, b = plainly(one.node.layer, one.inputs), plainly(other.node.layer, other.inputs)
        if type(a) is not type(b):
            return both * 3 // 4 if a.word != b.word else _CHANGED
        if (a, b) not in self.layer_costs:
            many = len(differing_arguments(a, b))
            self.layer_costs[a, b] = _CHANGED + _ARGUMENT * min(many, _MOST_ARGUMENTS) if many else 0
        return self.layer_costs[a, b]


def side_by_side(ours: Sequence[T], theirs: Sequence[T], found: Mapping[int, int]) -> list[tuple[T | None, T | None]]:
    """Everything of both in one list: pairs by their places, and between them what is alone."""
    lines: list[tuple[T | None, T | None]] = []
    at = 0
    for n, one in enumerate(ours):
        if n in found:
            lines += [(None, alone) for alone in theirs[at : found[n]]]
            at = found[n] + 1
        lines.append((one, theirs[found[n]] if n in found else None))
    return [*lines, *((None, alone) for alone in theirs[at:])]


def stretches(analysis: Analysis) -> list[tuple[int, ...]]:
    """The operations in the order of the graph, each with the norms and activations that work on it alone.

    A pad is one with the convolution that works on it.
    """
    nodes, readers = analysis.graph.nodes, readers_of(analysis.graph)
    found: list[list[int]] = []
    for index in canonical_order(analysis.graph):
        node = nodes[index]
        follows = found and node.inputs == (found[-1][-1],) and len(readers[found[-1][-1]]) == 1
        before = analysis.nodes[found[-1][-1]] if found else None
        if follows and (node.layer.word in POST_WORDS or (is_pad(before) and takes_pads(analysis.nodes[index]))):
            found[-1].append(index)
        else:
            found.append([index])
    return list(map(tuple, found))


def readers_of(graph: Graph) -> list[list[int]]:
    """For each node those that work on its result."""
    found: list[list[int]] = [[] for _ in graph.nodes]
    for node in graph.nodes:
        for one in node.inputs:
            found[one].append(node.index)
    return found


def _parts(analysis: Analysis, several: list[tuple[int, ...]]) -> list[range]:
    """The stretches of each innermost call of a block, and each of those outside of any by itself."""
    rows = row_of_node(analysis.graph)
    inside: dict[int, int] = {}
    for one in sorted(analysis.groups, key=lambda one: one.group.depth):
        for first in first_rows(one.group):
            inside |= dict.fromkeys(range(first, first + rows_of_copy(one.group)), first)
    found: list[range] = []
    last = None
    for n, stretch in enumerate(several):
        call = inside.get(rows[stretch[0]])
        if call is not None and call == last:
            found[-1] = range(found[-1].start, n + 1)
        else:
            found.append(range(n, n + 1))
        last = call
    return found


def _borders(analysis: Analysis, several: list[tuple[int, ...]]) -> set[int]:
    """The stretches with which a block's call begins, or another one than that of the stretch before."""
    rows = row_of_node(analysis.graph)
    firsts = {row for one in analysis.groups for row in first_rows(one.group)}
    return {n for n, stretch in enumerate(several) if rows[stretch[0]] in firsts}


def _role(graph: Graph, stretch: tuple[int, ...], readers: list[list[int]]) -> Role:
    first = graph.nodes[stretch[0]]
    forks = any(len(readers[one]) > 1 for one in first.inputs)
    return forks, any(len(graph.nodes[reader].inputs) > 1 for reader in readers[stretch[-1]])


def _family(one: NodeAnalysis) -> str:
    return family(one.node.layer.word)
