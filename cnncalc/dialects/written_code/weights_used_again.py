"""Weights that are used more than once: which call is a call of the same part once more.

Two calls are of one part where all their weights are the same.  Where only some are, or where they are used in two
different blocks, these blocks are no calls: their pieces are written where they stand, so that the sharing can be said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cnncalc.diagnostics import Diagnostic, InputError
from cnncalc.dialects.written_code.block_tree import Block, Leaf
from cnncalc.graph.ir import Graph

Owners = dict[int, int]
"""A node with weights -> the one that owns them."""


def say_sharing(graph: Graph, net: Block) -> None:
    """Set `again` in all pieces and calls that use the weights of an earlier one; raises InputError."""
    if all(node.shares is None for node in graph.nodes):
        return
    owners = {
        node.index: node.index if node.shares is None else node.shares
        for node in graph.nodes
        if node.shares is not None or node.layer.weights(tuple(graph.nodes[i].output for i in node.inputs))
    }
    _resolve(graph, net, owners)


def _signature(item: Leaf | Block, owners: Owners) -> tuple[tuple[int, int], ...]:
    """Whose weights it uses, by the places of the operations in it."""
    leaves: Iterable[Leaf] = (item,) if isinstance(item, Leaf) else item.leaves()
    nodes = [node for leaf in leaves for node in leaf.piece.nodes]
    return tuple((place, owners[node]) for place, node in enumerate(nodes) if node in owners)


def _resolve(graph: Graph, block: Block, owners: Owners) -> None:
    while True:
        found = [(item, _signature(item, owners)) for item in block.items]
        first: dict[object, Leaf | Block] = {}
        for item, signature in found:
            if signature:
                key = (type(item), item.word if isinstance(item, Block) else item.piece.made, signature)
                lender = first.setdefault(key, item)
                _set_again(item, lender)
        used = Counter(owner for item in first.values() for owner in {owner for _, owner in _signature(item, owners)})
        split = {owner for owner, count in used.items() if count > 1}
        mixed = [item for item, signature in found if any(owner in split for _, owner in signature)]
        if all(isinstance(item, Leaf) for item in mixed):
            break
        block.items = [one for item in block.items for one in _opened(item, mixed)]
    if mixed:
        raise InputError(tuple(_fault(graph, item) for item in mixed if isinstance(item, Leaf))[-1:], graph.source)
    for item in block.items:
        if isinstance(item, Block):
            _resolve(graph, item, owners)


def _set_again(item: Leaf | Block, lender: Leaf | Block) -> None:
    if isinstance(item, Leaf):
        item.again = lender if isinstance(lender, Leaf) and lender is not item else None
    else:
        item.again = lender if isinstance(lender, Block) and lender is not item else None


def _opened(item: Leaf | Block, mixed: list[Leaf | Block]) -> list[Leaf | Block]:
    if isinstance(item, Block) and any(item is one for one in mixed):
        return item.items
    return [item]


def _fault(graph: Graph, leaf: Leaf) -> Diagnostic:
    node = graph.nodes[leaf.piece.nodes[0]]
    message = f"a program cannot share the weights of `{node.name}`: it is no second call of the same part"
    advice = "give both lines the same arguments, and share all weights or none"
    return Diagnostic("not-the-same-part", message, node.origin.span, help=advice)
