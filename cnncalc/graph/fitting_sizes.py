"""Which sizes of the input fit a net, near the one that does not: found by the layers' own output shapes.

One axis is looked at alone, since nearly all layers treat their axes alone; what is found is then tried on every node
of the net with whole shapes, and only what fits there is given.  The work is bounded; nothing found is no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape, Sizes, refuse_too_large
from cnncalc.graph.ir import Node
from cnncalc.layers.base import Layer

MOST_CANDIDATES = 200
"""Sizes tried on either side of the size that does not fit, for each axis."""
LARGEST_ADVISED = 4096
"""The largest input that is worth advising."""
MOST_VISITS = 400_000
"""Nodes looked at for one net, all candidates together."""
MOST_SHAPES = 60_000
"""Output shapes asked of layers for one net."""
STEADY = 32
"""Sizes that must fit one after another, for `at least`."""


class TooMuchWorkError(Exception):
    """The net is too large to be looked at so often."""


class Fitting(NamedTuple):
    """The nearest sizes of an input that fit, below and above; `steady`: larger ones than the one above fit as well."""

    below: Sizes | None
    above: Sizes | None
    steady: bool


class AxisWalk(NamedTuple):
    """The size that each node makes along one axis, None where a result has no such axis; up to a refusal if any."""

    sizes: list[int | None]
    refusal: Refusal | None = None


class AxisSizes:
    """The sizes along one axis that the nodes of a net make, asked of its layers and remembered.

    `accepted` are shapes with which nodes go on that refuse what arrives; the work is bounded by the two limits.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        accepted: Mapping[int, tuple[Shape, ...]],
        most_visits: int = MOST_VISITS,
        most_shapes: int = MOST_SHAPES,
    ) -> None:
        self.nodes = nodes
        self.accepted = accepted
        self.most_visits, self.most_shapes = most_visits, most_shapes
        self.visits = self.shapes = 0
        self.first_alike = _first_alike(nodes, accepted)
        """For each node the first with the same layer and the same shapes arriving: what one makes, all make."""
        self.known: dict[tuple[int, int, tuple[int | None, ...]], int | None] = {}

    def walk(self, given: Mapping[int, int], last: int, axis: int) -> AxisWalk:
        """What the nodes up to `last` make along an axis, where these inputs have these sizes there."""
        self.visits += last + 1
        if self.visits > self.most_visits:
            raise TooMuchWorkError
        found: list[int | None] = []
        known, first = self.known, self.first_alike
        for node in self.nodes[: last + 1]:
            feeding = node.inputs
            if not feeding:
                own = node.output.spatial
                found.append(given.get(node.index, own[axis] if axis < len(own) else None))
                continue
            arriving = (found[feeding[0]],) if len(feeding) == 1 else tuple([found[index] for index in feeding])
            key = (first[node.index], axis, arriving)
            if key not in known:
                try:
                    known[key] = self._size(node, axis, arriving)
                except Refusal as refusal:
                    return AxisWalk(found, refusal)
            found.append(known[key])
        return AxisWalk(found)

    def arriving(self, node: Node, axis: int, sizes: tuple[int | None, ...]) -> tuple[Shape, ...]:
        """The shapes that arrive at a node where they have these sizes along the axis."""
        written = _written(self.nodes, self.accepted, node)
        return tuple(_with_size(shape, axis, size) for shape, size in zip(written, sizes, strict=True))

    def _size(self, node: Node, axis: int, arriving: tuple[int | None, ...]) -> int | None:
        """The size that a node makes along an axis; None where its result has no such axis."""
        if all(one is None for one in arriving):
            return None
        self.shapes += 1
        if self.shapes > self.most_shapes:
            raise TooMuchWorkError
        written = _written(self.nodes, self.accepted, node)
        made = node.layer.output_shape(self.arriving(node, axis, arriving))
        if len(arriving) > 1 and not getattr(node.layer, "pad", False) and _is_shrunk(written, arriving, axis, made):
            raise Refusal("shapes-differ", "a map that shrinks to one pixel is not meant to be spread")
        return made.spatial[axis] if axis < made.rank and made.rank == written[0].rank else None


def _written(nodes: Sequence[Node], accepted: Mapping[int, tuple[Shape, ...]], node: Node) -> tuple[Shape, ...]:
    """The shapes that arrive at a node in the net as it is written."""
    return accepted.get(node.index) or tuple(nodes[index].output for index in node.inputs)


def _first_alike(nodes: Sequence[Node], accepted: Mapping[int, tuple[Shape, ...]]) -> list[int]:
    first: dict[tuple[Layer, tuple[Shape, ...]], int] = {}
    return [first.setdefault((node.layer, _written(nodes, accepted, node)), node.index) for node in nodes]


class SizeSearch:
    """A net and its work so far; `accepted` are shapes with which nodes go on that refuse what arrives."""

    def __init__(self, nodes: Sequence[Node], accepted: Mapping[int, tuple[Shape, ...]]) -> None:
        self.nodes = nodes
        self.sizes = AxisSizes(nodes, accepted)

    def fitting(self, inputs: frozenset[int], last: int) -> Fitting | None:
        """The nearest sizes of these inputs, all of one shape, that fit every node up to `last`; None: none found."""
        written = self.nodes[min(inputs)].output.spatial
        try:
            axes = [self._axis(inputs, last, axis, size) for axis, size in enumerate(written)]
            below = self._whole(inputs, last, [axis.below for axis in axes])
            above = self._whole(inputs, last, [axis.above for axis in axes])
        except TooMuchWorkError:
            return None
        steady = above is not None and all(axis.steady for axis in axes)
        return Fitting(below, above, steady) if below or above else None

    def _axis(self, inputs: frozenset[int], last: int, axis: int, written: int) -> _Axis:
        if self._fits(inputs, last, axis, written):
            return _Axis(written, written, steady=True)
        lowest = max(1, written - MOST_CANDIDATES)
        below = next((n for n in range(written - 1, lowest - 1, -1) if self._fits(inputs, last, axis, n)), None)
        near = range(written + 1, written + MOST_CANDIDATES + 1)
        above = next((n for n in near if self._fits(inputs, last, axis, n)), None)
        if above is None:
            above = self._far(inputs, last, axis, written + MOST_CANDIDATES)
        steady = above is not None and all(self._fits(inputs, last, axis, above + n) for n in range(1, STEADY))
        return _Axis(below, above, steady)

    def _far(self, inputs: frozenset[int], last: int, axis: int, low: int) -> int | None:
        """The size from which on larger ones fit, as under a kernel that is too large, by halving."""
        high = LARGEST_ADVISED
        if low >= high or not self._fits(inputs, last, axis, high):
            return None
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._fits(inputs, last, axis, middle) else (middle, high)
        return high

    def _fits(self, inputs: frozenset[int], last: int, axis: int, size: int) -> bool:
        """Whether every node up to `last` accepts what arrives along one axis."""
        return self.sizes.walk(dict.fromkeys(inputs, size), last, axis).refusal is None

    def _whole(self, inputs: frozenset[int], last: int, sizes: Sequence[int | None]) -> Sizes | None:
        """The sizes, if every node up to `last` accepts them with all axes together."""
        whole = tuple(size for size in sizes if size is not None)
        if len(whole) < len(sizes):
            return None
        given = {index: replace(self.nodes[index].output, spatial=whole) for index in inputs}
        return whole if shapes_of(self.nodes[: last + 1], given) is not None else None


class _Axis(NamedTuple):
    below: int | None
    above: int | None
    steady: bool


def _is_shrunk(written: Sequence[Shape], arriving: Sequence[int | None], axis: int, made: Shape) -> bool:
    """Whether a join fits only because a map that was larger has one pixel now, which is spread over the others."""
    return any(
        size == 1 and axis < shape.rank and shape.spatial[axis] > 1 and axis < made.rank and made.spatial[axis] > 1
        for shape, size in zip(written, arriving, strict=True)
    )


def _with_size(shape: Shape, axis: int, size: int | None) -> Shape:
    if size is None or axis >= shape.rank:
        return shape
    return Shape(shape.channels, (*shape.spatial[:axis], size, *shape.spatial[axis + 1 :]))


def shapes_of(nodes: Sequence[Node], given: Mapping[int, Shape]) -> list[Shape] | None:
    """The output of each node where the inputs have other shapes; None where a layer refuses what arrives."""
    try:
        return list(other_shapes(nodes, given))
    except Refusal:
        return None


def other_shapes(nodes: Sequence[Node], given: Mapping[int, Shape]) -> Iterator[Shape]:
    """The output of each node where the inputs have other shapes; raises the Refusal of the first that has none."""
    found: list[Shape] = []
    for node in nodes:
        if node.inputs:
            found.append(node.layer.output_shape(tuple(found[index] for index in node.inputs)))
        else:
            found.append(given.get(node.index, node.output))
        refuse_too_large(found[-1], "the result", "")
        yield found[-1]
