"""The numbers that move between memory and processor: what a line reads and writes, each array once.

That is the least any program can do whose caches hold no whole map: a line's words (`conv 64 3x3 bn relu`) work on it
in one go, and what the line above wrote is read again.  FLOPs by these bytes are the arithmetic intensity (Williams et
al. 2009, the roofline model).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.analysis.stored_bytes import BYTES, DType
from cnncalc.graph.ir import Graph

if TYPE_CHECKING:
    from cnncalc.analysis.model import Figures


def moved_numbers(graph: Graph, first: int, last: int, stored: int, batch: int) -> int:
    """What the nodes `first` to `last` read and write together for a batch of images.

    `stored` are their params and buffers, which are read once however many the images are.  A view moves nothing, and
    neither does an input line: its picture is there already.
    """
    nodes = graph.nodes[first : last + 1]
    if all(node.layer.is_view or node.is_input for node in nodes):
        return 0
    arriving = dict.fromkeys(i for node in nodes for i in node.inputs if i < first)
    read = sum(graph.nodes[i].output.elements for i in arriving)
    return (read + nodes[-1].output.elements) * batch + stored


def moved_bytes(figures: Figures, dtype: DType) -> int:
    """The bytes that are read and written, where every number has this type."""
    return figures.moved * BYTES[dtype]


def intensity(figures: Figures, dtype: DType) -> Fraction | None:
    """FLOPs for each byte that moves; None where nothing moves."""
    return Fraction(figures.cost.flops, moved_bytes(figures, dtype)) if figures.moved else None
