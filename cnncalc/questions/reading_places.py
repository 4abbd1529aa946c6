"""Whether paired layers work on the same results: what two nets join, and where shortcuts begin.

A layer that only one of the nets has is looked through; nets with the same layers and other arrows are not the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cnncalc.graph.ir import Graph
from cnncalc.questions.canonical_order import COMMUTATIVE
from cnncalc.questions.compared import Cause
from cnncalc.questions.paired_layers import Pair


def reading_causes(a: Graph, b: Graph, pairs: Sequence[Pair]) -> dict[Pair, Cause]:
    """The pairs of nodes that work on results which are not paired, with what they work on."""
    to_b = {i: j for i, j in pairs if i is not None and j is not None}
    to_a = {j: i for i, j in to_b.items()}
    from_a, from_b = _through(a, to_b), _through(b, to_a)
    found: dict[Pair, Cause] = {}
    for i, j in to_b.items():
        node, other = a.nodes[i], b.nodes[j]
        mine = [from_a[one] for one in node.inputs]
        theirs = [from_b[one] for one in other.inputs]
        if None in mine or None in theirs:
            continue  # a join that only one of them has says it
        moved = [to_b[one] for one in mine if one is not None]
        if node.layer.word in COMMUTATIVE or other.layer.word in COMMUTATIVE:
            differs = sorted(moved) != sorted(one for one in theirs if one is not None)
        else:
            differs = moved != theirs
        if differs and len(moved) == len(theirs):
            before, after = _named(a, mine), _named(b, theirs)
            text = f"works on {after}, not on {before}"
            found[i, j] = Cause("reads", node.layer.word, text, before=before, after=after)
    return found


def _through(graph: Graph, paired: Mapping[int, int]) -> list[int | None]:
    """For each node itself where it is paired, else what it works on; None where that is not a single result."""
    found: list[int | None] = []
    for node in graph.nodes:
        if node.index in paired:
            found.append(node.index)
            continue
        below = {found[one] for one in node.inputs}
        found.append(below.pop() if len(below) == 1 else None)
    return found


def _named(graph: Graph, nodes: Sequence[int | None]) -> str:
    return " and ".join(graph.nodes[one].name for one in nodes if one is not None)
