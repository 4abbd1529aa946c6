"""The pads of a line, as its kernel is told them: what an answer `padding` is about."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.asked.quantity import Pads
from cnncalc.geometry import Shape
from cnncalc.layers.base import Layer


def pads_of(layer: Layer, inputs: tuple[Shape, ...]) -> Pads | None:
    """The layer's pads; None for one that pads nothing and has no window that might."""
    numbers = layer.kernel_call(inputs).numbers
    if "before" not in numbers or "after" not in numbers:
        return None
    rank = inputs[0].rank
    return tuple(zip(numbers["before"][-rank:], numbers["after"][-rank:], strict=True))


def padded_node(analysis: Analysis, node: int) -> NodeAnalysis | None:
    """The operation of a line that pads, given the line's last: its post words stand behind it."""
    return next((one for one in _line_of(analysis, node) if pads_of(one.node.layer, one.inputs) is not None), None)


def unrounded_sizes(analysis: Analysis, node: int) -> tuple[Fraction, ...] | None:
    """The sizes of a line's result before they are rounded, given the line's last node; None where no window slides."""
    sizes = (one.node.layer.unrounded_spatial(one.inputs) for one in _line_of(analysis, node))
    return next((found for found in sizes if found is not None), None)


def _line_of(analysis: Analysis, node: int) -> Iterator[NodeAnalysis]:
    """The operations of a line, the last first; inputs are none."""
    line = analysis.nodes[node].node.origin.span.line
    found = analysis.nodes[node]
    while found.node.inputs and found.node.origin.span.line == line:
        yield found
        found = analysis.nodes[found.node.inputs[0]]
