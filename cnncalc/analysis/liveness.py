"""What is alive at once when the rows of a net are computed one after the other, row by row and at most.

A row's output stays alive until the last row that reads it; the net's outputs stay to the end.  A row that only looks
at its input differently (flatten, reshape) holds no memory of its own and keeps its input's alive.  Post words work in
place, so a row holds its last node's output and nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.graph.ir import Graph, Row


class RowMemory(NamedTuple):
    """The numbers that are alive while a row is computed.

    `read` and `written` are what the row itself reads and writes (a view writes nothing); `kept` is what only later
    rows need, or what is an output of the net.
    """

    kept: int
    read: int
    written: int

    @property
    def alive(self) -> int:
        return self.kept + self.read + self.written


def memory_by_row(graph: Graph, views: Sequence[bool], batch: int = 1) -> tuple[RowMemory, ...]:
    """What is alive at each row, for so many images; `views` says of each row whether it is a view of its input."""
    owner = _owner_by_row(graph, views)
    last_use = _last_use(graph, owner)
    dying: dict[int, list[int]] = {}
    for holder, last in last_use.items():
        dying.setdefault(last, []).append(holder)
    rows = row_of_node(graph)
    found, alive = [], 0
    for row in graph.rows:
        written = _size(graph, row.index) if owner[row.index] == row.index else 0
        read = sum(_size(graph, holder) for holder in {owner[rows[node]] for node in sources(graph, row)})
        found.append(RowMemory((alive - read) * batch, read * batch, written * batch))
        alive += written - sum(_size(graph, dead) for dead in dying.get(row.index, ()))
    return tuple(found)


def peak_activation_size(by_row: Sequence[RowMemory]) -> int:
    """The most numbers that are alive at once."""
    return max((memory.alive for memory in by_row), default=0)


def alive_at(graph: Graph, views: Sequence[bool], row: int) -> tuple[int, ...]:
    """The rows whose outputs are in memory while this row is computed, its own with them, in order.

    A view is not among them: what it looks at is.
    """
    owner = _owner_by_row(graph, views)
    last_use = _last_use(graph, owner)
    return tuple(holder for holder, last in sorted(last_use.items()) if holder <= row <= last)


def is_view(graph: Graph, row: Row) -> bool:
    """Whether the row only looks at its input differently, so that it holds no memory of its own."""
    return all(node.layer.is_view for node in graph.nodes[row.first : row.last + 1])


def sources(graph: Graph, row: Row) -> list[int]:
    """The nodes of other rows that this row reads, in order, with repetitions."""
    return [i for node in graph.nodes[row.first : row.last + 1] for i in node.inputs if i < row.first]


def row_of_node(graph: Graph) -> list[int]:
    """The index of the row that each node belongs to."""
    return [row.index for row in graph.rows for _ in range(row.first, row.last + 1)]


def _size(graph: Graph, row: int) -> int:
    return graph.nodes[graph.rows[row].last].output.elements


def _owner_by_row(graph: Graph, views: Sequence[bool]) -> list[int]:
    """For each row the row whose memory its output lies in: itself, or for a view the one it looks at."""
    rows = row_of_node(graph)
    owner: list[int] = []
    for row in graph.rows:
        read = sources(graph, row) if views[row.index] else []
        owner.append(owner[rows[read[0]]] if read else row.index)
    return owner


def _last_use(graph: Graph, owner: Sequence[int]) -> dict[int, int]:
    """For each row that holds memory the last row that needs it: itself when nobody reads it."""
    rows = row_of_node(graph)
    last = {owner[row.index]: row.index for row in graph.rows}
    for row in graph.rows:
        for node in sources(graph, row):
            last[owner[rows[node]]] = row.index
    for node in graph.outputs:
        last[owner[rows[node]]] = len(graph.rows)
    return last
