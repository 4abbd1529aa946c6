"""A run whose engine is held against the readable kernels once: where the two differ, these run the net.

The first image is run by both.  What differs is a sentence, for whoever shows the results.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cnncalc.runtime.compare_values import apart
from cnncalc.runtime.execution import execute
from cnncalc.runtime.free_memory import refuse_plan
from cnncalc.runtime.planning import Plan
from cnncalc.runtime.running import Ready, one_image, prepare
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Checked:
    """Who runs the net from now on, and why not the engine; `difference` is empty where it agrees, or is not asked."""

    ready: Ready
    difference: str = ""


def checked(ready: Ready, made: Mapping[str, Array], exact: Mapping[str, Array]) -> Checked:
    """The engine where its outputs are those of the readable kernels, for as many images as these have run."""
    if ready.session is not None:
        softmaxes = {step.name for step in ready.plan.steps if step.kernel == "softmax"}
        for name, array in exact.items():
            for difference in apart(array, made[name][: len(array)], probabilities=name in softmaxes):
                return Checked(replace(ready, session=None), difference)
    return Checked(ready, ready.refused)


def checked_run(
    plan: Plan, weights: Weights, inputs: Mapping[str, Array], threads: int | None = None
) -> tuple[Checked, dict[str, Array]]:
    """The net made ready, held against the readable kernels on the first image, and its outputs for all images."""
    ready = prepare(plan, weights, threads)
    outputs = ready.run(inputs)
    if ready.session is None:
        return Checked(ready, ready.refused), outputs
    found = checked(ready, outputs, _first_exact(plan, weights, inputs, threads))
    return found, found.ready.run(inputs) if found.difference else outputs


def checked_ready(plan: Plan, weights: Weights, inputs: Mapping[str, Array], threads: int | None = None) -> Checked:
    """The net made ready, held against the readable kernels on the first image; of a batch one portion is run."""
    ready = prepare(plan, weights, threads)
    if ready.session is None:
        refuse_plan(plan, weights_allocated=True)
    exact = _first_exact(plan, weights, inputs, threads)
    return (
        Checked(ready, ready.refused) if ready.session is None else checked(ready, ready.first_portion(inputs), exact)
    )


def _first_exact(plan: Plan, weights: Weights, inputs: Mapping[str, Array], threads: int | None) -> dict[str, Array]:
    """What the readable kernels make of the first image."""
    first = {name: array[:1] for name, array in inputs.items()}
    return execute(one_image(plan), weights, first, threads=threads)
