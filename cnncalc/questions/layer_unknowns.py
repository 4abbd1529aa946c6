"""One layer with a `?` in the place of some of its numbers, as the language reads it.

Each `?` is put to the argument that it stands for by the reader of the language itself, with a small number in its
place, so a layer is written here as it is in a model.  What values the unknowns have is not known here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span
from cnncalc.geometry import Padding
from cnncalc.graph.arguments import read_layers
from cnncalc.graph.faults import Fault
from cnncalc.graph.read_layer import ReadLayer, Surroundings
from cnncalc.graph.scopes import Names, Scope
from cnncalc.graph.spelling import in_own_words
from cnncalc.graph.tried_line import own_call
from cnncalc.graph.tries import Tries
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import WORDS, layer_class
from cnncalc.spec.document import Argument, Call, Document, Option, Statement, Token
from cnncalc.spec.parsing import parse

MARK = "?"
"""What stands for a number that is asked for."""

AXIS_KINDS = ("sizes", "rows", "factors", "padding")
"""Kinds of arguments with one value an axis."""

COUNT_KINDS = ("count", "flag")
"""Kinds of arguments that hold for the layer as a whole."""

LONGEST_QUESTION = 1_000
"""Characters of the text of a layer."""

_WORD_WITH_RANK = re.compile(r"(?<=[a-z])([123])d")
_PATTERN = re.compile(r"(?:\?|[0-9]+)(?:[x,](?:\?|[0-9]+))*")


class Unknown(NamedTuple):
    """One argument with a `?`: `parts` are its numbers as written, None for each `?`; a single `?` has one part.

    `span` is what the value takes the place of; `sides` says that the parts are before,after by axis.
    """

    field: str
    kind: str
    parts: tuple[int | None, ...]
    span: Span
    sides: bool = False

    @property
    def is_free(self) -> bool:
        """Whether one `?` stands for the values of all axes."""
        return self.parts == (None,)


class AskedLayer(NamedTuple):
    """The layers of a line, the main one first, with the unknowns of the main one."""

    source: Source
    word: str
    layers: tuple[ReadLayer, ...]
    unknowns: tuple[Unknown, ...]

    @property
    def main(self) -> ReadLayer:
        return self.layers[0]

    def kinds(self) -> Mapping[str, str]:
        """The kind of each argument of the main layer."""
        return {name: field.metadata["kind"] for name, field in self.main.signature.fields.items()}

    @property
    def has_axes(self) -> bool:
        """Whether the layer has a value for each axis of a map."""
        return any(kind in AXIS_KINDS for kind in self.kinds().values())

    @property
    def rank(self) -> int | None:
        """The number of axes that the text itself says: by `5x5`, by four sides, by `conv1d`; None: any."""
        named = _WORD_WITH_RANK.search(self.word.lower())
        if named:
            return int(named[1])
        unknown = {one.field for one in self.unknowns}
        lengths = [len(one.parts) // (2 if one.sides else 1) for one in self.unknowns if one.kind in AXIS_KINDS]
        for name, kind in self.kinds().items():
            value = self.main.values.get(name)
            if name in unknown or kind not in AXIS_KINDS or value is None:
                continue
            lengths.append(len(value.sides) if isinstance(value, Padding) else len(value))
        return max((length for length in lengths if length > 1), default=None)

    def build(self, values: Mapping[str, Any]) -> tuple[Layer, ...]:
        """The layers of the line with these values in the place of the unknowns."""
        main = dataclasses.replace(self.main, values={**self.main.values, **values})
        return tuple(layer.build({}) for layer in (main, *self.layers[1:]))

    def text(self, written: Mapping[str, str]) -> str:
        """The line with what is written in the place of each unknown; one without a value keeps its `?`."""
        line = self.source.lines[0]
        for unknown in sorted(self.unknowns, key=lambda one: -one.span.column):
            start = unknown.span.column - 1
            now = written.get(unknown.field)
            if now is not None:
                line = line[:start] + now + line[start + unknown.span.length :]
        return " ".join(line.split())


def asked_layer(text: str) -> AskedLayer:
    """The layer of a text such as `conv ? 5x5 padding=?`; raises InputError with the column of every fault."""
    source = Source("layer", text.strip())
    if len(source.text) > LONGEST_QUESTION:
        raise _fault(source, "line-too-long", f"a layer has at most {LONGEST_QUESTION:,} characters", Span(1, 1))
    if len(source.lines) > 1:
        raise _fault(source, "no-question", "one layer is expected here, and this is more than a line", Span(2, 1))
    document, faults = parse(source)
    if faults:
        raise InputError(faults, source)
    marked: list[Token] = []
    statements = tuple(_without_marks(one, marked) for one in document.statements)
    call = _call(document._replace(statements=statements))
    layers, faults = read_layers(call, _surroundings())
    if faults:
        raise InputError(tuple(_of_mark(one, marked) for one in faults), source)
    unknowns = tuple(_unknown(token, layers, source) for token in marked)
    return AskedLayer(source, call.word.text, tuple(layers), unknowns)


def with_asked(asked: AskedLayer, field: str) -> AskedLayer | None:
    """The same layer with `field=?`; None where it is written or asked for in full, or there is no such argument."""
    unknown = next((one for one in asked.unknowns if one.field == field), None)
    if field not in asked.main.signature.fields or (unknown is not None and unknown.is_free):
        return None
    if unknown is None and field in asked.main.values:
        return None
    try:
        return asked_layer(f"{asked.source.text} {field}={MARK}" if unknown is None else _with_free(asked, unknown))
    except InputError:
        return None


def _with_free(asked: AskedLayer, unknown: Unknown) -> str:
    """The text with one `?` in the place of a value with several."""
    line, start = asked.source.lines[0], unknown.span.column - 1
    return line[:start] + MARK + line[start + unknown.span.length :]


def _surroundings() -> Surroundings:
    return Surroundings(Names(Scope({}), None, lambda _: Token("1", Span(1, 1))), {}, {}, Tries(own_call))


def _without_marks(statement: Statement, marked: list[Token]) -> Statement:
    """The line with 1 in the place of each `?`; the words that had one are added to `marked`."""
    if not isinstance(statement, Call):
        return statement
    arguments: list[Argument] = []
    for one in statement.arguments:
        value = one.value if isinstance(one, Option) else one
        if not isinstance(value, Token) or value.quoted or MARK not in value.text:
            arguments.append(one)
            continue
        marked.append(value)
        plain = value._replace(text=value.text.replace(MARK, "1"))
        arguments.append(one._replace(value=plain) if isinstance(one, Option) else plain)
    return statement._replace(arguments=tuple(arguments))


def _call(document: Document) -> Call:
    """The one line of the text, in our own words."""
    source = document.source
    document, faults, _ = in_own_words(document)
    if faults:
        raise InputError(faults, source)
    calls = [one for one in document.statements if isinstance(one, Call)]
    if len(calls) != 1 or len(document.statements) != 1 or calls[0].sources or calls[0].times or calls[0].answers:
        advice = "write the layer alone: conv 64 5x5 padding=?"
        raise _fault(source, "no-question", "one layer is expected here", Span(1, 1, len(source.lines[0]) or 1), advice)
    word = calls[0].word
    if word.text.lower() not in WORDS or layer_class(WORDS[word.text.lower()]).largest_inputs != 1:
        from cnncalc.diagnostics.nearest import did_you_mean  # noqa: PLC0415 (only a fault needs it)

        advice = did_you_mean(word.text, WORDS, "`cnncalc explain words` lists the layers")
        message = f"`{word.text[:40]}` is no layer that one map goes into"
        raise _fault(source, "unknown-word", message, word.span, advice)
    return calls[0]


def _unknown(token: Token, layers: list[ReadLayer], source: Source) -> Unknown:
    """The argument of the main layer that a word with `?` is read as."""
    for layer in layers:
        for name, span in layer.spans.items():
            if not _holds(span, token.span):
                continue
            kind = layer.signature.fields[name].metadata["kind"]
            if layer is not layers[0] or kind not in (*AXIS_KINDS, *COUNT_KINDS) or name == "channels":
                message = f"`?` cannot be the {name.replace('_', ' ')} of {layer.word.text}"
                raise _fault(source, "unknown-not-solved", message, token.span, help=_WHAT_MAY)
            return _parted(token, name, kind, source)
    message = f"`{token.text[:40]}` is nothing that can be found"
    raise _fault(source, "unknown-not-solved", message, token.span, _WHAT_MAY)


_WHAT_MAY = "`?` may be written for numbers of the layer: filters, kernel, stride, padding, dilation, groups, units"


def _parted(token: Token, name: str, kind: str, source: Source) -> Unknown:
    text = token.text.lower()
    if not _PATTERN.fullmatch(text):
        message = f"`{token.text[:40]}` mixes `?` with more than numbers"
        raise _fault(source, "unknown-not-solved", message, token.span, help="write `?`, `?x3` or `?,0,?,0`")
    sides = "," in text
    parts = tuple(None if part == MARK else int(part) for part in re.split("[x,]", text))
    return Unknown(name, kind, parts, token.span, sides)


def _holds(outer: Span, inner: Span) -> bool:
    end = inner.column + inner.length
    return outer.line == inner.line and outer.column <= inner.column and end <= outer.column + outer.length


def _of_mark(fault: Diagnostic, marked: list[Token]) -> Diagnostic:
    """A fault of the number that was read for a `?` is said of the `?`."""
    token = next((one for one in marked if fault.span and _holds(one.span, fault.span)), None)
    if token is None:
        return fault
    message = f"`{token.text[:40]}` is in a place where no number is read"
    return Diagnostic("unknown-not-solved", message, token.span, help=_WHAT_MAY)


def _fault(source: Source, code: str, message: str, span: Span, help: str = "") -> InputError:
    return InputError((Fault(code, message, span, help=help).diagnostic,), source)
