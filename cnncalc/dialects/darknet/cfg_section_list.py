"""The sections of a .cfg as they are collected, and those among them that name others by their numbers.

Each node's numbers are given by a layer of Darknet's, counted from 0; -1 is the input, which no section can name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.dialects.darknet.cfg_sections import NotInDarknetError, Options, activation_words
from cnncalc.geometry import Shape
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.registry import layer_class

_STEPS_BACK = 10
"""Layers so near are named by steps back, others by their numbers."""


class Written(NamedTuple):
    """A section: its options, the node that names it, the one whose numbers it gives, and the layers that it names.

    `head` is None for a route that only leads to what the next section works on.
    """

    name: str
    options: Options
    head: int | None
    node: int
    reads: tuple[int, ...] = ()


class SectionList:
    """The sections so far, and which of them gives each node's numbers."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.sections: list[Written] = []
        self.layer_of: dict[int, int] = {}
        self.taken: set[int] = set()
        """Nodes that a section before has taken in."""
        self.readers: dict[int, list[Node]] = defaultdict(list)
        for node in graph.nodes:
            for read in node.inputs:
                self.readers[read].append(node)

    # ------------------------------------------------------------------ what stands where
    def shape(self, node: Node) -> Shape:
        return self.graph.nodes[node.inputs[0]].output

    def next(self, node: Node) -> Node | None:
        """The node that alone reads this one, and nothing else."""
        readers = self.readers[node.index]
        alone = len(readers) == 1 and len(readers[0].inputs) == 1 and node.index not in self.graph.outputs
        return readers[0] if alone else None

    def arrive(self, source: int) -> None:
        """Let the next section work on this node: with a [route] where another layer is before it."""
        layer = self.layer_of[source]
        if layer != len(self.sections) - 1:
            self._route((layer,), source, None)

    def _route(self, layers: Sequence[int], node: int, head: int | None, **more: str) -> None:
        self._refuse_input(layers)
        named = ",".join(map(self._named, layers))
        self.put(Written("route", {"layers": named, **more}, head, node, tuple(layers)))

    def _refuse_input(self, layers: Sequence[int]) -> None:
        if -1 in layers:
            raise NotInDarknetError("its layers cannot name the input, which has no number")

    def _named(self, layer: int) -> str:
        back = layer - len(self.sections)
        return str(back if -back <= _STEPS_BACK else layer)

    def put(self, section: Written, *taken: Node) -> None:
        """Add a section; what it has taken in gives its numbers too."""
        self.sections.append(section)
        self.taken |= {node.index for node in taken}
        for index in (section.node, *(() if section.head is None else (section.head,))):
            self.layer_of[index] = len(self.sections) - 1

    def word_after(self, node: Node) -> tuple[str, list[Node]]:
        """Darknet's word for the activations that follow: two of ours, one, or none."""
        first = self.next(node)
        second = self.next(first) if first is not None else None
        for chain in ([first, second], [first]):
            nodes = [one for one in chain if one is not None]
            word = activation_words().get(tuple(one.layer for one in nodes)) if len(nodes) == len(chain) else None
            if word is not None:
                return word, nodes
        return "linear", []

    # ------------------------------------------------------------------ layers that name others
    def identity(self, node: Node) -> None:
        self._route((self.layer_of[node.inputs[0]],), node.index, node.index)

    def concat(self, node: Node) -> None:
        if node.layer != layer_class("concat")():
            raise NotInDarknetError("a [route] cuts and fills nothing")
        self._route([self.layer_of[read] for read in node.inputs], node.index, node.index)

    def slice(self, node: Node) -> None:
        first, end = getattr(node.layer, "channels", (0, 0))
        channels, many = self.shape(node).channels, max(1, end - first)
        if first == 0 and self.is_of_a_shortcut(node):
            self.layer_of[node.index] = self.layer_of[node.inputs[0]]
        elif end == first or channels % many or first % many:
            raise NotInDarknetError("a [route] takes one of equal groups of channels")
        else:
            parts = {"groups": str(channels // many), "group_id": str(first // many)}
            self._route((self.layer_of[node.inputs[0]],), node.index, node.index, **(parts if many < channels else {}))

    def filled(self, node: Node) -> None:
        """Zeros as further channels, which a [shortcut] does by itself."""
        if node.layer.channels.sides[0][0] or not self.is_of_a_shortcut(node):  # type: ignore[attr-defined]
            raise NotInDarknetError("there is no section for it")
        self.layer_of[node.index] = self.layer_of[node.inputs[0]]

    def is_of_a_shortcut(self, node: Node) -> bool:
        """Whether a sum alone reads it, cut or filled up or not, and has something else before to add it to."""
        readers = self.readers[node.index]
        if len(readers) != 1 or node.index in self.graph.outputs:
            return False
        (reader,) = readers
        if reader.layer.word in ("slice", "padchannels"):
            return self.is_of_a_shortcut(reader)
        return reader.layer.word == "add" and reader.inputs[0] != node.index

    def add(self, node: Node) -> None:
        """A [shortcut] for each further input; the first is that which the layer before gives, if one does."""
        if node.layer != layer_class("add")():
            raise NotInDarknetError("a [shortcut] cuts and fills nothing else")
        if any(self.graph.nodes[read].output != node.output for read in node.inputs):
            raise NotInDarknetError("a [shortcut] adds maps of one shape")
        before, *others = self._before_first(node.inputs)
        self._joined("shortcut", node, before, others)

    def _before_first(self, inputs: tuple[int, ...]) -> list[int]:
        here = len(self.sections) - 1
        place = next((place for place, read in enumerate(inputs) if self.layer_of[read] == here), 0)
        return [inputs[place], *inputs[:place], *inputs[place + 1 :]]

    def mul(self, node: Node) -> None:
        """A map times one number a channel, or times a map of the same shape."""
        if node.layer != layer_class("mul")() or len(node.inputs) != 2:
            raise NotInDarknetError("[scale_channels] and [sam] multiply two layers")
        before, source = self._before_first(node.inputs)
        shapes = [self.graph.nodes[read].output for read in (before, source)]
        if shapes[0] == shapes[1]:
            self._joined("sam", node, before, [source])
        elif shapes[0].elements == shapes[0].channels == shapes[1].channels:
            self._joined("scale_channels", node, before, [source])
        elif shapes[1].elements == shapes[1].channels == shapes[0].channels:
            self._joined("scale_channels", node, source, [before])
        else:
            raise NotInDarknetError("[scale_channels] has one number a channel")

    def _joined(self, name: str, node: Node, before: int, others: Sequence[int]) -> None:
        self._refuse_input([self.layer_of[read] for read in (before, *others)])
        word, activated = self.word_after(node)
        self.arrive(before)
        layers = [self.layer_of[read] for read in others]
        options = {"from": ",".join(map(self._named, layers)), "activation": word}
        end = activated[-1] if activated else node
        self.put(Written(name, options, node.index, end.index, tuple(layers)), node, *activated)
