"""What a net makes of one size of its input, along one axis: whether it fits, and which rows no window reads.

A size fits where every layer and join accepts what arrives; it loses nothing where besides no stride leaves rows or
columns over at the far end.  The layers are asked themselves (`graph.fitting_sizes`), so nothing here knows a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Padding, Shape, Sizes, sizes_text
from cnncalc.graph.fitting_sizes import AxisSizes, other_shapes
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.sliding import SlidingWindow
from cnncalc.questions.size_rules import FAR

MOST_VISITS = 1_500_000
"""Nodes looked at for one net, all sizes together: about a second."""
MOST_SHAPES = 150_000
"""Output shapes asked of layers for one net."""


class Refused(NamedTuple):
    """Why a size does not fit: what is said, the line of the text, and the node that refuses it where that is known."""

    reason: str
    line: int = 0
    node: Node | None = None


class Loss(NamedTuple):
    """Rows (columns, planes) that the windows of a node leave over: `left` of the `arriving`."""

    node: Node
    arriving: int
    left: int


class Verdict(NamedTuple):
    """What becomes of one size: why it is refused, or what is lost and the sizes of the outputs.

    `outputs` has None where an output has no such axis, as after `gap` or `flatten`.  `divides`: each layer makes a
    size that is a whole part, or a whole number of times, what arrives at it.
    """

    size: int
    outputs: tuple[int | None, ...] = ()
    losses: tuple[Loss, ...] = ()
    divides: bool = False
    refused: Refused | None = None

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


class WholeSize(NamedTuple):
    """Sizes of all axes together that fit, and what the outputs are then."""

    sizes: Sizes
    outputs: tuple[Shape, ...]


class LayerAnswers:
    """Sizes put to the layers of a net; `inputs` have the size together, `accepted` is as in `AxisSizes`.

    `tied` inputs have, along each axis, the size times a ratio of their own.
    """

    looking = FAR

    def __init__(
        self,
        graph: Graph,
        inputs: Sequence[Node],
        accepted: Mapping[int, tuple[Shape, ...]],
        tied: Mapping[int, Sequence[Fraction]] = MappingProxyType({}),
    ) -> None:
        self.graph, self.inputs, self.tied = graph, inputs, tied
        self.sizes = AxisSizes(graph.nodes, accepted, MOST_VISITS, MOST_SHAPES)
        self._square = AxisVerdicts(self, 0) if is_square(graph) else None

    def axis(self, axis: int) -> AxisVerdicts:
        """The verdicts on the sizes of one axis, the others being as they are written."""
        return self._square or AxisVerdicts(self, axis)

    def whole(self, sizes: Sizes) -> WholeSize | Refused:
        """What becomes of the sizes of all axes together."""
        given = {node.index: replace(node.output, spatial=sizes) for node in self.inputs}
        for index in self.tied:
            along = [self.tied_size(index, axis, size) for axis, size in enumerate(sizes)]
            if any(size.denominator > 1 for size in along):
                return self.not_whole(index, along)
            given[index] = replace(self.graph.nodes[index].output, spatial=tuple(map(int, along)))
        found: list[Shape] = []
        try:
            found.extend(other_shapes(self.graph.nodes, given))
        except Refusal as refusal:
            return _refused(self.graph.nodes[len(found)], refusal)
        return WholeSize(sizes, tuple(found[index] for index in self.graph.outputs))

    def tied_size(self, index: int, axis: int, size: int) -> Fraction:
        """The size along an axis of a tied input where the others have this one."""
        return self.tied[index][axis] * size

    def not_whole(self, index: int, sizes: Sequence[Fraction]) -> Refused:
        """The refusal of a tied input that would have half a pixel."""
        node = self.graph.nodes[index]
        return Refused(f"{node.name} would be {sizes_text(list(map(float, sizes)))}", node.origin.span.line, node)


class AxisVerdicts:
    """Verdicts on the sizes of one axis, each found once."""

    def __init__(self, answers: LayerAnswers, axis: int) -> None:
        self.answers, self.graph, self.sizes, self.number = answers, answers.graph, answers.sizes, axis
        self.found: dict[int, Verdict] = {}
        self._strided = [node for node in self.graph.nodes if max(getattr(node.layer, "stride", None) or (2,)) > 1]
        """Nodes that may leave something over: a window that moves by one reads everything."""
        self._pairs = [
            (node.inputs[0], node.index, stride_along(node, axis)) for node in self.graph.nodes if len(node.inputs) == 1
        ]
        self._lost: dict[tuple[int, int], int] = {}

    def of(self, size: int) -> Verdict:
        """The verdict on a size; raises TooMuchWorkError where the net was looked at too often."""
        if size not in self.found:
            self.found[size] = self._verdict(size)
        return self.found[size]

    def _verdict(self, size: int) -> Verdict:
        nodes, answers = self.graph.nodes, self.answers
        given = {node.index: size for node in answers.inputs}
        for index in answers.tied:
            own = answers.tied_size(index, self.number, size)
            if own.denominator > 1:
                return Verdict(size, refused=answers.not_whole(index, [own]))
            given[index] = int(own)
        made, refusal = self.sizes.walk(given, len(nodes) - 1, self.number)
        if refusal is not None:
            return Verdict(size, refused=_refused(nodes[len(made)], refusal))
        losses = tuple(Loss(node, *lost) for node in self._strided if (lost := self._loss(node, made)) is not None)
        outputs = tuple(made[index] for index in self.graph.outputs)
        divides = all(is_divided(made[before], made[after], stride) for before, after, stride in self._pairs)
        return Verdict(size, outputs, losses, divides)

    def _loss(self, node: Node, made: Sequence[int | None]) -> tuple[int, int] | None:
        """How many arrive at a node along the axis and how many of them it leaves over; None: none."""
        if len(node.inputs) != 1 or (size := made[node.inputs[0]]) is None:
            return None
        key = (self.sizes.first_alike[node.index], size)
        if key not in self._lost:
            left = node.layer.left_over(self.sizes.arriving(node, self.number, (size,)))
            self._lost[key] = left[self.number] if self.number < len(left) else 0
        return (size, self._lost[key]) if self._lost[key] else None


def _refused(node: Node, refusal: Refusal) -> Refused:
    return Refused(refusal.message, node.origin.span.line, node)


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


def stride_along(node: Node, axis: int) -> int:
    """The stride of a window along an axis; 1 of a layer that has none."""
    rank = node.output.rank
    strided = isinstance(node.layer, SlidingWindow) and axis < rank
    return node.layer.strides(rank)[axis] if strided else 1  # type: ignore[attr-defined]


def is_divided(arriving: int | None, made: int | None, stride: int = 1) -> bool:
    """Whether one of the sizes is a whole number of times the other; a stride divides by itself, or not at all."""
    if arriving is None or made is None:
        return True
    if stride > 1 and made <= arriving:
        return made * stride == arriving
    return arriving == made or not (arriving % made and made % arriving)
