"""Nets run by the engine beside the same in float64 by the readable kernels."""

from __future__ import annotations

import numpy as np

from cnncalc.analysis import Analysis
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.session import Session
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import INPUT, plan
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import Weights, seeded

from .nets import Array, analysed, given

LARGEST_ERROR = 1e-5
"""Of the largest value, against float64; Winograd's is 1e-6 to 4e-6 here, the direct sums' below 1e-6."""


def livened(analysis: Analysis, seed: int = 0) -> Weights:
    """Weights in which no bias is 0 and no batch norm does nothing."""
    weights, random = seeded(analysis), np.random.default_rng(seed)
    for name, array in weights.arrays.items():
        if array.ndim == 1:
            array[...] = random.uniform(0.5, 1.5, array.shape) - (0.9 if name.endswith("bias") else 0)
    return weights


def exact(analysis: Analysis, weights: Weights, inputs: dict[str, Array], batch: int) -> dict[str, Array]:
    double = Weights({name: array.astype("float64") for name, array in weights.arrays.items()}, "", "float64")
    return execute(plan(analysis, batch, "float64"), double, inputs)


def errors(text: str, batch: int = 1, lanes: int | None = None, seed: int = 0) -> tuple[float, list[str]]:
    """(largest error over the largest value, kernels of the steps)."""
    analysis = analysed(text)
    prepared, weights, inputs = plan(analysis, batch, "float32"), livened(analysis), given(analysis, batch, seed)
    if lanes is None:
        ready = prepare(prepared, weights, 2)
        assert ready.session is not None
        found, steps = ready.run(inputs), ready.session.engine.steps
    else:
        session = Session(prepared, weights.arrays, engine_plan(prepared, lanes, 2), 2)
        made = session.run({step.node: inputs[step.name] for step in prepared.steps if step.kernel == INPUT})
        found, steps = {prepared.steps[node].name: array for node, array in made.items()}, session.engine.steps
    worst = 0.0
    for name, wanted in exact(analysis, weights, inputs, batch).items():
        assert found[name].shape == wanted.shape
        worst = max(worst, float(np.abs(found[name] - wanted).max() / np.abs(wanted).max()))
    return worst, [step.op.kernel for step in steps if step.op.kernel != "layout_copy"]
