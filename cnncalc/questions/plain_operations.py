"""The operations of a net as everybody has them, whatever a notation calls them: what two nets are compared by.

What one notation says in one word and another in two is the same here: a depthwise convolution is one with as many
groups as channels, a separable one is two convolutions, zeros around a map belong to the convolution that reads them,
and an identity is nothing.  Pads are resolved: `same` and the rows that it adds are alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import Weight


class Stored(NamedTuple):
    """An array of a net: under which name it is stored (`conv1.weight`), its role, and how many numbers are in it."""

    name: str
    role: str
    numbers: int


class Operation(NamedTuple):
    """One operation: its kernel, the numbers it is called with, the operations it reads, its arrays, its node."""

    kernel: str
    numbers: Mapping[str, Any]
    reads: tuple[int, ...]
    arrays: tuple[Stored, ...]
    node: Node


class Operations(NamedTuple):
    """All operations of a net, each after those that it reads; the given inputs among them, and the outputs."""

    all: tuple[Operation, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def plain_operations(graph: Graph) -> Operations:
    """The operations of a net."""
    return _Plain(graph).operations()


class _Plain:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.found: list[Operation] = []
        self.at: dict[int, int] = {}

    def operations(self) -> Operations:
        inputs = []
        for node in self.graph.nodes:
            if node.layer.word == "identity":
                self.at[node.index] = self.at[node.inputs[0]]
                continue
            self._put(node)
            if node.is_input and getattr(node.layer, "data", None) is None:
                inputs.append(self.at[node.index])
        outputs = tuple(self.at[output] for output in self.graph.outputs)
        return Operations(tuple(self.found), tuple(inputs), outputs)

    def _put(self, node: Node) -> None:
        shapes = tuple(self.graph.nodes[one].output for one in node.inputs)
        call = node.layer.kernel_call(shapes)
        reads = tuple(self.at[one] for one in node.inputs)
        arrays = {one.name: self._stored(node, one) for one in node.layer.weights(shapes)}
        numbers = dict(call.numbers)
        if node.is_input:
            numbers |= {"channels": node.output.channels, "spatial": node.output.spatial}
        if node.layer.word == "dropout":
            numbers["dropout"] = True
        rule = {"dwconv": self._depthwise, "sepconv": self._separable}.get(call.kernel)
        if rule is not None:
            rule(node, numbers, reads, arrays, shapes[0].channels)
        else:
            self._add(Operation(call.kernel, numbers, reads, tuple(arrays.values()), node))
        self.at[node.index] = len(self.found) - 1

    def _stored(self, node: Node, weight: Weight) -> Stored:
        owner = node if node.shares is None else self.graph.nodes[node.shares]
        return Stored(f"{owner.name}.{weight.name}", weight.name, weight.count)

    def _add(self, operation: Operation) -> None:
        self.found.append(_with_zeros_around(operation, self.found) if operation.kernel == "conv" else operation)

    def _depthwise(
        self, node: Node, numbers: dict[str, Any], reads: tuple[int, ...], arrays: dict[str, Stored], channels: int
    ) -> None:
        del numbers["multiplier"]
        self._add(Operation("conv", {**numbers, "groups": channels}, reads, tuple(arrays.values()), node))

    def _separable(
        self, node: Node, numbers: dict[str, Any], reads: tuple[int, ...], arrays: dict[str, Stored], channels: int
    ) -> None:
        del numbers["multiplier"]
        numbers.setdefault("flip", False)
        first = arrays.pop("depthwise_weight")._replace(role="weight")
        second = arrays.pop("pointwise_weight")._replace(role="weight")
        self._add(Operation("conv", {**numbers, "groups": channels}, reads, (first,), node))
        ones, none = (1, 1, 1), (0, 0, 0)
        plain = {"kernel": ones, "stride": ones, "dilation": ones, "before": none, "after": none, "groups": 1}
        plain |= {"fill": "zeros", "flip": False}
        self._add(Operation("conv", plain, (len(self.found) - 1,), (second, *arrays.values()), node))


def _with_zeros_around(operation: Operation, before: list[Operation]) -> Operation:
    """The convolution with the zeros of a `pad` that it reads as its own."""
    pad = before[operation.reads[0]]
    if pad.kernel != "pad" or pad.numbers.get("fill") != "zeros" or operation.numbers["fill"] != "zeros":
        return operation
    if set(pad.numbers) - {"before", "after", "fill"}:
        return operation
    sides = {
        side: tuple(a + b for a, b in zip(operation.numbers[side], pad.numbers[side], strict=True))
        for side in ("before", "after")
    }
    return operation._replace(numbers={**operation.numbers, **sides}, reads=pad.reads)
