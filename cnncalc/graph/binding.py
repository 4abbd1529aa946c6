"""A parsed text made into a net: words looked up, blocks and repeats written out, every line joined to what feeds it.

Shapes are found on the way, because `$in` asks for them.  A fault poisons the lines that work on its result: their
words are still checked, their shapes are not, so that every independent fault is reported and none twice.  The graph
holds everything up to the first fault.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics import Diagnostic
from cnncalc.graph import freezing, sizing
from cnncalc.graph.arguments import read_layers, slip
from cnncalc.graph.block_arguments import fill_defaults, given_settings, pass_values
from cnncalc.graph.building import Builder
from cnncalc.graph.expressions import UNKNOWN, settled
from cnncalc.graph.faults import Fault
from cnncalc.graph.ir import Graph, Group, Origin, Question
from cnncalc.graph.lines import Line, add_row, line_inputs, missing_input, refuse_other_join
from cnncalc.graph.net_so_far import NetSoFar
from cnncalc.graph.read_layer import Surroundings
from cnncalc.graph.same_readings import Reading, SameReadings
from cnncalc.graph.scopes import Scope, Target
from cnncalc.graph.weight_sharing import wish
from cnncalc.graph.word_parameters import with_word
from cnncalc.graph.written_out import written_out
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import (
    Asked,
    BlockDefinition,
    Call,
    Conditional,
    Definition,
    Directive,
    Document,
    Let,
    Repeat,
    Split,
    Statement,
    Token,
    Total,
    Unread,
    Value,
)
from cnncalc.spec.parsing import MOST_FAULTS

if TYPE_CHECKING:
    from cnncalc.graph.other_size import OtherSizes
    from cnncalc.graph.weight_wishes import Wish

HARMLESS = frozenset(
    {"title", "count", "epsilon", "labels", "rounding", "homework", "student", "answer", "total", "output"}
)
"""Lines that change no shape: when one of them cannot be read, the net is still sound."""


class _Stop(Exception):
    """The text writes out too much: nothing more is bound."""


_BINDERS: dict[type[Any], str] = {
    kind: f"_{kind.__name__.lower()}" for kind in (Call, Repeat, Split, Conditional, Let, Asked, Definition)
}
"""The method for each kind of statement, by its name: a binder that held its methods would outlive its net."""


class Binder(ABC):
    """Binds the statements of one document; `other_sizes` take the place of those on its `input` lines."""

    def __init__(self, document: Document, other_sizes: OtherSizes | None, builder: Builder | None = None) -> None:
        self.other_sizes = other_sizes
        self.document = document
        self.net = NetSoFar(document, builder or Builder())
        self.steps = 0
        self.level = 0
        self.looked_through: set[int] = set()
        """Parts of ifs that were not taken and have been checked, by identity."""
        self.same = SameReadings(document.source.lines, self.net.header.matrices)
        self._hoist(document.statements)
        self.expanded_size = sizing.ExpandedSize(self.net.header.blocks)

    @abstractmethod
    def include(self, call: Call, copies: int, scope: Scope) -> int:
        """Put the net that the line includes behind what arrives; its place, as that of a block's call."""

    def bind(self) -> tuple[Graph, tuple[Diagnostic, ...]]:
        """The net, which with faults ends before the first, and every fault."""
        with suppress(_Stop):
            self.statements(self.document.statements, self.net.top)
        return self.net.finished()

    def _hoist(self, statements: tuple[Statement, ...]) -> None:
        """Directives that hold for the whole file, and blocks, which may be used above their definition."""
        for statement in statements:
            if isinstance(statement, Directive):
                self._guarded(lambda line, _: self.net.header.directive(line), statement, self.net.top)
            elif isinstance(statement, BlockDefinition):
                self._guarded(lambda block, _: self.net.header.block(block), statement, self.net.top)
            elif isinstance(statement, Unread) and statement.name is not None:
                self.net.unread.add(statement.name.text.lower().rstrip(":"))

    def statements(self, statements: tuple[Statement, ...], scope: Scope) -> None:
        if self.level >= sizing.DEEPEST_LEVEL and statements:
            raise Fault(
                "nested-too-deeply",
                f"with the blocks that are called, more than {sizing.DEEPEST_LEVEL} levels are inside each other",
                statements[0].span,
            )
        self.level += 1
        for statement in statements:
            self._step(statement)
            bind = _BINDERS.get(type(statement))
            if bind is not None:
                self._guarded(getattr(self, bind), statement, scope)
            elif isinstance(statement, Total):
                self.net.total = statement
            elif isinstance(statement, Unread):
                self._unread(statement, scope)
        self.level -= 1

    def _unread(self, line: Unread, scope: Scope) -> None:
        """A line that the parser has refused: what it would have made or named is not known."""
        if line.word in HARMLESS:
            return
        self.net.end_sound_part()
        if line.word == "let" and line.name is not None:
            scope.environment.setdefault(line.name.text, UNKNOWN)
        if line.word in ("block", "filter", "data", "let"):
            return
        self.net.lose()
        scope.name_fault(line.name, Target(None, 0))

    def _step(self, statement: Statement) -> None:
        """Count a statement that is bound; stop when the text writes out too much, or has too many faults."""
        self.steps += 1
        if self.steps > sizing.LARGEST_EXPANSION:
            span = self.document.statements[0].span
            self._stop(Diagnostic("too-many-layers", "the repeats of this file write out too much", span))
        if len(self.net.faults) >= MOST_FAULTS:
            message = f"{MOST_FAULTS} faults found; the text is not read from here on"
            self._stop(Diagnostic("too-many-faults", message, statement.span))

    def _stop(self, diagnostic: Diagnostic) -> None:
        self.net.report(diagnostic, self.net.top)
        raise _Stop

    def _guarded(self, bind: Callable[[Any, Scope], None], statement: Statement, scope: Scope) -> None:
        """Bind one statement; a fault is kept, and poisons what works on its result."""
        try:
            bind(statement, scope)
        except Fault as fault:
            self.net.report(fault.diagnostic, scope)
            if isinstance(statement, (Call, Repeat, Split, Conditional)):
                self.net.lose()
            if isinstance(statement, Call):
                scope.name_fault(statement.label, Target(None, 0))

    def _definition(self, line: Definition, _: Scope) -> None:
        self.net.header.definition(line)

    def _asked(self, line: Asked, scope: Scope) -> None:
        scope.target(line.label)
        origin = Origin(line.span, {}, scope.trail)
        self.net.questions.append(
            Question(line.number.text, line.question, line.label.text, line.answer, origin, line.worth)
        )

    def _call(self, call: Call, scope: Scope) -> None:
        scope.refuse_taken(call.label)
        blocks = self.net.header.blocks
        if freezing.is_line(call, blocks):
            freezing.freeze_above(call, scope, self.net)
            return
        self._source(call, scope)
        names = self.net.environment(scope)
        copies = 1 if call.times is None else sizing.bounded_count(call.times, names)
        call = with_word(call, names, blocks)
        word = call.word.text.lower()
        call, is_frozen = freezing.taken_off(call, scope, self.net)
        first = len(self.net.builder.nodes)
        if word in blocks:
            place = self._block_calls(call, copies, scope)
        elif word in WORDS:
            place = self._layer_lines(call, copies, scope)
        elif word == "include":
            place = self.include(call, copies, scope)
        else:
            from cnncalc.graph.line_usage import unknown_layer

            raise unknown_layer(slip(call, self._around(scope)), tuple(blocks))
        if is_frozen:
            self.net.builder.freeze(first)
        if call.label is not None:
            scope.labels[call.label.text] = Target(self.net.current, place)

    def _source(self, call: Call, scope: Scope) -> None:
        """Set what the line works on: the line before, or what `from` names."""
        if not call.sources or call.word.text.lower() == "input":
            return
        if len(call.sources) > 1:
            raise Fault(
                "too-many-operands",
                "`from` takes one label",
                call.sources[1].span,
                help="join several with add, mul or concat",
            )
        self.net.current, self.net.started = scope.target(call.sources[0]).node, True

    def _layer_lines(self, call: Call, copies: int, scope: Scope) -> int:
        for copy in range(1, copies + 1):
            self._layer_line(call, copy, copies, scope)
        return len(self.net.builder.rows) - 1

    def _layer_line(self, call: Call, copy: int, copies: int, scope: Scope) -> None:
        line = self._read(call, scope, copy, copies)
        resized = self.other_sizes.resized(line, self.net.header) if line and self.other_sizes else None
        line = self._read(resized, scope, copy, copies) if resized else line
        inputs = line_inputs(line, self.net.header, self.net.current, self.net.started) if line else None
        if line is not None and inputs:
            inputs = self._as_expected(line, inputs)
            self.net.remark_join(line.call, line.layers[0], inputs, line.scope)
        self.net.current = (
            None if line is None or inputs is None else add_row(line, inputs, self.net.builder, self.net.header)
        )
        self.net.started = True

    def _as_expected(self, line: Line, inputs: tuple[int, ...]) -> tuple[int, ...]:
        """The nodes the line reads, which are what it says they are; a map is flattened where dense reads it."""
        call, header, shape = line.call, self.net.header, self.net.builder.nodes[inputs[0]].output
        if call.expects:
            from cnncalc.graph.arriving import refuse_two_ways, refuse_unexpected

            refuse_unexpected(call.expects, self.net.builder.nodes, inputs[0], header.order)
            refuse_two_ways(call, shape, header.order)
        if line.layers[0].signature.layer.word != "dense" or not shape.rank:
            return inputs
        flatten = self._read(Call(Token("flatten", call.word.span), (), call.span, "flatten"), line.scope)
        assert flatten is not None
        from cnncalc.graph.arriving import flattened_notice

        self.net.remark(flattened_notice(shape, call.span, header.order), line.scope)
        return (add_row(flatten, inputs, self.net.builder, header),)

    def _around(self, scope: Scope) -> Surroundings:
        header = self.net.header
        arriving = self.net.arriving()
        environment = self.net.environment(scope)
        return Surroundings(environment, header.matrices, header.defaults(), self.net.tries, arriving=arriving)

    def _read(self, call: Call, scope: Scope, copy: int = 1, copies: int = 1) -> Line | None:
        """The line with its words read, or None when they have faults."""
        known = self.same.found(call, self.net.environment(scope))
        if known is not None:
            return Line(call, known.layers, scope, known.text, copy, copies)
        around = self._around(scope)
        layers, faults = read_layers(call, around)
        for fault in faults:
            self.net.report(fault, scope)
        if faults:
            return None
        shared = wish(call, copies, scope, self.net.builder)
        text = written_out(call, around.environment)
        self.same.keep(call, around.environment, Reading(layers, text))
        return Line(call, layers, scope, text, copy, copies, shared)

    def _block_calls(self, call: Call, copies: int, scope: Scope) -> int:
        block = self.net.header.blocks[call.word.text.lower()]
        name = block.name.text
        sizing.refuse_chain(name, scope.blocks, call.word)
        sizing.refuse_too_many(copies * self.expanded_size.of(block.body), call.word)
        if copies == 0:
            return len(self.net.builder.rows) - 1
        shared = wish(call, copies, scope, self.net.builder, [one.name.text for one in block.parameters])
        before = self.net.size()
        text = written_out(call, self.net.environment(scope)) + (f" times {copies}" if copies > 1 else "")
        group = self.net.builder.open_group(
            Group(
                0, 0, 0, name, text, call.label.text if call.label else None,
                Origin(call.span, {}, scope.trail), scope.depth, call.answers, call.worth, copies,
            )
        )  # fmt: skip
        settings: tuple[tuple[str, str], ...] = ()
        for _ in range(copies):
            label = call.label.text if call.label and copies == 1 else None
            inner = Scope(
                {},
                prefix=f"{self.net.builder.name(scope.prefix + (label or name), numbered=label is None)}.",
                trail=(call.span, *scope.trail),
                blocks=(*scope.blocks, name),
                levels=(*scope.levels, False),
                constants=self.net.top,
            )
            names = self.net.environment(scope)
            pass_values(call, block, inner, names)
            try:
                fill_defaults(block, inner, names)
            except Fault as fault:
                self.net.report(fault.diagnostic, inner)
                self.net.lose()
                break
            settings = settings or given_settings(inner)
            self.statements(block.body, inner)
            if self.net.current is None:
                break
        if self.net.current is not None:
            self.net.builder.close_group(group, self.net.current, settings)
            if shared is not None:
                self._share_call(shared, before)
        return ~group

    def _share_call(self, shared: Wish, before: tuple[int, int, int]) -> None:
        """Let the call's layers use the weights that it wishes; where they do not fit, the net is sound up to it."""
        try:
            shared.share_call(self.net.builder, before[0])
        except Fault:
            self.net.end_sound_part(before)
            raise

    def _repeat(self, repeat: Repeat, scope: Scope) -> None:
        rounds = sizing.bounded_count(repeat.times, self.net.environment(scope))
        sizing.refuse_too_many(rounds * self.expanded_size.of(repeat.body), repeat.times)
        for index in range(rounds):
            environment: dict[str, Value] = {}
            if repeat.variable is not None:
                environment[repeat.variable.text] = Token(str(index), repeat.variable.span)
            inner = replace(scope, environment=environment, labels={}, outer=scope)
            self._step(repeat)
            self.statements(repeat.body, inner)
            if self.net.current is None and self.net.faults:
                break

    def _conditional(self, statement: Conditional, scope: Scope) -> None:
        """Bind the first part whose condition holds; the others are only looked through."""
        from cnncalc.graph.conditions import holds
        from cnncalc.graph.untaken import look_through

        taken = None
        names = self.net.environment(scope)
        try:
            for choice in statement.choices:
                self._step(statement)
                if choice.condition is None or holds(choice.condition, names, checked_only=taken is not None):
                    taken = taken or choice
        finally:
            for choice in statement.choices:
                if choice is not taken and id(choice) not in self.looked_through:
                    self.looked_through.add(id(choice))
                    look_through(choice.body, scope, self.net)
        if taken is not None:
            self.net.taken[taken.span] = self.net.taken.get(taken.span, 0) + 1
            self.statements(taken.body, scope)

    def _let(self, let: Let, scope: Scope) -> None:
        name = let.name.text
        if scope.own_value(name) is not None:
            raise Fault(
                "used-twice",
                f"`${name}` has a value already",
                let.name.span,
                help="a value never changes: choose another name for the new one",
            )
        scope.environment[name] = UNKNOWN
        scope.environment[name] = settled(let.value, self.net.environment(scope))

    def _split(self, split: Split, scope: Scope) -> None:
        arrived = self.net.current
        if not self.net.started:
            raise missing_input(Token("split", split.span))
        ends: list[int | None] = []
        scope.levels = (*scope.levels, True)
        for branch in split.branches:
            self.net.current, first = arrived, len(self.net.builder.rows)
            self.statements(branch, scope)
            self.net.builder.end_branch(first, scope.depth, arrived)
            ends.append(self.net.current)
        scope.levels = scope.levels[:-1]
        self._join(split, ends, scope)

    def _join(self, split: Split, ends: list[int | None], scope: Scope) -> None:
        self.net.current = None
        call = with_word(split.join, self.net.environment(scope), ())
        refuse_other_join(call.word)
        call, is_frozen = freezing.taken_off(call, scope, self.net)
        first = len(self.net.builder.nodes)
        line = self._read(call, scope)
        found = tuple(end for end in ends if end is not None)
        if line is not None and len(found) == len(ends):
            self.net.remark_join(split.join, line.layers[0], found, scope)
            self.net.current = add_row(line, found, self.net.builder, self.net.header)
        if is_frozen:
            self.net.builder.freeze(first)
        if split.join.label is not None:
            scope.labels[split.join.label.text] = Target(self.net.current, len(self.net.builder.rows) - 1)
