"""Blocks of a net that says none: what lies around a shortcut or between branches and their join, where it comes twice.

A net of ONNX, of Darknet or of JSON is a flat list.  For every join the shortest part before it is taken that reads one
result of what is before and hands on one; parts that are alike are copies of a block.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence

from cnncalc.dialects.written_code.block_tree import Block, Leaf
from cnncalc.dialects.written_code.piece_numbers import numbers_of

LONGEST_BLOCK = 80
"""Pieces that are looked at before a join."""

FEWEST_PIECES_OF_BLOCK = 3

WORDS = {"add": "residual", "concat": "branches", "mul": "gated"}
"""What a block is called by the join at its end."""


def find_blocks(net: Block, last_use: Mapping[int, int]) -> None:
    """Put blocks in a flat net."""
    leaves = [item for item in net.items if isinstance(item, Leaf)]
    if len(leaves) < len(net.items):
        return
    by_form: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for place, leaf in enumerate(leaves):
        first = _start(leaves, place, last_use) if len(leaf.piece.reads) > 1 else -1
        if place - first + 1 >= FEWEST_PIECES_OF_BLOCK and first >= 0:
            by_form[_form_of(leaves[first : place + 1])].append((first, place))
    uses = Counter(read for leaf in leaves for read in leaf.piece.reads)
    parts = [part for found in by_form.values() if len(found) > 1 for part in _with_what_follows(leaves, found, uses)]
    net.items = list(_nested(leaves, sorted(parts, key=lambda one: (one[0], -one[1]))))


def _start(leaves: Sequence[Leaf], last: int, last_use: Mapping[int, int]) -> int:
    """The first piece of the shortest part that ends with this one, reads one result and hands on one; -1: none."""
    outside: set[int] = set()
    for first in range(last, max(-1, last - LONGEST_BLOCK), -1):
        piece = leaves[first].piece
        if first < last and last_use.get(piece.result, -1) > last:
            return -1
        outside.discard(piece.result)
        outside.update(piece.reads)
        if len(outside) == 1 and first < last:
            return first
    return -1


def _form_of(leaves: Sequence[Leaf]) -> Hashable:
    made = {leaf.piece.result: place for place, leaf in enumerate(leaves)}
    return tuple((numbers_of(one.piece)[0], tuple(made.get(read, -1) for read in one.piece.reads)) for one in leaves)


def _with_what_follows(
    leaves: Sequence[Leaf], found: list[tuple[int, int]], uses: Counter[int]
) -> list[tuple[int, int]]:
    """The parts with the activation after each, where all have the same."""
    after = [last + 1 for _, last in found]
    if after[-1] >= len(leaves) or len({numbers_of(leaves[place].piece)[0] for place in after}) > 1:
        return found
    for place in after:
        piece, before = leaves[place].piece, leaves[place - 1].piece.result
        if piece.reads != (before,) or uses[before] > 1 or "relu" not in piece.word:
            return found
    return [(first, last + 1) for first, last in found]


def _nested(leaves: Sequence[Leaf], parts: list[tuple[int, int]]) -> list[Leaf | Block]:
    """The pieces with blocks around parts of them, which lie within each other or not at all."""
    items: list[Leaf | Block] = []
    opened: list[Block] = []
    starts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for part in parts:
        starts[part[0]].append(part)
    for place, leaf in enumerate(leaves):
        for first, last in starts[place]:
            if opened and last > opened[-1].last:
                continue
            join = next(one for one in reversed(leaves[first : last + 1]) if len(one.piece.reads) > 1)
            block = Block(WORDS.get(join.piece.word, "block"), first=leaves[first].place, last=leaves[last].place)
            (opened[-1].items if opened else items).append(block)
            opened.append(block)
        (opened[-1].items if opened else items).append(leaf)
        while opened and opened[-1].last == leaf.place:
            opened.pop()
    return items
