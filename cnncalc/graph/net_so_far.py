"""The net while a text is being bound: what is built, what the next line works on, and which faults were found.

It knows which part is sound, the nodes, rows and groups before the first fault, and makes a `Graph` of it in the end.
What a statement means is not known here (`cnncalc.graph.binding`).
"""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.diagnostics import Diagnostic, Span, by_places
from cnncalc.geometry import Shape
from cnncalc.graph.building import Builder
from cnncalc.graph.expressions import UNKNOWN
from cnncalc.graph.faults import Fault, as_written
from cnncalc.graph.header import Header
from cnncalc.graph.ir import Graph, Group, Origin, Question
from cnncalc.graph.passed_values import at_its_call
from cnncalc.graph.read_layer import ReadLayer
from cnncalc.graph.scopes import Names, Scope, Target
from cnncalc.graph.tried_line import own_call
from cnncalc.graph.tries import Tries
from cnncalc.spec.document import Call, Document, Token, Total, Value


class NetSoFar:
    """Filled line by line by the binder; `current` is the node that the next line works on.

    `current` is None when nothing has `started`, or when the line before has a fault: what it hands on is not known.
    """

    def __init__(self, document: Document, builder: Builder) -> None:
        self.document = document
        self.builder = builder
        self.header = Header()
        self.top = Scope({})
        self.questions: list[Question] = []
        self.total: Total | None = None
        self.current: int | None = None
        self.started = False
        self.faults: dict[tuple[str, Span | None], Diagnostic] = {}
        self.read_wrong: set[tuple[str, Span | None]] = set()
        """Faults of lines that read a block's parameter, which are said of the call that gives it."""
        self.given_wrong: set[Span | None] = set()
        """The words of calls of which a fault is said; one is enough."""
        self.sound: tuple[int, int, int] | None = None
        """Nodes, rows and groups before the first fault."""
        self.taken: dict[Span, int] = {}
        """How often each part of an `if` was taken."""
        self.remarks: list[Diagnostic] = []
        self.tries = Tries(own_call)
        self.labels_in: dict[str, dict[str, Target]] = {}
        """The labels of each block, and of the file outside of blocks (""), for lines that do not count."""
        self.unread: set[str] = set()
        """Names, in lower case, that lines with a fault would have given a meaning to."""

    def lose(self) -> None:
        """What the next line works on is not known: the line before has a fault."""
        self.current, self.started = None, True

    def report(self, diagnostic: Diagnostic, scope: Scope) -> None:
        """Keep a fault once, with the calls that led to it; a consequence of a fault that is known already is left."""
        is_consequence = diagnostic.follows and (self.sound is not None or (self.current is None and self.started))
        if is_consequence or (diagnostic.code.startswith("unknown-") and self._written(diagnostic.span) in self.unread):
            return
        self.end_sound_part()
        read = (diagnostic.code, diagnostic.span)
        if read in self.faults or read in self.read_wrong:
            return
        told = at_its_call(as_written(diagnostic, self.document.source.lines), scope, self.document)
        if told.span != diagnostic.span:
            self.read_wrong.add(read)
            if told.span in self.given_wrong:
                return
            self.given_wrong.add(told.span)
        self.faults.setdefault((told.code, told.span), told)

    def adopt(self, faults: Iterable[Diagnostic], trail: tuple[Span, ...]) -> None:
        """Keep the faults of an included net, with the lines that led to it."""
        self.end_sound_part()
        for fault in faults:
            own = fault.span is not None and fault.span.line == trail[0].line
            led = (*fault.trail, *trail[own:])
            self.faults.setdefault((fault.code, fault.span), fault._replace(trail=led))

    def arriving(self) -> Shape | None:
        """What the next line works on, where that is known."""
        return None if self.current is None else self.builder.nodes[self.current].output

    def remark(self, warning: Diagnostic, scope: Scope) -> None:
        """Keep a warning about what a line was read as, with the calls that led to it."""
        self.remarks.append(warning._replace(trail=scope.trail))

    def remark_join(self, call: Call, main: ReadLayer, inputs: tuple[int, ...], scope: Scope) -> None:
        """Keep a warning about a join that reads one result twice."""
        if main.signature.takes_labels and len(set(inputs)) < len(inputs):
            from cnncalc.graph.arriving import joined_with_itself  # noqa: PLC0415 (few texts need it)

            self.remark(joined_with_itself(call, main.labels), scope)

    def size(self) -> tuple[int, int, int]:
        """Nodes, rows and groups so far; nodes of a row that is not whole do not count."""
        rows = self.builder.rows
        return (rows[-1].last + 1 if rows else 0), len(rows), len(self.builder.groups)

    def end_sound_part(self, size: tuple[int, int, int] | None = None) -> None:
        """The net is sound up to here, or up to an earlier size: rows and nodes of lines that had no fault."""
        if self.sound is None:
            self.sound = size or self.size()

    def _written(self, span: Span | None) -> str:
        if span is None:
            return ""
        return self.document.source.lines[span.line - 1][span.column - 1 : span.column - 1 + span.length].lower()

    def environment(self, scope: Scope) -> Names:
        """What every `$name` stands for at the next line; `$in` is the channels that arrive there."""
        return Names(scope, None if self.current is None else self._channels(self.current), self._channels_of)

    def _channels(self, node: int) -> Value:
        return Token(str(self.builder.nodes[node].output.channels), Span(1, 1))

    def _channels_of(self, target: Target) -> Value:
        return UNKNOWN if target.node is None else self._channels(target.node)

    # ------------------------------------------------------------------ the end
    def finished(self) -> tuple[Graph, tuple[Diagnostic, ...]]:
        """The graph up to the first fault, and all faults in the order of their places."""
        if not self.builder.nodes and not self.faults:
            self.report(
                Diagnostic(
                    "empty-model",
                    "there is no layer in this file",
                    Span(1, 1),
                    help="begin with a line such as `input 28x28x1`; `cnncalc init` prints a text to start from",
                ),
                self.top,
            )
        outputs = self._output_nodes()
        nodes, rows, groups = self.sound or (len(self.builder.nodes), len(self.builder.rows), len(self.builder.groups))
        kept = tuple(_cut(group, nodes, rows) for group in self.builder.groups[:groups]) if nodes else ()
        graph = Graph(
            source=self.document.source,
            nodes=tuple(self.builder.nodes[:nodes]),
            rows=tuple(self.builder.rows[:rows]),
            groups=kept,
            outputs=tuple(output for output in outputs if output < nodes),
            outputs_named=bool(self.header.outputs),
            title=self.header.title,
            order=self.header.order,
            count=self.header.count,
            classes=self.header.labels,
            rounding=self.header.rounding,
            labels={label: target.place for label, target in self.top.labels.items() if target.node is not None},
            totals=self.total.answers if self.total else (),
            totals_origin=Origin(self.total.span) if self.total else None,
            totals_worth=self.total.worth if self.total else (),
            questions=tuple(self.questions),
            homework=self.header.homework,
            student=self.header.student,
            warnings=tuple(self.remarks),
            taken=self.taken,
            document=self.document.alone,
        )
        return graph, by_places(self.faults.values())

    def _output_nodes(self) -> tuple[int, ...]:
        named: list[int] = []
        for token in self.header.outputs:
            try:
                target = self.top.target(token)
            except Fault as fault:
                found = fault.diagnostic
                units = f"`output` names labelled lines; a layer of {token.text} units is `dense {token.text}`"
                self.report(found._replace(help=units) if token.text.isdecimal() else found, self.top)
                continue
            if target.node is not None:
                named.append(target.node)
        return tuple(named) or self.builder.leaves()


def _cut(group: Group, nodes: int, rows: int) -> Group:
    """The group as far as the net is sound; what a call cut short hands on is not known, so its answers are dropped."""
    if 0 <= group.node < nodes:
        return group
    return group._replace(last=rows - 1, node=nodes - 1, answers=(), complete=False)
