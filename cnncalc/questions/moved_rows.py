"""Lines that one net has at one place and the other at another: the same layer, removed here and added there.

Only a line that was removed once and added once has moved; of several that are the same nobody can say which went
where.
"""

from __future__ import annotations

from collections import defaultdict

from cnncalc.analysis.model import Analysis
from cnncalc.layers.base import Layer
from cnncalc.questions.compared import Cause, ComparedRow


def with_moved(a: Analysis, b: Analysis, rows: list[ComparedRow]) -> list[ComparedRow]:
    """The rows, with one in place of the two of a layer that moved."""
    removed: dict[tuple[Layer, ...], list[int]] = defaultdict(list)
    added: dict[tuple[Layer, ...], list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        if row.sign == "removed":
            removed[tuple(a.nodes[i].node.layer for i, _ in row.nodes if i is not None)].append(n)
        elif row.sign == "added":
            added[tuple(b.nodes[j].node.layer for _, j in row.nodes if j is not None)].append(n)
    found: list[ComparedRow | None] = list(rows)
    for layers, places in removed.items():
        there = added.get(layers, [])
        if len(places) == len(there) == 1:
            found[places[0]] = _moved(rows[places[0]], rows[there[0]], layers[0].word)
            found[there[0]] = None
    return [row for row in found if row is not None]


def _moved(old: ComparedRow, new: ComparedRow, word: str) -> ComparedRow:
    nodes = tuple((i, j) for (i, _), (_, j) in zip(old.nodes, new.nodes, strict=True))
    difference = old.difference + new.difference
    cause = Cause("reads", word, "moved to another place", difference, "place")
    return ComparedRow("moved", old.rows_a, new.rows_b, nodes, (cause,), difference)
