"""What an editor underlines: the faults and warnings of a text, and its answers that are not right.

An answer is marked as a table marks it, that it is wrong and not what is right: students have the same editor as their
teachers, and no fault and no warning says a number that is the right one for an answer that is open or wrong.  `right`
in the settings shows both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from cnncalc.asked import quantity_of
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.diagnostics.letters import printable
from cnncalc.editor.positions import Range, range_of
from cnncalc.editor.state import State
from cnncalc.homework.findings import Finding
from cnncalc.spec.document import Call, Statement, inside

AnswersShown = Literal["marks", "right", "off"]
Severity = Literal["error", "warning", "information"]

MOST_SHOWN = 200
"""Problems of one text; an editor with thousands of them shows none."""

MOST_CALLS_NAMED = 3
"""Block calls around a place that are named, the innermost first."""


class Related(NamedTuple):
    """Another place that belongs to a problem, or more about its own; `file` is empty for the text itself."""

    said: str
    range: Range
    file: str = ""


class Problem(NamedTuple):
    """One thing that is underlined.  `diagnostic` is what it was made of; an answer has none."""

    range: Range
    severity: Severity
    code: str
    message: str
    related: tuple[Related, ...] = ()
    diagnostic: Diagnostic | None = None


def problems(state: State, answers: AnswersShown = "marks") -> tuple[Problem, ...]:
    """Everything that is underlined, by its place; one message about one place is said once."""
    said = (*state.faults, *state.warnings)
    if answers != "right":
        said = tuple(state.kept_back.without(one, state.graph.source) for one in said)
    told = (_problem(state, one) for one in said)
    marked = () if answers == "off" else _marked(state, with_right=answers == "right")
    found = {(one.range, one.code, one.message): one for one in (*told, *marked)}
    return tuple(sorted(found.values(), key=lambda one: one.range)[:MOST_SHOWN])


def _problem(state: State, one: Diagnostic) -> Problem:
    span = one.span or Span(1, 1)
    shown = own_span(state, one)
    lead = "" if shown == span else f"{state.graph.source.place(span.line).head}: "
    parts = (f"{lead}{one.message}", one.label, f"help: {one.help}" if one.help else "")
    message = "\n".join(printable(part) for part in parts if part)
    place = range_of(state.lines, shown)
    related = (*(Related(printable(note), place) for note in one.notes), *_places(state, one, shown))
    return Problem(place, one.severity, one.code, message, related, one)


def own_span(state: State, one: Diagnostic) -> Span:
    """Where a diagnostic is shown: in the text itself, at the line that includes the text or calls the block."""
    span, last = one.span or Span(1, 1), len(state.lines)
    if span.line <= last:
        return span
    calls = (call for call in one.trail if call.line <= last)
    name = state.graph.source.place(span.line).name
    return next(calls, None) or including(state, name) or Span(1, 1)


def including(state: State, name: str) -> Span | None:
    """The place of the first line that includes a file of that name; of any file where it is not said so."""
    found = [one for one in _statements(state) if isinstance(one, Call) and one.word.text.lower() == "include"]
    named = (one for one in found if any(name.endswith(getattr(part, "text", "\0")) for part in one.arguments[:1]))
    one = next(named, next(iter(found), None))
    return None if one is None else one.span


def _statements(state: State) -> Iterator[Statement]:
    pile = list(state.document.statements)[::-1]
    while pile:
        one = pile.pop()
        yield one
        pile += inside(one)[::-1]


def _places(state: State, one: Diagnostic, shown: Span) -> Iterator[Related]:
    """The lines that led to a place, and the place itself where it is in another file."""
    source, last = state.graph.source, len(state.lines)
    spans = [(span, "reached from here") for span in one.trail[:MOST_CALLS_NAMED] if span != shown]
    if one.span is not None and one.span.line > last:
        spans.insert(0, (one.span, one.message))
    for span, said in spans:
        if span.line <= last:
            yield Related(said, range_of(state.lines, span))
        else:
            place = source.place(span.line)
            line = (source.lines[span.line - 1],)
            found = range_of(line, Span(1, span.column, span.length))
            moved = Range(*(end._replace(line=place.line - 1) for end in found))
            yield Related(printable(said), moved, place.name)


def _marked(state: State, *, with_right: bool) -> Iterator[Problem]:
    """The answers that are not right."""
    for one in state.findings:
        if one.verdict.ok is False and one.answer.span.line <= len(state.lines):
            place = range_of(state.lines, one.answer.span)
            yield Problem(place, "information", "answer-wrong", _about(one, with_right=with_right))


def _about(one: Finding, *, with_right: bool) -> str:
    name = one.asked
    if with_right and one.right is not None:
        return f"{name}: not {printable(one.given)}, but {quantity_of(one.answer).answered(one.right)}"
    return f"{name}: this answer is not right; `cnncalc check` gives a hint"
