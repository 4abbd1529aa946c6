"""What is shown for the word under a cursor, in Markdown: its line in formulas with numbers, or what it means.

While an answer on a line is open or wrong, its formulas are shown without numbers; elsewhere those that would tell what
is right for it are.  The settings may ask for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.analysis.model import Analysis, GroupAnalysis, RowAnalysis
from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.diagnostics.catalogue import entries
from cnncalc.diagnostics.letters import printable
from cnncalc.editor.kept_back import KeptBack
from cnncalc.editor.named_places import Named, name_at
from cnncalc.editor.positions import Position, Range, column_at, line_of, range_of
from cnncalc.editor.problems import AnswersShown, own_span
from cnncalc.editor.state import State
from cnncalc.editor.word_facts import as_markdown, layer_fact, layer_page, option_fact, word_sentence
from cnncalc.homework.masking import written_on
from cnncalc.layers.base import Formula
from cnncalc.quantities import grouped
from cnncalc.report import notation
from cnncalc.report.explanation_lines import steps_of
from cnncalc.report.line_formulas import Part, line_formulas
from cnncalc.spec.document import BlockDefinition, Let
from cnncalc.spec.lexing import Lexeme, lexed

_NOT_SHOWN = "*The numbers are shown when the answers on this line are right.*"
_SOME_NOT_SHOWN = "*Numbers that answers of this text are about are shown when those are right.*"


class Hover(NamedTuple):
    """Markdown about a range."""

    text: str
    range: Range


def hover_at(state: State, position: Position, answers: AnswersShown = "marks") -> Hover | None:
    """What there is to say about a place; None where nothing is written."""
    line, column = position.line + 1, column_at(state.lines, position)
    fault = _fault_at(state, line, column)
    if fault is not None:
        return Hover(_about_fault(fault), range_of(state.lines, fault.span or Span(line, column)))
    named = name_at(state.named, line, column)
    lexemes = _lexemes(state, line)
    index = next((n for n, one in enumerate(lexemes) if _touches(one.span, column)), None)
    if index is None:
        return None
    word = lexemes[index]
    span = word.span if named is None else named[1]
    said = [] if named is None else [_about_name(state, named[0])]
    if named is None or named[0].kind in ("label", "block"):
        said += _about_line(state, line, answers)
    said += [] if named is not None else _about_word(lexemes, index, in_full=not said)
    text = "\n\n---\n\n".join(part for part in said if part)
    return Hover(text, range_of(state.lines, span)) if text else None


def _touches(span: Span, column: int) -> bool:
    return span.column <= column <= span.column + span.length


def _lexemes(state: State, line: int) -> list[Lexeme]:
    """The words of one line, its label and its word apart."""
    found = [one for read in lexed((line_of(state.lines, line - 1),), {}, []) for one in read.lexemes]
    return [one._replace(span=one.span._replace(line=line)) for one in found]


def _fault_at(state: State, line: int, column: int) -> Diagnostic | None:
    """The fault that is underlined at a place."""
    for one in (*state.faults, *state.warnings):
        span = one.span
        if span is not None and span.line == line and _touches(span, column) and own_span(state, one) == span:
            return one
    return None


def _about_fault(fault: Diagnostic) -> str:
    """The long explanation of a fault; what is wrong here the editor shows itself."""
    entry = entries().get(fault.code)
    if entry is None:
        return ""
    more = f"`cnncalc explain {fault.code}` shows an example."
    return f"**{fault.code}**: {as_markdown(entry.meaning)}\n\n{as_markdown(entry.explanation)}\n\n{more}"


# ---------------------------------------------------------------------- names
def _about_name(state: State, one: Named) -> str:
    """The line that gives a name."""
    line = printable(line_of(state.lines, one.span.line - 1).strip())
    where = f"{one.kind} `{one.name}`, line {one.span.line}"
    value = f" = {printable(one.statement.value.text)}" if isinstance(one.statement, Let) else ""
    comment = _comment_above(state, one.span.line) if isinstance(one.statement, BlockDefinition) else ""
    return f"{where}{as_markdown(value)}\n\n```cnncalc\n{line}\n```" + (f"\n\n{comment}" if comment else "")


def _comment_above(state: State, line: int) -> str:
    """The comments right above a line, as one text."""
    found: list[str] = []
    while line > 1 and state.lines[line - 2].lstrip().startswith("#"):
        found.insert(0, state.lines[line - 2].lstrip().lstrip("#").strip())
        line -= 1
    return as_markdown(printable(" ".join(found)))


# ---------------------------------------------------------------------- words
def _about_word(lexemes: list[Lexeme], index: int, *, in_full: bool) -> list[str]:
    """What a word means where it is written: a layer, `in_full` or in a sentence, an option, a word of the language."""
    word = lexemes[index].text.lower()
    words = [one.text for one in lexemes if one.kind == "word" and not one.text.endswith(":")]
    first = words[0] if words else ""
    is_option = index + 1 < len(lexemes) and lexemes[index + 1].kind == "=" and first.lower() != word
    if is_option:
        fact = option_fact(first, word)
        return [] if fact is None else [f"**{fact.name}=** of `{first}`: {as_markdown(fact.help)}"]
    fact_of_layer = layer_fact(word)
    if fact_of_layer is not None:
        page = layer_page(word) if in_full else as_markdown(fact_of_layer.sentence)
        return [f"**{as_markdown(fact_of_layer.usage)}**\n\n{page}\n\n`cnncalc explain {word}` says more."]
    sentence = word_sentence(word)
    return [f"**{word}**: {as_markdown(sentence)}"] if sentence and not word[:1].isdigit() else []


# ---------------------------------------------------------------------- lines
def _about_line(state: State, line: int, answers: AnswersShown) -> list[str]:
    """The formulas of a line with its numbers."""
    rows, calls = state.rows.get(line, []), state.calls.get(line, [])
    if state.explained is None or not (rows or calls):
        return []
    places = [("row", row.row.index) for row in rows] + [("group", call.group.index) for call in calls]
    findings = [one for place in places for one in state.answers.get(place, ())]
    is_open = answers != "right" and any(one.verdict.ok is not True for one in findings)
    secrets = _Secrets(KeptBack() if answers == "right" else state.kept_back, state.source, line)
    if calls:
        return [_NOT_SHOWN if is_open else _call(state.explained, calls[0], len(calls), secrets)]
    own = [row for row in rows if row.row.word == rows[-1].row.word]
    copies = len(own) // own[0].row.copies
    row = state.explained.rows[own[0].row.index]
    return [_row(state.explained, row, copies, secrets, with_numbers=not is_open)]


class _Secrets(NamedTuple):
    """What is kept back at a line."""

    kept: KeptBack
    source: Source
    line: int

    def hide(self, text: str) -> bool:
        """Whether words would tell a right answer of the text."""
        return self.kept.tells(text)

    def hide_formula(self, steps: Iterable[str]) -> bool:
        """Whether a formula with its numbers would."""
        return self.kept.tells_a_part(", ".join(steps), self.source, self.line)

    def heading(self, text: str) -> str:
        """A line with the values of its names put in, or as it is written where that would tell."""
        return written_on(self.source, self.line).strip() if self.hide(text) else text


def _call(analysis: Analysis, call: GroupAnalysis, calls: int, secrets: _Secrets) -> str:
    group, order, figures = call.group, analysis.graph.order, call.figures
    parts = []
    if group.settings:
        settings = ", ".join(f"`{name}` = {as_markdown(printable(value))}" for name, value in group.settings)
        parts.append(f"- settings: {settings}")
    if call.inputs:
        parts.append(f"- arrives: {notation.shapes(call.inputs, order)}")
    if group.complete:
        parts.append(f"- leaves: **{call.output.text(order)}**")
    parts.append(f"- params: **{grouped(figures.counted_params(analysis.graph.count))}**")
    parts.append(f"- MACs: **{grouped(figures.cost.macs)}**")
    told = [part for part in parts if not secrets.hide(part)]
    heading = f"**{as_markdown(printable(secrets.heading(group.text)))}**{_first_of(calls)}"
    note = [] if told == parts else ["", _SOME_NOT_SHOWN]
    return "\n".join([heading, "", *told, *note])


def _first_of(several: int) -> str:
    return f" (the first of {several})" if several > 1 else ""


def _row(analysis: Analysis, row: RowAnalysis, several: int, secrets: _Secrets, *, with_numbers: bool) -> str:
    heading = f"**{as_markdown(printable(secrets.heading(row.row.text)))}**{_first_of(several)}"
    found = line_formulas(analysis, row, summed=False)
    every = (*found.own, *found.field)
    shown = [with_numbers and not _is_kept(told, secrets) for told in every]
    lines = [line for told, numbers in zip(every, shown, strict=True) for line in _told(told, secrets, numbers=numbers)]
    note = _NOT_SHOWN if not with_numbers else "" if all(shown) else _SOME_NOT_SHOWN
    return "\n".join([heading, "", *([note, ""] if note else []), *lines])


def _is_kept(told: Formula | Part | tuple[str, str], secrets: _Secrets) -> bool:
    if isinstance(told, Part):
        return False
    return secrets.hide_formula(steps_of(told)) if isinstance(told, Formula) else secrets.hide(told[1])


def _told(told: Formula | Part | tuple[str, str], secrets: _Secrets, *, numbers: bool) -> Iterator[str]:
    if isinstance(told, Part):
        yield f"\n*{told.name}*\n"
    elif isinstance(told, Formula):
        if numbers:
            *steps, result = steps_of(told)
            yield f"- {told.quantity} = " + " = ".join((*(f"`{step}`" for step in steps), f"**{result}**"))
        elif told.symbols:
            yield f"- {told.quantity} = `{told.symbols}`"
    elif told[1] and (numbers or (told[0] == "arrives" and not secrets.hide(told[1]))):
        text = as_markdown(printable(told[1]))
        yield f"- {told[0]}: {text}" if told[0] else f"- {text}"
