"""The structure of a net's program: blocks that are defined once, called with what differs, repeated where they repeat.

`outline` makes it of a net and of the pieces that a framework has for it; whatever text is printed of it says the same
net.  Nothing here knows how a framework writes a block: as a class or as a function.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cnncalc.dialects.written_code.pieces import Argument, Piece, Value
from cnncalc.graph.ir import Graph


class Result(NamedTuple):
    """Something that is computed in a block: result `number` of the step, or input `-1 - step` of the block itself."""

    step: int
    number: int = 0


class Parameter(NamedTuple):
    """What a block is called with; `default` is None where every call says it."""

    name: str
    default: Value = None


class Apply(NamedTuple):
    """A piece; its numbers may be `Expression`s of the block's parameters.

    `name` is the label, or empty.  `again` is the step of this block whose parts it uses too: weights that are shared.
    """

    piece: Piece
    reads: tuple[Result, ...]
    name: str = ""
    again: int | None = None


class Call(NamedTuple):
    """A call of a block."""

    definition: Definition
    arguments: tuple[Argument, ...]
    reads: tuple[Result, ...]
    name: str = ""
    again: int | None = None


class Repeat(NamedTuple):
    """A step that is done `times` in a row, each time on what the time before made.

    Its numbers may be `Expression`s of `counter`, which counts from 0; empty where none is.  Reads are the first one's.
    """

    times: Value
    step: Apply | Call
    reads: tuple[Result, ...]
    counter: str = ""
    name: str = ""


Step = Apply | Call | Repeat


@dataclass(frozen=True)
class Definition:
    """A block: what it is called (a word of the net's text), its parameters, the names of its inputs, its steps."""

    name: str
    parameters: tuple[Parameter, ...]
    inputs: tuple[str, ...]
    steps: tuple[Step, ...]
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Outline:
    """A whole program: every block after those that it calls, and the net itself."""

    graph: Graph
    definitions: tuple[Definition, ...]
    net: Definition


def outline(graph: Graph, pieces: tuple[Piece, ...]) -> Outline:
    """The program of a net; the inputs that are given to it have no piece."""
    given = [node for node in graph.nodes if node.is_input and not any(node.index in one.nodes for one in pieces)]
    made_by = {node.index: Result(-1 - place) for place, node in enumerate(given)}
    steps: list[Step] = []
    labels = {row.first: row.label for row in graph.rows if row.label}
    for piece in pieces:
        reads = tuple(made_by[read] for read in piece.reads)
        made_by[piece.result] = Result(len(steps))
        made, chained = ([one.with_values_said() for one in parts] for parts in (piece.made, piece.chained))
        said = piece._replace(made=tuple(made), chained=tuple(chained))
        steps.append(Apply(said, reads, labels.get(piece.nodes[0], "")))
    results = tuple(made_by[output] for output in graph.outputs)
    names = ("x",) if len(given) == 1 else tuple(node.name for node in given)
    return Outline(graph, (), Definition(graph.title or "net", (), names, tuple(steps), results))
