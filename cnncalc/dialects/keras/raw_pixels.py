"""A net that begins with a Rescaling reads pixels as they are, 0..255: its input line says so (`scale=1`).

Without that word a picture becomes values 0..1, as most nets read them, which such a net would divide a second time.
"""

from __future__ import annotations

from dataclasses import replace

from cnncalc.dialects.flat_text import layer_words
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import Layer
from cnncalc.layers.input import Input
from cnncalc.layers.pointwise import Affine, Scale

SMALLEST_FACTOR = 0.05
"""A factor below it brings 0..255 to about 1; those of values 0..1 are larger."""


def with_raw_pixels(graph: Graph) -> Graph:
    """The net, each of whose pictures that nothing but a Rescaling of pixels reads has `scale=1`."""
    readers: dict[int, list[Layer]] = {}
    for node in graph.nodes:
        for read in node.inputs:
            readers.setdefault(read, []).append(node.layer)
    raw = {one.index: _raw(one) for one in graph.nodes if _is_raw(one, readers.get(one.index, []))}
    if not raw:
        return graph
    nodes = tuple(raw.get(one.index, one) for one in graph.nodes)
    rows = tuple(
        row._replace(text=" ".join(layer_words(raw[row.first].layer, graph.order))) if row.first in raw else row
        for row in graph.rows
    )
    return replace(graph, nodes=nodes, rows=rows)


def _is_raw(node: Node, readers: list[Layer]) -> bool:
    is_picture = isinstance(node.layer, Input) and node.output.rank == 2 and not node.layer.scale
    return is_picture and bool(readers) and all(_divides_pixels(one) for one in readers)


def _divides_pixels(layer: Layer) -> bool:
    factors = layer.factor if isinstance(layer, Affine) else (layer.factor,) if isinstance(layer, Scale) else ()
    return bool(factors) and all(one is not None and 0 < abs(one) < SMALLEST_FACTOR for one in factors)


def _raw(node: Node) -> Node:
    assert isinstance(node.layer, Input)
    return node._replace(layer=replace(node.layer, scale=(1,)))
