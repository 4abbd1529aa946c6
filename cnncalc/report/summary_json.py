"""The stable JSON of `summary` and of `run`; `summary.schema.json` beside this file describes it.

Keys are only ever added.  Counts are whole numbers, a receptive field's start is a number; all figures are per image
unless `batch` says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from cnncalc.analysis.model import Analysis, Figures, GroupAnalysis, ReceptiveField, RowAnalysis
from cnncalc.diagnostics import Diagnostic
from cnncalc.geometry import Order
from cnncalc.report.verdicts import NO_VERDICTS, Verdict, Verdicts

VERSION = 1


def summary_json(analysis: Analysis, verdicts: Verdicts = NO_VERDICTS, order: Order | None = None) -> str:
    """The whole summary as JSON text, ended by a line end."""
    return as_text(summary_object(analysis, verdicts, order or analysis.graph.order))


def as_text(found: dict[str, Any]) -> str:
    """JSON with one line for each key, and one for each entry of a list of objects."""
    return "{\n" + ",\n".join(f"  {_text(key)}: {_value(value)}" for key, value in found.items()) + "\n}\n"


def _value(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"    {_text(entry)}" for entry in value) + "\n  ]"
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def summary_object(analysis: Analysis, verdicts: Verdicts, order: Order) -> dict[str, Any]:
    """The same as nested dictionaries."""
    graph, totals = analysis.graph, analysis.totals
    return {
        "cnncalc": VERSION,
        "title": graph.title,
        "source": graph.source.name,
        "order": order,
        "batch": analysis.batch,
        "layers": [_layer(row, verdicts.rows.get(row.row.index, ()), order) for row in analysis.rows],
        "blocks": [_block(group, verdicts.groups.get(group.group.index, ()), order) for group in analysis.groups],
        "totals": {
            **_figures(totals.figures),
            "peak_activation_size": totals.peak_activation_size,
            "output": [list(shape.sizes(order)) for shape in totals.outputs],
            "answers": _answers(verdicts.totals),
        },
        "questions": _answers(verdicts.questions),
        "conventions": {"mac": totals.figures.cost.macs},
        "warnings": [_warning(warning) for warning in analysis.warnings],
    }


def _layer(row: RowAnalysis, verdicts: Sequence[Verdict], order: Order) -> dict[str, Any]:
    return {
        "index": row.row.index,
        "line": row.row.origin.span.line,
        "label": row.row.label,
        "word": row.row.word,
        "text": row.row.text,
        "inputs": [list(shape.sizes(order)) for shape in row.inputs],
        "output": list(row.output.sizes(order)),
        **_figures(row.figures),
        "ops": _operations(row.figures),
        "receptive_field": _field(row.receptive_field),
        "answers": _answers(verdicts),
    }


def _block(group: GroupAnalysis, verdicts: Sequence[Verdict], order: Order) -> dict[str, Any]:
    return {
        "line": group.group.origin.span.line,
        "label": group.group.label,
        "word": group.group.word,
        "text": group.group.text,
        "layers": list(range(group.group.first, group.group.last + 1)),
        "output": list(group.output.sizes(order)),
        **_figures(group.figures),
        "answers": _answers(verdicts),
    }


def _figures(figures: Figures) -> dict[str, int]:
    return {
        "params": figures.params,
        "buffers": figures.buffers,
        "total_params": figures.total_params,
        "macs": figures.cost.macs,
        "flops": figures.cost.flops,
        "activation_size": figures.activation_size,
    }


def _operations(figures: Figures) -> dict[str, int]:
    cost = figures.cost
    return {
        "add": cost.add,
        "compare": cost.compare,
        "exp": cost.exp,
        "divide": cost.divide,
        "multiply": cost.multiply,
    }


def _field(field: ReceptiveField | None) -> dict[str, Any] | None:
    if field is None:
        return None
    found: dict[str, Any] = {
        "size": list(field.size),
        "jump": [_number(jump) for jump in field.jump],
        "start": [_number(start) for start in field.start],
        "whole": field.whole,
    }
    return {**found, "at_most": True} if field.at_most else found


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else float(value)


def _answers(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    return [{"asked": verdict.asked, "given": verdict.given, "ok": verdict.ok} for verdict in verdicts]


def _warning(warning: Diagnostic) -> dict[str, Any]:
    return {
        "code": warning.code,
        "message": warning.message,
        "line": warning.span.line if warning.span else None,
    }
