"""The pieces of a net as a tree: which of them make up one call of a block, one copy of a repeated one.

A block whose pieces do not lie next to each other, or of which a piece covers operations outside of it, is no call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from cnncalc.dialects.written_code.pieces import Piece
from cnncalc.graph.ir import Graph, Group

LISTS = frozenset({"Sequential", "ModuleList", "Functional"})
"""What programs call a part that is no more than a list of others: its steps stand in the block around it."""

ALONE, OF_A_PROGRAM = -1, -2


@dataclass(eq=False)
class Leaf:
    """A piece at its place."""

    piece: Piece
    place: int
    label: str = ""
    again: Leaf | None = None


@dataclass(eq=False)
class Block:
    """One call of a block, or one copy of it; `last` is its last place.

    Blocks of the same `times` that follow each other are copies: it is the call whose copy each is, and the same for
    all modules of a program, which have no more in common than that a loop may have made them.
    """

    word: str
    items: list[Leaf | Block] = field(default_factory=list)
    first: int = 0
    last: int = -1
    label: str = ""
    times: int = ALONE
    node: int = -1
    settings: tuple[tuple[str, str], ...] = ()
    again: Block | None = None

    def leaves(self) -> Iterator[Leaf]:
        """All pieces in it, in order."""
        for item in self.items:
            if isinstance(item, Leaf):
                yield item
            else:
                yield from item.leaves()


class _Extent(NamedTuple):
    """The places of the pieces of a call, both included, and how deep it is."""

    first: int
    last: int
    depth: int
    block: Block


def block_tree(graph: Graph, pieces: Sequence[Piece]) -> Block:
    """The net as a block of blocks."""
    where = {node: place for place, piece in enumerate(pieces) for node in piece.nodes}
    extents = [one for group in graph.groups for one in _extents(graph, group, pieces, where)]
    extents.sort(key=lambda one: (one.first, -one.last, one.depth))
    labels = {row.first: row.label for row in graph.rows if row.label}
    leaves = [Leaf(piece, place, _label(piece, labels)) for place, piece in enumerate(pieces)]
    net = Block("net", first=0, last=len(pieces) - 1)
    opened, filled = [net], 0
    for one in [*extents, _Extent(len(pieces), len(pieces), 0, net)]:
        while opened[-1] is not net and opened[-1].last < one.first:
            done = opened.pop()
            done.items += leaves[filled : done.last + 1]
            filled = done.last + 1
        opened[-1].items += leaves[filled : one.first]
        filled = one.first
        if one.block is not net and one.last <= opened[-1].last:
            opened[-1].items.append(one.block)
            opened.append(one.block)
    return net


def _label(piece: Piece, labels: dict[int, str]) -> str:
    return next((labels[node] for node in piece.nodes if node in labels), "")


def _extents(graph: Graph, group: Group, pieces: Sequence[Piece], where: dict[int, int]) -> list[_Extent]:
    """The call, or each copy of a repeated one; none where it cannot be said as a call."""
    if group.last < group.first or not group.complete or group.word in LISTS:
        return []
    first, last = graph.rows[group.first].first, graph.rows[group.last].last
    places = sorted({where[node] for node in range(first, last + 1) if node in where})
    if not places or places[-1] - places[0] + 1 != len(places):
        return []
    inside = [pieces[place].nodes for place in places]
    if any(node < first or node > last for nodes in inside for node in nodes):
        return []
    parts = [places]
    if group.copies > 1:
        length = len(group.origin.trail) + 1
        names = [{".".join(graph.nodes[node].name.split(".")[:length]) for node in nodes} for nodes in inside]
        parts = [[places[0] + at for at, _ in part] for _, part in groupby(enumerate(names), lambda one: one[1])]
        if len(parts) != group.copies or any(len(one) > 1 for one in names):
            return []
    found = []
    for part in parts:
        is_last = part is parts[-1]
        block = Block(
            group.word,
            first=part[0],
            last=part[-1],
            label=(group.label or "") if is_last else "",
            times=group.index if group.copies > 1 else OF_A_PROGRAM if group.path else ALONE,
            node=group.node if is_last else -1,
            settings=group.settings,
        )
        found.append(_Extent(part[0], part[-1], group.depth, block))
    return found
