"""What an editor shows at the end of each line that makes layers: `28x28x64 · 1,792 params`.

A line that is written out several times (in a block that is called, in a repeat) shows its first layer, and of how
many.  What an answer on the line is about is left out, and so is every number that is the right one for an answer that
is open or wrong; the line has the mark of its answers, as in a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from cnncalc.analysis.model import Analysis, Figures, GroupAnalysis, RowAnalysis
from cnncalc.asked import PARAMS, SHAPE
from cnncalc.editor.kept_back import KeptBack
from cnncalc.editor.positions import Position, end_of
from cnncalc.editor.problems import AnswersShown
from cnncalc.editor.state import State
from cnncalc.geometry import Shape
from cnncalc.homework.findings import Finding
from cnncalc.quantities import grouped
from cnncalc.report.answer_marks import mark

Shown = Literal["shape", "params", "macs"]
USUAL: tuple[Shown, ...] = ("shape", "params")
EVERY: tuple[Shown, ...] = ("shape", "params", "macs")
MACS = "macs"


class Hint(NamedTuple):
    """Words that are shown at a position and are no part of the text."""

    position: Position
    words: str


class _Said(NamedTuple):
    """What is known about one line: its first layer or call, how often it is there, and about its answers."""

    output: Shape | None
    figures: Figures
    copies: int = 1
    places: int = 1
    findings: tuple[Finding, ...] = ()


def hints(
    state: State, first: int, last: int, shown: Sequence[Shown] = USUAL, answers: AnswersShown = "marks"
) -> tuple[Hint, ...]:
    """The hints of the lines from `first` to `last`, both counted from 0 and included."""
    if state.analysis is None or not (shown or answers != "off"):
        return ()
    kept = KeptBack() if answers == "right" else state.kept_back
    said = dict(_said(state, state.analysis, range(first + 1, last + 2)))
    found = ((line, _words(state, line, one, shown, kept)) for line, one in sorted(said.items()))
    marked = ((line, [mark(said[line].findings)] * (answers != "off") + words) for line, words in found)
    lines = ((line, " · ".join(filter(None, words))) for line, words in marked)
    return tuple(Hint(end_of(state.lines, line), words) for line, words in lines if words)


def _said(state: State, analysis: Analysis, lines: range) -> Iterator[tuple[int, _Said]]:
    """Each line with what is shown of it; a call hides the lines that it made, which are elsewhere."""
    for line, rows in state.rows.items():
        if line in lines:
            yield line, _of_rows(state, rows)
    for line, calls in state.calls.items():
        if line in lines:
            yield line, _of_calls(state, calls)
    total = analysis.graph.totals_origin
    if total is not None and total.span.line in lines and state.whole:
        yield total.span.line, _Said(None, analysis.totals.figures, findings=state.answers.get(("total", 0), ()))


def _of_rows(state: State, rows: Sequence[RowAnalysis]) -> _Said:
    """A line of layers; a flatten that `dense` brought with it is passed over."""
    last = rows[-1]
    own = [row for row in rows if row.row.word == last.row.word]
    first = own[min(own[0].row.copies, len(own)) - 1]
    answers = tuple(one for row in rows for one in state.answers.get(("row", row.row.index), ()))
    return _Said(first.output, first.figures, first.row.copies, max(1, len(own) // first.row.copies), answers)


def _of_calls(state: State, calls: Sequence[GroupAnalysis]) -> _Said:
    answers = tuple(one for call in calls for one in state.answers.get(("group", call.group.index), ()))
    first = calls[0]
    output = first.output if first.group.complete else None
    return _Said(output, first.figures, places=len(calls), findings=answers)


def _words(state: State, line: int, said: _Said, shown: Sequence[Shown], kept: KeptBack) -> list[str]:
    assert state.analysis is not None
    graph, asked = state.analysis.graph, {one.asked for one in said.findings}
    parts: list[str] = []
    if "shape" in shown and said.output is not None and SHAPE.name not in asked:
        shape = said.output.text(graph.order)
        is_written = "x" in shape and shape in state.lines[line - 1].replace("×", "x").split()
        is_kept = kept.tells(f"{shape}, {said.output.spatial_text}")
        parts += [] if is_written or is_kept else [shape]
    params = said.figures.counted_params(graph.count)
    if "params" in shown and params and PARAMS.name not in asked:
        parts += _counted(params, f"param{'s' if params != 1 else ''}", said.copies, kept)
    if "macs" in shown and said.figures.cost.macs and MACS not in asked:
        parts += _counted(said.figures.cost.macs, "MACs", said.copies, kept)
    if parts and said.places > 1:
        parts.append(f"first of {said.places}")
    return parts


def _counted(count: int, unit: str, copies: int, kept: KeptBack) -> list[str]:
    """`2 × 1,792 params`; nothing where that, or the product, is kept back."""
    if kept.tells(f"{count}, {count * copies}"):
        return []
    return [f"{f'{copies} × ' if copies > 1 else ''}{grouped(count)} {unit}"]
