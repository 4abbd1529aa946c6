"""A net made ready for a comparison: weights that keep every layer busy, an input, and the result in float64.

Weights as drawn for a run would hide mistakes: after fifty residual sums numbers are so large that softmax answers with
certainty.  Here each batch norm gets statistics near those of what it meets: results stay near 1, and rounding errors
do not grow from layer to layer, as they would if large means were taken off (2e-5 instead of 3e-6 at the end of
Inception-v3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.runtime.execution import Observer, StepDone, execute
from cnncalc.runtime.free_memory import refuse_too_much
from cnncalc.runtime.planning import INPUT, Plan, plan
from cnncalc.runtime.weights import FACTORS, OFFSET, Weights, seeded

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class ReferenceRun:
    """The same net for everybody: float32 weights and inputs, and what float64 makes of them."""

    weights: Weights
    inputs: Mapping[str, Array]
    reference: tuple[Array, ...]


def reference_run(
    analysis: Analysis, batch: int = 1, seed: int = 0, *, pictures: bool = True, observe: Observer | None = None
) -> ReferenceRun:
    """Draw weights and inputs (pictures from 0 to 1, or else normal numbers), and run them in float64.

    `observe` hears of every step of that run.
    """
    exact = _exact_plan(analysis, batch)
    refuse_too_much(exact.peak_bytes + exact.weight_bytes, "this comparison", hint="choose a smaller net or input")
    weights = seeded(analysis, seed, "float64", everything=True)
    for array in weights.arrays.values():  # a stated 1/9 as well
        array[...] = _single(array)
    random = np.random.default_rng(seed)
    inputs = {
        step.name: random.random(step.output, np.float32)
        if pictures
        else random.standard_normal(step.output, np.float32)
        for step in exact.steps
        if step.kernel == INPUT and not step.numbers
    }
    calibration = _Calibration(analysis, weights, random)

    def hear(event: StepDone) -> None:
        calibration.hear(event)
        if observe is not None:
            observe(event)

    outputs = execute(exact, weights, inputs, hear)
    single = {name: array.astype(np.float32) for name, array in weights.arrays.items()}
    return ReferenceRun(Weights(single, weights.origin, "float32"), inputs, tuple(outputs.values()))


def largest_error(outputs: list[Array], reference: tuple[Array, ...]) -> float:
    """The largest difference over the largest value, of whichever output is worst; not a number counts as 1."""
    worst = 0.0
    for found, exact in zip(outputs, reference, strict=True):
        scale = float(np.abs(exact).max(initial=0.0)) or 1.0
        error = float(np.abs(found.reshape(exact.shape).astype(np.float64) - exact).max(initial=0.0)) / scale
        worst = max(worst, error if np.isfinite(error) else 1.0)
    return worst


def _exact_plan(analysis: Analysis, batch: int) -> Plan:
    """The plan in float64, by the fast algorithms: a person checks nothing here by hand."""
    prepared = plan(analysis, batch, "float64")
    return replace(prepared, steps=tuple(replace(step, algorithm="auto") for step in prepared.steps))


def _single(numbers: Any) -> Array:
    """Rounded to float32, so that float64 runs the very same net."""
    return np.asarray(numbers, np.float32)


class _Calibration:
    """Listens to the run in float64 and gives each batch norm statistics that suit what is about to reach it."""

    def __init__(self, analysis: Analysis, weights: Weights, random: np.random.Generator) -> None:
        self.weights, self.random = weights, random
        self.readers: dict[int, list[NodeAnalysis]] = {}
        for node in analysis.nodes:
            if node.node.layer.word == "bn" and node.lender is None:
                self.readers.setdefault(node.node.inputs[0], []).append(node)

    def hear(self, event: StepDone) -> None:
        """Write statistics near to what arrives, of all channels together: none that hardly varies is magnified."""
        for reader in self.readers.get(event.step.node, ()):
            squares = float(np.square(event.result).mean()) or 1.0
            mean, variance = (self.weights.arrays[f"{reader.node.name}.running_{name}"] for name in ("mean", "var"))
            mean[...] = _single(OFFSET * squares**0.5 * self.random.standard_normal(mean.shape))
            variance[...] = _single(squares * self.random.uniform(*FACTORS, variance.shape))
