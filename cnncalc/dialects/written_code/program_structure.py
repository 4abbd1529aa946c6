"""The nouns of a written program: definitions of blocks, their steps, their parameters.

`outline` makes them of a net; the writers print them.  Nothing here knows how a framework writes a block: as a class
or as a function.
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
    """A call of a block: its arguments by place, then by keyword those that differ from their default."""

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
