"""What Keras has for every operation of a net: a table of rules by the class of our layer, and their use.

An activation right behind a convolution or a dense layer of the same line becomes its `activation=`.  What Keras cannot
say is collected, every line of it, and refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cnncalc.diagnostics import Diagnostic, InputError
from cnncalc.dialects.keras.writing.activation_pieces import ACTIVATIONS, activation_name
from cnncalc.dialects.keras.writing.array_pieces import ARRAYS
from cnncalc.dialects.keras.writing.keras_initializers import written_count
from cnncalc.dialects.keras.writing.keras_operation import KerasOperation, NotInKerasError
from cnncalc.dialects.keras.writing.map_pieces import MAPS
from cnncalc.dialects.keras.writing.own_pieces import OWN
from cnncalc.dialects.keras.writing.plain_pieces import PLAIN
from cnncalc.dialects.keras.writing.window_pieces import WINDOWS
from cnncalc.dialects.written_code.literal_numbers import unwritten_arrays
from cnncalc.dialects.written_code.pieces import Argument, Made, Piece
from cnncalc.graph.ir import Graph, Node, Row

RULES: Mapping[str, Callable[[KerasOperation], Piece]] = {**WINDOWS, **ACTIVATIONS, **PLAIN, **MAPS, **OWN, **ARRAYS}
"""The class of our layer -> the rule that writes it."""

_ACTIVATED = ("Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "Dense",
              "SeparableConv2D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")  # fmt: skip
"""Layers of Keras with an `activation=`."""

MOST_FAULTS = 20


def pieces(graph: Graph) -> tuple[Piece, ...]:
    """The pieces of a net in its order; raises InputError with every line that Keras has no layer for."""
    found: list[Piece] = []
    faults: list[Diagnostic] = []
    folded: set[int] = set()
    readers = _readers(graph)
    rows = {node: row for row in graph.rows for node in range(row.first, row.last + 1)}
    for node in graph.nodes:
        if node.index in folded or (node.is_input and node.layer.data is None):  # type: ignore[attr-defined]
            continue
        try:
            piece = _piece(graph, node)
        except NotInKerasError as fault:
            faults.append(_fault(node, fault))
            continue
        after = _activation_behind(graph, node, rows.get(node.index), readers)
        if after is not None and (whole := _with_activation(piece, after)) is not None:
            folded.add(after.index)
            piece = whole
        found.append(piece)
    if faults:
        raise InputError(tuple(faults[:MOST_FAULTS]), graph.source)
    return tuple(found)


def unsaid(graph: Graph) -> Iterator[str]:
    """Sentences about stated numbers that are too many for the text of a program."""
    for name, count in unwritten_arrays(graph, written_count):
        yield f"The {count:,} numbers that the net states for {name} come from its file of weights."


def _piece(graph: Graph, node: Node) -> Piece:
    rule = RULES.get(type(node.layer).__name__)
    if rule is None:
        raise NotInKerasError("there is no layer for it", "write the net without it")
    return rule(KerasOperation(graph, node))


def _fault(node: Node, fault: NotInKerasError) -> Diagnostic:
    message = f"Keras cannot say this `{node.layer.word}`: {fault}"
    advice = fault.advice or "`cnncalc explain keras` lists what can be written"
    return Diagnostic("not-in-keras", message, node.origin.span, help=advice)


def _readers(graph: Graph) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {node.index: [] for node in graph.nodes}
    for node in graph.nodes:
        for read in node.inputs:
            found[read].append(node.index)
    for output in graph.outputs:
        found[output].append(-1)
    return found


def _activation_behind(graph: Graph, node: Node, row: Row | None, readers: Mapping[int, list[int]]) -> Node | None:
    """The activation that follows on the same line and is the only one that reads the operation."""
    if row is None or node.index >= row.last or readers[node.index] != [node.index + 1]:
        return None
    after = graph.nodes[node.index + 1]
    return after if len(after.inputs) == 1 and activation_name(after.layer) else None


def _with_activation(piece: Piece, after: Node) -> Piece | None:
    """The piece with the activation in its last layer; None where that layer takes none."""
    name = activation_name(after.layer)
    if not piece.chained or piece.made[-1].callee.removeprefix("layers.") not in _ACTIVATED:
        return None
    *before, last = piece.made
    made = (*before, _with(last, Argument("activation", name)))
    return piece._replace(nodes=(*piece.nodes, after.index), made=made, chained=made)


def _with(made: Made, one: Argument) -> Made:
    """The layer with this value of an argument that was the usual one."""
    return made._replace(arguments=tuple(one if each.keyword == one.keyword else each for each in made.arguments))
