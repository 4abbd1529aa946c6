"""Pieces of no framework: one for every operation, made with the fields of its layer and the channels that arrive."""

from __future__ import annotations

from dataclasses import fields

from cnncalc.dialects.written_code.pieces import Argument, Made, Piece, Plain, Value
from cnncalc.geometry import Padding
from cnncalc.graph.ir import Graph, Node


def plain_pieces(graph: Graph) -> tuple[Piece, ...]:
    """A piece for every operation but the inputs."""
    return tuple(_piece(graph, node) for node in graph.nodes if not node.is_input)


def _piece(graph: Graph, node: Node) -> Piece:
    places = [f"{{x{place}}}" for place in range(len(node.inputs))]
    arguments = [Argument("in_channels", graph.nodes[node.inputs[0]].output.channels)] if node.inputs else []
    for field in fields(node.layer):
        value = _plain(getattr(node.layer, field.name))
        arguments.append(Argument(field.name, value, default=field.name == "stride" and value == 1))
    made = Made(node.layer.word, tuple(arguments))
    return Piece((node.index,), node.inputs, node.layer.word, f"{{m0}}({', '.join(places)})", (made,))


def _plain(value: object) -> Value:
    if isinstance(value, Padding):
        value = (value.mode, *value.sides)
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        parts = tuple(_plain(one) for one in value)
        return parts[0] if parts and len({repr(one) for one in parts}) == 1 and isinstance(parts[0], int) else parts
    if value is None or isinstance(value, (int, float, str)):
        return value
    return Plain(repr(value))
