"""Lines of a convolution with a norm and an activation, as blocks of their own where a net has many of them.

People write such a block once, `ConvBnRelu(64, 128, 3)`, where a net is made of dozens of these lines; in a net with a
few they write out the parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from itertools import pairwise

from cnncalc.dialects.written_code.block_tree import Block, Leaf
from cnncalc.dialects.written_code.piece_numbers import numbers_of
from cnncalc.graph.ir import Graph, Row

FEWEST_LINES = 6
"""Lines of a text from which on a block is shorter."""

FEWEST_PARTS = 3


def make_blocks_of_lines(graph: Graph, net: Block) -> None:
    """Put a block in place of the pieces of a line, where enough lines are of the same kind."""
    row_of = {node: row for row in graph.rows for node in range(row.first, row.last + 1)}
    lines: dict[Hashable, list[tuple[Block, list[Leaf]]]] = defaultdict(list)
    places: dict[Hashable, set[object]] = defaultdict(set)
    for block, row, leaves in _lines(net, row_of):
        form = tuple(numbers_of(leaf.piece)[0] for leaf in leaves)
        lines[form].append((block, leaves))
        places[form].add(row.origin.span)
    wrapped: dict[int, Block] = {}
    for kind, found in lines.items():
        if len(places[kind]) >= FEWEST_LINES:
            for _, leaves in found:
                wrapped.update((id(leaf), _block(leaves)) for leaf in leaves[:1])
                wrapped.update((id(leaf), wrapped[id(leaves[0])]) for leaf in leaves[1:])
    if wrapped:
        _replace(net, wrapped)


def _lines(block: Block, row_of: Mapping[int, Row]) -> list[tuple[Block, Row, list[Leaf]]]:
    """All lines that are chains of enough pieces, with the block that they are in."""
    found, leaves = list[tuple[Block, Row, list[Leaf]]](), list[Leaf]()

    def finish() -> None:
        chained = all(b.piece.reads == (a.piece.result,) for a, b in pairwise(leaves))
        if len(leaves) >= FEWEST_PARTS and chained and len(leaves[0].piece.reads) == 1 and leaves[0].piece.made:
            found.append((block, row_of[leaves[0].piece.result], leaves))

    for item in block.items:
        if isinstance(item, Block):
            finish()
            leaves = []
            found += _lines(item, row_of)
        elif leaves and row_of.get(item.piece.result) is row_of.get(leaves[0].piece.result):
            leaves.append(item)
        else:
            finish()
            leaves = [item] if item.piece.result in row_of else []
    finish()
    return found


def _block(leaves: list[Leaf]) -> Block:
    first, last = leaves[0], leaves[-1]
    label = first.label
    first.label = ""
    word = "_".join(leaf.piece.word for leaf in leaves)
    return Block(word, list(leaves), first.place, last.place, label, node=last.piece.result)


def _replace(block: Block, wrapped: Mapping[int, Block]) -> None:
    items: list[Leaf | Block] = []
    for item in block.items:
        if isinstance(item, Block):
            _replace(item, wrapped)
        found = wrapped.get(id(item), item)
        if not items or items[-1] is not found:
            items.append(found)
    block.items = items
