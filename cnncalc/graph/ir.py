"""The net as data: operations, what feeds what, and which line of the text each came from.

A `Node` is one operation.  A `Row` is one line of the table: a layer with its post words (`conv 64 3x3 bn relu` is
one row of three nodes).  A `Group` is one call of a block: the rows it expanded to.  Nodes stand in an order in which
every node comes after its inputs.  Shapes are found while binding (`$in` needs them), by the layers' own rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, NamedTuple

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.geometry import Order, Shape
from cnncalc.graph.stored import Stored
from cnncalc.layers.base import Layer
from cnncalc.spec.document import Answer, Document

Count = Literal["keras", "torch", "pytorch", "caffe"]
"""Whose parameter count the numbers mean.  A file says `keras`, which adds the running statistics of batch norm, or
`torch`, which is what is learned; `pytorch` and `caffe`, for which a reader asks, are what their own layers hold."""


class Origin(NamedTuple):
    """Where something was written: its line, the spans of its arguments by name, and the block calls around it.

    In a program `span` is the call of a module, `made` the call that made it, where its arguments are too, and `trail`
    holds the calls of modules and functions around, innermost first; `called` is what it calls, where that is known:
    the class of a module (`Linear`), a function (`F.relu`, `torch.relu`), a method (`.relu`) or an operator (`@`).
    """

    span: Span
    arguments: Mapping[str, Span] = MappingProxyType({})
    trail: tuple[Span, ...] = ()
    made: Span | None = None
    called: str = ""


class Node(NamedTuple):
    """One operation.  `name` is unique in the net (`conv1`, `first_2.conv_1`); weights are stored under it.

    `shares` is the node whose weights it uses in place of its own, one that shares with no other.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, for which nobody asks
    name: str
    layer: Layer
    inputs: tuple[int, ...]
    output: Shape
    origin: Origin
    shares: int | None = None
    frozen: frozenset[str] = frozenset()
    """The names of the weights that training leaves as they are: parameters, and none of the trainable ones."""

    @property
    def is_input(self) -> bool:
        """Whether it is a picture that the net is given; a learned array reads nothing either and is none."""
        return not self.inputs and self.layer.word == "input"


class Row(NamedTuple):
    """One line of the table: nodes `first` to `last`, both included; the last one's output is the row's.

    `depth` counts the blocks and branches around it; `branches` are the levels, counted from 1, that are branches, and
    `begins` those whose branch begins with this row.  `times N` makes N neighbouring rows: `copies` is N, `copy`
    counts from 1, and only the last copy carries the line's label and answers.  `empty_branches` are the branches
    without a line that end right before this row: the level of each, and the node whose output it passes on unchanged.

    A row of a program is one call of a layer.  Its node has the whole path of the module as its name, as a state_dict
    writes it (`layer1.0.conv1`); `label` is the last part of it where the program gives that name (`conv1`; None for a
    place in a list, `0`, and for a call without a module), so that copies of a block are alike; `text` is the layer in
    our own words, without the names of what it joins.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, for which nobody asks
    first: int
    last: int
    word: str
    text: str
    label: str | None
    origin: Origin
    depth: int = 0
    answers: tuple[Answer, ...] = ()
    worth: tuple[Fraction, ...] = ()
    copy: int = 1
    copies: int = 1
    branches: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    empty_branches: tuple[tuple[int, int], ...] = ()


class Group(NamedTuple):
    """One call of a block: rows `first` to `last`, both included (`last < first`: none).

    A call with `times N` is one group of all its `copies`; `node` is the node whose output it hands on.  A call that a
    fault cut short is not `complete`: it has no output of its own.  `settings` are the block's parameters with their
    values as words, those of the first copy.

    A group of a program is one call of a module with parts: `word` and `text` are its class, `label` is as a row's, and
    `path` is its whole path (`layer1.0`); empty in a text of our own, where calls around it make up its name.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, for which nobody asks
    first: int
    last: int
    word: str
    text: str
    label: str | None
    origin: Origin
    depth: int = 0
    answers: tuple[Answer, ...] = ()
    worth: tuple[Fraction, ...] = ()
    copies: int = 1
    node: int = -1
    complete: bool = True
    settings: tuple[tuple[str, str], ...] = ()
    path: str = ""


class Question(NamedTuple):
    """An `answer 2a "..." conv2.rf = 14` line: the label it is about and what is claimed."""

    number: str
    text: str
    label: str
    answer: Answer
    origin: Origin
    worth: tuple[Fraction, ...] = ()


class Resized(NamedTuple):
    """An input line that got another size from outside the text (`--input`): its name, its line, both shapes."""

    name: str
    line: int
    written: Shape
    given: Shape

    @property
    def changed(self) -> bool:
        """Whether the size is another one than that of the text."""
        return self.given != self.written


class Cut(NamedTuple):
    """Where a net was cut: the line's name as it was given, and the whole net.

    `owners`: a node that owns weights now because their owner is left out -> the name of that owner.
    """

    place: str
    whole: Graph
    owners: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, repr=False)
class Graph:
    """A whole net.  `outputs` are node indexes: those that `output a b` names, else every result that nothing reads."""

    source: Source
    nodes: tuple[Node, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...] = ()
    outputs: tuple[int, ...] = ()
    outputs_named: bool = False
    title: str = ""
    order: Order = "channels_last"
    count: Count | None = None
    classes: str = ""
    """The list that ships with cnncalc and names its classes: imagenet, coco, voc; empty where none is said."""
    class_names: tuple[str, ...] = ()
    """The names of its classes, where the file that it is read from has them."""
    labels: Mapping[str, int] = field(default_factory=dict)
    """Top-level label -> row index, or ~group index (negative) for a labelled block call; in a program whole paths,
    also of what lies deeper: the first row of each module, the first call of each group."""
    totals: tuple[Answer, ...] = ()
    totals_origin: Origin | None = None
    totals_worth: tuple[Fraction, ...] = ()
    questions: tuple[Question, ...] = ()
    rounding: Literal["own", "exact"] = "exact"
    """Whether a number that is rounded at its own last digit is a right answer (`own`)."""
    homework: str = ""
    student: tuple[str, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    own_pads: bool = False
    """Whether its notation has a rule of its own for padding, which nobody who writes it chooses."""
    uncalled: tuple[tuple[str, int, int, int], ...] = ()
    """What a program makes and never calls: path, params, buffers, frozen params; all counts of a net hold them."""
    second_paths: tuple[str, ...] = ()
    """Further paths of parts that a program holds more than once; files of weights may have their arrays twice."""
    weights_in: str = ""
    """The file that the net was read from, where that has its weights too."""
    stored: Mapping[str, Stored] = field(default_factory=dict)
    """`node.weight` -> which array of that file it is, where the file does not say so by its names alone."""
    resized: tuple[Resized, ...] = ()
    """Every input line that `--input` gave its size, also where that is the one that was written."""
    cut: Cut | None = field(default=None, repr=False, compare=False)
    """The line with which it ends, where that is not the end of its text."""
    taken: Mapping[Span, int] = field(default_factory=dict, repr=False, compare=False)
    """Where a part of an `if` begins -> how often it was taken; parts that never were are not in it."""
    document: Document | None = field(default=None, repr=False, compare=False)
    """The text in our language that says this net, with what was set from outside in it; None where none does."""

    def __repr__(self) -> str:
        return f"<Graph of {self.where}: {len(self.rows)} rows, {len(self.nodes)} nodes>"

    @property
    def heading(self) -> str:
        """What is written above its tables: its title, else that of its homework; empty without either."""
        return self.title or self.homework

    @property
    def where(self) -> str:
        """What is written below the heading: where the net is from; what the heading says is not said again."""
        return self.source.name if self.heading == self.source.entry else self.source.shown

    @property
    def until(self) -> str | None:
        """The line with which it ends, by the name that was asked for; None where that is the end of its text."""
        return None if self.cut is None else self.cut.place

    @property
    def whole_document(self) -> Document | None:
        """The text that says this net, or that says the whole net of which this is a part."""
        return self.document if self.cut is None else self.cut.whole.document

    @property
    def has_other_size(self) -> bool:
        """Whether an input has another size than its text says."""
        return any(one.changed for one in self.resized)
