"""The multiply-accumulates of a net that padding has no part in.

A plain convolution multiplies the zeros of its own padding, or those of a `pad` line before it; a transposed one also
makes the rows that its padding cuts off again.
"""

from __future__ import annotations

from math import prod

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.layers.depthwise import SeparableConv
from cnncalc.layers.sliding import SlidingWindow
from cnncalc.layers.upconv import Transposed, UpAxis
from cnncalc.questions.pads_apart import is_pad, takes_pads, with_pad


def macs_inside(analysis: Analysis) -> int:
    """The multiply-accumulates that read the image and reach the result."""
    return sum(_of_node(_with_pads(node, analysis)) for node in analysis.nodes if node.figures.cost.macs)


def _with_pads(node: NodeAnalysis, analysis: Analysis) -> NodeAnalysis:
    """The operation with the zeros of all pads right before it as its own."""
    before = analysis.nodes[node.node.inputs[0]] if node.node.inputs else None
    while before is not None and is_pad(before) and takes_pads(node):
        node = with_pad(before, node)
        before = analysis.nodes[before.node.inputs[0]]
    return node


def _of_node(node: NodeAnalysis) -> int:
    macs, layer = node.figures.cost.macs, node.node.layer
    if isinstance(layer, Transposed):
        cut = layer.axes(node.inputs[0])
        return macs * prod(map(_taps_kept, cut)) // prod(axis.kernel * axis.size for axis in cut)
    if not isinstance(layer, SlidingWindow):
        return macs
    axes = layer.axes(node.inputs[0])
    inside, every = prod(axis.taps_inside for axis in axes), prod(axis.kernel * axis.outputs for axis in axes)
    if isinstance(layer, SeparableConv):
        first = macs * prod(axis.kernel for axis in axes) // (prod(axis.kernel for axis in axes) + layer.filters)
        return macs - first + first * inside // every
    return macs * inside // every


def _taps_kept(axis: UpAxis) -> int:
    """How often a tap of the kernel makes a part of a row that is kept, over all rows that arrive.

    >>> _taps_kept(UpAxis("width", 8, 4, 2, 1, 1, 1, 0, 16))
    30
    """
    rows = (place * axis.stride - axis.before for place in range(axis.size))
    return sum(0 <= row + tap * axis.dilation < axis.outputs for row in rows for tap in range(axis.kernel))
