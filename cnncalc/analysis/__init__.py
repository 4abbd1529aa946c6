"""Everything that can be known about a net without running it.

`analyse` is a pure function of a graph, also of one that stops at its first fault: parameters, work, receptive
fields, memory and warnings, node by node, row by row, block by block and in total.  It asks the layers, sums what they
say and derives nothing about any single layer itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, partial

from cnncalc.analysis.bounds import upper_bounds
from cnncalc.analysis.counting import (
    Counts,
    Facts,
    Others,
    added,
    between,
    facts_by_node,
    figures,
    input_shapes,
    running_totals,
    uncalled,
    with_activation,
    with_moved,
    with_numbers_of,
    without_weights,
)
from cnncalc.analysis.fields import AxisField, Piece
from cnncalc.analysis.liveness import is_view, memory_by_row, peak_activation_size, sources
from cnncalc.analysis.model import (
    Analysis,
    Figures,
    GroupAnalysis,
    NodeAnalysis,
    ReceptiveField,
    RowAnalysis,
    Totals,
)
from cnncalc.analysis.receptive_field import influence, receptive_fields, summaries
from cnncalc.analysis.traffic import moved_numbers
from cnncalc.analysis.warnings import found_warnings
from cnncalc.graph.ir import Graph, Group, Node, Row

__all__ = [
    "Analysis",
    "AxisField",
    "Figures",
    "GroupAnalysis",
    "NodeAnalysis",
    "Piece",
    "ReceptiveField",
    "RowAnalysis",
    "Totals",
    "analyse",
    "influence",
]


def analyse(graph: Graph, batch: int = 1, others: Others | None = None, *, fields: bool = True) -> Analysis:
    """Every figure of the net for `batch` images at once (parameters do not depend on it).

    With `others` the figures have what locally connected and dense layers would count in place of each layer.  Without
    `fields`, which take as long as all else, no receptive field is known.
    """
    facts = facts_by_node(graph, others)
    node_counts = _counts_by_node(graph, facts, batch)
    row_counts = _counts_by_row(graph, facts, node_counts, batch)
    views = [is_view(graph, row) for row in graph.rows]
    sums = running_totals([with_activation(c, 0) if view else c for c, view in zip(row_counts, views, strict=True)])
    idle = uncalled(graph)
    whole = with_numbers_of(figures(sums[-1]), (figures for _, figures in idle))
    node_figures, row_figures = _named(node_counts), _named(row_counts)
    nodes = _nodes(graph, facts, node_figures) if fields else _without_fields(graph, facts, node_figures)
    memory = memory_by_row(graph, views, batch)
    shares = _Shares(whole)
    return Analysis(
        graph,
        nodes,
        tuple(_row(graph, row, row_figures[row.index], nodes, shares) for row in graph.rows),
        tuple(
            _group(graph, group, figures(between(sums, group.first, group.last)), nodes)
            for group in graph.groups
            if nodes
        ),
        _totals(graph, whole, peak_activation_size(memory), idle),
        found_warnings(graph, facts, [node.figures for node in nodes], whole.params),
        memory,
        batch,
    )


def _counts_by_node(graph: Graph, facts: Sequence[Facts], batch: int) -> list[Counts]:
    """The counts of every node; what reads one map is asked once for the same facts."""
    known: dict[tuple[int, bool, frozenset[str]], Counts] = {}
    found = []
    for node, own in zip(graph.nodes, facts, strict=True):
        same = id(own), node.shares is None, node.frozen
        if len(node.inputs) != 1:
            found.append(_node_counts(graph, own, node, batch))
            continue
        if same not in known:
            known[same] = _node_counts(graph, own, node, batch)
        found.append(known[same])
    return found


def _counts_by_row(graph: Graph, facts: Sequence[Facts], node_counts: Sequence[Counts], batch: int) -> list[Counts]:
    """The counts of every row; rows of the same nodes, one after the other, are summed once."""
    known: dict[tuple[int, ...], Counts] = {}
    found = []
    for row in graph.rows:
        same = tuple(map(id, node_counts[row.first : row.last + 1]))
        if any(len(node.inputs) != 1 for node in graph.nodes[row.first : row.last + 1]):
            found.append(_row_counts(graph, facts, row, node_counts, batch))
            continue
        if same not in known:
            known[same] = _row_counts(graph, facts, row, node_counts, batch)
        found.append(known[same])
    return found


def _node_counts(graph: Graph, facts: Facts, node: Node, batch: int) -> Counts:
    moved = moved_numbers(graph, node.index, node.index, facts.stored, batch)
    counts = facts.counts(node.output.elements, batch, moved, node.frozen)
    return counts if node.shares is None else without_weights(counts)


def _row_counts(graph: Graph, facts: Sequence[Facts], row: Row, node_counts: Sequence[Counts], batch: int) -> Counts:
    """The sum over a row's nodes; its post words work in place, so it holds its last node's output alone."""
    own = node_counts[row.first : row.last + 1]
    if len(own) == 1:
        return own[0]
    stored = sum(fact.stored for fact in facts[row.first : row.last + 1])
    moved = moved_numbers(graph, row.first, row.last, stored, batch)
    return with_moved(with_activation(added(own), own[-1][3]), moved)


def _named(counts: Sequence[Counts]) -> list[Figures]:
    """All counts under their names; the same counts are named once."""
    known = {id(one): one for one in counts}
    named = {key: figures(one) for key, one in known.items()}
    return [named[id(one)] for one in counts]


def _without_fields(graph: Graph, facts: Sequence[Facts], named: Sequence[Figures]) -> tuple[NodeAnalysis, ...]:
    return tuple(_node(graph, facts, named, node) for node in graph.nodes)


def _node(graph: Graph, facts: Sequence[Facts], named: Sequence[Figures], node: Node) -> NodeAnalysis:
    """A node without what it sees of the input."""
    owner = node.index if node.shares is None else node.shares
    return NodeAnalysis(
        node,
        input_shapes(graph, node),
        node.output,
        facts[owner].weights,
        named[node.index],
        None,
        lender=None if node.shares is None else graph.nodes[node.shares],
    )


def _nodes(graph: Graph, facts: Sequence[Facts], named: Sequence[Figures]) -> tuple[NodeAnalysis, ...]:
    found = receptive_fields(graph.nodes, [known.windows for known in facts])
    summary = summaries(graph.nodes, found)
    sights = [known.channels for known in facts]
    bounds = upper_bounds(graph.nodes, found.every, sights)
    local = upper_bounds(graph.nodes, found.local, sights) if any(over is not None for over in found.over) else bounds
    return tuple(
        _node(graph, facts, named, node)._replace(
            receptive_field=_field(summary[i], bounds[i], local[i]), fields=found.every[i], fields_at_most=bounds[i]
        )
        for i, node in enumerate(graph.nodes)
    )


def _field(exact: ReceptiveField | None, whole_at_most: bool, local_at_most: bool) -> ReceptiveField | None:
    if exact is None:
        return None
    return exact._replace(at_most=True) if (local_at_most if exact.local else whole_at_most) else exact


def _row(graph: Graph, row: Row, own: Figures, nodes: tuple[NodeAnalysis, ...], shares: _Shares) -> RowAnalysis:
    last = nodes[row.last]
    return RowAnalysis(
        row,
        tuple(nodes[i].output for i in sources(graph, row)),
        last.output,
        own,
        last.receptive_field,
        nodes[row.first : row.last + 1],
        shares.of_params(own.params),
        shares.of_macs(own.cost.macs),
    )


class _Shares:
    """What part of the whole net some params or MACs are; equal ones are divided once."""

    def __init__(self, whole: Figures) -> None:
        self.of_params = cache(partial(_share, whole.params))
        self.of_macs = cache(partial(_share, whole.cost.macs))


def _share(whole: int, part: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


def _group(graph: Graph, group: Group, own: Figures, nodes: tuple[NodeAnalysis, ...]) -> GroupAnalysis:
    """The sums over a block call; one without rows hands on what arrives."""
    handed = nodes[group.node if group.node < len(nodes) else -1]
    if group.last < group.first:
        return GroupAnalysis(group, (handed.output,), handed.output, own, handed.receptive_field)
    first, last = graph.rows[group.first].first, graph.rows[group.last].last
    outside = (i for node in graph.nodes[first : last + 1] for i in node.inputs if i < first)
    arriving = tuple(nodes[i].output for i in dict.fromkeys(outside))
    return GroupAnalysis(group, arriving, handed.output, own, handed.receptive_field)


def _totals(graph: Graph, whole: Figures, peak: int, idle: tuple[tuple[str, Figures], ...]) -> Totals:
    return Totals(
        whole,
        peak,
        tuple(node.output for node in graph.nodes if node.is_input),
        tuple(graph.nodes[i].output for i in graph.outputs),
        sum(row.word != "input" for row in graph.rows),
        idle,
    )
