"""The confirmation: what the analysis predicts, held against what a run really did, line by line.

Measured are the shape of the array that the kernel made, the trainable numbers it was given, and on request the
multiply-accumulates that it does on ones and the places that disturbed pixels reach.  Every difference is
a sentence; one is enough to fail.  Nothing here computes a shape or a count by formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Literal

import numpy as np

from cnncalc.analysis.by_hand import Volume, values
from cnncalc.analysis.model import Analysis, NodeAnalysis, RowAnalysis
from cnncalc.geometry import Shape
from cnncalc.layers.base import Weight
from cnncalc.runtime.compare_values import apart, hand_difference, largest_size, wrong_values
from cnncalc.runtime.execution import StepDone, execute
from cnncalc.runtime.measured_memory import HeardPlaces, MeasuredMemory
from cnncalc.runtime.measured_work import measured_macs, measured_pooling, pooling_differences
from cnncalc.runtime.not_finite import FirstNotFinite, first_not_finite, weights_not_finite
from cnncalc.runtime.number_types import is_finite
from cnncalc.runtime.planning import INPUT, Plan, Step, plan
from cnncalc.runtime.receptive_field_check import FieldVerdict, check_fields
from cnncalc.runtime.running import Ready, engine_fits, prepare
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class RowConfirmation:
    """One line: predicted and measured.  `macs` and `field_proved` are None where nothing was asked or claimed.

    `field_exact`: both ends of the field were measured to the pixel; else a field that is proved is an upper bound.
    `flops` is the predicted work of all the images that were run in `seconds`.
    """

    row: RowAnalysis
    measured: Shape
    params: int
    flops: int
    seconds: float
    macs: int | None = None
    field_proved: bool | None = None
    field_exact: bool = False
    pool_measured: bool = False
    differences: tuple[str, ...] = ()

    @property
    def predicted(self) -> Shape:
        return self.row.output

    @property
    def confirmed(self) -> bool:
        return not self.differences

    @property
    def gflops_per_second(self) -> float | None:
        """The predicted FLOPs by the measured time; None where there was nothing to do."""
        return self.flops / self.seconds / 1e9 if self.flops and self.seconds > 0 else None


@dataclass(frozen=True)
class Output:
    """What came out at one end of the net: `[n, c, z, y, x]`.  `probabilities`: its last word is softmax."""

    name: str
    values: Array
    probabilities: bool


@dataclass(frozen=True)
class Confirmation:
    """The whole run.  `seconds` is the executor's time for one run, without compiling.

    `memory` is what was alive at once in the arrays of the readable kernels.
    `refused` says why the readable kernels ran what the engine should have run.  `engine_bytes` are those of the
    engine's packed weights, maps and workspace where it ran all pictures, else 0.
    """

    rows: tuple[RowConfirmation, ...]
    outputs: tuple[Output, ...]
    plan: Plan
    verified: bool
    memory: MeasuredMemory
    refused: str = ""
    engine_bytes: int = 0

    @property
    def differences(self) -> tuple[str, ...]:
        return tuple(difference for row in self.rows for difference in row.differences)

    @property
    def confirmed(self) -> bool:
        return not self.differences

    @property
    def peak_bytes(self) -> int:
        """The most that weights, maps and workspace took at once; the engine packs weights beside those it is given."""
        return self.plan.weight_bytes + self.engine_bytes if self.engine_bytes else self.plan.peak_bytes

    @property
    def seconds(self) -> float:
        return sum(row.seconds for row in self.rows)


@dataclass(frozen=True)
class Progress:
    """What an observer hears: `result` is the array of a whole line, while the net runs for the first time.

    `done` and `total` count the net's steps, then disturbed pictures.
    """

    phase: Literal["running", "disturbing"]
    done: int
    total: int
    row: RowAnalysis | None = None
    result: Array | None = None


Observer = Callable[[Progress], None]


def confirm(
    analysis: Analysis,
    weights: Weights,
    inputs: Mapping[str, Array],
    verify: bool = False,
    *,
    observe: Observer | None = None,
    threads: int | None = None,
) -> Confirmation:
    """Run the net on `inputs` (by name of the input line, `[n, c, z, y, x]`) and compare it with the analysis.

    `verify` also measures multiply-accumulates, pools and receptive fields, with a few more runs of one picture: all
    of it, and the results, by the readable kernels.  Otherwise they run the first picture, and what they make is
    measured; then the engine runs all pictures and its times are told.  Either way the engine's results for the first
    picture are held against theirs: where they differ, the readable kernels run all pictures.
    """
    batch = max((len(array) for array in inputs.values()), default=1)
    prepared = plan(analysis, batch, weights.dtype)
    fits = engine_fits(prepared)
    fast = fits and not verify
    heard = plan(analysis, 1, weights.dtype) if fast else prepared
    run = _Run(analysis, heard, weights, inputs, verify=verify, observe=observe)
    if prepared.dtype == "float64" and not inputs:
        run.by_hand = values(analysis)
    arriving = {name: array[:1] for name, array in inputs.items()} if fast else inputs
    outputs = execute(run.plan, weights, arriving, run.hear, threads)
    if fast:
        outputs = run.run_fast(prepare(prepared, weights, threads), outputs)
    elif fits:
        run.run_beside(prepare(plan(analysis, 1, weights.dtype), weights, threads), outputs)
    finite = not run.not_finite(outputs, threads)
    fields = _checked_fields(analysis, weights, inputs, observe, threads) if verify and finite else {}
    rows = tuple(_judged(run, row, fields.get(row.row.index)) for row in analysis.rows)
    named = tuple(
        Output(name, values, analysis.nodes[node].node.layer.word == "softmax")
        for node, (name, values) in zip(prepared.outputs, outputs.items(), strict=True)
    )
    memory = run.places.measured(analysis, run.plan)
    return Confirmation(rows, named, prepared, verify, memory, run.refused, run.engine_bytes)


def _checked_fields(
    analysis: Analysis, weights: Weights, inputs: Mapping[str, Array], observe: Observer | None, threads: int | None
) -> dict[int, FieldVerdict]:
    def heard(done: int, total: int) -> None:
        if observe is not None:
            observe(Progress("disturbing", done, total))

    return check_fields(analysis, weights, inputs, heard, threads)


class _Run:
    """Listens to one run and writes down what each node really did."""

    def __init__(
        self,
        analysis: Analysis,
        prepared: Plan,
        weights: Weights,
        inputs: Mapping[str, Array],
        *,
        verify: bool,
        observe: Observer | None,
    ) -> None:
        self.inputs = inputs
        self.analysis, self.plan, self.weights, self.verify, self.observe = analysis, prepared, weights, verify, observe
        self.row_ending = {row.row.last: row for row in analysis.rows}
        self.arrays: dict[int, tuple[int, ...]] = {}
        self.seconds: dict[int, float] = {}
        self.macs: dict[int, int] = {}
        self.pools: set[int] = set()
        self.refused = ""
        self.engine_bytes = 0
        self.counted: set[str] = set()
        self.by_hand: Mapping[int, Volume] = {}
        self.largest = 0.0
        self.first_not_finite = FirstNotFinite(inputs)
        self.places = HeardPlaces()
        self.notes: dict[int, list[str]] = {row.row.index: [] for row in analysis.rows}

    def hear(self, event: StepDone) -> None:
        """Note what one step did, and look at the values of a whole line while they are there."""
        step = event.step
        self.first_not_finite.hear(event)
        self.places.hear(event)
        self.arrays[step.node] = event.result.shape
        self.seconds[step.node] = event.seconds
        if self.verify and step.kernel != INPUT:
            self._measure(step)
        if self.by_hand:
            self.largest = max(self.largest, largest_size(event.result))
        row = self.row_ending.get(step.node)
        if row is not None:
            self.notes[row.row.index] += self._values_noted(row, event.result)
        if self.observe is not None:
            total = len(self.plan.steps)
            self.observe(Progress("running", event.done, total, row, None if row is None else event.result))

    def run_fast(self, ready: Ready, readable: Mapping[str, Array]) -> dict[str, Array]:
        """What the engine makes of all pictures; its times take the place of those that were heard.

        Where it is wrong about the first picture, or refused by its own checks, the readable kernels run all of them.
        """
        self.refused = ready.refused
        if ready.session is not None:
            outputs = ready.run(self.inputs, "running all pictures")
            if self._agree(outputs, readable):
                self.engine_bytes = ready.session.engine.peak_bytes
                self.seconds = {**dict.fromkeys(self.seconds, 0.0), **ready.seconds(self.inputs)}
                return outputs
        return replace(ready, session=None).run(self.inputs) if ready.plan.batch > 1 else dict(readable)

    def run_beside(self, ready: Ready, readable: Mapping[str, Array]) -> None:
        """Hold the engine's values of the first picture, made by other loops, against those that were heard."""
        self.refused = ready.refused
        if ready.session is not None:
            self._agree(ready.run({name: array[:1] for name, array in self.inputs.items()}), readable)

    def _agree(self, outputs: Mapping[str, Array], readable: Mapping[str, Array]) -> bool:
        """Whether the engine's outputs for the first picture are those of the readable kernels; notes what is not."""
        agree = True
        for node, (name, made) in zip(self.plan.outputs, outputs.items(), strict=True):
            softmax = self.plan.steps[node].kernel == "softmax"
            found = apart(readable[name][:1], made[:1], probabilities=softmax)
            self.notes[self._row_of(node).row.index] += found
            agree = agree and not found
        return agree

    def _values_noted(self, row: RowAnalysis, result: Array) -> list[str]:
        found = wrong_values(row.row.answers, result, self.largest)
        exact = self.by_hand.get(row.row.last)
        if exact is not None and (difference := hand_difference(exact, result, self.largest)):
            found.append(difference)
        return found

    def not_finite(self, outputs: Mapping[str, Array], threads: int | None) -> bool:
        """Whether a weight, an input or a value is not finite; the lines where such numbers first appear say so."""
        found = weights_not_finite(self.analysis, self.weights)
        first = self.first_not_finite.found
        if first is None and not all(map(is_finite, outputs.values())):  # of an image that was not heard
            first = first_not_finite(self.analysis, self.weights, self.inputs, threads)
        if first is not None:
            found.setdefault(*first)
        for node, said in found.items():
            self.notes[self._row_of(node).row.index].insert(0, said)
        return bool(found)

    def not_counted_yet(self, node: NodeAnalysis, weight: Weight) -> int:
        """The numbers of an array that counts, the first time that a node uses it; 0 after that."""
        name = f"{node.weights_name}.{weight.name}"
        if name in self.counted or not (weight.trainable or self.analysis.graph.count == "keras"):
            return 0
        self.counted.add(name)
        return self.weights.arrays[name].size

    def _row_of(self, node: int) -> RowAnalysis:
        return next(row for row in self.analysis.rows if row.row.first <= node <= row.row.last)

    def _measure(self, step: Step) -> None:
        """Measure the work for one image of the shapes that really arrive here."""
        arriving = [(1, *self.arrays[read][1:]) for read in step.reads]
        cost = self.analysis.nodes[step.node].figures.cost
        self.macs[step.node] = measured_macs(step, arriving, self.plan.dtype)
        pooled = measured_pooling(step, arriving[0] if arriving else (), self.plan.dtype)
        if pooled is not None:
            row = self._row_of(step.node).row.index
            self.pools.add(row)
            self.notes[row] += pooling_differences(cost, pooled * self.analysis.batch)


def _judged(run: _Run, row: RowAnalysis, field: FieldVerdict | None) -> RowConfirmation:
    """Hold one line's prediction against what was measured."""
    nodes = range(row.row.first, row.row.last + 1)
    measured = measured_shape(run.arrays[row.row.last], row.output.rank)
    count = run.analysis.graph.count
    params = sum(run.not_counted_yet(node, weight) for node in row.nodes for weight in node.weights)
    macs = sum(run.macs.get(node, 0) for node in nodes) * run.analysis.batch if run.verify else None
    found = [
        _difference("shape", row.output.text(), measured.text()),
        _difference("params", row.figures.counted_params(count), params),
        _difference("macs", row.figures.cost.macs, macs) if macs is not None else "",
        *run.notes[row.row.index],
        field.difference if field is not None else "",
    ]
    return RowConfirmation(
        row,
        measured,
        params,
        row.figures.cost.flops // run.analysis.batch * run.plan.batch,
        sum(run.seconds[node] for node in nodes),
        macs,
        None if field is None else not field.difference,
        field is not None and field.exact,
        row.row.index in run.pools,
        tuple(f"{_place(run.analysis, row)}: {difference}" for difference in found if difference),
    )


def measured_shape(array: tuple[int, ...], rank: int) -> Shape:
    """The shape of an array `(n, c, z, y, x)`; axes before the last `rank` are left out where they have one place."""
    spatial = array[2:]
    kept = 3 - rank if prod(spatial[: 3 - rank]) == 1 else 0
    return Shape(array[1], spatial[kept:])


def _difference(quantity: str, predicted: object, measured: object) -> str:
    return (
        "" if predicted == measured else f"{quantity}: predicted {_grouped(predicted)}, measured {_grouped(measured)}"
    )


def _grouped(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _place(analysis: Analysis, row: RowAnalysis) -> str:
    copy = f" (copy {row.row.copy} of {row.row.copies})" if row.row.copies > 1 else ""
    return f"{analysis.graph.source.line_words(row.row.origin.span.line)}{copy}, {row.row.text}"
