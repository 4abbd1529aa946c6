"""Which layers make the difference between a count and our own: the terms of a sum, each with its layers.

The terms are those of a convention, or the layers of a near net set against the same layers of this one; either way
they add up to the whole difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cnncalc.analysis.conventions import convention_counts
from cnncalc.analysis.counting import figures_by_node
from cnncalc.analysis.model import Analysis, Figures
from cnncalc.geometry import AXIS_NAMES
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.sliding import SlidingWindow
from cnncalc.questions.candidates import Candidate


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
_CALLED: dict[str, tuple[str, Asked]] = {
    "macs": ("MACs", lambda figures: figures.cost.macs),
    "flops": ("FLOPs, two for each MAC", lambda figures: figures.cost.mac_flops),
    "params": ("parameters", lambda figures: figures.params),
}


def gap(analysis: Analysis, candidate: Candidate) -> Gap | None:
    """What makes the difference to our own count; None where it is our own, or is no count of that kind."""
    if candidate.quantity not in _CALLED or not (candidate.convention or candidate.near or candidate.shipped):
        return None
    name, asked = _CALLED[candidate.quantity]
    ours = asked(analysis.totals.figures)
    amount = candidate.amount - ours
    if not amount:
        return None
    if candidate.near is not None and not candidate.convention:
        terms = tuple(_layer_terms(analysis, candidate, asked))
    else:
        terms = tuple(_convention_terms(analysis, candidate)) if not candidate.near else ()
    return Gap(ours, name, amount, terms if sum(term.amount for term in terms) == amount else ())


def _convention_terms(analysis: Analysis, candidate: Candidate) -> Iterator[GapTerm]:
    if not candidate.convention:
        return
    own, *others = convention_counts(analysis, candidate.convention).terms
    expected = analysis.totals.figures.cost
    base = expected.mac_flops if candidate.quantity == "flops" else expected.macs
    if own.amount != base:
        yield GapTerm(own.amount - base, own.what, own.layers, own.rule)
    yield from (GapTerm(term.amount, term.what, term.layers, term.rule) for term in others)


def _layer_terms(analysis: Analysis, candidate: Candidate, asked: Asked) -> Iterator[GapTerm]:
    """The layers of the near net that count otherwise than the same ones of this net, kind by kind."""
    assert candidate.near is not None
    before = _amounts(analysis.graph, asked)
    graph, origins = candidate.near.net
    amounts, layers = Counter[str](), Counter[str]()
    left = dict(enumerate(before))
    for (node, amount), origin in zip(_amounts(graph, asked), origins, strict=False):
        differs = amount - (left.pop(origin)[1] if origin >= 0 else 0)
        if differs:
            amounts[_kind(graph, node)] += differs
            layers[_kind(graph, node)] += 1
    for node, amount in left.values():
        if amount:
            amounts[_kind(analysis.graph, node)] -= amount
            layers[_kind(analysis.graph, node)] += 1
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
