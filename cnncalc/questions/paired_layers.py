"""Which operations of two nets do the same work: they are paired by what they are and where they are in the graph.

A layer and the norm and activation that follow it are laid next to another net's as one, so that `conv 64 3x3 bn relu`
is paired with the three lines of a program.  Labels, names and line numbers play no part.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.layers.registry import POST_WORDS
from cnncalc.questions.alignment import alignment
from cnncalc.questions.canonical_order import canonical_order
from cnncalc.questions.layer_changes import changed_arguments, family, plainly

_WITH_WEIGHTS, _JOIN, _OTHER = 10, 6, 4
"""What a layer costs that only one of the nets has."""

_CHANGED, _ARGUMENT, _MOST_ARGUMENTS, _SHAPE = 2, 2, 3, 1
"""What a pair costs: for any change, for each argument up to so many, for each of the shapes that differs."""

Pair = tuple[int | None, int | None]
T = TypeVar("T")


class PairedLayers:
    """Pairs the operations of two analysed nets; what costs nothing is known by its look, asked once for each two."""

    def __init__(self, a: Analysis, b: Analysis) -> None:
        self.a, self.b = a, b
        self.looks: dict[Hashable, int] = {}
        self.one_of: list[tuple[NodeAnalysis, ...]] = []
        self.known: dict[tuple[int, int], int] = {}
        self.node_costs: dict[tuple[object, ...], int] = {}

    def pairs(self) -> list[list[Pair]]:
        """For each stretch of the two nets its pairs of nodes, in the order of the graphs; None: the other alone."""
        ours, theirs = clusters(self.a), clusters(self.b)
        found = dict(alignment(self._looks(self.a, ours), self._looks(self.b, theirs), self._cost, self._gap))
        lines: list[list[Pair]] = []
        for mine, other in side_by_side(ours, theirs, found):
            if mine is None or other is None:
                lines.append([(node, None) for node in mine or ()] + [(None, node) for node in other or ()])
            else:
                lines.append(self._inside(mine, other))
        return lines

    def _looks(self, analysis: Analysis, several: list[tuple[int, ...]]) -> list[int]:
        found = []
        for cluster in several:
            nodes = tuple(analysis.nodes[index] for index in cluster)
            key = tuple((one.node.layer, one.inputs, one.output) for one in nodes)
            if key not in self.looks:
                self.looks[key] = len(self.one_of)
                self.one_of.append(nodes)
            found.append(self.looks[key])
        return found

    def _gap(self, look: int) -> int:
        return sum(map(_alone, self.one_of[look]))

    def _cost(self, x: int, y: int) -> int:
        if (x, y) not in self.known:
            self.known[x, y] = self._counted(self.one_of[x], self.one_of[y])
        return self.known[x, y]

    def _counted(self, x: tuple[NodeAnalysis, ...], y: tuple[NodeAnalysis, ...]) -> int:
        """What a stretch costs in place of another; more than both alone where their first layers are no relatives."""
        every = sum(map(_alone, (*x, *y)))
        if not _relatives(x[0], y[0]):
            return every + 1
        return every - sum(_alone(x[i]) + _alone(y[j]) - self.pair_cost(x[i], y[j]) for i, j in self._inner(x, y))

    def _inner(self, x: tuple[NodeAnalysis, ...], y: tuple[NodeAnalysis, ...]) -> list[tuple[int, int]]:
        """Which operations of two stretches are paired."""
        nodes = (*x, *y)
        return alignment(
            range(len(x)),
            range(len(x), len(nodes)),
            lambda i, j: self.pair_cost(nodes[i], nodes[j]),
            lambda n: _alone(nodes[n]),
        )

    def _inside(self, ours: tuple[int, ...], theirs: tuple[int, ...]) -> list[Pair]:
        x, y = [self.a.nodes[index] for index in ours], [self.b.nodes[index] for index in theirs]
        return side_by_side(ours, theirs, dict(self._inner(tuple(x), tuple(y))))

    def pair_cost(self, x: NodeAnalysis, y: NodeAnalysis) -> int:
        """What it costs to take one operation for the other."""
        key = (x.node.layer, y.node.layer, x.inputs, y.inputs)
        if key not in self.node_costs:
            self.node_costs[key] = _node_cost(x, y)
        return self.node_costs[key]


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


def clusters(analysis: Analysis) -> list[tuple[int, ...]]:
    """The operations in the order of the graph, each with the norms and activations that work on it alone."""
    nodes = analysis.graph.nodes
    readers = [0] * len(nodes)
    for node in nodes:
        for one in node.inputs:
            readers[one] += 1
    found: list[list[int]] = []
    for index in canonical_order(analysis.graph):
        node = nodes[index]
        follows = found and node.inputs == (found[-1][-1],) and readers[found[-1][-1]] == 1
        if follows and node.layer.word in POST_WORDS:
            found[-1].append(index)
        else:
            found.append([index])
    return list(map(tuple, found))


def _alone(one: NodeAnalysis) -> int:
    if one.weights:
        return _WITH_WEIGHTS
    return _JOIN if len(one.inputs) > 1 else _OTHER


def _relatives(x: NodeAnalysis, y: NodeAnalysis) -> bool:
    return family(x.node.layer.word) == family(y.node.layer.word)


def _node_cost(x: NodeAnalysis, y: NodeAnalysis) -> int:
    if not _relatives(x, y):
        return _alone(x) + _alone(y) + 1
    shapes = _SHAPE * ((x.inputs != y.inputs) + (x.output != y.output))
    a, b = plainly(x.node.layer, x.inputs), plainly(y.node.layer, y.inputs)
    if type(a) is not type(b):
        return (_alone(x) + _alone(y)) * 3 // 4 + shapes if a.word != b.word else _CHANGED + shapes
    many = len(changed_arguments(a, b, x.inputs, y.inputs)) if a != b else 0
    return shapes + (_CHANGED + _ARGUMENT * min(many, _MOST_ARGUMENTS) if many else 0)
