"""A net put together to its end although sizes do not fit somewhere: such a layer is supposed to give some size.

What layers there are and what feeds them does not depend on the size of a picture, so this net can be asked which sizes
would fit it (`cnncalc.graph.fitting_sizes`).  It is made only where a fault of sizes was found, and nobody sees it.
"""

from __future__ import annotations

from cnncalc.diagnostics import Refusal
from cnncalc.geometry import Shape, Sizes
from cnncalc.graph.building import Builder
from cnncalc.graph.faults import OF_SIZES
from cnncalc.layers.base import Layer, Weight

MOST_SUPPOSED = 50
"""Layers of one net whose size is supposed; with more, the net is left where it stops."""

_MORE = (*range(1, 65), 128, 256, 512, 1024, 4096)
"""Rows that are added to every axis of what arrives until the layer accepts it."""


class SupposingBuilder(Builder):
    """Puts a net together as `Builder` does, and goes on after a layer that refuses the size of what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: dict[int, tuple[Shape, ...]] = {}
        """For the index of each node that refused its inputs, shapes of the same channels that it accepts."""

    def checked_shape(self, layer: Layer, shapes: tuple[Shape, ...]) -> Shape:
        try:
            return super().checked_shape(layer, shapes)
        except Refusal as refusal:
            instead = accepted_shapes(layer, shapes) if refusal.code in OF_SIZES else None
            if instead is None or len(self.accepted) >= MOST_SUPPOSED:
                raise
        shape = super().checked_shape(layer, instead)  # which may be refused for its weights: then there is no node
        self.accepted[len(self.nodes)] = instead
        return shape

    def weights_of(self, node: int) -> tuple[Weight, ...]:
        accepted = self.accepted.get(node)
        return super().weights_of(node) if accepted is None else self.nodes[node].layer.weights(accepted)


def accepted_shapes(layer: Layer, shapes: tuple[Shape, ...]) -> tuple[Shape, ...] | None:
    """Shapes with the same channels that the layer accepts: alike for a join, larger otherwise; None: no such sizes.

    >>> from cnncalc.layers.conv import Conv
    >>> accepted_shapes(Conv(filters=8, kernel_size=(5,)), (Shape(3, (4, 2)),))
    (Shape(channels=3, spatial=(7, 5)),)
    """
    ranks = {shape.rank for shape in shapes if shape.rank}
    if len(ranks) != 1:
        return None
    for sizes in _other_sizes(shapes):
        others = tuple(Shape(shape.channels, sizes) if shape.rank else shape for shape in shapes)
        try:
            layer.output_shape(others)
        except Refusal:
            continue
        return others
    return None


def _other_sizes(shapes: tuple[Shape, ...]) -> list[Sizes]:
    smallest = tuple(map(min, zip(*(shape.spatial for shape in shapes if shape.rank), strict=True)))
    if len(shapes) > 1:
        return [smallest]
    return [tuple(size + more for size in smallest) for more in _MORE]
