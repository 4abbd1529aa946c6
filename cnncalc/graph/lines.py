"""One line of a model as one row of the net: its layer and post words, joined to what they read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.diagnostics import Fix, Refusal
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.graph.advice import with_advice
from cnncalc.graph.building import Builder
from cnncalc.graph.faults import Fault
from cnncalc.graph.header import Header
from cnncalc.graph.ir import Origin, Row
from cnncalc.graph.read_layer import ReadLayer
from cnncalc.graph.scopes import Scope
from cnncalc.layers.base import NamedMatrix
from cnncalc.layers.registry import JOINS, WORDS
from cnncalc.spec.document import Call, Token

if TYPE_CHECKING:
    from cnncalc.graph.weight_wishes import Wish


class Line(NamedTuple):
    """A layer line about to become a row: its words read, its text written out, and which of its `copies` it is."""

    call: Call
    layers: list[ReadLayer]
    scope: Scope
    text: str
    copy: int = 1
    copies: int = 1
    wish: Wish | None = None

    @property
    def is_last(self) -> bool:
        """Only the last copy carries the label and the answers."""
        return self.copy == self.copies

    @property
    def label(self) -> str | None:
        return self.call.label.text if self.call.label and self.is_last else None


def line_inputs(line: Line, header: Header, current: int | None, started: bool) -> tuple[int, ...] | None:
    """The nodes a line reads, in order; None when one of them has a fault.

    `add a b` reads what it names; `add a` joins the line before with `a`, in this order.
    """
    main, call = line.layers[0], line.call
    if main.signature.layer.largest_inputs == 0:
        if call.sources and "data" not in main.signature.fields:
            message = f"{call.word.text} reads no other line, so nothing can come `from` one"
            raise Fault("too-many-operands", message, call.sources[0].span, help="leave `from` out")
        if call.sources:
            main.values["data"] = _data(call.sources[0], header)
            main.spans["data"] = call.sources[0].span
        return ()
    _refuse_pools(main.word, main.labels)
    _refuse_heads(main.word, main.labels, line.scope)
    read = [line.scope.target(token).node for token in main.labels]
    if not read or len(read) < main.signature.layer.smallest_inputs:
        if not started:
            raise missing_input(call.word)
        read.insert(0, current)
    found = tuple(node for node in read if node is not None)
    return found if len(found) == len(read) else None


def _refuse_heads(word: Token, labels: Sequence[Token], scope: Scope) -> None:
    """Refuse `attention 4`, or `attention $h` where h is a number: heads have a name."""
    if word.text.lower() != "attention":
        return
    for token in labels:
        if token.text.isdigit() or (
            scope.find(token.text) is None and scope.value(token.text.strip("${}")) is not None
        ):
            raise Fault("unknown-label", f"`{token.text}` is no label", token.span, help=f"write `heads={token.text}`")


def refuse_other_join(word: Token) -> None:
    """Raise Fault for a word behind `join` that joins nothing."""
    if WORDS.get(word.text.lower()) not in JOINS:
        raise Fault(
            "unknown-join",
            f"`{word.text[:40]}` is no way to join branches",
            word.span,
            help="write join add, join concat or join mul",
            notes=(f"branches are joined by {', '.join(JOINS)}",),
        )


_POOLS = {"max": "maxpool", "avg": "avgpool", "average": "avgpool"}


def _refuse_pools(word: Token, labels: Sequence[Token]) -> None:
    """Refuse `max 2x2`: a join by its word, a pool by its window."""
    pool = _POOLS.get(word.text.lower(), "")
    size = next((token for token in labels if token.text[:1].isdigit()), None)
    if pool and size is not None:
        raise Fault(
            "wrong-operand",
            f"`{word.text}` joins lines by their labels, and `{size.text}` is a size",
            size.span,
            help=f"write `{pool} {size.text}`",
        )


def missing_input(word: Token) -> Fault:
    """The fault of a line that has nothing to work on."""
    message = f"{word.text} has nothing to work on: there is no `input` line above"
    advice = "write the picture's size first, such as `input 28x28x1`; `cnncalc init` prints a text to start from"
    return Fault("missing-input", message, word.span, help=advice)


def _data(token: Token, header: Header) -> NamedMatrix:
    if token.text not in header.matrices:
        otherwise = f"write `data {token.text} = [0 1; 1 0]` on a line above"
        advice = did_you_mean(token.text, header.matrices, otherwise)
        raise Fault("unknown-data", f"there is no `data {token.text} = [...]` above", token.span, help=advice)
    return NamedMatrix(token.text, header.matrices[token.text])


def add_row(line: Line, inputs: tuple[int, ...], builder: Builder, header: Header) -> int:
    """Add the line's operations and its row; the index of the last operation.  Raises Fault at the guilty word."""
    words = [layer.signature.layer.word for layer in line.layers]
    name = builder.name(line.scope.prefix + (line.label or words[0]), numbered=line.label is None)
    first = len(builder.nodes)
    for layer, word in zip(line.layers, words, strict=True):
        is_main = layer is line.layers[0]
        origin = Origin(line.call.span if is_main else layer.word.span, layer.spans, line.scope.trail)
        node_name = name if is_main else builder.name(f"{name}.{word}", numbered=False)
        try:
            inputs = (builder.node(layer.build(header.defaults()), inputs, node_name, origin),)
        except Refusal as refusal:
            raise _placed(refusal, layer, inputs, builder, header) from None
    if line.wish is not None:
        line.wish.share_line(builder, first, line.copy, line.text)
    row = Row(
        index=0,
        first=first,
        last=inputs[0],
        word=words[0],
        text=line.text,
        label=line.label,
        origin=Origin(line.call.span, line.layers[0].spans, line.scope.trail),
        depth=line.scope.depth,
        branches=line.scope.branches,
        answers=line.call.answers if line.is_last else (),
        worth=line.call.worth if line.is_last else (),
        copy=line.copy,
        copies=line.copies,
    )
    builder.row(row)
    return inputs[0]


def _placed(refusal: Refusal, layer: ReadLayer, inputs: tuple[int, ...], builder: Builder, header: Header) -> Fault:
    """The refusal with its place: the guilty argument where it was written, else the layer's word."""
    span = layer.spans.get(refusal.argument, layer.word.span)
    told = with_advice(refusal, builder.nodes, inputs, header.order)
    named = layer.named.get(refusal.argument, "")
    fixes = tuple(Fix(span, f"{named}{value}") for value in told.values if named is not None)
    return Fault(told.code, told.message, span, label=told.label, notes=told.notes, help=told.help, fixes=fixes)
