"""Which input sizes make an output of a given size, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cnncalc.diagnostics.letters import printable
from cnncalc.quantities import grouped
from cnncalc.questions.output_sizes import AxisInputs, OutputSizes
from cnncalc.questions.size_verdicts import Verdict
from cnncalc.report.indented_json import indented_json
from cnncalc.report.net_sizes_report import placed
from cnncalc.report.notation import sizes
from cnncalc.report.sheet import Column, Fact, Line, Sheet

COLUMNS = (
    Column("axis", ("",), "text"),
    Column("output", ("output",), right=True),
    Column("inputs", ("input",), "text"),
    Column("lossless", ("no pixel left over",), "text"),
)

MOST_RUNS = 6
"""Runs of sizes that are written one by one."""


def output_sizes_sheet(answers: Sequence[OutputSizes]) -> Sheet:
    """The input sizes of each axis, output by output."""
    graph = answers[0].graph
    title = (
        f"Input sizes for an output of {answers[0].wanted.spatial_text}: {printable(graph.heading or 'the network')}"
    )
    lines: list[Line] = []
    for answer in answers:
        if len(answers) > 1:
            lines.append(Line((placed(graph, answer.node), "", "", ""), "header"))
        lines.extend(_lines(answer.axes))
    return Sheet(title, printable(graph.where), COLUMNS, tuple(lines), (), tuple(_facts(answers)))


def _lines(axes: Sequence[AxisInputs]) -> Iterator[Line]:
    """One line an axis, or one for all where their sizes are the same."""
    for axis in _merged(axes):
        lossless = [one for one in axis.found if one.loses_nothing]
        found = "every size" if axis.is_constant and axis.found else _runs(axis.found) or "none"
        yield Line((axis.name, str(axis.wanted), found, _runs(lossless) or "none"))


def _merged(axes: Sequence[AxisInputs]) -> Sequence[AxisInputs]:
    """One axis for all of them where everything but their names is the same."""
    if any(axis._replace(name="") != axes[0]._replace(name="") for axis in axes):
        return axes
    return [axes[0]._replace(name=" and ".join(axis.name for axis in axes))]


def _runs(verdicts: Sequence[Verdict]) -> str:
    """`572 to 587`; `3, 5 to 7`."""
    runs: list[list[int]] = []
    for verdict in verdicts:
        if runs and verdict.size == runs[-1][-1] + 1:
            runs[-1][1:] = [verdict.size]
        else:
            runs.append([verdict.size])
    more = ", ..." if len(runs) > MOST_RUNS else ""
    return ", ".join(" to ".join(map(str, run)) for run in runs[:MOST_RUNS]) + more


def _facts(answers: Sequence[OutputSizes]) -> Iterator[Fact]:
    """What to use; of several outputs those with an answer, if there is one."""
    graph = answers[0].graph
    for answer in [one for one in answers if one.whole is not None] or answers:
        named = f"{placed(graph, answer.node)}: " if len(answers) > 1 else ""
        if not answer.is_output:
            yield Fact("Asked of", f"{placed(graph, answer.node)}, the last map: the output of the network is flat")
        if answer.whole is not None:
            yield Fact("Use", f"{named}{sizes(answer.whole.sizes)} (output {answer.wanted.text(graph.order)})", "good")
        for axis in _merged(answer.axes):
            if not axis.found:
                yield Fact("None", f"{named}{_why_none(axis)}", "warning")


def _why_none(axis: AxisInputs) -> str:
    if axis.is_bounded:
        return f"{axis.name}: too much work to look for it"
    if axis.is_constant and axis.below is not None:
        return f"the {axis.name} of the output is {_made(axis.below)} whatever the input's"
    if axis.below is not None and axis.above is None:
        last = f"{grouped(axis.below.size)} gives {_made(axis.below)}"
        return f"no input that was tried gives a {axis.name} of {axis.wanted}: {last}"
    near = [f"{one.size} gives {_made(one)}" for one in (axis.below, axis.above) if one is not None]
    return f"no input gives a {axis.name} of {axis.wanted}" + (f": {', '.join(near)}" if near else "")


def _made(verdict: Verdict) -> str:
    return ", ".join(str(size) for size in verdict.outputs if size is not None) or "1"


def output_sizes_json(answers: Sequence[OutputSizes]) -> str:
    """`{"outputs": [...]}`, one object an output that was asked."""
    found = {"network": answers[0].graph.source.name, "outputs": [_object(answer) for answer in answers]}
    return indented_json(found)


def _object(answer: OutputSizes) -> dict[str, Any]:
    return {
        "layer": answer.node.name,
        "line": answer.node.origin.span.line,
        "is_output": answer.is_output,
        "wanted": list(answer.wanted.sizes(answer.graph.order)),
        "axes": [
            {
                "axis": axis.name,
                "wanted": axis.wanted,
                "input": [one.size for one in axis.found],
                "loses_nothing": [one.size for one in axis.found if one.loses_nothing],
                "every_size": axis.is_constant and bool(axis.found),
                "bounded": axis.is_bounded,
            }
            for axis in answer.axes
        ],
        "input": None if answer.whole is None else list(answer.whole.sizes),
    }
