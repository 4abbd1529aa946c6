"""The rows of a net as a picture reads them: what each row reads, and where the calls of blocks begin and end.

`times N` and a call with `times N` are taken apart into their copies, since copies may differ in shape and in length.
A container that a program only uses to list its parts (PyTorch's Sequential) is no block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from cnncalc.analysis.liveness import row_of_node, sources
from cnncalc.analysis.model import Analysis
from cnncalc.graph.ir import Group

CONTAINERS = frozenset({"Sequential", "ModuleList", "Functional", "Model"})
SECTION = "branches"
"""How branches that lie in no block are named."""


class Call(NamedTuple):
    """One copy of a block's call, or branches with their join: rows `first` to `last`, `depth` blocks around them."""

    first: int
    last: int
    word: str
    depth: int
    label: str = ""


class NetRows:
    """The rows of one net, with the rows that each reads, those that read it, and the calls that begin at it."""

    def __init__(self, analysis: Analysis, opened: Iterable[str] = ()) -> None:
        graph = analysis.graph
        self.analysis = analysis
        of_node = row_of_node(graph)
        self.reads = [tuple(of_node[node] for node in sources(graph, row)) for row in graph.rows]
        self.readers: list[list[int]] = [[] for _ in self.reads]
        for row, reads in enumerate(self.reads):
            for read in set(reads):
                self.readers[read].append(row)
        self.outputs = frozenset(of_node[node] for node in graph.outputs)
        self.lent = _lent(analysis)
        self.calls: dict[int, list[Call]] = {}
        for call in _calls(analysis):
            self.calls.setdefault(call.first, []).append(call)
        for calls in self.calls.values():
            calls.sort(key=lambda call: (-call.last, call.depth))
        self.opened = _opened(self.calls, frozenset(opened))

    def call_at(self, row: int, last: int, depth: int) -> Call | None:
        """The outermost call that begins at the row, ends by `last` and has at least `depth` blocks around it."""
        return next((call for call in self.calls.get(row, ()) if call.last <= last and call.depth >= depth), None)

    def section_at(self, row: int, last: int, depth: int) -> Call | None:
        """The branches at the level below `depth` that begin at the row, with the row that joins them."""
        rows, level = self.analysis.graph.rows, depth + 1
        if level not in rows[row].branches:
            return None
        end = row
        while end < last and level in rows[end].branches:
            end += 1
        return Call(row, end, SECTION, depth)

    def is_chain(self, call: Call) -> bool:
        """Whether each row of the call reads the one before it and nothing else."""
        return all(self.reads[row] == (row - 1,) for row in range(call.first + 1, call.last + 1))

    def holds_all(self, call: Call) -> bool:
        """Whether the call is the whole net but for its inputs."""
        rows = self.analysis.rows
        return all(rows[row].row.word == "input" for row in range(len(rows)) if not call.first <= row <= call.last)


def _lent(analysis: Analysis) -> list[tuple[str, ...]]:
    """For each row the words that name the weights which others use too: ("weights conv1",)."""
    lenders = {node.lender.name for row in analysis.rows for node in row.nodes if node.lender}
    named = ([node.node.name for node in row.nodes if node.node.name in lenders] for row in analysis.rows)
    return [tuple(f"weights {name}" for name in names) for names in named]


def _opened(calls: Mapping[int, Sequence[Call]], words: frozenset[str]) -> frozenset[Call]:
    """The calls of these blocks, and those around them, without which they would not be seen."""
    found: set[Call] = set()
    around: list[Call] = []
    for call in (call for row in sorted(calls) for call in calls[row]):
        around = [one for one in around if one.last >= call.last]
        around.append(call)
        if call.word in words:
            found.update(around)
    return frozenset(found)


def _calls(analysis: Analysis) -> Iterator[Call]:
    for found in analysis.groups:
        group = found.group
        if group.last < group.first or group.word in CONTAINERS:
            continue
        for first, last in _copies(analysis, group):
            label = group.label if last == group.last else None
            yield Call(first, last, group.word, group.depth, label or "")


def _copies(analysis: Analysis, group: Group) -> list[tuple[int, int]]:
    """The rows of each copy of a call: the names of its operations begin alike."""
    if group.copies == 1:
        return [(group.first, group.last)]
    level = len(group.origin.trail)

    def name(row: int) -> str:
        return ".".join(analysis.rows[row].nodes[0].node.name.split(".")[: level + 1])

    copies = [list(rows) for _, rows in groupby(range(group.first, group.last + 1), key=name)]
    if len(copies) == group.copies:
        return [(rows[0], rows[-1]) for rows in copies]
    size, rest = divmod(group.last - group.first + 1, group.copies)
    if rest:
        return [(group.first, group.last)]
    return [(first, first + size - 1) for first in range(group.first, group.last + 1, size)]
