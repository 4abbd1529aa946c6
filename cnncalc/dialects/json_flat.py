"""Flat JSON, version 1 of a net as JSON: operations with their inputs, as earlier versions wrote it; only read.

    {"cnncalc_model": 1, "title": "LeNet-5", "order": "channels_last",
     "lines": [{"text": "conv 6 5x5 tanh", "answers": [...],
                "operations": [{"name": "conv1", "word": "conv", "inputs": ["input1"],
                                "arguments": {"filters": 6, "kernel_size": [5, 5]}}, ...]}, ...],
     "outputs": ["dense3.softmax"]}

What is a default may be left out.  Reading asks every layer for its shape anew; a hostile file costs bounded time and
gets one InputError with line and column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from cnncalc.diagnostics import Diagnostic, InputError, Refusal, Span
from cnncalc.dialects.json_answers import answer_read
from cnncalc.dialects.json_text import JsonText, Value
from cnncalc.dialects.json_values import Values
from cnncalc.geometry import Order
from cnncalc.graph.building import Builder
from cnncalc.graph.ir import Graph, Group, Origin, Question, Resized, Row
from cnncalc.graph.other_size import OtherSizes, refuse_unused
from cnncalc.graph.settings import with_settings
from cnncalc.layers.base import Layer
from cnncalc.layers.input import Input
from cnncalc.layers.registry import POST_WORDS
from cnncalc.spec.document import Document

VERSION = 1

_MEMBERS = (
    *("cnncalc_model", "title", "order", "count", "homework", "student", "matrices", "lines", "calls"),
    *("outputs", "outputs_named", "labels", "totals", "totals_worth", "questions"),
)
_PLACE_MEMBERS = ("text", "label", "depth", "copies", "answers", "worth")
_LINE_MEMBERS = (*_PLACE_MEMBERS, "copy", "branches", "begins", "operations")
_CALL_MEMBERS = ("block", *_PLACE_MEMBERS, "first", "last", "result")
_OPERATION_MEMBERS = ("name", "word", "arguments", "inputs")
_QUESTION_MEMBERS = ("number", "text", "label", "answer", "worth")
_DEEPEST = 2500
"""Blocks and branches around a line; our own language allows no more."""
_QUESTION_NUMBER = re.compile(r"[\w./:-]{1,40}")
_CHOICES: dict[str, tuple[str, ...]] = {"order": ("channels_last", "channels_first"), "count": ("keras", "torch")}


def read(text: JsonText, input_size: str | None = None, settings: Mapping[str, str] | None = None) -> Graph:
    """The net of a JSON text; raises InputError at the first thing that is wrong.

    `input_size` takes the place of the size of its input (`--input`); there are no constants for `settings`.
    """
    graph = _Reader(text, input_size).graph()
    if settings:
        with_settings(Document(text.source, ()), settings)
    if input_size is not None:
        refuse_unused(input_size, graph)
    return graph


class _Reader:
    """Builds the net of one text."""

    def __init__(self, text: JsonText, input_size: str | None) -> None:
        self.text = text
        self.values = Values(text)
        self.other_sizes = None if input_size is None else OtherSizes(input_size, text.source.name)
        self.members = self.values.members(text.root, _MEMBERS)
        self.builder = Builder()
        self.indexes: dict[str, int] = {}
        self.ends: set[int] = set()
        """The last operation of each line."""
        self.labels: dict[str, int] = {}
        self.order = cast("Order", self._choice("order") or "channels_last")

    def graph(self) -> Graph:
        for name, planes in self._object("matrices").items():
            self.values.matrices[self.values.name(Value(name, planes.offset))] = self.values.matrix(planes)
        for line in self._list("lines"):
            self._line(self.values.members(line, _LINE_MEMBERS), line)
        self._check_copies()
        groups = tuple(self._group(index, call) for index, call in enumerate(self._list("calls")))
        self._read_labels(len(groups))
        totals = tuple(answer_read(self.values, answer) for answer in self._list("totals"))
        return Graph(
            source=self.text.source,
            nodes=tuple(self.builder.nodes),
            rows=tuple(self.builder.rows),
            groups=groups,
            outputs=tuple(self._line_end(name) for name in self._list("outputs")) or self.builder.leaves(),
            outputs_named="outputs_named" in self.members and self.values.flag(self.members["outputs_named"]),
            title=self._string("title"),
            order=self.order,
            count=cast("Any", self._choice("count")),
            labels=self.labels,
            totals=totals,
            totals_origin=Origin(self._span(self.members["totals"])) if totals else None,
            totals_worth=self._worth(self.members.get("totals_worth")),
            questions=tuple(map(self._question, self._list("questions"))),
            homework=self._string("homework"),
            student=tuple(map(self.values.string, self._list("student"))),
            resized=self._resized_inputs(),
        )

    # ------------------------------------------------------------------ members of the whole file
    def _string(self, name: str) -> str:
        return self.values.string(self.members[name]) if name in self.members else ""

    def _choice(self, name: str) -> str | None:
        if name not in self.members:
            return None
        if self._string(name) not in _CHOICES[name]:
            self.values.refuse(self.members[name], " or ".join(_CHOICES[name]))
        return self._string(name)

    def _list(self, name: str) -> list[Value]:
        return self.values.items(self.members[name]) if name in self.members else []

    def _object(self, name: str) -> dict[str, Value]:
        return self.values.members(self.members[name]) if name in self.members else {}

    def _span(self, value: Value) -> Span:
        return self.text.span(value.offset)

    def _worth(self, value: Value | None) -> tuple[Fraction, ...]:
        return tuple(map(self.values.exact, self.values.items(value))) if value is not None else ()

    # ------------------------------------------------------------------ lines and calls
    def _line(self, members: dict[str, Value], line: Value) -> None:
        first = len(self.builder.nodes)
        operations = self.values.items(self._needed(members, "operations", line))
        if not operations:
            self.values.refuse(members["operations"], "at least one operation")
        resized = len(self._resized_inputs())
        for operation in operations:
            self._operation(operation, first)
        last = len(self.builder.nodes) - 1
        self.ends.add(last)
        copy = self.values.whole(members["copy"], 1) if "copy" in members else 1
        word, place = self.builder.nodes[first].layer.word, self._place(members, line)
        for one in self._resized_inputs()[resized:]:
            old, new, text = one.written, one.given, place["text"]
            if old.text(self.order) in text:
                place["text"] = text.replace(old.text(self.order), new.text(self.order))
            elif old.rank:
                place["text"] = text.replace(old.spatial_text, new.spatial_text)
        levels: dict[str, Any] = {
            name: self._levels(members.get(name), place["depth"]) for name in ("branches", "begins")
        }
        self.builder.row(Row(index=0, first=first, last=last, word=word, copy=copy, **place, **levels))

    def _levels(self, value: Value | None, depth: int) -> tuple[int, ...]:
        """Which of the levels around a line are branches, or begin with it."""
        levels = self.values.items(value) if value is not None else []
        return tuple(self.values.whole(level, 1, depth) for level in levels[: depth + 1])

    def _check_copies(self) -> None:
        """The copies of a `times N` line stand one after the other, complete and all of the same layers."""
        expected, copies = 1, 1
        layers: list[Layer] = []
        for row, line in zip([*self.builder.rows, None], [*self._list("lines"), self.text.root], strict=True):
            found = (1, copies) if row is None else (row.copy, row.copies)
            if found[0] != expected or (expected > 1 and found[1] != copies):
                self.text.refuse("unfit-value", "a line's copies are not complete here", line.offset)
            here = [] if row is None else [node.layer for node in self.builder.nodes[row.first : row.last + 1]]
            if expected > 1 and here != layers:
                self.text.refuse("unfit-value", "this copy of a line is not like the one before it", line.offset)
            copies, layers = found[1], here
            expected = 1 if found[0] == copies else found[0] + 1

    def _place(self, members: dict[str, Value], value: Value) -> dict[str, Any]:
        """What lines and calls have in common."""
        answers = self.values.items(members["answers"]) if "answers" in members else []
        return {
            "text": self.values.string(members["text"]) if "text" in members else "",
            "label": self.values.label(members["label"]) if "label" in members else None,
            "origin": Origin(self._span(value)),
            "depth": self.values.whole(members["depth"], 0, _DEEPEST) if "depth" in members else 0,
            "copies": self.values.whole(members["copies"], 1) if "copies" in members else 1,
            "answers": tuple(answer_read(self.values, answer) for answer in answers),
            "worth": self._worth(members.get("worth")),
        }

    def _needed(self, members: dict[str, Value], name: str, value: Value) -> Value:
        if name not in members:
            self.text.refuse("missing-member", f"`{name}` is missing here", value.offset)
        return members[name]

    def _operation(self, value: Value, first: int) -> None:
        """Add one operation of the line that begins with operation `first`."""
        members = self.values.members(value, _OPERATION_MEMBERS)
        name = self._needed(members, "name", value)
        if self.values.string(name) in self.indexes:
            self.text.refuse("used-twice", f"two operations are called `{name.content[:40]}`", name.offset)
        arguments = members.get("arguments")
        word = self._needed(members, "word", value)
        layer = self.values.layer(word, arguments, self.order)
        if len(self.builder.nodes) > first and word.content not in POST_WORDS:
            self.values.refuse(word, "a word that may follow a layer on its line")
        inputs = self._inputs(members.get("inputs"), layer, first)
        given = {key: self._span(one) for key, one in (arguments.content if arguments else {}).items()}
        origin = Origin(self._span(value), given)
        try:
            layer = self._resized(name.content, layer, given)
            self.indexes[name.content] = self.builder.node(layer, inputs, name.content, origin)
        except Refusal as refusal:
            span = given.get(refusal.argument, origin.span)
            told = Diagnostic(refusal.code, refusal.message, span, refusal.label, refusal.notes, refusal.help)
            raise InputError((told,), self.text.source) from None

    def _resized_inputs(self) -> tuple[Resized, ...]:
        return tuple(self.other_sizes.found) if self.other_sizes else ()

    def _resized(self, name: str, layer: Layer, given: Mapping[str, Span]) -> Layer:
        """An input with the size that `--input` gives it."""
        if self.other_sizes is None or not isinstance(layer, Input) or layer.size is None or layer.data is not None:
            return layer
        shape = layer.output_shape(())
        whole = len(layer.size) > shape.rank
        size = self.other_sizes.given(name, shape, self.order, given["size"].line, whole=whole)
        return layer if size is None else replace(layer, size=tuple(map(int, size.split("x"))))

    def _inputs(self, value: Value | None, layer: Layer, first: int) -> tuple[int, ...]:
        """What an operation reads: the ends of lines above, or the operation before it on its own line."""
        names = self.values.items(value) if value is not None else []
        before = len(self.builder.nodes) - 1
        if before >= first:
            if value is None or [name.content for name in names] != [self.builder.nodes[before].name]:
                self.text.refuse("unknown-input", "it reads the operation before it", (value or self.text.root).offset)
            return (before,)
        inputs = tuple(map(self._line_end, names))
        if value is not None and ((len(inputs) > 1 and layer.largest_inputs == 1) or layer.largest_inputs == 0):
            self.values.refuse(value, f"as many inputs as {layer.word} takes")
        return inputs

    def _line_end(self, value: Value) -> int:
        """The last operation of a line, by name."""
        index = self.indexes.get(self.values.string(value))
        if index is None or index not in self.ends:
            self.text.refuse("unknown-input", f"no line above ends with `{value.content[:40]}`", value.offset)
        return index

    def _group(self, index: int, value: Value) -> Group:
        members = self.values.members(value, _CALL_MEMBERS)
        rows = len(self.builder.rows)
        word = self.values.name(self._needed(members, "block", value))
        first = self.values.whole(self._needed(members, "first", value), 0, rows)
        last = self.values.whole(self._needed(members, "last", value), -1, rows - 1)
        result = self._needed(members, "result", value)
        node = self._line_end(result)
        return Group(index=index, first=first, last=last, word=word, node=node, **self._place(members, value))

    def _read_labels(self, calls: int) -> None:
        for label, value in self._object("labels").items():
            members = self.values.members(value, ("line", "call"))
            if len(members) != 1:
                self.values.refuse(value, "a line or a call")
            if "line" in members:
                place = self.values.whole(members["line"], 0, len(self.builder.rows) - 1)
            else:
                place = ~self.values.whole(members["call"], 0, calls - 1)
            self.labels[self.values.label(Value(label, value.offset))] = place

    def _question(self, value: Value) -> Question:
        members = self.values.members(value, _QUESTION_MEMBERS)
        number, label = self._needed(members, "number", value), self._needed(members, "label", value)
        if not _QUESTION_NUMBER.fullmatch(self.values.string(number)):
            self.values.refuse(number, "a question's number, such as 2a,")
        if self.values.label(label) not in self.labels:
            self.text.refuse("unknown-input", f"no line has the label `{label.content[:40]}`", label.offset)
        return Question(
            number=number.content,
            text=self.values.string(members["text"]) if "text" in members else "",
            label=label.content,
            answer=answer_read(self.values, self._needed(members, "answer", value)),
            origin=Origin(self._span(value)),
            worth=self._worth(members.get("worth")),
        )
