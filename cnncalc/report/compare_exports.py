"""A comparison as JSON and as CSV: every line, nothing folded, exact numbers.

JSON keys are only ever added: `{"compare": 1, "same", "a", "b", "rows", "totals", "facts", "differences", "remarks"}`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.sums import sum_of_rows
from cnncalc.diagnostics.letters import printable
from cnncalc.questions.compared import Cause, ComparedRow, Comparison, Difference, Finding
from cnncalc.report.compare_report import fact_words
from cnncalc.report.summary_json import as_text

VERSION = 1

_COLUMNS = (
    *("sign", "line_a", "line_b", "layer_a", "layer_b", "output_a", "output_b", "changes"),
    *("params_a", "params_b", "params_difference", "macs_a", "macs_b", "macs_difference"),
)


def compare_json(comparison: Comparison) -> str:
    """The comparison as JSON text, ended by a line end."""
    a, b = comparison.a, comparison.b
    return as_text(
        {
            "compare": VERSION,
            "same": comparison.same,
            "a": _net(a),
            "b": _net(b),
            "rows": [_row(comparison, row) for row in comparison.rows],
            "totals": _difference(comparison.totals),
            "facts": [_fact(comparison, one) for one in comparison.findings],
            "differences": [{"about": name, "text": text} for name, text in comparison.differences],
            "remarks": [{"about": name, "text": text} for name, text in comparison.remarks],
        }
    )


def _net(net: Analysis) -> dict[str, Any]:
    graph, figures = net.graph, net.totals.figures
    return {
        "title": graph.title,
        "source": graph.source.shown,
        "order": graph.order,
        "params": figures.params,
        "trainable_params": figures.trainable_params,
        "frozen_params": figures.frozen,
        "buffers": figures.buffers,
        "macs": figures.cost.macs,
        "flops": figures.cost.flops,
        "peak_activation_size": net.totals.peak_activation_size,
        "inputs": [list(shape.sizes(graph.order)) for shape in net.totals.inputs],
        "outputs": [list(shape.sizes(graph.order)) for shape in net.totals.outputs],
    }


def _row(comparison: Comparison, row: ComparedRow) -> dict[str, Any]:
    return {
        "sign": row.sign,
        "a": [_line(comparison.a, one) for one in row.rows_a],
        "b": [_line(comparison.b, one) for one in row.rows_b],
        "changes": [_cause(cause) for cause in row.causes],
        "difference": _difference(row.difference),
    }


def _line(net: Analysis, index: int) -> dict[str, Any]:
    row = net.rows[index]
    return {
        "index": index,
        "line": net.graph.source.place(row.row.origin.span.line).line,
        "name": row.nodes[0].node.name,
        "text": row.row.text,
        "output": list(row.output.sizes(net.graph.order)),
        "params": row.figures.params,
        "macs": row.figures.cost.macs,
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "kind": cause.kind,
        "word": cause.word,
        "argument": cause.name,
        "a": cause.before,
        "b": cause.after,
        "text": cause.text,
        "difference": _difference(cause.difference),
    }


def _fact(comparison: Comparison, finding: Finding) -> dict[str, Any]:
    name, text = fact_words(comparison, finding)
    return {
        "about": name,
        "text": text,
        "kind": finding.kind,
        "word": finding.word,
        "argument": finding.name,
        "layers": finding.layers,
        "changes": list(finding.texts),
        "difference": _difference(finding.difference),
    }


def _difference(difference: Difference) -> dict[str, int]:
    return {
        "params": difference.params,
        "buffers": difference.buffers,
        "macs": difference.macs,
        "flops": difference.flops,
    }


def compare_csv(comparison: Comparison) -> str:
    """One line for each line of the nets, for a spreadsheet."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_cells(comparison, row) for row in comparison.rows)
    return written.getvalue()


def _cells(comparison: Comparison, row: ComparedRow) -> Iterator[object]:
    nets = ((comparison.a, row.rows_a), (comparison.b, row.rows_b))
    yield row.sign
    for net, rows in nets:
        places = [net.graph.source.place(net.graph.rows[one].origin.span.line).line for one in rows]
        yield " ".join(map(str, dict.fromkeys(places)))
    for net, rows in nets:
        yield printable(" + ".join(net.graph.rows[one].text for one in rows))
    for net, rows in nets:
        yield net.rows[rows[-1]].output.text(net.graph.order) if rows else ""
    yield printable("; ".join(cause.text for cause in row.causes))
    for name in ("params", "macs"):
        for net, rows in nets:
            yield _number(net, rows, name) if rows else ""
        yield getattr(row.difference, name)


def _number(net: Analysis, rows: tuple[int, ...], name: str) -> int:
    figures = sum_of_rows(net, rows)
    return figures.params if name == "params" else figures.cost.macs
