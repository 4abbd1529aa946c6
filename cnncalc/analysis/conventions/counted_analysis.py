"""An analysis whose figures hold what a convention counts as well, and what more or less that is than ours.

Sums over lines, shares and orders are then made of them as of any other figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cnncalc.analysis.conventions import WHAT, ConventionCounts, Term
from cnncalc.analysis.model import Analysis, Figures


def counted_by(analysis: Analysis, counts: ConventionCounts) -> Analysis:
    """The same analysis with `work` and `unknown_work` in the figures of every node, row, block and the whole."""

    def counted(figures: Figures, first: int, last: int) -> Figures:
        return with_work(figures, counts.nodes[first : last + 1])

    graph = analysis.graph
    spans = [
        (graph.rows[g.group.first].first, graph.rows[g.group.last].last) if g.group.last >= g.group.first else (1, 0)
        for g in analysis.groups
    ]
    nodes = tuple(
        node._replace(figures=counted(node.figures, node.node.index, node.node.index)) for node in analysis.nodes
    )
    return analysis._replace(
        nodes=nodes,
        rows=tuple(
            row._replace(
                figures=counted(row.figures, row.row.first, row.row.last),
                nodes=nodes[row.row.first : row.row.last + 1],
            )
            for row in analysis.rows
        ),
        groups=tuple(
            group._replace(figures=counted(group.figures, *span))
            for group, span in zip(analysis.groups, spans, strict=True)
        ),
        totals=analysis.totals._replace(figures=with_work(analysis.totals.figures, counts.nodes)),
    )


def with_work(figures: Figures, amounts: Sequence[int | None]) -> Figures:
    """The figures with the sum of these amounts, and how many of them are unknown."""
    known = [amount for amount in amounts if amount is not None]
    return figures._replace(work=sum(known), unknown_work=len(amounts) - len(known))


def difference_to_ours(analysis: Analysis, counts: ConventionCounts) -> tuple[Term, ...]:
    """By how much the convention's total is more than our MACs, or than our FLOPs where it counts FLOPs.

    Each term is the layers of one kind, the largest first; what is unknown is left out.
    """
    flops = counts.convention.counts == "FLOPs"
    amounts: Counter[str] = Counter()
    layers: Counter[str] = Counter()
    for node, amount in zip(analysis.nodes, counts.nodes, strict=True):
        cost = node.figures.cost
        more = (amount or 0) - (cost.flops if flops else cost.macs)
        kind = ("bias" if abs(more) == cost.add else "macs") if cost.macs else node.node.layer.word
        if amount is not None and more:
            amounts[kind] += more
            layers[kind] += 1
    order = sorted(amounts, key=lambda kind: -abs(amounts[kind]))
    return tuple(Term(WHAT.get(kind, kind), layers[kind], "", amounts[kind], kind) for kind in order)
