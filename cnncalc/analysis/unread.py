"""Lines whose result nothing reads, though the net goes on: most often the line above a `concat a b`.

The last line of a net is read by whoever runs it, and so are named outputs.  Nets in one file that share nothing have
an end each; where all numbers stand in the text (`input from NAME`), every line is an exercise of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.diagnostics import Diagnostic
from cnncalc.graph.ir import Graph, Row

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def unread_results(graph: Graph, unread: Iterable[Row]) -> Iterator[Diagnostic]:
    """A warning for every line whose result goes nowhere; `unread` are the lines that no other line reads."""
    parts = _Parts(graph)
    for row in unread:
        if parts.needs_reader(row):
            yield _unread(graph, row, parts.end(row))


class _Parts:
    """The nets of a graph that share nothing, each with its last row, and which of them have an input that is given."""

    def __init__(self, graph: Graph) -> None:
        self.part = list(range(len(graph.nodes)))
        for node in graph.nodes:
            for index in node.inputs:
                self.part[self._of(node.index)] = self._of(index)
        self.ends = {self._of(row.last): row for row in graph.rows}
        asked = (node for node in graph.nodes if node.is_input and getattr(node.layer, "data", None) is None)
        self.given = {self._of(node.index) for node in asked}

    def _of(self, index: int) -> int:
        while self.part[index] != index:
            self.part[index] = index = self.part[self.part[index]]
        return index

    def end(self, row: Row) -> Row:
        """The last row of the net that the row belongs to."""
        return self.ends[self._of(row.last)]

    def needs_reader(self, row: Row) -> bool:
        """False for the end of a net and for exercises; an input that nothing works on is no net."""
        if self._of(row.last) not in self.given:
            return False
        return self.end(row) is not row or (row.word == "input" and len(self.ends) > 1)


def _unread(graph: Graph, row: Row, end: Row) -> Diagnostic:
    if graph.source.is_program:
        message = f"nothing reads the result of `{row.text}`, and the model does not return it"
        return Diagnostic("unread-result", message, row.origin.span, severity="warning", trail=row.origin.trail)
    label = row.label or _free_label(graph)
    role = "and `output` does not name it" if graph.outputs_named else "so it is one more output"
    place = "there" if row.origin.trail else "there or in an `output` line"
    named = f"name `{label}` {place}" if row.label else f"with a label, `{label}:`, it can be named {place}"
    return Diagnostic(
        "unread-result",
        f"no line reads the result of `{row.text}`, {role}{_past(graph, row)}; {named}",
        row.origin.span,
        help=_advice(graph, row, label, end),
        severity="warning",
        trail=row.origin.trail,
    )


def _advice(graph: Graph, row: Row, label: str, end: Row) -> str:
    read = f"name `{label}` where it is to be read"
    read = read if row.label else f"write `{label}: {row.text}`, and {read}"
    if row.origin.trail:
        return read
    last = end.label or _free_label(graph, label)
    begun = "" if end.label else f"label the last line `{last}:` and "
    return f"{read}; if it is wanted as a result, {begun}write `output {label} {last}`"


def _past(graph: Graph, row: Row) -> str:
    """Which line goes past the result, and how."""
    if row.index + 1 == len(graph.rows):
        return ""
    after = graph.rows[row.index + 1]
    several = len(graph.nodes[after.first].inputs) > 1
    how = "joins only what it names" if several else "works on something else"
    return f": {graph.source.line_words(after.origin.span.line)}, `{after.text}`, {how}"


def _free_label(graph: Graph, *taken: str) -> str:
    """A letter that no line has as its label."""
    used = {*graph.labels, *taken}
    return next((letter for letter in _LETTERS if letter not in used), "here")
