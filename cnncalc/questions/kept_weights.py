"""Sizes of the input that keep the weights of a net: a dense layer after `flatten` has weights for every pixel.

Such a net can be written for any size, but weights trained at one size serve only the sizes that give the same count.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from cnncalc.geometry import Shape, Sizes
from cnncalc.graph.fitting_sizes import shapes_of
from cnncalc.graph.ir import Node

FARTHEST = 256
"""Sizes looked at on either side of the one of the net, for each axis."""


class KeptWeights(NamedTuple):
    """The first node whose weights depend on the size of the input, and for each axis the sizes that keep them all.

    A range is the first and the last size; the sizes between are all of them.
    """

    node: Node
    ranges: tuple[tuple[int, int], ...]


def kept_weights(nodes: Sequence[Node], inputs: Sequence[Node], sizes: Sizes, other: Sizes) -> KeptWeights | None:
    """Which sizes keep the weights that the net has at `sizes`; None where none of them depends on the size.

    `other` are sizes that fit too, by which the weights that depend on it are found.
    """
    own, changed = _shapes(nodes, inputs, sizes), _shapes(nodes, inputs, other)
    if own is None or changed is None:
        return None
    bound = [node for node in nodes if node.inputs and _weights(node, own) != _weights(node, changed)]
    if not bound:
        return None
    wanted = [_weights(node, own) for node in bound]

    def keeps(tried: Sizes) -> bool:
        shapes = _shapes(nodes, inputs, tried)
        return shapes is not None and [_weights(node, shapes) for node in bound] == wanted

    return KeptWeights(bound[0], tuple(_range(sizes, axis, keeps) for axis in range(len(sizes))))


def _range(sizes: Sizes, axis: int, keeps: Callable[[Sizes], bool]) -> tuple[int, int]:
    """The first and the last size of one axis, among neighbours that all keep the weights."""
    own = sizes[axis]
    sides = range(own - 1, max(0, own - FARTHEST), -1), range(own + 1, own + FARTHEST)
    below, above = (
        sum(1 for _ in takewhile(lambda n: keeps((*sizes[:axis], n, *sizes[axis + 1 :])), side)) for side in sides
    )
    return own - below, own + above


def _shapes(nodes: Sequence[Node], inputs: Sequence[Node], sizes: Sizes) -> Sequence[Shape] | None:
    given: Mapping[int, Shape] = {node.index: replace(node.output, spatial=sizes) for node in inputs}
    return shapes_of(nodes, given)


def _weights(node: Node, shapes: Sequence[Shape]) -> list[tuple[int, ...]]:
    arriving = tuple(shapes[index] for index in node.inputs)
    return [weight.shape for weight in node.layer.weights(arriving)]
