"""The confirmation as a sheet and as JSON: predicted beside measured, line by line, and the verdict at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.analysis.model import Analysis, ReceptiveField
from cnncalc.diagnostics import Diagnostic
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import Order
from cnncalc.layers.base import counted
from cnncalc.quantities import grouped
from cnncalc.report.answer_marks import NO_ANSWERS, Answers
from cnncalc.report.box_lines import FoundBoxes, box_lines, boxes_object, how_found
from cnncalc.report.entries import entries
from cnncalc.report.map_lines import MapFiles, map_facts, maps_object
from cnncalc.report.notation import octets, proved_size
from cnncalc.report.outputs import Results, gives_classes, is_finite, meaningless, told, top_classes
from cnncalc.report.sheet import Cell, Column, Fact, Line, Phrase, Sheet
from cnncalc.report.summary import Choices
from cnncalc.report.summary_json import as_text, summary_object, warning_object
from cnncalc.report.why_lines import WhyMap, why_facts, why_object

if TYPE_CHECKING:
    from cnncalc.runtime.confirmation import Confirmation, Output, RowConfirmation
    from cnncalc.runtime.measured_memory import MeasuredMemory

MOST_DIFFERENCES = 20
MOST_PICTURES_NAMED = 3
MOST_OTHERS = 3
LONGEST_NAME = 30
JSON_CLASSES = 5
TIME_WIDTH = 9
"""Letters of `999.99 ms`: a table does not change its width from run to run."""


class Circumstances(NamedTuple):
    """How the net was run, in words: where the weights and the inputs came from, and the names of the classes.

    `warnings` are about the weights: what their file does not tell.
    """

    weights: str
    inputs: tuple[str, ...]
    preprocessing: str = ""
    labels: tuple[str, ...] = ()
    classes: int = JSON_CLASSES
    warnings: tuple[Diagnostic, ...] = ()
    boxes: FoundBoxes | None = None
    maps: MapFiles | None = None
    why: WhyMap | None = None


def run_sheet(analysis: Analysis, confirmation: Confirmation, how: Circumstances) -> Sheet:
    """The table of a run."""
    title, name = printable(analysis.graph.heading), printable(analysis.graph.where)
    columns = [
        Column("layer", ("layer",), "text"),
        Column("predicted", ("predicted",)),
        Column("measured", ("measured",)),
        Column(
            "params", (*(["(Keras)"] if analysis.graph.count == "keras" else []), "params", "allocated"), right=True
        ),
        *([Column("macs", ("MACs", "counted"), right=True)] if confirmation.verified else []),
        *([Column("field", ("field", "proved"))] if confirmation.verified else []),
        Column("time", ("time",), right=True, keep=2),
        Column("speed", ("GFLOP/s",), right=True, keep=1),
        Column("mark", (), "mark"),
    ]
    lines = tuple(_lines(analysis, confirmation, len(columns)))
    results = (*_results(analysis, confirmation, how), *(why_facts(how.why) if how.why is not None else ()))
    foot = (*_facts(confirmation, how), *results, *verdict(confirmation))
    return Sheet(title or name, name if title else "", tuple(columns), lines, (_total(confirmation),), foot)


def _lines(analysis: Analysis, confirmation: Confirmation, width: int) -> Iterator[Line]:
    """The lines of the net as a summary has them: block calls stand above their lines, branches beside theirs."""
    rows = iter(confirmation.rows)
    for entry in entries(analysis):
        text = "  " * entry.depth + printable(entry.text) + entry.mark
        phrase = Phrase(text, text, entry.lead, f" {printable(entry.aside)}" if entry.aside else "")
        if not entry.is_layer:
            yield Line((phrase, *("" for _ in range(width - 1))), "header")
        else:
            yield _line(phrase, next(rows), confirmation, analysis.graph.order)


def _line(phrase: Phrase, row: RowConfirmation, confirmation: Confirmation, order: Order) -> Line:
    claimed = _proved(row)
    field = proved_size(claimed) if row.field_proved and claimed is not None else ""
    cells: list[Cell] = [
        phrase,
        row.predicted.text(order),
        row.measured.text(order),
        grouped(row.params),
        *([grouped(row.macs or 0)] if confirmation.verified else []),
        *([field] if confirmation.verified else []),
        _time(row.seconds).rjust(TIME_WIDTH),
        _speed(row.gflops_per_second),
        "✓" if row.confirmed else "✗",
    ]
    return Line(tuple(cells))


def _proved(row: RowConfirmation) -> ReceptiveField | None:
    """The field over all paths, local and global; at most this large where its ends were not both measured."""
    field = row.row.receptive_field
    return None if field is None else field._replace(at_most=not row.field_exact)


def _total(confirmation: Confirmation) -> Line:
    rows = confirmation.rows
    verified = [grouped(sum(row.macs or 0 for row in rows)), ""] if confirmation.verified else []
    params = grouped(sum(row.params for row in rows))
    return Line(("total", "", "", params, *verified, _time(confirmation.seconds), "", ""), "total")


def _speed(gflops: float | None) -> str:
    if gflops is None:
        return ""
    return f"{gflops:,.1f}" if gflops >= 1 else f"{gflops:.2g}"


def _time(seconds: float) -> str:
    return f"{seconds:,.2f} s" if seconds >= 1 else f"{1000 * seconds:,.2f} ms"


def _facts(confirmation: Confirmation, how: Circumstances) -> Iterator[Fact]:
    plan = confirmation.plan
    yield Fact("Weights", printable(how.weights))
    if how.inputs:
        few = len(how.inputs) <= MOST_PICTURES_NAMED
        named = ", ".join(map(printable, how.inputs)) if few else f"{len(how.inputs)} pictures"
        yield Fact("Input", f"{named}: {how.preprocessing}" if how.preprocessing else named)
    images = f"{plan.batch} images" if plan.batch > 1 else "one image"
    took = f"weights, maps and workspace took up to {octets(confirmation.peak_bytes)}"
    whose = "the engine's " if confirmation.engine_bytes else ""
    yield Fact("Run", f"{images} in {plan.dtype}, {_time(confirmation.seconds)}; {whose}{took}")
    yield _peak(confirmation.memory)
    if how.maps is not None:
        yield from map_facts(how.maps)
    if confirmation.refused:
        yield Fact("Engine", printable(confirmation.refused.removeprefix("engine: ")), "bad")


def _peak(memory: MeasuredMemory) -> Fact:
    """What was alive at once in the arrays of the readable kernels, and what was predicted."""
    images = f" of {memory.images} images" if memory.images > 1 else ""
    lines = f"{memory.equal} of {counted(memory.lines, 'line')} exactly as predicted"
    if memory.others:
        named = ", ".join(memory.others[:MOST_OTHERS]) + (" ..." if len(memory.others) > MOST_OTHERS else "")
        lines += f", but for {printable(named)}, where a kernel copies or shares an array"
    if memory.agrees:
        return Fact("Peak", f"activations{images} alive at once: {octets(memory.measured)} measured; {lines}")
    both = f"{octets(memory.measured)} measured, {octets(memory.predicted)} predicted"
    return Fact("Peak", f"activations{images} alive at once: {both}; {lines}", "warning")


def _results(analysis: Analysis, confirmation: Confirmation, how: Circumstances) -> Iterator[Fact]:
    names = ([_shown_name(name) for name in how.inputs] or ["Output"])[: confirmation.plan.batch]
    results = Results.of(confirmation)
    if how.boxes is not None:
        yield from how_found(how.boxes)
        finite = [all(is_finite(output.values[n]) for output in confirmation.outputs) for n in range(len(names))]
        yield from box_lines(how.boxes, names, how.labels, finite)
    else:
        yield from told(analysis, results, names, how.labels, how.classes)
    if "random" in how.weights and not results.is_by_hand:
        what = "classes" if all(gives_classes(analysis, results, how.labels)) else "numbers"
        yield meaningless("boxes" if how.boxes is not None else what)


def _shown_name(path: str) -> str:
    """The file's name, shortened in the middle so that its ending still tells it apart."""
    name = printable(os.path.basename(path))
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 13]}...{name[-10:]}"


def verdict(confirmation: Confirmation) -> Iterator[Fact]:
    """The last words: CONFIRMED and how many numbers, or every difference."""
    if confirmation.confirmed:
        yield Fact("CONFIRMED", f"{_compared(confirmation)}: every one as predicted", "good")
        return
    different = confirmation.differences
    said = f"{counted(len(different), 'difference')}; compared were {_compared(confirmation)}, and their values"
    yield Fact("NOT CONFIRMED", said, "bad")
    for difference in different[:MOST_DIFFERENCES]:
        yield Fact("", printable(difference), "bad")
    if len(different) > MOST_DIFFERENCES:
        yield Fact("", f"... and {len(different) - MOST_DIFFERENCES} more")


def _compared(confirmation: Confirmation) -> str:
    """How many measured numbers were held against predictions, by kind."""
    rows = confirmation.rows
    kinds = [counted(len(rows), "shape"), counted(len(rows), "parameter count")]
    if confirmation.verified:
        pools = sum(row.pool_measured for row in rows)
        kinds += [counted(len(rows), "MAC count"), *([counted(pools, "pool count")] if pools else [])]
        kinds += [_fields_proved(rows)] if _tried(rows) else []
    return ", ".join(kinds)


def _fields_proved(rows: Sequence[RowConfirmation]) -> str:
    """`8 receptive fields`, and how many are at most this large: their ends lie in pads, or channels see less."""
    tried = _tried(rows)
    bounds = sum(field.at_most for field in tried)
    most = f" ({bounds} of them at most this large)" if bounds else ""
    return counted(len(tried), "receptive field") + most


def _tried(rows: Sequence[RowConfirmation]) -> list[ReceptiveField]:
    """The fields of the lines where something was proved or refuted."""
    return [field for row in rows if row.field_proved is not None and (field := _proved(row)) is not None]


def run_json(analysis: Analysis, confirmation: Confirmation, how: Circumstances, answers: Answers = NO_ANSWERS) -> str:
    """The JSON of `summary` with what was measured."""
    order = analysis.graph.order
    found = summary_object(analysis, Choices(answers=answers, dtype=confirmation.plan.dtype))
    for layer, row in zip(found["layers"], confirmation.rows, strict=True):
        layer["measured"] = {
            "output": list(row.measured.sizes(order)),
            "params": row.params,
            "macs": row.macs,
            "field_proved": row.field_proved,
            "field_exact": row.field_exact if row.field_proved is not None else None,
            "seconds": row.seconds,
        }
    found["confirmed"] = confirmation.confirmed
    found["differences"] = list(confirmation.differences)
    found["warnings"] += [warning_object(warning, analysis.graph.source) for warning in how.warnings]
    found["run"] = {
        "weights": how.weights,
        "inputs": list(how.inputs),
        "dtype": confirmation.plan.dtype,
        "peak_bytes": confirmation.peak_bytes,
        "peak_activations": {
            "images": confirmation.memory.images,
            "predicted_bytes": confirmation.memory.predicted,
            "measured_bytes": confirmation.memory.measured,
            "lines": confirmation.memory.lines,
            "lines_equal": confirmation.memory.equal,
            "lines_that_differ": list(confirmation.memory.others),
        },
        "seconds": confirmation.seconds,
        "verified": confirmation.verified,
        "engine_refused": confirmation.refused or None,
    }
    names: Sequence[str] = how.inputs or ("",)
    images = range(confirmation.plan.batch)
    found["outputs"] = [
        {
            "image": names[image] if image < len(names) else "",
            "results": [
                _result(output, image, how, classes=classes)
                for output, classes in zip(
                    confirmation.outputs, gives_classes(analysis, Results.of(confirmation), how.labels), strict=True
                )
            ],
        }
        for image in images
    ]
    if how.boxes is not None:
        found["boxes"] = boxes_object(how.boxes, names, how.labels)
    if how.maps is not None:
        found["maps"] = maps_object(how.maps)
    if how.why is not None:
        found["why"] = why_object(how.why)
    return as_text(found)


def _result(output: Output, image: int, how: Circumstances, *, classes: bool) -> dict[str, Any]:
    if not classes or not is_finite(output.values[image]):
        return {"name": output.name, "top": None}
    top = top_classes(output, image, how.labels, how.classes)
    return {
        "name": output.name,
        "top": [{"class": number, "label": label, "value": value} for number, label, value in top],
    }
