"""Runs a plan by the readable kernels: calls one after the other and frees what nobody reads any more.

Faster ones are called by `cnncalc.runtime.engine`, whose results are held against these.  Nothing is decided here (the
plan did) and nothing checked about the net (the analysis did); what is refused is what only a run can know: an input of
another shape, or more memory than there is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from cnncalc.diagnostics import input_error
from cnncalc.kernels import KERNELS, Kernel, at_most_threads
from cnncalc.runtime.buffers import Buffers, Place
from cnncalc.runtime.free_memory import refuse_plan
from cnncalc.runtime.planning import INPUT, Plan, Step
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]

MOST_THREADS = 1024


@dataclass(frozen=True)
class StepDone:
    """What an observer hears after each step: the step, how many are done, its result and how long it took.

    `place` is the array in memory in which the result lies, with what was held before (inputs from their own step on).
    """

    step: Step
    done: int
    total: int
    result: Array
    seconds: float
    place: Place


Observer = Callable[[StepDone], None]


def execute(
    plan: Plan,
    weights: Weights,
    inputs: Mapping[str, Array],
    observe: Observer | None = None,
    threads: int | None = None,
) -> dict[str, Array]:
    """The net's outputs by name, as `[n, c, z, y, x]`.

    `inputs` are such arrays by the name of their line; inputs that the model states need not be given.  `observe` is
    called after every step and may look at its result, not keep it.
    """
    refuse_plan(plan, weights_allocated=True)
    living: dict[int, Array] = {
        step.node: input_array(step, plan, inputs) for step in plan.steps if step.kernel == INPUT
    }
    buffers = Buffers()
    called: set[str] = set()
    with limited_threads(threads):
        for done, step in enumerate(plan.steps, 1):
            seconds = 0.0
            if step.kernel != INPUT:
                arriving = [living[read] for read in step.reads]
                is_warm = observe is None or step.kernel in called
                living[step.node], seconds = _timed(step, weights, arriving, is_warm=is_warm)
                called.add(step.kernel)
                del arriving
            place = buffers.add(step.node, living[step.node], given=step.kernel == INPUT)
            if observe is not None:
                observe(StepDone(step, done, len(plan.steps), living[step.node], seconds, place))
            for freed in step.frees:
                del living[freed]
                buffers.free(freed)
    names = {step.node: step.name for step in plan.steps}
    return {names[node]: living[node] for node in plan.outputs}


@contextlib.contextmanager
def limited_threads(count: int | None) -> Iterator[None]:
    """Inside, kernels (compiled loops and BLAS alike) use at most `count` threads; None leaves that as it is."""
    if count is None:
        yield
        return
    if not 1 <= count <= MOST_THREADS:
        raise input_error(
            "threads-out-of-range", f"{count} threads cannot be used", help=f"give a number from 1 to {MOST_THREADS:,}"
        )
    with at_most_threads(count):
        yield


def input_array(step: Step, plan: Plan, inputs: Mapping[str, Array], *, contiguous: bool = True) -> Array:
    """What the caller gave for an input line, or else what the model states; whoever copies it takes any layout."""
    stated = step.numbers.get("stated")
    if step.name in inputs:
        with np.errstate(over="ignore", invalid="ignore"):  # what is too large is infinite, and found so
            array = np.asarray(inputs[step.name], plan.dtype, "C" if contiguous else None)
    elif stated is not None:
        array = np.broadcast_to(np.array(stated, plan.dtype).reshape(1, *step.output[1:]), step.output).copy()
    else:
        raise input_error(
            "input-missing",
            f"nothing was given for `{step.name}`",
            help="give a picture, or an array (a .npy file)",
        )
    if array.shape != step.output:
        found, wanted = ("x".join(map(str, shape)) for shape in (array.shape, step.output))
        raise input_error(
            "input-shape",
            f"the input for `{step.name}` is {found}, but {wanted} is planned",
            help="the axes are image, channel, depth, height, width",
        )
    return array


def readable_kernel(name: str) -> Kernel:
    """The kernel of this name; one that a layer names and nobody wrote is named with what is missing."""
    if name not in KERNELS:
        raise LookupError(f'no kernel is called `{name}`: write one in cnncalc/kernels/, under @kernel("{name}")')
    return KERNELS[name]


def kernel_of(step: Step) -> Kernel:
    """The kernel that computes a step, by the algorithm that was chosen for it."""
    return readable_kernel(f"{step.kernel}_direct" if step.algorithm == "direct" else step.kernel)


def _timed(step: Step, weights: Weights, arriving: list[Array], *, is_warm: bool) -> tuple[Array, float]:
    """The step's result and its time; a kernel that is not warm is loaded or compiled by a call before."""
    kernel, own = kernel_of(step), step.arrays(weights.arrays)
    if not is_warm:
        kernel(arriving, own, step.kernel_numbers)
    start = perf_counter()
    result = kernel(arriving, own, step.kernel_numbers)
    return result, perf_counter() - start
