"""A block call explained: its settings, what arrives and leaves, each of its lines, and their sums.

Every number is the analysis' own; lines that are alike are told once, with how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cnncalc.analysis.model import Analysis, GroupAnalysis
from cnncalc.diagnostics import Span
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.places import brief_place
from cnncalc.quantities import grouped
from cnncalc.report import notation
from cnncalc.report.canvas import Canvas
from cnncalc.report.entries import row_text
from cnncalc.report.explanation_lines import head, said
from cnncalc.report.program_lines import layers_of
from cnncalc.report.prose_tables import table_lines
from cnncalc.spec.document import BlockDefinition


def calls_at(analysis: Analysis, number: int) -> list[GroupAnalysis]:
    """The block calls of a line; those that are alike once."""
    found = [group for group in analysis.groups if group.group.origin.span.line == number]
    alike = {(one.inputs, one.group.word, one.group.settings, one.figures): one for one in reversed(found)}
    return list(alike.values())[::-1]


def call_explained(analysis: Analysis, call: GroupAnalysis, canvas: Canvas) -> Iterator[str]:
    """The page of one call, without those of its lines."""
    group, order = call.group, analysis.graph.order
    label = f"{group.label}: " if group.label else ""
    yield from head(printable(f"{label}{group.text}"), _line(analysis, group.origin.span), canvas)
    if group.path:
        yield from said("module", printable(f"{group.path}, of the class {group.word}"), canvas)
    else:
        yield from said("block", printable(_block(analysis, group.word)), canvas)
    if group.settings:
        yield from said("settings", printable(", ".join(f"{name} = {value}" for name, value in group.settings)), canvas)
    if call.inputs:
        yield from said("arrives", notation.shapes(call.inputs, order), canvas)
    if group.complete:
        yield from said("leaves", call.output.text(order), canvas)
    else:
        yield from said("ends", "at a fault, before the end of the block: see the error", canvas)
    yield ""
    yield from table_lines(tuple(_rows(analysis, call)), canvas, right=(3, 4, 5))


def _block(analysis: Analysis, word: str) -> str:
    statements = analysis.graph.document.statements if analysis.graph.document else ()
    for one in statements:
        if isinstance(one, BlockDefinition) and one.name.text.lower() == word.lower():
            return f"{one.name.text}, which line {one.span.line} defines"
    return word


def _line(analysis: Analysis, span: Span) -> str:
    return printable(analysis.graph.source.line_words(span.line))


def _rows(analysis: Analysis, call: GroupAnalysis) -> Iterator[tuple[str, ...]]:
    order, count, group = analysis.graph.order, analysis.graph.count, call.group
    rows = analysis.rows[group.first : group.last + 1]
    alike = Counter((row.row.origin.span, row.inputs, layers_of(row)) for row in rows)
    several = max(alike.values(), default=1) > 1
    each = " each" if several else ""
    yield "layer", "line", "leaves", *(("times",) if several else ()), f"params{each}", f"MACs{each}"
    for row in rows:
        times = alike.pop((row.row.origin.span, row.inputs, layers_of(row)), 0)
        if times:
            place = printable(brief_place(analysis.graph.source, row.row.origin.span.line))
            text = row_text(row) if group.path else row.row.text
            cells = (printable(text), place, row.output.text(order))
            counts = (grouped(row.figures.counted_params(count)), grouped(row.figures.cost.macs))
            yield (*cells, *((str(times),) if several else ()), *counts)
    sums = (grouped(call.figures.counted_params(count)), grouped(call.figures.cost.macs))
    yield ("in all", "", call.output.text(order), *(("",) if several else ()), *sums)
