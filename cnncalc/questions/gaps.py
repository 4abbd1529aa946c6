"""Which layers make the difference between a count and our own: the terms of a sum, each with its layers.

The terms are those of a convention, or the layers of a near net set against the same layers of this one; either way
they add up to the whole difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cnncalc.analysis import analyse
from cnncalc.analysis.conventions import convention_counts
from cnncalc.analysis.counting import figures_by_node
from cnncalc.analysis.model import Analysis, Figures
from cnncalc.geometry import AXIS_NAMES
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.sliding import SlidingWindow
from cnncalc.questions.candidates import Candidate
from cnncalc.questions.measures import MEASURES, PLAINER
from cnncalc.questions.rebuilt_nets import Rebuilt


class GapTerm(NamedTuple):
    """A part of a difference: how much, which layers and how many of them, and the rule where a tool has one."""

    amount: int
    what: str
    layers: int
    rule: str = ""


class Gap(NamedTuple):
    """The difference to our own count of the same kind; `terms` sum to it, and are empty where nothing divides it."""

    ours: int
    ours_called: str
    amount: int
    terms: tuple[GapTerm, ...] = ()


Asked = Callable[[Figures], int]


def gap(analysis: Analysis, candidate: Candidate) -> Gap | None:
    """What makes the difference to our own count; None where it is our own, or is no count of that kind."""
    is_own = not (candidate.convention or candidate.near or candidate.shipped)
    name = PLAINER.get(candidate.measure, "") if is_own else candidate.measure
    if not name:
        return None
    measure, figures = MEASURES[name], analysis.totals.figures
    ours = measure.of(figures)
    amount = candidate.amount - ours
    if not amount:
        return None
    terms = tuple(_terms(analysis, candidate, measure.of))
    return Gap(ours, measure.called, amount, terms if sum(term.amount for term in terms) == amount else ())


def _terms(analysis: Analysis, candidate: Candidate, asked: Asked) -> Iterator[GapTerm]:
    """First the layers that are others, then what a tool counts besides."""
    counted = analysis
    if candidate.near is not None:
        yield from _layer_terms(analysis.graph, candidate.near.net, asked, asked)
        counted = analyse(candidate.near.net.graph) if candidate.convention else analysis
    if candidate.convention:
        yield from _convention_terms(counted, candidate.convention, asked)
    if candidate.near is None and not candidate.convention and not candidate.shipped:
        same = Rebuilt(analysis.graph, tuple(range(len(analysis.graph.nodes))))
        yield from _layer_terms(analysis.graph, same, asked, MEASURES[candidate.measure].of)


def _convention_terms(analysis: Analysis, convention: str, asked: Asked) -> Iterator[GapTerm]:
    own, *others = convention_counts(analysis, convention).terms
    differs = own.amount - asked(analysis.totals.figures)
    if differs:
        yield GapTerm(differs, own.what, own.layers, own.rule)
    yield from (GapTerm(term.amount, term.what, term.layers, term.rule) for term in others)


def _layer_terms(before: Graph, net: Rebuilt, asked: Asked, asked_now: Asked) -> Iterator[GapTerm]:
    """The layers that count otherwise than the same ones before, kind by kind, the largest part first."""
    amounts, layers = Counter[str](), Counter[str]()
    left = dict(enumerate(_amounts(before, asked)))
    for (node, amount), origin in zip(_amounts(net.graph, asked_now), net.origins, strict=False):
        differs = amount - (left.pop(origin)[1] if origin >= 0 else 0)
        if differs:
            amounts[_kind(net.graph, node)] += differs
            layers[_kind(net.graph, node)] += 1
    for node, amount in left.values():
        if amount:
            amounts[_kind(before, node)] -= amount
            layers[_kind(before, node)] += 1
    kinds = sorted(amounts, key=lambda kind: -abs(amounts[kind]))
    yield from (GapTerm(amounts[kind], kind, layers[kind]) for kind in kinds if amounts[kind])


def _amounts(graph: Graph, asked: Asked) -> list[tuple[Node, int]]:
    return [(node, asked(own)) for node, own in zip(graph.nodes, figures_by_node(graph), strict=True)]


_NAMES = {"conv": "convolutions", "dwconv": "depthwise convolutions", "bn": "batch norms", "dense": "dense layers"}


def _kind(graph: Graph, node: Node) -> str:
    """What the layer is called in a sum: `3x3 convolutions`, `batch norms`."""
    name = _NAMES.get(node.layer.word, f"`{node.layer.word}` layers")
    rank = graph.nodes[node.inputs[0]].output.rank if node.inputs else 0
    if not isinstance(node.layer, SlidingWindow) or rank not in AXIS_NAMES:
        return name
    return f"{'x'.join(map(str, node.layer.kernels(rank)))} {name}"
