"""What a line does, in formulas: what arrives and leaves, the sizes and counts of each of its operations, its field.

Only what there is to say and in which order.  A layer says its own formulas, every result is the analysis' own;
`cnncalc.report.explanation` sets them in lines of a terminal, a page as mathematics.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis.formulas import formulas_of
from cnncalc.analysis.model import Analysis, NodeAnalysis, RowAnalysis
from cnncalc.diagnostics import Span
from cnncalc.diagnostics.letters import printable
from cnncalc.layers.base import Cost, Formula
from cnncalc.quantities import grouped
from cnncalc.report import notation
from cnncalc.report.field_formulas import Heading, Told, told_fields

_NAMES = {"macs": "MACs", "flops": "FLOPs"}


class Part(NamedTuple):
    """One operation of a line, which what follows is about."""

    name: str


class LineFormulas(NamedTuple):
    """What a line does with what arrives, equal in all its copies, and how the receptive field grows."""

    own: list[Told | Part]
    field: list[Told | Part]


def line_formulas(analysis: Analysis, row: RowAnalysis, *, summed: bool) -> LineFormulas:
    """All that there is to say; `summed`: with the sum of all that the receptive field grew before."""
    order, own = analysis.graph.order, list[Told | Part]()
    if row.inputs:
        own.append(("arrives", notation.shapes(row.inputs, order)))
    if len(row.inputs) > 1:
        own.append(("joins", _joined(analysis, row)))
    size = f" = {grouped(row.output.elements)}" if row.output.rank else ""
    own.append(("leaves", f"{row.output.text(order)}{size} number{'s' if row.output.elements != 1 else ''}"))
    for node in row.nodes:
        own += _node(analysis, node, first=node is row.nodes[0], alone=len(row.nodes) == 1)
    field: list[Told | Part] = [*told_fields(analysis, row, summed=summed)]
    if field and len(row.nodes) > 1 and not isinstance(field[0], Heading):
        own.append(Part("receptive field"))
    return LineFormulas(own, field)


def line_words(analysis: Analysis, span: Span) -> str:
    """`line 5`, or in which file or cell else."""
    return printable(analysis.graph.source.line_words(span.line))


def _joined(analysis: Analysis, row: RowAnalysis) -> str:
    """Which lines are joined, the one above among them or not: `concat a` reads it, `concat a b` does not."""
    read = row.nodes[0].node.inputs
    above = analysis.rows[row.row.index - 1]
    found = []
    for node in read:
        one = next(other for other in analysis.rows if other.row.first <= node <= other.row.last)
        place = f"{line_words(analysis, one.row.origin.span)}{', the line above' if one is above else ''}"
        name = one.nodes[0].node.name
        label = name if analysis.graph.source.is_program else one.row.label
        found.append(f"{printable(label or name)} ({place})")
    passed = "" if above.row.last in read else ", not the line above"
    return f"{', '.join(found[:-1])} and {found[-1]}{passed}"


def _node(analysis: Analysis, node: NodeAnalysis, *, first: bool, alone: bool) -> Iterator[Told | Part]:
    """A post word without weights has nothing to tell but its work."""
    formulas = formulas_of(node, analysis.graph.order) if first or node.weights else ()
    cost = node.figures.cost
    if not alone and (formulas or cost.flops):
        yield Part(node.node.layer.word)
    yield from _merged(formulas)
    if node.lender is not None:
        lender = f"{printable(node.lender.name)} ({line_words(analysis, node.lender.origin.span)})"
        yield "weights", f"those of {lender}, counted there: 0 here"
    if cost.flops:
        yield _flops(cost)


def _merged(formulas: tuple[Formula, ...]) -> list[Formula]:
    """Axes that have the same formula and the same numbers are told once."""
    merged: list[Formula] = []
    for formula in formulas:
        named = formula._replace(quantity=_NAMES.get(formula.quantity, formula.quantity))
        if merged and (merged[-1].symbols, merged[-1].numbers) == (named.symbols, named.numbers):
            merged[-1] = merged[-1]._replace(quantity=f"{merged[-1].quantity}, {named.quantity}")
        else:
            merged.append(named)
    return merged


def _flops(cost: Cost) -> Formula:
    kinds = (("add", cost.add), ("compare", cost.compare), ("exp", cost.exp))
    more = (("divide", cost.divide), ("multiply", cost.multiply))
    parts = [f"{grouped(count)} {kind}" for kind, count in (*kinds, *more) if count]
    others = f" + {' + '.join(parts)}" if parts else ""
    macs = f"2 * {grouped(cost.macs)} MACs{others}" if cost.macs else " + ".join(parts)
    symbols = "2 * MACs + every other operation" if cost.macs else ""
    return Formula("FLOPs", symbols, macs, cost.flops)
