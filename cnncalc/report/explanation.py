"""The formulas of a net, layer by layer, in symbols and with the numbers put in.

A layer tells its own formulas; here they are set in lines, and the receptive field's step is told in the same way.
Every result is the analysis' own.
"""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.formulas import formulas_of
from cnncalc.analysis.model import Analysis, GroupAnalysis, NodeAnalysis, RowAnalysis
from cnncalc.diagnostics import InputError, Span, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.diagnostics.places import line_at
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.layers.base import Cost, Formula
from cnncalc.quantities import grouped
from cnncalc.report import notation
from cnncalc.report.call_pages import call_explained, calls_at
from cnncalc.report.canvas import Canvas
from cnncalc.report.cell_pages import cell_lines, no_layer
from cnncalc.report.entries import row_text
from cnncalc.report.explanation_lines import head, margin, said
from cnncalc.report.field_formulas import told_fields
from cnncalc.report.line_pages import line_count, line_explained
from cnncalc.report.program_lines import layers_of, lines_of, where_written

_NAMES = {"macs": "MACs", "flops": "FLOPs"}


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


def _calls(analysis: Analysis, place: str) -> list[GroupAnalysis]:
    """The block calls at a line, or the one with that label."""
    number = line_at(analysis.graph.source, place)
    if number is not None:
        return calls_at(analysis, number)
    target = analysis.graph.labels.get(place, 0)
    return [analysis.groups[~target]] if target < 0 else []


def _unknown_place(analysis: Analysis, place: str) -> InputError:
    graph = analysis.graph
    known = [*graph.labels, *(row.nodes[0].node.name for row in analysis.rows)]
    lines = "the number of a line with a layer"
    if graph.document:
        lines = f"the number of a line from 1 to {line_count(graph.source)}"
    elif any(part.cell for part in graph.source.parts):
        lines = "a cell and a line in it, as 7:3"
    return input_error(
        "unknown-place",
        f"{graph.source.shown} has no line, label or layer called `{place}`",
        help=did_you_mean(place, known, f"give a label, a name like {known[-1]}, or {lines}"),
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
    return [row for row in analysis.rows if any(node.node.name == place for node in row.nodes)]


def _row(analysis: Analysis, row: RowAnalysis, canvas: Canvas, *, summed: bool) -> str:
    written = list(where_written(analysis, row))
    place = "" if written else _line(analysis, row.row.origin.span)
    lines = head(printable(_heading(analysis, row)), place, canvas)
    for what, where in written:
        lines += said(what, where, canvas)
    own, field = row_formulas(analysis, row, canvas, summed=summed)
    return "".join(f"{line.rstrip()}\n" for line in (*lines, *own, *field))


def row_formulas(analysis: Analysis, row: RowAnalysis, canvas: Canvas, *, summed: bool) -> tuple[list[str], list[str]]:
    """What a line does with what arrives, equal in all its copies, and how the receptive field grows."""
    order, lines = analysis.graph.order, list[str]()
    if row.inputs:
        lines += said("arrives", notation.shapes(row.inputs, order), canvas)
    if len(row.inputs) > 1:
        lines += said("joins", _joined(analysis, row), canvas)
    size = f" = {grouped(row.output.elements)}" if row.output.rank else ""
    lines += said("leaves", f"{row.output.text(order)}{size} number{'s' if row.output.elements != 1 else ''}", canvas)
    for node in row.nodes:
        lines += _node(analysis, node, canvas, first=node is row.nodes[0], alone=len(row.nodes) == 1)
    field = list(_field(analysis, row, canvas, summed=summed))
    if field and len(row.nodes) > 1 and not field[0].startswith("receptive field"):
        lines.append(canvas.paint("receptive field:", "block"))
    return lines, field


def _joined(analysis: Analysis, row: RowAnalysis) -> str:
    """Which lines are joined, the one above among them or not: `concat a` reads it, `concat a b` does not."""
    read = row.nodes[0].node.inputs
    above = analysis.rows[row.row.index - 1]
    found = []
    for node in read:
        one = next(other for other in analysis.rows if other.row.first <= node <= other.row.last)
        place = f"{_line(analysis, one.row.origin.span)}{', the line above' if one is above else ''}"
        name = one.nodes[0].node.name
        label = name if analysis.graph.source.parts else one.row.label
        found.append(f"{printable(label or name)} ({place})")
    passed = "" if above.row.last in read else ", not the line above"
    return f"{', '.join(found[:-1])} and {found[-1]}{passed}"


def _node(analysis: Analysis, node: NodeAnalysis, canvas: Canvas, *, first: bool, alone: bool) -> Iterator[str]:
    """A post word without weights has nothing to tell but its work."""
    formulas = formulas_of(node, analysis.graph.order) if first or node.weights else ()
    cost = node.figures.cost
    if not alone and (formulas or cost.flops):
        yield canvas.paint(f"{node.node.layer.word}:", "block")
    for names, formula in _merged(formulas):
        yield from _formula(", ".join(names), formula, canvas)
    if node.lender is not None:
        lender = f"{printable(node.lender.name)} ({_line(analysis, node.lender.origin.span)})"
        yield from said("weights", f"those of {lender}, counted there: 0 here", canvas)
    if cost.flops:
        yield from _flops(cost, canvas)


def _heading(analysis: Analysis, row: RowAnalysis) -> str:
    """The line with its label, or else with its name; in a program with its whole path."""
    if row.row.label and not analysis.graph.source.parts:
        return row_text(row)
    return f"{row.nodes[0].node.name}: {row.row.text if row.row.label else row_text(row)}"


def _line(analysis: Analysis, span: Span) -> str:
    return printable(analysis.graph.source.line_words(span.line))


def _merged(formulas: tuple[Formula, ...]) -> list[tuple[list[str], Formula]]:
    """Axes that have the same formula and the same numbers are told once."""
    merged: list[tuple[list[str], Formula]] = []
    for formula in formulas:
        name = _NAMES.get(formula.quantity, formula.quantity)
        if merged and (merged[-1][1].symbols, merged[-1][1].numbers) == (formula.symbols, formula.numbers):
            merged[-1][0].append(name)
        else:
            merged.append(([name], formula))
    return merged


def _formula(name: str, formula: Formula, canvas: Canvas) -> Iterator[str]:
    result = grouped(formula.result) if isinstance(formula.result, int) else formula.result
    steps = [step for step in (formula.symbols, formula.numbers, result) if step]
    room = margin(canvas)
    if len(name) >= room:
        yield from wrapped(name, canvas.width)
        name = ""
    for n, step in enumerate(dict.fromkeys(steps)):
        first, *more = wrapped(step, canvas.width and canvas.width - room - 2)
        yield f"{name if n == 0 else '':<{room}}= {first}"
        yield from (" " * (room + 2) + line for line in more)


def _flops(cost: Cost, canvas: Canvas) -> Iterator[str]:
    kinds = (("add", cost.add), ("compare", cost.compare), ("exp", cost.exp))
    more = (("divide", cost.divide), ("multiply", cost.multiply))
    parts = [f"{grouped(count)} {kind}" for kind, count in (*kinds, *more) if count]
    others = f" + {' + '.join(parts)}" if parts else ""
    macs = f"2 * {grouped(cost.macs)} MACs{others}" if cost.macs else " + ".join(parts)
    symbols = "2 * MACs + every other operation" if cost.macs else ""
    yield from _formula("FLOPs", Formula("flops", symbols, macs, cost.flops), canvas)


def _field(analysis: Analysis, row: RowAnalysis, canvas: Canvas, *, summed: bool) -> Iterator[str]:
    """How the receptive field grows here, axis by axis; `summed`: and the sum of all that it grew before."""
    for told in told_fields(analysis, row, summed=summed):
        if isinstance(told, Formula):
            yield from _formula(told.quantity, told, canvas)
        else:
            name, text = told
            yield from said(name, text, canvas) if text else wrapped(name, canvas.width)
