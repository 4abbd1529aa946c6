"""What a net makes of one size of its input, along one axis: whether it fits, and which rows no window reads.

A size fits where every layer and join accepts what arrives; it loses nothing where besides no stride leaves rows or
columns over at the far end.  The layers are asked themselves (`graph.fitting_sizes`), so nothing here knows a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import NamedTuple

from cnncalc.geometry import Padding, Shape
from cnncalc.graph.fitting_sizes import AxisSizes
from cnncalc.graph.ir import Graph, Node

MOST_VISITS = 1_500_000
"""Nodes looked at for one net, all sizes together: about a second."""
MOST_SHAPES = 150_000
"""Output shapes asked of layers for one net."""


class Loss(NamedTuple):
    """Rows (columns, planes) that the windows of a node leave over: `left` of the `arriving`."""

    node: Node
    arriving: int
    left: int


class Verdict(NamedTuple):
    """What becomes of one size: the node that refuses it and why, or what is lost and the sizes of the outputs.

    `outputs` has None where an output has no such axis, as after `gap` or `flatten`.  `divides`: each layer makes a
    size that is a whole part, or a whole number of times, what arrives at it.
    """

    size: int
    outputs: tuple[int | None, ...] = ()
    losses: tuple[Loss, ...] = ()
    divides: bool = False
    refused: Node | None = None
    reason: str = ""

    @property
    def fits(self) -> bool:
        return self.refused is None

    @property
    def loses_nothing(self) -> bool:
        """Whether the size fits and no pixel is left over."""
        return self.fits and not self.losses

    @property
    def is_even(self) -> bool:
        """Whether the size loses nothing and no layer rounds."""
        return self.loses_nothing and self.divides


class AxisVerdicts:
    """Verdicts on the sizes of one axis, each found once; `inputs` are those that have the size together."""

    def __init__(
        self, graph: Graph, inputs: frozenset[int], axis: int, accepted: Mapping[int, tuple[Shape, ...]]
    ) -> None:
        self.graph, self.inputs, self.axis = graph, inputs, axis
        self.sizes = AxisSizes(graph.nodes, accepted, MOST_VISITS, MOST_SHAPES)
        self.found: dict[int, Verdict] = {}
        self._strided = [node for node in graph.nodes if max(getattr(node.layer, "stride", None) or (2,)) > 1]
        """Nodes that may leave something over: a window that moves by one reads everything."""
        self._pairs = [(node.inputs[0], node.index) for node in graph.nodes if len(node.inputs) == 1]
        self._lost: dict[tuple[int, int], int] = {}

    def of(self, size: int) -> Verdict:
        """The verdict on a size; raises TooMuchWorkError where the net was looked at too often."""
        if size not in self.found:
            self.found[size] = self._verdict(size)
        return self.found[size]

    def _verdict(self, size: int) -> Verdict:
        nodes = self.graph.nodes
        made, refusal = self.sizes.walk(self.inputs, len(nodes) - 1, self.axis, size)
        if refusal is not None:
            return Verdict(size, refused=nodes[len(made)], reason=refusal.message)
        losses = tuple(Loss(node, *lost) for node in self._strided if (lost := self._loss(node, made)) is not None)
        outputs = tuple(made[index] for index in self.graph.outputs)
        return Verdict(size, outputs, losses, all(_divides(made[before], made[after]) for before, after in self._pairs))

    def _loss(self, node: Node, made: Sequence[int | None]) -> tuple[int, int] | None:
        """How many arrive at a node along the axis and how many of them it leaves over; None: none."""
        if len(node.inputs) != 1 or (size := made[node.inputs[0]]) is None:
            return None
        key = (self.sizes.first_alike[node.index], size)
        if key not in self._lost:
            left = node.layer.left_over(self.sizes.arriving(node, self.axis, (size,)))
            self._lost[key] = left[self.axis] if self.axis < len(left) else 0
        return (size, self._lost[key]) if self._lost[key] else None


_BY_AXIS = frozenset(("axis", "axes", "shape", "pattern", "range", "table"))
"""Kinds of arguments that name axes, or places on them."""


def is_square(graph: Graph) -> bool:
    """Whether all axes of every map are equally long and no layer knows one axis from another: one stands for all."""
    layers = {id(node.layer): node.layer for node in graph.nodes if node.inputs}
    return all(len(set(node.output.spatial)) <= 1 for node in graph.nodes) and not any(
        one.metadata.get("kind") in _BY_AXIS or _differs(getattr(layer, one.name))
        for layer in layers.values()
        for one in fields(layer)  # type: ignore[arg-type]  # every layer is a dataclass
    )


def _differs(value: object) -> bool:
    """Whether an argument has several numbers that are not the same for every axis."""
    if isinstance(value, Padding):
        return len(set(value.sides)) > 1
    return isinstance(value, tuple) and len(set(value)) > 1


def _divides(arriving: int | None, made: int | None) -> bool:
    """Whether one of the sizes is a whole number of times the other."""
    return arriving is None or made is None or arriving == made or not (arriving % made and made % arriving)
