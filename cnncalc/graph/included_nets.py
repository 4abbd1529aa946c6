"""An included net bound and put into the net that includes it: its layers become operations of this one.

It is bound by itself, from what arrives, with its own blocks, constants and order of shapes; then it is cut where the
line says `until=`, and its rows, calls and labels are taken over.  What it says about itself as a whole, its title, its
answers and its questions, stays behind.  How its text was found is not known here (`cnncalc.graph.including`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from cnncalc.diagnostics import Refusal, Span
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.geometry import Shape
from cnncalc.graph.binding import Binder
from cnncalc.graph.building import Builder
from cnncalc.graph.cutting import cut, end_at, frozen_until, no_place, places_there_are
from cnncalc.graph.expressions import Environment, settled, substituted
from cnncalc.graph.faults import Fault
from cnncalc.graph.freezing import WORD as FROZEN
from cnncalc.graph.grafting import Graft
from cnncalc.graph.ir import Graph, Group, Origin, Row
from cnncalc.graph.other_size import OtherSizes
from cnncalc.graph.scopes import Scope
from cnncalc.graph.settings import constants
from cnncalc.graph.written_out import written_out
from cnncalc.layers.input import Input
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import Asked, Call, Document, Let, Option, Token, Value
from cnncalc.spec.include_lines import WORD, name_of
from cnncalc.spec.statements import is_label

UNTIL = "until"
STEPS = 500
"""How many lines the reading of an included net counts for, beside its own."""


class _Asked(NamedTuple):
    """What the line says: which net, where it ends, and other values for its constants."""

    document: Document
    until: Token | None
    given: dict[str, Value]
    frozen: Token | None = None
    """The line up to which its weights are frozen, where it is not all of it."""


def include(binder: Binder, call: Call, copies: int, scope: Scope) -> int:
    """Put the included net behind what arrives; its place, as that of a block's call.  Raises Fault."""
    net = binder.net
    asked = _asked(binder, call, scope)
    title = os.path.splitext(os.path.basename(asked.document.name))[0]
    text = written_out(call, net.environment(scope)) + (f" times {copies}" if copies > 1 else "")
    label = call.label.text if call.label else None
    group = net.builder.open_group(
        Group(
            0, 0, 0, title, text, label, Origin(call.span, {}, scope.trail), scope.depth, call.answers, call.worth,
            copies,
        )
    )  # fmt: skip
    settings = tuple((name, value.text if isinstance(value, Token) else "[...]") for name, value in asked.given.items())
    trail = (call.span, *scope.trail)
    for _ in range(copies):
        found = _bound(binder, asked, call, trail)
        if found is None:
            net.lose()
            return ~group
        graph, end = found
        prefix = scope.prefix if label is None else f"{net.builder.name(scope.prefix + label, numbered=False)}."
        graft = Graft(net, graph, scope, trail, prefix, arriving=net.current if net.started else None)
        try:
            graft.add()
        except Refusal as refusal:
            raise Fault(refusal.code, refusal.message, call.word.span, help=refusal.help) from None
        _lead_with_inputs(net.builder, group, scope.depth)
        if copies == 1:
            _take_labels(call, graft, scope)
        net.current, net.started = graft.nodes[end], True
    assert net.current is not None
    net.builder.close_group(group, net.current, settings)
    return ~group


def _lead_with_inputs(builder: Builder, group: int, depth: int) -> None:
    """Let the call begin below the `input` lines that it brings along: they are those of the whole net."""
    first = builder.groups[group].first
    while first < len(builder.rows) and builder.rows[first].word == "input":
        builder.rows[first] = builder.rows[first]._replace(depth=depth)
        first += 1
    builder.groups[group] = builder.groups[group]._replace(first=first)


def _asked(binder: Binder, call: Call, scope: Scope) -> _Asked:
    """The words of the line, read; raises Fault for those that mean nothing."""
    name = name_of(call)
    assert name is not None  # a line without one was refused when the texts were gathered
    document = binder.net.document.included.get(name.span)
    if document is None:
        message = f"this text cannot include `{name.text[:40]}`"
        advice = "only a net that is read from a file or from the command line includes others"
        raise Fault("not-included", message, name.span, help=advice)
    known = constants(document)
    until: Token | None = None
    frozen: Token | None = None
    given: dict[str, Value] = {}
    for one in call.arguments[1:]:
        if not isinstance(one, Option):
            message = f"`{WORD}` takes one name, {UNTIL}=LABEL, values such as `alpha=0.5`, and `frozen`"
            raise Fault("unexpected-word", message, one.span, help="leave this out")
        key = one.name.text
        if key in given or (key == UNTIL and until is not None):
            raise Fault("given-twice", f"`{key}` is given twice", one.span, help="keep one of the two")
        if key == UNTIL and isinstance(one.value, Token):
            until = _word(one.value, binder.net.environment(scope))
        elif key == FROZEN and isinstance(one.value, Token):
            frozen = _word(one.value, binder.net.environment(scope))
        elif key in known:
            given[key] = settled(one.value, binder.net.environment(scope))
        else:
            own = f"its constants: {', '.join(known)}" if known else f"it has no `let`; {UNTIL}=LABEL is read here"
            advice = did_you_mean(key, (*known, UNTIL), own)
            raise Fault("unknown-setting", f"{name.text} has no line `let {key} = ...`", one.name.span, help=advice)
    return _Asked(document, until, given, frozen)


def _bound(binder: Binder, asked: _Asked, call: Call, trail: tuple[Span, ...]) -> tuple[Graph, int] | None:
    """The included net for what arrives, cut, and the node that it hands on; None where it has a fault."""
    net = binder.net
    if net.started and net.current is None:
        return None
    inner = _IncludedBinder(asked, binder.other_sizes, net.arriving() if net.started else None, call)
    inner.steps = binder.steps + STEPS + len(asked.document.statements)
    graph, faults = inner.bind()
    binder.steps = inner.steps + len(graph.nodes)
    if faults:
        net.adopt(faults, trail)
        return None
    if asked.frozen is not None:
        graph = frozen_until(graph, _end(graph, asked, asked.frozen, call, is_fed=inner.arriving is not None)[1])
    if asked.until is None:
        if len(graph.outputs) != 1:
            names = ", ".join(graph.nodes[node].name.partition(".")[0] for node in graph.outputs[:8])
            message = f"{_name(call)} has {len(graph.outputs)} outputs, and an include gives one: {names}"
            raise Fault("included-outputs", message, call.word.span, help=f"say which: `{UNTIL}=LABEL`")
        whole = cut(graph, graph.outputs[0], "")
        return whole, whole.outputs[0]
    place, end = _end(graph, asked, asked.until, call, is_fed=inner.arriving is not None)
    whole = cut(graph, end, place)
    return whole, whole.outputs[0]


def _word(value: Token, environment: Environment) -> Token:
    """A word with the `$names` in it put in; raises Fault for a matrix."""
    found = substituted(value, environment)
    if not isinstance(found, Token):
        raise Fault("wrong-operand", f"`{UNTIL}` takes the name of a line, not a matrix", value.span)
    return found


def _end(graph: Graph, asked: _Asked, at: Token, call: Call, *, is_fed: bool) -> tuple[str, int]:
    """A place of the included net, as it is found there, and the node that it names; raises Fault for none."""
    place = f"{asked.document.name}:{at.text}" if at.text.isdecimal() else at.text
    end = end_at(graph, place)
    if end is None or (is_fed and end == 0):
        message = no_place(graph, _name(call), place, at.text[:40], in_whole=True)
        raise Fault("unknown-place", message, at.span, help=places_there_are(graph, at.text))
    return place, end


def _name(call: Call) -> str:
    name = name_of(call)
    return name.text[:40] if name is not None else WORD


def _take_labels(call: Call, graft: Graft, scope: Scope) -> None:
    """Let the lines below name the lines inside: `LABEL.inner`, or `inner` alone where the include has no label."""
    taken = ""
    for label, target in graft.labels():
        name = f"{call.label.text}.{label}" if call.label else label
        taken = taken or (label if name in scope.labels else "")
        scope.labels.setdefault(name, target)
    if taken:
        message = f"{_name(call)} labels a line `{taken}`, and a line above has this label already"
        free = next(name for name in _names(call) if name not in scope.labels)
        raise Fault(
            "used-twice",
            message,
            call.word.span,
            help=f"give this line a label of its own: `{free}: {call.text[:60]}`",
        )


def _names(call: Call) -> Iterator[str]:
    """Labels for a line that has none: `part`, `part2` for `include nets/part.txt`."""
    stem = os.path.splitext(os.path.basename(_name(call)))[0]
    name = stem if stem.isascii() and stem.isidentifier() and is_label(stem) else "part"
    yield name
    yield from (f"{name}{number}" for number in count(2))


class _IncludedBinder(Binder):
    """Binds an included document by itself, from what arrives; node 0 stands for that, where something does."""

    def __init__(self, asked: _Asked, other_sizes: OtherSizes | None, arriving: Shape | None, call: Call) -> None:
        builder = Builder()
        super().__init__(asked.document, other_sizes, builder)
        self.given, self.arriving, self.call, self.is_fed = asked.given, arriving, call, False
        if arriving is not None:
            origin = Origin(call.span)
            size = Input(size=arriving.sizes("channels_last"))
            builder.node(size, (), "", origin)
            builder.nodes[0] = builder.nodes[0]._replace(output=arriving)
            builder.row(Row(0, 0, 0, "input", "", None, origin))
            self.net.current, self.net.started = 0, True

    def include(self, call: Call, copies: int, scope: Scope) -> int:
        return include(self, call, copies, scope)

    def _layer_lines(self, call: Call, copies: int, scope: Scope) -> int:
        if self.arriving is None or WORDS[call.word.text.lower()] != "input":
            return super()._layer_lines(call, copies, scope)
        line = self._read(call, scope)
        if line is None:
            self.net.lose()
            return 0
        if self.is_fed:
            message = f"{_name(self.call)} has several inputs, and one result arrives here"
            raise Fault("included-inputs", message, self.call.word.span, help="include a net with one input")
        self.is_fed = True
        wanted = None
        if not call.sources:
            wanted = line.layers[0].build(self.net.header.defaults()).output_shape(())
        self._refuse_other(wanted)
        self.net.current, self.net.started = 0, True
        return 0

    def _refuse_other(self, wanted: Shape | None) -> None:
        """Raise Fault where other channels or axes arrive than the net's `input` line says; its size may be another."""
        here = self.arriving
        assert here is not None
        if wanted is None or (wanted.channels, wanted.rank) == (here.channels, here.rank):
            return
        order = self.net.header.order
        message = f"{_name(self.call)} takes {wanted.text(order)}, and {here.text(order)} arrives here"
        if wanted.rank == here.rank:
            advice = f"its size may be another one, its channels may not: bring {wanted.channels} channels here"
        else:
            advice = "write it as the first line, or include a net with as many axes"
        raise Fault("included-channels", message, self.call.word.span, help=advice)

    def _let(self, let: Let, scope: Scope) -> None:
        if scope is self.net.top and let.name.text in self.given:
            scope.environment[let.name.text] = self.given[let.name.text]
            return
        super()._let(let, scope)

    def _asked(self, line: Asked, scope: Scope) -> None:
        """A question about the included net is none about this one."""
