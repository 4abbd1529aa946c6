"""The nodes, rows, calls and labels of one net put behind the last node of another.

Node and row 0 of the net that is added stand for what arrives, where something does; all others get new places and,
where their names are taken, new names.  What the net says about itself as a whole is left to the caller.
"""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.diagnostics import Span
from cnncalc.graph.ir import Graph, Group, Node, Origin, Row
from cnncalc.graph.net_so_far import NetSoFar
from cnncalc.graph.scopes import Scope, Target


class Graft:
    """Used once; `nodes` are the new places of the net's nodes."""

    def __init__(
        self, net: NetSoFar, graph: Graph, scope: Scope, trail: tuple[Span, ...], prefix: str, *, arriving: int | None
    ) -> None:
        self.net, self.builder, self.graph, self.scope = net, net.builder, graph, scope
        self.trail, self.prefix = trail, prefix
        self.nodes: dict[int, int] = {}
        self.rows: dict[int, int] = {}
        self.groups: dict[int, int] = {}
        self.heads: dict[str, str] = {}
        self.level = scope.depth + 1
        if arriving is not None and graph.nodes and not graph.nodes[0].name:
            self.nodes[0] = arriving
            self.rows[0] = next(row.index for row in self.builder.rows if row.first <= arriving <= row.last)

    def add(self) -> None:
        """Add everything; raises Refusal for too much."""
        for row in self.graph.rows:
            if row.index in self.rows:
                continue
            for node in self.graph.nodes[row.first : row.last + 1]:
                self._node(node)
            self._row(row)
        for group in self.graph.groups:
            self._group(group)
        for span, often in self.graph.taken.items():
            self.net.taken[span] = self.net.taken.get(span, 0) + often
        self.net.remarks += (one._replace(trail=(*one.trail, *self.trail)) for one in self.graph.warnings)

    def _node(self, node: Node) -> None:
        inputs = tuple(self.nodes[read] for read in node.inputs)
        index = self.builder.node(node.layer, inputs, self._name(node.name), self._origin(node.origin))
        shares = None if node.shares is None else self.nodes[node.shares]
        self.builder.nodes[index] = self.builder.nodes[index]._replace(shares=shares, frozen=node.frozen)
        self.nodes[node.index] = index

    def _name(self, name: str) -> str:
        """The node's name behind the prefix; its first part is another one where a line above has that."""
        head, dot, rest = name.partition(".")
        if head not in self.heads:
            wanted = self.prefix + head
            stem = wanted.rstrip("0123456789")
            is_free = wanted == stem or not self.builder.is_named(wanted)
            self.heads[head] = self.builder.name(wanted if is_free else stem, numbered=not is_free)
            if not dot:
                return self.heads[head]
        return self.builder.name(f"{self.heads[head]}{dot}{rest}", numbered=False) if dot else self.heads[head]

    def _origin(self, origin: Origin) -> Origin:
        return origin._replace(trail=(*origin.trail, *self.trail))

    def _row(self, row: Row) -> None:
        new = self.builder.row(
            row._replace(
                first=self.nodes[row.first],
                last=self.nodes[row.last],
                origin=self._origin(row.origin),
                depth=row.depth + self.level,
                branches=(*self.scope.branches, *(one + self.level for one in row.branches)),
                begins=tuple(one + self.level for one in row.begins),
                answers=(),
                worth=(),
            )
        )
        empty = tuple((level + self.level, self.nodes[node]) for level, node in row.empty_branches)
        self.builder.rows[new.index] = new._replace(empty_branches=(*new.empty_branches, *empty))
        self.rows[row.index] = new.index

    def _group(self, group: Group) -> None:
        rows = [self.rows[old] for old in range(group.first, group.last + 1) if old in self.rows]
        if not rows or group.node not in self.nodes:
            return
        self.groups[group.index] = len(self.builder.groups)
        self.builder.groups.append(
            group._replace(
                index=len(self.builder.groups),
                first=rows[0],
                last=rows[-1],
                node=self.nodes[group.node],
                origin=self._origin(group.origin),
                depth=group.depth + self.level,
                answers=(),
                worth=(),
            )
        )

    def labels(self) -> Iterator[tuple[str, Target]]:
        """The net's labels with their new places."""
        for label, place in self.graph.labels.items():
            if place >= 0 and place in self.rows:
                yield label, Target(self.nodes[self.graph.rows[place].last], self.rows[place])
            elif place < 0 and ~place in self.groups:
                new = self.groups[~place]
                yield label, Target(self.builder.groups[new].node, ~new)
