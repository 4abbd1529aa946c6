"""What of a net is not written: lines that no output needs, and modules that its program never calls.

Programs, ONNX and Darknet have what an output needs; our own notations have every line.
"""

from __future__ import annotations

from dataclasses import replace

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.conversion.forms import Form
from cnncalc.diagnostics import Diagnostic
from cnncalc.graph.cutting import without_unread
from cnncalc.layers.base import counted

MOST_NAMED = 6
"""Lines or modules that a warning names."""

WITHOUT = ("torch", "keras", "onnx", "darknet")
"""Notations in which a line that no output needs is not written."""


def as_written(analysis: Analysis, form: Form) -> Analysis:
    """The net of which every line and every part is written; itself where that is all of it."""
    graph = analysis.graph
    kept = without_unread(graph) if form.name in WITHOUT else replace(graph, uncalled=()) if graph.uncalled else graph
    return analysis if kept is graph else analyse(kept, fields=False)


def left_out(analysis: Analysis, form: Form) -> tuple[Diagnostic, ...]:
    """Warnings that name what is not written."""
    if not form.is_read:
        return ()
    kept = as_written(analysis, form)
    found = [_of_modules(analysis)] if analysis.totals.uncalled else []
    if len(kept.rows) < len(analysis.rows):
        found.append(_of_lines(analysis, kept))
    return tuple(found)


def other_epsilon(analysis: Analysis) -> tuple[Diagnostic, ...]:
    """A warning for a .cfg without weights whose batch norms add more to a variance than Darknet does."""
    from cnncalc.dialects.darknet.cfg_layers import EPSILON

    norms = [node.node for node in analysis.nodes if node.node.layer.word == "bn"]
    others = [node for node in norms if getattr(node.layer, "epsilon", EPSILON) != EPSILON]
    if not others:
        return ()
    values = ", ".join(f"{one:g}" for one in sorted({getattr(node.layer, "epsilon", 0.0) for node in others}))
    many = counted(len(others), "batch norm")
    return (
        Diagnostic(
            "other-epsilon",
            f"Darknet adds {EPSILON:g} to a variance, {many} of this net {values}",
            others[0].origin.span,
            help="weights that are written with it make up for that: --weights FILE -o net.cfg",
            severity="warning",
        ),
    )


def _of_lines(analysis: Analysis, kept: Analysis) -> Diagnostic:
    graph = analysis.graph
    written = {node.node.name for node in kept.nodes}
    rows = [row.row for row in analysis.rows if graph.nodes[row.row.last].name not in written]
    own = analysis.totals.figures.params - sum(one.params for _, one in analysis.totals.uncalled)
    lines, alone = _listed([graph.nodes[row.first].name for row in rows]), len(rows) == 1
    params = counted(own - kept.totals.figures.params, "parameter")
    return Diagnostic(
        "not-written",
        f"{lines} {'feeds no output and is' if alone else 'feed no output and are'} not written: {params} fewer",
        rows[0].origin.span,
        help=f"name {'it' if alone else 'what is to stay'} in the `output` line, too",
        severity="warning",
    )


def _of_modules(analysis: Analysis) -> Diagnostic:
    modules = analysis.totals.uncalled
    params = counted(sum(one.params for _, one in modules), "parameter")
    names, alone = _listed([name for name, _ in modules]), len(modules) == 1
    return Diagnostic(
        "not-written",
        f"{names} {'is' if alone else 'are'} made by the program, never called, and not written: {params} fewer",
        help=f"call {'it' if alone else 'them'} in `forward` to keep {'it' if alone else 'them'}",
        severity="warning",
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} and {len(names) - MOST_NAMED:,} more"
