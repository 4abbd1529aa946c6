"""A layer that takes several operators, as a text of our own beside each of them, and what such a text says.

The text is that of the smallest net with the layer: a line for each map that arrives, with its size, then the layer's
own.  A reader believes it only where the operators are those that this layer is written in (`own_layers`).
"""

from __future__ import annotations

from functools import lru_cache

from cnncalc.diagnostics import Source, Span
from cnncalc.dialects.flat_text import flat_text
from cnncalc.dialects.traced.model_inputs import input_layer
from cnncalc.graph import load_graph
from cnncalc.graph.building import Builder
from cnncalc.graph.ir import Graph, Node, Origin, Row

NOWHERE = Origin(Span(1, 1))

LONGEST = 100_000
"""Letters of a text that is read."""


def layer_text(graph: Graph, node: Node) -> str:
    """The smallest net with the layer of a node."""
    builder = Builder()
    for at, one in enumerate(node.inputs):
        made = builder.node(input_layer(graph.nodes[one].output, graph.order), (), f"x{at}", NOWHERE)
        builder.row(Row(0, made, made, "input", "", f"x{at}", NOWHERE))
    last = builder.node(node.layer, tuple(range(len(node.inputs))), "layer", NOWHERE)
    builder.row(Row(0, last, last, node.layer.word, "", None, NOWHERE))
    net = Graph(Source("layer", ""), tuple(builder.nodes), tuple(builder.rows), outputs=(last,), order=graph.order)
    return flat_text(net).strip()


@lru_cache(256)
def layer_said(text: str) -> Graph | None:
    """The net of such a text, whose last node is the layer; None where it is none."""
    if len(text) > LONGEST:
        return None
    graph, faults = load_graph(Source("layer", text))
    if faults or not graph.nodes or len(graph.rows) != len(graph.nodes):
        return None
    *arriving, last = graph.nodes
    is_one = all(node.is_input for node in arriving) and last.inputs == tuple(range(len(arriving)))
    return graph if is_one else None
