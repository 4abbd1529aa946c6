"""Which numbers of a net's inputs one number depends on, layer by layer backwards from it.

What each layer reads is in `kernel_reads`; here the graph is gone through, with what is read of each map kept in few
parts (`cells`), so that the work is bounded by the number of layers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cnncalc.analysis.cell_field.kernel_reads import Reader
from cnncalc.analysis.cell_field.map_parts import Along, Cells, Parts
from cnncalc.analysis.cell_field.spans import Span
from cnncalc.analysis.model import NodeAnalysis

__all__ = ["Along", "Cells", "cells_read"]


def cells_read(
    nodes: Sequence[NodeAnalysis], node: NodeAnalysis, channels: Span, place: tuple[int, int, int]
) -> dict[int, list[Cells]]:
    """For each input that leads to a node what the numbers of these channels at a place depend on, part by part."""
    needed: dict[int, Parts] = defaultdict(Parts)
    z, y, x = (Along.of(((at, at),)) for at in place)
    needed[node.node.index].add(Cells((channels,), (z, y, x)))
    leading = {node.node.index}
    found: dict[int, list[Cells]] = {}
    for one in reversed(nodes[: node.node.index + 1]):
        index = one.node.index
        if index not in leading:
            continue
        leading.update(one.node.inputs)
        parts = needed.pop(index, Parts()).parts
        if one.node.is_input:
            found[index] = parts
        elif parts and one.node.inputs:
            reader = Reader.of(one)
            for part in parts:
                for n, cells in reader.read(part):
                    needed[one.node.inputs[n]].add(cells)
    return dict(sorted(found.items()))
