"""The memory of a net as a sheet and as JSON: a line for each layer, then what using it and training it take.

Every byte is counted in `cnncalc.analysis.net_memory` and `training`; here they get their units and their words.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.analysis.net_memory import Fitting, LineMemory, NetMemory
from cnncalc.analysis.training import STATES, TrainingMemory
from cnncalc.diagnostics.letters import printable
from cnncalc.layers.base import counted
from cnncalc.quantities import grouped, hundredths, mebibytes, megabytes
from cnncalc.report.columns import COLUMNS, View
from cnncalc.report.entries import Entry, entries, total
from cnncalc.report.folding import folded
from cnncalc.report.indented_json import indented_json
from cnncalc.report.sheet import Cell, Column, Fact, Line, LineStyle, Sheet, Subtotal
from cnncalc.report.summary import safe_cell, titles

RULE = (
    "weights, gradients and the optimizer's numbers, the images, and the most activations there are in the forward "
    "pass: what is kept by then for the backward pass, and what else is alive. PyTorch keeps, each array once: what a "
    "convolution, a batch norm or a dense layer that is trained reads, what a ReLU, sigmoid, tanh or softmax makes, "
    "what other activations read; of a max pool its input and 8 bytes an output for the place, of a dropout one byte "
    "a number; of views, sums and concatenations nothing, and nothing before the first trained layer"
)
MIXED = (
    "weights, gradients and activations are float16; the optimizer works on a float32 copy with float32 numbers of its "
    "own, and batch norms keep float32 statistics"
)
NOT_COUNTED = "the gradients of the activations, workspaces of the kernels, and what a framework or a driver takes"


class Unit(NamedTuple):
    """What the bytes of a table are counted in."""

    name: str
    size: int

    def written(self, count: int | None) -> str:
        """The bytes in this unit; empty where there are none."""
        if not count:
            return ""
        return str(count) if self.size == 1 else hundredths(Fraction(count, self.size))


MEGABYTES, KILOBYTES = Unit("MB", 10**6), Unit("kB", 10**3)


def memory_sheet(analysis: Analysis, memory: NetMemory, *, every_copy: bool = False, exact: bool = False) -> Sheet:
    """The table; `exact`: bytes with all their digits and every layer, for a spreadsheet."""
    unit = Unit("bytes", 1) if exact else MEGABYTES if memory.inference >= 10**6 else KILOBYTES
    every = entries(analysis)
    if exact:
        shown = [entry for entry in every if entry.is_layer]
    else:
        shown = list(every) if every_copy else folded(analysis, every)
    view = View(analysis.graph.source, analysis.graph.order, analysis.totals.figures, plain_digits=exact, windows=False)
    columns = _columns(unit, trains=memory.training is not None)
    if exact:
        columns = (Column("line", ("line",), right=True), Column("name", ("name",), "text"), *columns)
    title, subtitle = titles(analysis)
    lines = tuple(_line(entry, memory, view, unit) for entry in shown)
    totals = (_total(memory, analysis, view, unit),)
    return Sheet(title, subtitle, columns, lines, totals, tuple(_foot(analysis, memory)))


def _columns(unit: Unit, *, trains: bool) -> tuple[Column, ...]:
    """The columns; those that say least go first where a table is narrow."""
    found = [
        Column("layer", ("layer",), "text"),
        Column("output", ("output",), keep=3),
        Column("numbers", ("numbers",), right=True, keep=2),
        Column("activations", ("output", unit.name), right=True),
        Column("alive", ("alive", unit.name), right=True),
        Column("weights", ("weights", unit.name), right=True, keep=4),
    ]
    return (*found, *([Column("kept", ("kept for", "backward", unit.name), right=True)] if trains else []))


def _line(entry: Entry, memory: NetMemory, view: View, unit: Unit) -> Line:
    """A line has the numbers of one copy, but of all copies the most that is alive."""
    found = None if entry.figures is None else memory.of(entry.figures, entry.rows)
    if found is not None and entry.kind == "row":
        found = memory.lines[entry.row]._replace(alive=found.alive)
    return Line(
        (*_named(entry, view), *_amounts(found, memory, view, unit, summed=entry.kind == "header")), _style(entry)
    )


def _named(entry: Entry, view: View) -> list[Cell]:
    """What says which line it is."""
    names = ("line", "name", "layer", "output") if view.plain_digits else ("layer", "output")
    return [safe_cell(COLUMNS[name].cell(entry, view)) for name in names]


def _style(entry: Entry) -> LineStyle:
    return "header" if entry.kind == "header" else "faint" if entry.kind == "empty" else "plain"


def _amounts(found: LineMemory | None, memory: NetMemory, view: View, unit: Unit, *, summed: bool) -> list[Cell]:
    """The numbers and the bytes of a line, those of a header in brackets; empty where there is nothing."""
    trains = memory.training is not None
    if found is None:
        return [""] * (5 if trains else 4)
    numbers = [view.number(found.size), *map(unit.written, (found.activations, found.alive, found.weights))]
    numbers += [unit.written(found.kept)] if trains else []
    return [Subtotal(number) for number in numbers] if summed else [*numbers]


def _total(memory: NetMemory, analysis: Analysis, view: View, unit: Unit) -> Line:
    entry = total(analysis)
    whole = memory.of(analysis.totals.figures, range(len(memory.lines)))
    return Line((*_named(entry, view), *_amounts(whole, memory, view, unit, summed=False)), "total")


# ---------------------------------------------------------------------- the foot
def _foot(analysis: Analysis, memory: NetMemory) -> Iterator[Fact]:
    batch = f" for {grouped(memory.batch)} images" if memory.batch > 1 else ""
    figures = analysis.totals.figures
    stored = f" and {counted(figures.buffers, 'buffer')}" if figures.buffers else ""
    yield Fact("Weights", f"{counted(figures.params, 'param')}{stored} as {memory.dtype}: {_octets(memory.weights)}")
    yield Fact("Activations", f"{grouped(memory.size)} numbers{batch}, of all lines: {_octets(memory.activations)}")
    yield Fact("Peak", f"{grouped(memory.peak_size)} numbers{batch} alive at once: {_octets(memory.peak)}")
    yield Fact("", f"while {_place(analysis, memory.peak_row)} is computed; in memory are")
    for row in memory.peak_holders:
        yield Fact("", f"{_octets(memory.lines[row].activations)} of {_place(analysis, row)}")
    yield Fact("To use it", f"weights and peak: {_octets(memory.inference)}{batch}")
    if memory.training is not None:
        yield from _training(analysis, memory.training, batch)
    if memory.fitting is not None:
        yield _fitting("use it", memory.fitting)
    if memory.training is not None and memory.training_fitting is not None:
        yield _fitting(f"train it with {memory.training.optimizer}", memory.training_fitting)


def _place(analysis: Analysis, row: int) -> str:
    own = analysis.rows[row].row
    return f"{printable(own.label or own.text)} ({printable(analysis.graph.source.line_words(own.origin.span.line))})"


def _training(analysis: Analysis, training: TrainingMemory, batch: str) -> Iterator[Fact]:
    if not training.trained:
        yield Fact("To train it", "nothing is trained: it has no weights, or all of them are frozen")
        return
    how = "in mixed precision" if training.mixed else f"in {training.dtype}"
    yield Fact("To train it", f"with {training.optimizer} {how}{batch}: {_octets(training.total)}, by the rule below")
    parts = [
        ("weights", training.weights),
        (f"gradients of {counted(training.trained, 'trained param')}", training.gradients),
        ("float32 copy of them", training.master),
        (f"{training.optimizer}'s own numbers, {STATES[training.optimizer]} for each of them", training.state),
        ("activations kept for the backward pass", training.kept_activations),
        (f"more alive while {_place(analysis, training.fullest_row)} is computed", training.passing),
        ("images", training.images),
    ]
    for what, count in parts:
        if count:
            yield Fact("", f"{_octets(count)} {what}")
    yield Fact("Rule", RULE)
    if training.mixed:
        yield Fact("Mixed", MIXED)
    yield Fact("Not counted", NOT_COUNTED)


def _fitting(what: str, found: Fitting) -> Fact:
    each = found.taken if found.fixed <= found.limit else found.fixed
    there, needed = _octets(found.limit), _octets(each)
    if there == needed:
        there, needed = f"{grouped(found.limit)} bytes", f"{grouped(each)} bytes"
    if found.fixed > found.limit:
        alone = "the weights alone take" if what == "use it" else "without a single image it takes"
        return Fact("Batch", f"to {what} {there} are too few: {alone} {needed}", "bad")
    if not found.images:
        return Fact("Batch", f"to {what} {there} are too few: one image takes {needed}", "bad")
    take = f"{counted(found.images, 'image')} at once take{'s' if found.images == 1 else ''} {_octets(found.taken)}"
    return Fact("Batch", f"to {what} in {_octets(found.limit)}: {take}, {_octets(found.each)} each", "good")


def _octets(count: int) -> str:
    """Bytes in both units with three digits at least: `553.43 MB (527.79 MiB)`, `32.77 kB (32.00 KiB)`.

    What is divided by is small here: 30,514 images of 0.03 MB would say nothing.
    """
    if count < 1000:
        return counted(count, "byte")
    if count < 10**6:
        return f"{hundredths(Fraction(count, 1000))} kB ({hundredths(Fraction(count, 1024))} KiB)"
    if count % 10**9 == 0 or count % 2**30 == 0:
        return f"{hundredths(Fraction(count, 10**9))} GB ({hundredths(Fraction(count, 2**30))} GiB)"
    return f"{megabytes(count)} ({mebibytes(count)})"


# ---------------------------------------------------------------------- JSON
def memory_json(analysis: Analysis, memory: NetMemory) -> str:
    """All bytes exactly; `training` is null where it was not asked for, `within` too."""
    training = memory.training
    found = {
        "cnncalc": 1,
        "network": analysis.graph.source.name,
        "dtype": memory.dtype,
        "batch": memory.batch,
        "weights_bytes": memory.weights,
        "params_bytes": memory.params,
        "buffers_bytes": memory.buffers,
        "activations": memory.size,
        "activations_bytes": memory.activations,
        "peak": memory.peak_size,
        "peak_bytes": memory.peak,
        "peak_line": _where(analysis, memory.peak_row) if memory.lines else None,
        "alive_at_peak": [
            {**_where(analysis, row), "bytes": memory.lines[row].activations} for row in memory.peak_holders
        ],
        "inference_bytes": memory.inference,
        "training": None if training is None else _training_object(analysis, training),
        "within": None if memory.fitting is None else _fitting_object(memory.fitting),
        "training_within": None if memory.training_fitting is None else _fitting_object(memory.training_fitting),
        "layers": [{**_where(analysis, index), **_line_object(line)} for index, line in enumerate(memory.lines)],
    }
    return indented_json(found)


def _where(analysis: Analysis, row: int) -> dict[str, Any]:
    found = analysis.rows[row]
    return {"name": found.nodes[0].node.name, "line": found.row.origin.span.line, "text": found.row.text}


def _line_object(line: LineMemory) -> dict[str, Any]:
    return {
        "activations": line.size,
        "activations_bytes": line.activations,
        "alive_bytes": line.alive,
        "weights_bytes": line.weights,
        "kept_bytes": line.kept,
    }


def _training_object(analysis: Analysis, training: TrainingMemory) -> dict[str, Any]:
    return {
        "optimizer": training.optimizer,
        "mixed": training.mixed,
        "trained_params": training.trained,
        "weights_bytes": training.weights,
        "gradients_bytes": training.gradients,
        "float32_copy_bytes": training.master,
        "optimizer_bytes": training.state,
        "kept_bytes": training.kept_activations,
        "passing_bytes": training.passing,
        "fullest_line": _where(analysis, training.fullest_row) if analysis.rows else None,
        "images_bytes": training.images,
        "total_bytes": training.total,
        "rule": RULE,
        "not_counted": NOT_COUNTED,
    }


def _fitting_object(found: Fitting) -> dict[str, Any]:
    return {
        "limit_bytes": found.limit,
        "largest_batch": found.images,
        "bytes": found.taken,
        "fixed_bytes": found.fixed,
        "bytes_each": found.each,
    }
