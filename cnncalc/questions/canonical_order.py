"""The operations of a net in an order that its graph gives, whatever the order of its lines.

Branches that are added may be written in any order; the longest comes first here, and those that are concatenated come
as they are concatenated.  Linear in the size of the net.
"""

from __future__ import annotations

from zlib import crc32

from cnncalc.graph.ir import Graph, Node

COMMUTATIVE = frozenset(("add", "mul", "max", "min", "avg", "absdiff"))
"""Joins whose inputs may be in any order."""


def canonical_order(graph: Graph) -> tuple[int, ...]:
    """Every node after its inputs, by depth first from the outputs; what leads to none of them comes last."""
    height, look = _heights(graph), _looks(graph)
    found: list[int] = []
    seen: set[int] = set()
    for end in (*graph.outputs, *range(len(graph.nodes))):
        waiting = [(end, False)]
        while waiting:
            index, ready = waiting.pop()
            if ready:
                found.append(index)
            elif index not in seen:
                seen.add(index)
                waiting.append((index, True))
                inputs = inputs_in_order(graph.nodes[index], height, look)
                waiting += [(one, False) for one in reversed(inputs) if one not in seen]
    return tuple(found)


def inputs_in_order(node: Node, height: list[int], look: list[int]) -> list[int]:
    """The inputs of a node as they are visited."""
    if node.layer.word not in COMMUTATIVE:
        return list(node.inputs)
    return sorted(node.inputs, key=lambda one: (-height[one], look[one], one))


def _heights(graph: Graph) -> list[int]:
    """How many operations are on the longest way from an input to each node."""
    found: list[int] = []
    for node in graph.nodes:
        found.append(1 + max((found[one] for one in node.inputs), default=0))
    return found


def _looks(graph: Graph) -> list[int]:
    """A number for everything from the inputs to each node, which is the same in each run and in both nets."""
    found: list[int] = []
    for node in graph.nodes:
        below = [found[one] for one in node.inputs]
        if node.layer.word in COMMUTATIVE:
            below.sort()
        found.append(crc32(f"{node.layer.word} {node.output.text()} {below}".encode()))
    return found
