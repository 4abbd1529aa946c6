"""A net put together row by row, for notations whose text is none of ours.

Each row has its layers with the places where they and their arguments were written; a layer that refuses what arrives
raises `Fault` at the guilty place.  `--input` takes the place of a size that is written, or gives the one that is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cnncalc.diagnostics import COMMAND_LINE, Diagnostic, InputError, Refusal, Source, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.dialects.flat_text import layer_words
from cnncalc.geometry import Order, Shape, Sizes, shape_of
from cnncalc.graph.building import Builder
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Graph, Origin, Row
from cnncalc.graph.other_size import LONGEST_SIZE, OtherSizes, refuse_unused, wanted_sizes
from cnncalc.graph.pasted import layers_of
from cnncalc.graph.pasted.arguments import Words
from cnncalc.layers.base import Layer
from cnncalc.layers.input import Input
from cnncalc.spec.document import Argument, Option, Token

_WHOLE_SIZE = re.compile(rf"[0-9]{{1,{LONGEST_SIZE}}}(?:[xX×][0-9]{{1,{LONGEST_SIZE}}}){{0,3}}")


class Placed(NamedTuple):
    """A layer, where it was written, and where its arguments were."""

    layer: Layer
    span: Span
    arguments: Mapping[str, Span] = {}


Made = Sequence[tuple[Layer, Mapping[str, Span]]]
"""Layers with the places of their arguments."""


def own_layer(word: str, *arguments: str, place: Span) -> Layer:
    """The layer that our words say."""
    (layer,) = layers_of(Words(word, place, [_argument(one, place) for one in arguments]))
    return layer


def _argument(text: str, place: Span) -> Argument:
    name, equals, value = text.partition("=")
    return Option(Token(name, place), Token(value, place)) if equals else Token(text, place)


class NetRows:
    """Collects the rows of one net; `order` is how its sizes are shown."""

    def __init__(self, source: Source, input_size: str | None = None, order: Order = "channels_last") -> None:
        self.source = source
        self.order = order
        self.builder = Builder()
        self.labels: dict[str, int] = {}
        self.current: int | None = None
        self._input_size = input_size
        self._other_sizes = None if input_size is None else OtherSizes(input_size, source.name)

    def shape(self, node: int | None = None) -> Shape:
        """What a node gives; the last one without a number."""
        place = self.current if node is None else node
        assert place is not None
        return self.builder.nodes[place].output

    def input(self, sizes: Sizes, span: Span, label: str | None = None, border: float | None = None) -> int:
        """An input of the sizes that are written, or of those that `--input` gives it; `border` is around a picture."""
        layer = Input(size=sizes, order=self.order, border=border)
        if self._other_sizes is not None:
            inputs = sum(node.layer.word == "input" for node in self.builder.nodes)
            try:
                shape = layer.output_shape(())
            except Refusal as refusal:
                raise _placed(refusal, Placed(layer, span)) from None
            name = label or f"input{inputs + 1}"
            given = self._other_sizes.given(name, shape, self.order, span.line, whole=len(sizes) > shape.rank)
            if given is not None:
                layer = replace(layer, size=tuple(map(int, given.split("x"))))
        return self.row([Placed(layer, span, {"size": span})], (), label)

    def asked_input(self, span: Span, example: str, label: str | None = None) -> int:
        """The input of a text that states none: the size is `--input`'s; raises Fault without one."""
        wanted = "" if self._input_size is None else wanted_sizes(self._input_size)[0].text
        if not wanted:
            message = "no size of an input is written here"
            raise Fault("missing-input", message, span, help=f"give it: --input {example}")
        self._other_sizes = None
        if not _WHOLE_SIZE.fullmatch(wanted) or "0" in re.split("[xX×]", wanted):
            raise _option_fault(wanted, f"`{wanted}` is no size of an input", f"write --input {example}")
        sizes = tuple(map(int, re.split("[xX×]", wanted)))
        if len(sizes) == 2:  # a picture whose channels are not said has as many as the example
            channels = shape_of(tuple(map(int, example.split("x"))), self.order).channels
            sizes = Shape(channels, sizes).sizes(self.order)
        return self.row([Placed(Input(size=sizes, order=self.order), span)], (), label)

    def row(self, layers: Sequence[Placed], inputs: tuple[int, ...] | None = None, label: str | None = None) -> int:
        """A row of a layer and its post words; without inputs it works on the row before.  Raises Fault."""
        builder, first = self.builder, len(self.builder.nodes)
        if inputs is None:
            assert self.current is not None
            inputs = (self.current,)
        name = builder.name(label or layers[0].layer.word, numbered=label is None)
        for place, one in enumerate(layers):
            node_name = builder.name(f"{name}.{one.layer.word}", numbered=False) if place else name
            try:
                inputs = (builder.node(one.layer, inputs, node_name, Origin(one.span, one.arguments)),)
            except Refusal as refusal:
                raise _placed(refusal, one) from None
        words = [word for one in layers for word in layer_words(one.layer, self.order)]
        origin = Origin(layers[0].span, layers[0].arguments)
        row = builder.row(Row(0, first, inputs[0], layers[0].layer.word, " ".join(words), label, origin))
        if label is not None:
            self.labels.setdefault(label, row.index)
        self.current = inputs[0]
        return inputs[0]

    def graph(self, warnings: tuple[Diagnostic, ...] = (), title: str = "") -> Graph:
        """The net of the rows that there are."""
        found = tuple(self._other_sizes.found) if self._other_sizes is not None else ()
        rows = self.builder.rows
        nodes = self.builder.nodes[: rows[-1].last + 1] if rows else []
        self.builder.nodes = nodes
        return Graph(
            source=self.source,
            nodes=tuple(nodes),
            rows=tuple(rows),
            outputs=self.builder.leaves(),
            title=title,
            order=self.order,
            labels=self.labels,
            warnings=warnings,
            resized=found,
        )

    def refuse_unused_size(self, graph: Graph) -> None:
        """Raise InputError for a part of `--input` that no input took."""
        if self._other_sizes is not None and self._input_size is not None:
            refuse_unused(self._input_size, graph)


def chosen(settings: Mapping[str, str] | None, choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What `--set` chooses of each of these, the first of its choices where nothing is set; raises InputError."""
    found = {name: words[0] for name, words in choices.items()}
    for name, value in (settings or {}).items():
        if name not in choices:
            known = f"what can be set: {', '.join(choices)}" if choices else "leave --set out"
            message = f"there is nothing called `{name[:40]}` to be set here"
            raise _setting_fault("unknown-setting", name, value, message, did_you_mean(name, choices, known))
        if value not in choices[name]:
            message = f"`{value[:40]}` is no {name} that is known here"
            known = f"write one of {', '.join(choices[name])}"
            raise _setting_fault("wrong-setting", name, value, message, did_you_mean(value, choices[name], known))
        found[name] = value
    return found


def _setting_fault(code: str, name: str, value: str, message: str, help: str) -> InputError:
    before = len("--set ") + 1
    wrong_name = code == "unknown-setting"
    span = Span(1, before if wrong_name else before + len(name) + 1, max(1, len(name if wrong_name else value)))
    text = " ".join(f"--set {name}={value}".split("\n"))
    return InputError((Diagnostic(code, message, span, help=help),), Source(COMMAND_LINE, text))


def _option_fault(text: str, message: str, help: str) -> InputError:
    span = Span(1, len("--input ") + 1, max(1, len(text)))
    return InputError((Diagnostic("wrong-operand", message, span, help=help),), Source(COMMAND_LINE, f"--input {text}"))


def _placed(refusal: Refusal, one: Placed) -> Fault:
    """The refusal at its guilty argument where that was written, else at the layer."""
    span = one.arguments.get(refusal.argument, one.span)
    return Fault(refusal.code, refusal.message, span, label=refusal.label, notes=refusal.notes, help=refusal.help)
