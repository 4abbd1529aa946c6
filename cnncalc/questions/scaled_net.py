"""A net with the widths of its hidden layers multiplied: each has so many filters or units times a factor.

What must stay stays: the layers whose channels leave the net, and those whose channels are added to its input.  Equal
widths become equal widths, so joins go on fitting.  Widths are whole, and multiples of the groups that they are split
into.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Padding, Shape, refuse_too_large
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.channels import PadChannels

_WIDTHS = ("filters", "units")
"""The arguments that say how many channels a layer makes."""
_SPLITS = ("groups", "heads")
"""The arguments that say into how many parts channels are split."""


@dataclass(frozen=True)
class HiddenWidths:
    """The layers of a net whose widths are multiplied together."""

    graph: Graph

    @cached_property
    def scaled(self) -> tuple[Node, ...]:
        """The nodes whose widths are multiplied."""
        return tuple(node for node in self.graph.nodes if _width(node) and node.index not in self._kept)

    @cached_property
    def kept(self) -> tuple[Node, ...]:
        """The nodes whose widths stay, since they leave the net or are added to its input."""
        return tuple(node for node in self.graph.nodes if _width(node) and node.index in self._kept)

    @cached_property
    def _kept(self) -> frozenset[int]:
        nodes = self.graph.nodes
        ties = _Ties(len(nodes))
        for node in nodes:
            if not _width(node):
                for index in node.inputs:
                    if nodes[index].output.channels == node.output.channels:
                        ties.tie(node.index, index)
        fixed = {ties.of(node.index) for node in nodes if not node.inputs}
        fixed.update(ties.of(index) for index in _leaving(self.graph))
        return frozenset(node.index for node in nodes if ties.of(node.index) in fixed)

    @cached_property
    def _parts(self) -> dict[int, int]:
        """For each width the number that it must be a multiple of."""
        parts: dict[int, int] = {}
        for node in self.graph.nodes:
            for name in _SPLITS:
                split = getattr(node.layer, name, None) or 1
                arriving = [self.graph.nodes[index].output.channels for index in node.inputs]
                if split > 1 and split not in arriving:
                    for width in (*arriving, node.output.channels):
                        parts[width] = lcm(parts.get(width, 1), split)
        return parts

    def width(self, written: int, factor: Fraction) -> int:
        """The width that takes the place of one that is written: rounded to a whole number of groups, at least one."""
        part = self._parts.get(written, 1)
        return max(part, int(written * factor / part + Fraction(1, 2)) * part)

    def times(self, factor: Fraction) -> Graph:
        """The net with other widths; raises Refusal where a layer does not accept them, with its name in `argument`."""
        scaled = {node.index for node in self.scaled}
        nodes: list[Node] = []
        for node in self.graph.nodes:
            arriving = tuple(nodes[index].output for index in node.inputs)
            changes = self._adapted(node, arriving, factor)
            if node.index in scaled:
                name = _width(node)
                changes[name] = self.width(getattr(node.layer, name), factor)
            layer = replace(node.layer, **changes) if changes else node.layer  # type: ignore[type-var]  # a dataclass
            try:
                output = layer.output_shape(arriving)
                refuse_too_large(output, "the result", "")
            except Refusal as refusal:
                raise Refusal(refusal.code, refusal.message, node.name) from None
            nodes.append(node._replace(layer=layer, output=output))
        return replace(self.graph, nodes=tuple(nodes))

    def _adapted(self, node: Node, arriving: Sequence[Shape], factor: Fraction) -> dict[str, Any]:
        """What a layer has to say otherwise about channels that are not its own width.

        A convolution with a group for each channel that arrives keeps one for each, as a depthwise one; empty channels
        fill up to the width that takes the place of the one that was written.
        """
        groups = getattr(node.layer, "groups", 1)
        if groups > 1 and [self.graph.nodes[index].output.channels for index in node.inputs] == [groups]:
            return {"groups": arriving[0].channels}
        if isinstance(node.layer, PadChannels):
            ahead, behind = node.layer.sides()
            more = max(self.width(node.output.channels, factor) - arriving[0].channels, 0)
            before = more * ahead // max(ahead + behind, 1)
            return {"channels": Padding("explicit", ((before, more - before),))}
        return {}


def width_of(node: Node) -> int:
    """How many channels a node with filters or units makes."""
    width: int = getattr(node.layer, _width(node))
    return width


def _width(node: Node) -> str:
    """The name of the argument that says how many channels the node makes; empty where none does."""
    return next((name for name in _WIDTHS if isinstance(getattr(node.layer, name, None), int)), "")


def _leaving(graph: Graph) -> Iterator[int]:
    """The nodes whose channels leave the net, through layers that have no width of their own."""
    left, seen = list(graph.outputs), set(graph.outputs)
    while left:
        node = graph.nodes[left.pop()]
        yield node.index
        if not _width(node):
            for index in node.inputs:
                if index not in seen:
                    seen.add(index)
                    left.append(index)


class _Ties:
    """Nodes that have the same channels, in classes."""

    def __init__(self, count: int) -> None:
        self.first = list(range(count))

    def of(self, node: int) -> int:
        """The class of a node."""
        while self.first[node] != node:
            self.first[node] = self.first[self.first[node]]
            node = self.first[node]
        return node

    def tie(self, one: int, other: int) -> None:
        """Put the classes of both into one."""
        self.first[self.of(one)] = self.of(other)
