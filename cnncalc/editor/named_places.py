"""Everything in a text that has a name, with the place that gives it and the places that use it.

Labels and `$names` belong to a room: the file, a block, the lines of a repeat.  A repeat sees what is around it, a
block sees the file's constants, and no labels but its own.  What the text cannot be read for has no names here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.graph.signatures import signature
from cnncalc.layers.registry import WORDS, layer_class
from cnncalc.spec.document import (
    Argument,
    Asked,
    BlockDefinition,
    Call,
    Conditional,
    Definition,
    Directive,
    Document,
    Let,
    Option,
    Repeat,
    Split,
    Statement,
    Token,
)
from cnncalc.spec.lexing import Line, lexed

Kind = Literal["label", "block", "parameter", "constant", "counter", "matrix"]

SHARED = "shared"
_DOLLAR = re.compile(r"\$in\(([^()]*)\)|\$\{(\w+)\}|\$(\w+)")


class Named(NamedTuple):
    """One name.  `statement` gives it; `room` is what it belongs to: 0 is the file."""

    kind: Kind
    name: str
    span: Span
    uses: tuple[Span, ...]
    statement: Statement
    room: int = 0

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every place where the name is written, by their order in the text."""
        return tuple(sorted({self.span, *self.uses}))


@dataclass
class _Open:
    """A name that is being found."""

    kind: Kind
    name: str
    span: Span
    statement: Statement
    room: int
    uses: list[Span] = field(default_factory=list)


@dataclass
class _Room:
    """The names of a file, a block or a repeat, with those of the room around it where they are seen."""

    number: int
    labels: dict[str, _Open] = field(default_factory=dict)
    values: dict[str, _Open] = field(default_factory=dict)
    outer: _Room | None = None
    constants: _Room | None = None

    def label(self, name: str) -> _Open | None:
        """The label of that name which a line here means."""
        return self.labels.get(name) or (self.outer.label(name) if self.outer else None)

    def value(self, name: str) -> _Open | None:
        """What `$name` means here."""
        found = self.values.get(name) or (self.outer.value(name) if self.outer else None)
        return found or (self.constants.value(name) if self.constants else None)


def named_places(document: Document) -> tuple[Named, ...]:
    """Every name of a text, in the order in which they are given."""
    walk = _Walk(document)
    walk.statements(document.statements, walk.file)
    found = (Named(one.kind, one.name, one.span, tuple(one.uses), one.statement, one.room) for one in walk.found)
    return tuple(sorted(found, key=lambda one: one.span))


def name_at(named: tuple[Named, ...], line: int, column: int) -> tuple[Named, Span] | None:
    """The name that is written at a line and column, and where it begins and ends; None for other places."""
    for one in named:
        for span in one.spans:
            if span.line == line and span.column <= column <= span.column + span.length:
                return one, span
    return None


class _Walk:
    """Goes through a document once, from top to bottom."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: list[_Open] = []
        self.rooms = 1
        self.file = _Room(0)
        self.blocks: dict[str, _Open] = {}
        self.parameters: dict[str, dict[str, _Open]] = {}
        self.matrices: dict[str, _Open] = {}
        self.waiting: dict[tuple[str, str], list[Span]] = {}
        """Parameters named on calls of blocks that are defined below."""
        self.lines: dict[int, Line] = {line.number: line for line in lexed(document.source.lines, {}, [])}
        for one in document.statements:
            if isinstance(one, BlockDefinition):
                self._block_head(one)
            elif isinstance(one, Definition):
                self.matrices[one.name.text] = self._add("matrix", one.name.text, one.name.span, one, 0)

    def _add(self, kind: Kind, name: str, span: Span, statement: Statement, room: int) -> _Open:
        one = _Open(kind, name, span, statement, room)
        self.found.append(one)
        return one

    def _give(self, names: dict[str, _Open], kind: Kind, name: Token, statement: Statement, room: _Room) -> None:
        """A line gives a name; two parts of an `if` may give the same one."""
        if name.text in names:
            self._use(names[name.text], name.span)
        else:
            names[name.text] = self._add(kind, name.text, name.span, statement, room.number)

    def _block_head(self, block: BlockDefinition) -> None:
        word = block.name.text.lower()
        if word not in self.blocks:
            self.blocks[word] = self._add("block", block.name.text, block.name.span, block, 0)

    def statements(self, statements: tuple[Statement, ...], room: _Room) -> None:
        """The names of some lines that belong to one room."""
        for one in statements:
            self._dollars(one.span.line, room)
            if isinstance(one, Call):
                self._call(one, room)
            elif isinstance(one, BlockDefinition):
                self._block(one)
            elif isinstance(one, Repeat):
                self._repeat(one, room)
            elif isinstance(one, Let):
                self._give(room.values, "constant", one.name, one, room)
            elif isinstance(one, Conditional):
                self._conditional(one, room)
            elif isinstance(one, Split):
                self._split(one, room)
            elif isinstance(one, (Directive, Asked)):
                self._about_labels(one, room)

    # ------------------------------------------------------------------ lines with others in them
    def _room(self, outer: _Room | None = None, constants: _Room | None = None) -> _Room:
        self.rooms += 1
        return _Room(self.rooms - 1, outer=outer, constants=constants)

    def _block(self, block: BlockDefinition) -> None:
        room = self._room(constants=self.file)
        for one in block.parameters:
            name = one.name.text
            room.values[name] = self._add("parameter", name, one.name.span, block, room.number)
            for span in self.waiting.pop((block.name.text.lower(), name), ()):
                room.values[name].uses.append(span)
        self.parameters[block.name.text.lower()] = dict(room.values)
        self._dollars(block.span.line, room)
        self.statements(block.body, room)

    def _repeat(self, repeat: Repeat, room: _Room) -> None:
        inner = self._room(outer=room)
        if repeat.variable is not None:
            name = repeat.variable.text
            inner.values[name] = self._add("counter", name, repeat.variable.span, repeat, inner.number)
        self.statements(repeat.body, inner)

    def _conditional(self, conditional: Conditional, room: _Room) -> None:
        for choice in conditional.choices:
            if choice.span.line != conditional.span.line:
                self._dollars(choice.span.line, room)
            self.statements(choice.body, room)

    def _split(self, split: Split, room: _Room) -> None:
        for branch in split.branches:
            self.statements(branch, room)
        self._dollars(split.join.span.line, room)
        self._call(split.join, room)

    # ------------------------------------------------------------------ uses
    def _dollars(self, line: int, room: _Room) -> None:
        """The `$names` of a line, wherever they are written on it."""
        source = self.document.source.lines
        for lexeme in self.lines[line].lexemes if line in self.lines else ():
            span = lexeme.span
            if lexeme.kind != "word" or "$" not in lexeme.raw:
                continue
            written = source[span.line - 1][span.column - 1 : span.column - 1 + span.length]
            for match in _DOLLAR.finditer(written):
                group = next(number for number in (1, 2, 3) if match[number] is not None)
                place = Span(span.line, span.column + match.start(group), len(match[group]))
                self._use_dollar(match[group], place, room, of_label=group == 1)

    def _use_dollar(self, name: str, place: Span, room: _Room, *, of_label: bool) -> None:
        if of_label:
            self._use(room.label(name.strip()), place)
            return
        known = room.value(name)
        while known is None and "x" in name:  # `$kx3` is `$k` and the rest of a size
            name = name.rpartition("x")[0]
            known = room.value(name)
        self._use(known, place._replace(length=len(name)))

    @staticmethod
    def _use(named: _Open | None, span: Span) -> None:
        if named is not None and span not in named.uses and span != named.span:
            named.uses.append(span)

    def _call(self, call: Call, room: _Room) -> None:
        word = call.word.text.lower()
        self._use(self.blocks.get(word), call.word.span)
        for source in call.sources:
            matrix = self.matrices.get(source.text) if word == "input" else None
            self._use(matrix or room.label(source.text), source.span)
        for argument in call.arguments:
            self._argument(word, argument, room)
        if call.label is not None:
            self._give(room.labels, "label", call.label, call, room)

    def _argument(self, word: str, argument: Argument, room: _Room) -> None:
        if isinstance(argument, Option):
            self._option(word, argument, room)
        elif isinstance(argument, Token) and not argument.quoted:
            if word in self.blocks:
                self._use(room.label(argument.text) or self.blocks.get(argument.text.lower()), argument.span)
            elif word in WORDS and signature(layer_class(WORDS[word])).takes_labels:
                self._use(room.label(argument.text), argument.span)

    def _option(self, word: str, option: Option, room: _Room) -> None:
        name, value = option.name.text, option.value
        if word in self.blocks:
            self._use_parameter(word, name, option.name.span)
        if not isinstance(value, Token) or value.quoted:
            return
        if name.lower() == SHARED:
            self._use(room.label(value.text), value.span)
        elif word in self.blocks:
            self._use(room.label(value.text) or self.blocks.get(value.text.lower()), value.span)
        else:
            self._use(self.matrices.get(value.text), value.span)

    def _use_parameter(self, block: str, name: str, span: Span) -> None:
        """`width=64` on a call; the block may be defined below."""
        if block in self.parameters:
            self._use(self.parameters[block].get(name), span)
        else:
            self.waiting.setdefault((block, name), []).append(span)

    def _about_labels(self, line: Directive | Asked, room: _Room) -> None:
        if isinstance(line, Asked):
            self._use(room.label(line.label.text), line.label.span)
        elif line.word.text.lower() == "output":
            for token in _tokens(line):
                self._use(room.label(token.text), token.span)


def _tokens(line: Directive) -> Iterator[Token]:
    yield from (one for one in line.arguments if isinstance(one, Token))
