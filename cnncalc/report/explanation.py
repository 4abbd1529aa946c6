"""The formulas of a net, layer by layer, in symbols and with the numbers put in.

What there is to say of a line is `cnncalc.report.line_formulas`; here a place is found, and its lines are set.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cnncalc.analysis.block_copies import copies_of
from cnncalc.analysis.model import Analysis, GroupAnalysis, RowAnalysis
from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.diagnostics.places import line_at
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.layers.base import Formula
from cnncalc.questions.instead import Instead, Together, instead_of_call, instead_of_row
from cnncalc.report.call_pages import call_explained, calls_at
from cnncalc.report.canvas import Canvas
from cnncalc.report.cell_pages import cell_lines, no_layer
from cnncalc.report.entries import group_name, row_text
from cnncalc.report.explanation_lines import formula_lines, head, said
from cnncalc.report.field_formulas import Told
from cnncalc.report.line_formulas import Part, line_formulas, line_words
from cnncalc.report.line_pages import line_count, line_explained
from cnncalc.report.program_lines import layers_of, lines_of, where_written

LONGEST_PLACE = 60
"""Letters of what was asked for that an error repeats."""


def explained(analysis: Analysis, place: str | None, canvas: Canvas, at: str | None = None) -> str:
    """The explanation of what stands at a label, a node's name or a line's number; of all rows without a place.

    `at` is which number of the result is worked out, where a place is given and its numbers are known.  Raises
    InputError when there is nothing of that name, or no such number.
    """
    if place is None:
        return "\n".join(_row(analysis, row, canvas, summed=False) for row in analysis.rows)
    rows, calls = rows_at(analysis, place), _calls(analysis, place)
    if not rows and not calls:
        number = line_at(analysis.graph.source, place)
        page = line_explained(analysis, number, canvas) if number is not None else None
        if page is None:
            raise _unknown_place(analysis, place)
        if at is not None:
            raise no_layer(place)
        return page
    pages = ["".join(f"{line}\n" for line in call_explained(analysis, call, canvas)) for call in calls]
    cell = "".join(f"{line.rstrip()}\n" for line in cell_lines(analysis, rows[-1], at, canvas)) if rows else ""
    return "\n".join((*pages, *(_row(analysis, row, canvas, summed=row is rows[-1]) for row in rows))) + cell


def instead_at(analysis: Analysis, place: str) -> tuple[Instead | Together, ...]:
    """What could be in the place of a line, or of a block as a whole; raises InputError as `explained` does."""
    calls = _calls(analysis, place)
    if calls:
        return tuple(one for call in calls for one in instead_of_call(analysis, call))
    rows = rows_at(analysis, place)
    if not rows:
        raise _unknown_place(analysis, place)
    return tuple(dict.fromkeys(one for row in rows for one in instead_of_row(analysis, row)))


def _calls(analysis: Analysis, place: str) -> list[GroupAnalysis]:
    """The block calls at a line, the one with that label or name, or the one copy of a repeated block of that name."""
    number = line_at(analysis.graph.source, place)
    if number is not None:
        return calls_at(analysis, number)
    target = analysis.graph.labels.get(place, 0)
    if target < 0:
        return [analysis.groups[~target]]
    named = [] if target else [call for call in analysis.groups if group_name(analysis, call) == place]
    return named or _copies(analysis, place)


def _copies(analysis: Analysis, place: str) -> list[GroupAnalysis]:
    """The copy of a repeated block with that name, of any call that has one."""
    if place in analysis.graph.labels:
        return []
    return [copy for call in analysis.groups for name, copy in copies_of(analysis, call) if name == place]


def _unknown_place(analysis: Analysis, place: str) -> InputError:
    graph = analysis.graph
    copies = (name for call in analysis.groups for name, _ in copies_of(analysis, call))
    known = [*graph.labels, *copies, *(row.nodes[0].node.name for row in analysis.rows)]
    lines = "the number of a line with a layer"
    if graph.document:
        lines = f"the number of a line from 1 to {line_count(graph.document.alone.source)}"
    elif any(part.cell for part in graph.source.parts):
        lines = "a cell and a line in it, as 7:3"
    advice = f"give a label, a name like {known[-1]}, or {lines}"
    if not place.strip():
        return input_error("unknown-place", "no line is named", help=advice)
    shown = place if len(place) <= LONGEST_PLACE else f"{place[:LONGEST_PLACE]}..."
    return input_error(
        "unknown-place",
        f"{graph.source.shown} has no line, label or layer called `{printable(shown)}`",
        help=did_you_mean(place[: 2 * LONGEST_PLACE], known, advice),
    )


def row_at(analysis: Analysis, place: str) -> RowAnalysis:
    """The row that a place names, the last of several; raises InputError where there is none, or it is no layer."""
    rows = rows_at(analysis, place)
    if rows:
        return rows[-1]
    number = line_at(analysis.graph.source, place)
    if number is not None and line_explained(analysis, number, Canvas()) is not None:
        raise no_layer(place)
    raise _unknown_place(analysis, place)


def rows_at(analysis: Analysis, place: str) -> tuple[RowAnalysis, ...]:
    """The rows that a place names; the copies of a repeated line are alike, so one stands for all."""
    found = _found(analysis, place)
    alike = {(row.row.origin.span, row.inputs, layers_of(row)): row for row in reversed(found)}
    return tuple(alike.values())[::-1]


def _found(analysis: Analysis, place: str) -> list[RowAnalysis]:
    number = line_at(analysis.graph.source, place)
    if number is not None:
        return [row for row in analysis.rows if number in lines_of(row)]
    if place in analysis.graph.labels:
        target = analysis.graph.labels[place]
        if target >= 0:
            return [analysis.rows[target]]
        group = analysis.groups[~target].group
        return list(analysis.rows[group.first : group.last + 1])
    named = [row for row in analysis.rows if any(node.node.name == place for node in row.nodes)]
    spans = [(copy.group.first, copy.group.last) for copy in ([] if named else _copies(analysis, place))]
    return named or [row for first, last in spans for row in analysis.rows[first : last + 1]]


def _row(analysis: Analysis, row: RowAnalysis, canvas: Canvas, *, summed: bool) -> str:
    written = list(where_written(analysis, row))
    place = "" if written else line_words(analysis, row.row.origin.span)
    lines = head(printable(_heading(analysis, row)), place, canvas)
    for what, where in written:
        lines += said(what, where, canvas)
    for told in chain(*line_formulas(analysis, row, summed=summed)):
        lines += _told(told, canvas)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _told(told: Told | Part, canvas: Canvas) -> Iterator[str]:
    """One thing that a line's formulas say, in lines of the canvas."""
    if isinstance(told, Part):
        yield canvas.paint(f"{told.name}:", "block")
    elif isinstance(told, Formula):
        yield from formula_lines(told, canvas)
    else:
        name, text = told
        yield from said(name, text, canvas) if text else wrapped(name, canvas.width)


def _heading(analysis: Analysis, row: RowAnalysis) -> str:
    """The line with its label, or else with its name; in a program with its whole path."""
    if row.row.label and not analysis.graph.source.is_program:
        return row_text(row)
    return f"{row.nodes[0].node.name}: {row.row.text if row.row.label else row_text(row)}"
