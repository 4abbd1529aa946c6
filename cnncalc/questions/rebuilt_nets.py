"""A net with some of its operations changed: put together again from the layers, each asked for its shape anew.

The text is not read again, so that nets of any notation can be changed, and quickly.  What is written around a net
(answers, questions, labels, blocks) is left out: only its numbers are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from cnncalc.diagnostics import Refusal
from cnncalc.graph.building import Builder
from cnncalc.graph.ir import Graph, Node, Row
from cnncalc.layers.base import Layer

Change = Callable[[Node], tuple[Layer, ...]]
"""What a node becomes: its own layer, another one, several in a row, or none, so that its input is handed on."""


class Rebuilt(NamedTuple):
    """A changed net; `origins` holds for each of its nodes the index of that in the net that it was made of.

    A node that was added has the origin -1; of a net that was read anew, no node has one.
    """

    graph: Graph
    origins: tuple[int, ...]


def unchanged(node: Node) -> tuple[Layer, ...]:
    """The node as it is."""
    return (node.layer,)


def rebuilt(graph: Graph, change: Change = unchanged, kept: Iterable[int] | None = None) -> Rebuilt | None:
    """The net with each node changed, of the nodes `kept` alone; None where a layer refuses what then arrives.

    What nothing reads any more is its output, unless outputs are named and one of them is kept.
    """
    builder, places, origins = Builder(), dict[int, tuple[int, int]](), list[int]()
    wanted = None if kept is None else set(kept)
    try:
        for node in graph.nodes:
            if wanted is None or node.index in wanted:
                layers = change(node)
                places[node.index] = _built(builder, node, layers, places)
                origins += [node.index, *[-1] * len(layers)][: len(layers)]
    except Refusal:
        return None
    named = tuple(places[i][1] for i in graph.outputs if i in places) if graph.outputs_named else ()
    new = replace(
        graph,
        nodes=tuple(builder.nodes),
        rows=_rows(graph, places),
        groups=(),
        outputs=named or builder.leaves(),
        labels={},
        totals=(),
        questions=(),
        document=None,
    )
    return Rebuilt(new, tuple(origins))


def _built(
    builder: Builder, node: Node, layers: tuple[Layer, ...], places: dict[int, tuple[int, int]]
) -> tuple[int, int]:
    """Adds what a node has become; the index of the first, and of the node whose output is now read for its own."""
    reads = tuple(places[i][1] for i in node.inputs)
    first = len(builder.nodes)
    for number, layer in enumerate(layers):
        index = builder.node(layer, reads, node.name if not number else f"{node.name}_{number}", node.origin)
        if not number:
            shares = None if node.shares is None or node.shares not in places else places[node.shares][0]
            builder.nodes[index] = builder.nodes[index]._replace(shares=shares, frozen=node.frozen)
        reads = (index,)
    return (first, reads[0]) if layers else (-1, reads[0])


def _rows(graph: Graph, places: dict[int, tuple[int, int]]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for row in graph.rows:
        built = [places[i] for i in range(row.first, row.last + 1) if i in places and places[i][0] >= 0]
        if built:
            rows.append(row._replace(index=len(rows), first=built[0][0], last=built[-1][1], answers=(), worth=()))
    return tuple(rows)


def ancestors(graph: Graph, index: int) -> set[int]:
    """The node itself and everything that its output depends on, weights that it uses among them."""
    found, waiting = set[int](), [index]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            node = graph.nodes[at]
            waiting += [*node.inputs, *(() if node.shares is None else (node.shares,))]
    return found


def readers(graph: Graph) -> dict[int, list[int]]:
    """The nodes that read each node's output."""
    found: dict[int, list[int]] = {}
    for node in graph.nodes:
        for index in node.inputs:
            found.setdefault(index, []).append(node.index)
    return found
