"""The stable JSON of `summary` and of `run`; `summary.schema.json` beside this file describes it.

Keys are only ever added.  Counts are whole numbers, a receptive field's start is a number; all figures are per image
unless `batch` says otherwise.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cnncalc.analysis.conventions import CONVENTIONS, convention_counts
from cnncalc.analysis.framework_params import FRAMEWORKS, differences
from cnncalc.analysis.model import Analysis, Figures, ReceptiveField, Totals
from cnncalc.analysis.stored_bytes import DType, memory
from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.diagnostics.letters import escaped_json
from cnncalc.geometry import Order
from cnncalc.graph.ir import Count
from cnncalc.report.column_choice import SHARING
from cnncalc.report.columns import NUMBERS
from cnncalc.report.entries import Entry, entries
from cnncalc.report.ranking import the_others
from cnncalc.report.summary import USUAL_CHOICES, Choices

if TYPE_CHECKING:
    from cnncalc.homework.findings import Finding

VERSION = 1

ASKED = ("connections", "moved", "as_local", "as_dense", "dense_connections")
"""The columns of numbers that are written only where `--columns` or `--sort` names them."""


def summary_json(analysis: Analysis, choices: Choices = USUAL_CHOICES) -> str:
    """The whole summary as JSON text, ended by a line end."""
    return as_text(summary_object(analysis, choices))


def as_text(found: dict[str, Any]) -> str:
    """JSON with one line for each key, and one for each entry of a list of objects."""
    return "{\n" + ",\n".join(f"  {_text(key)}: {_value(value)}" for key, value in found.items()) + "\n}\n"


def _value(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(f"    {_text(entry)}" for entry in value) + "\n  ]"
    return _text(value)


def _text(value: Any) -> str:
    return escaped_json(json.dumps(value, ensure_ascii=False))


def summary_object(analysis: Analysis, choices: Choices) -> dict[str, Any]:
    """The same as nested dictionaries; `layers` are the lines of the table, `blocks` the calls above them."""
    graph, totals, answers = analysis.graph, analysis.totals, choices.answers
    order, count = choices.order or graph.order, graph.count
    shown = list(entries(analysis, answers, expand=choices.expand, depth=choices.depth))
    lines = [entry for entry in shown if entry.is_layer]
    rows = [entry.row for entry in lines]
    calls = [(entry, analysis.groups[entry.group].group) for entry in shown if entry.group >= 0]
    ranking = choices.ranking
    places = ranking.places(lines, count) if ranking else list(range(len(lines)))
    largest = places[: ranking.top] if ranking else places
    found: dict[str, Any] = {
        "cnncalc": VERSION,
        "title": graph.title,
        "source": graph.source.name,
        **({"entry": graph.source.entry} if graph.source.entry else {}),
        "order": order,
        "count": "torch" if count == "pytorch" else count,
        **_params_as(analysis, choices.params_as),
        "batch": analysis.batch,
        **({"sorted_by": ranking.column} if ranking else {}),
        "layers": [_layer(index, lines[index], analysis, order) for index in largest],
        **_others(analysis, [lines[index] for index in places[len(largest) :]]),
        "blocks": [
            _block(entry, range(bisect_left(rows, call.first), bisect_right(rows, call.last)), analysis, order)
            for entry, call in calls
        ],
        "totals": {
            **_figures(totals.figures, count),
            "peak_activation_size": totals.peak_activation_size,
            "output": [list(shape.sizes(order)) for shape in totals.outputs],
            "answers": _answers(answers.get(("total", 0), ())),
            **_uncalled(totals, count),
        },
        "memory": _memory(analysis, choices.dtype),
        "questions": _answers([one for (kind, _), found in answers.items() if kind == "question" for one in found]),
        "conventions": _conventions(analysis),
        "warnings": [warning_object(warning, graph.source) for warning in analysis.warnings],
    }
    if choices.convention is not None:
        one = choices.convention
        found["convention"] = {"name": one.name, "tool": one.tool, "counts": one.counts}
    if choices.convention is not None or set(ASKED) & set(choices.column_names):
        left = _left(analysis, [lines[index] for index in places[len(largest) :]])
        _add_asked(found["layers"], [lines[index].figures for index in largest], choices)
        _add_asked(found["blocks"], [analysis.groups[entry.group].figures for entry, _ in calls], choices)
        _add_asked([found["totals"], found.get("others", {})], [totals.figures, left], choices)
    return found


def _add_asked(described: Sequence[dict[str, Any]], figures: Sequence[Figures | None], choices: Choices) -> None:
    """What the convention counts, null where it has no known rule for a layer; and the columns that are asked for."""
    asked = [name for name in ASKED if name in choices.column_names]
    for one, numbers in zip(described, figures, strict=True):
        if numbers is not None:
            if choices.convention is not None:
                one["work"] = None if numbers.unknown_work else numbers.work
            one |= {name: _number_of(name, numbers) for name in asked}


def _number_of(column: str, figures: Figures) -> int | None:
    """The number that a column shows; None where a line without weights has nothing to compare."""
    number = NUMBERS[column](figures, None)
    return None if column in SHARING and not number else number


def _conventions(analysis: Analysis) -> dict[str, int | None]:
    """The total as every convention counts it; null where it has no known rule for a layer."""
    return {name: convention_counts(analysis, name).total for name in CONVENTIONS}


def _params_as(analysis: Analysis, framework: Count | None) -> dict[str, Any]:
    """By whose count `params` are, where one was asked for, and what that framework holds beside what is learned."""
    if framework is None:
        return {}
    found = [
        {"what": one.words, "amount": one.amount, "counted": one.counted, "reason": one.reason}
        for one in differences(analysis, framework)
    ]
    return {"params_as": {"framework": FRAMEWORKS[framework], "differences": found}}


def _others(analysis: Analysis, left: list[Entry]) -> dict[str, Any]:
    """What `--top` leaves out: how many layers, and their sums."""
    figures = _left(analysis, left)
    return {} if figures is None else {"others": {"layers": len(left), **_figures(figures, analysis.graph.count)}}


def _left(analysis: Analysis, left: list[Entry]) -> Figures | None:
    """The sums of the layers that `--top` leaves out; None where it leaves out none."""
    return the_others(analysis, left).figures if left else None


def _memory(analysis: Analysis, dtype: DType) -> dict[str, Any]:
    found = memory(analysis.totals, dtype)
    return {
        "dtype": found.dtype,
        "weights_bytes": found.weights,
        "activations_bytes": found.activations,
        "peak_activations_bytes": found.peak_activations,
    }


def _layer(index: int, entry: Entry, analysis: Analysis, order: Order) -> dict[str, Any]:
    assert entry.figures is not None  # every layer has them
    return {
        "index": index,
        "kind": entry.kind,
        **_place(analysis.graph.source, entry.line),
        "label": entry.label or None,
        "name": entry.name,
        "word": entry.word,
        "text": entry.written,
        "inputs": [list(shape.sizes(order)) for shape in entry.inputs],
        "output": list(entry.outputs[0].sizes(order)),
        **_figures(entry.figures, analysis.graph.count),
        "ops": _operations(entry.figures),
        "receptive_field": _field(entry.receptive_field),
        "answers": _answers(entry.findings),
        **_shares(entry),
    }


def _shares(entry: Entry) -> dict[str, str]:
    """Whose weights are used in place of its own, where that is so."""
    return {"shares": entry.shares} if entry.shares else {}


def _block(entry: Entry, layers: Sequence[int], analysis: Analysis, order: Order) -> dict[str, Any]:
    return {
        **_place(analysis.graph.source, entry.line),
        "label": entry.label or None,
        "name": entry.name,
        "word": entry.word,
        "text": entry.written,
        "layers": list(layers),
        "output": list(entry.outputs[0].sizes(order)),
        **_figures(analysis.groups[entry.group].figures, analysis.graph.count),
        "answers": _answers(entry.findings),
        **_shares(entry),
    }


def _figures(figures: Figures, count: Count | None) -> dict[str, int]:
    return {
        "params": figures.counted_params(count),
        "learned_params": figures.params,
        "buffers": figures.buffers,
        "total_params": figures.total_params,
        "trainable_params": figures.trainable_params,
        "frozen_params": figures.frozen,
        "macs": figures.cost.macs,
        "flops": figures.cost.flops,
        "activation_size": figures.activation_size,
    }


def _uncalled(totals: Totals, count: Count | None) -> dict[str, Any]:
    """What is made and never called, where there is any; the totals hold its parameters."""
    found = [{"name": name, "params": one.counted_params(count)} for name, one in totals.uncalled]
    return {"uncalled": found} if found else {}


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


def _answers(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [{"asked": one.asked, "given": one.given or "?", "ok": one.verdict.ok} for one in findings]


def _place(source: Source, line: int) -> dict[str, Any]:
    """The line, and of a net from several files or cells where that line is."""
    if not source.parts:
        return {"line": line}
    place = source.place(line)
    return {"line": place.line, "file": place.name, **({"cell": place.cell} if place.cell else {})}


def warning_object(warning: Diagnostic, source: Source) -> dict[str, Any]:
    """A warning with its place in the text."""
    place = _place(source, warning.span.line) if warning.span else {"line": None}
    return {"code": warning.code, "message": warning.message, **place}
