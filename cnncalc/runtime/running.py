"""Running a net as fast as this machine can: the engine where it can be compiled, else the readable kernels.

The engine computes in float32.  What a person checks by hand (float64, `algorithm="direct"` throughout) stays with the
kernels that anybody can follow, and so does a process in which nothing may be compiled.  Where the engine's own checks
refuse what it has prepared, or it would fill the memory, the readable kernels run the net as well, and whoever shows
the results says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cnncalc.kernels import thread_count
from cnncalc.kernels.engine.machine_code import available
from cnncalc.runtime.compare_values import INSTEAD
from cnncalc.runtime.engine.engine_plan import EnginePlan
from cnncalc.runtime.engine.ir import EngineFaultError
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.session import Session, lanes_here
from cnncalc.runtime.execution import execute, input_array, limited_threads
from cnncalc.runtime.free_memory import available_bytes, bytes_text
from cnncalc.runtime.planning import INPUT, Plan
from cnncalc.runtime.weights import Weights
from cnncalc.runtime.work_done import say_done

Array = np.ndarray[Any, Any]


MOVED, HEAVY = 300, 4
"""Multiplications for each number written: with fewer, a batch is run in portions, unless the weights take so many
times the memory of what is written."""

CACHE_BYTES = 16_000_000
"""Maps of all images that stay in the last cache anyhow."""

PORTION_BYTES = 45_000_000
"""Maps held at once of a portion.  Some images together are faster than one after the other (MobileNetV3, four of
eight: 29.4 ms instead of 38.9), as threads wait for each other less often and read weights for more; with more bytes
than this they are not (DenseNet-121, four of eight: 182 ms instead of 172)."""


@dataclass(frozen=True)
class Ready:
    """A net that is ready to run any number of times; without a `session` the readable kernels run it.

    `refused` says what the engine's own checks found, if that is the reason.
    """

    plan: Plan
    weights: Weights
    threads: int
    session: Session | None
    refused: str = ""

    def run(self, inputs: Mapping[str, Array], said: str = "") -> dict[str, Array]:
        """The outputs by name, as `[n, c, z, y, x]`, for inputs by name; `said` names the work for who shows it."""
        if self.session is None:
            return execute(self.plan, self.weights, inputs, threads=self.threads)
        whole = {node: np.empty(self.plan.steps[node].output, np.float32) for node in self.plan.outputs}
        size = self.session.plan.batch
        for portion, arrays in enumerate(self._portions(inputs)):
            if said:
                say_done(said, portion * size, self.plan.batch)
            images = slice(portion * size, (portion + 1) * size)
            self.session.run(arrays, {node: array[images] for node, array in whole.items()})
        return {self.plan.steps[node].name: array for node, array in whole.items()}

    def first_portion(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """The outputs by name of the images that the engine runs first, at least one; without an engine none."""
        if self.session is None:
            return {}
        found = self.session.run(next(self._portions(inputs)))
        return {self.plan.steps[node].name: array for node, array in found.items()}

    def seconds(self, inputs: Mapping[str, Array]) -> dict[int, float]:
        """How long each step of the engine takes, by the first node that it computes; empty without an engine."""
        found: dict[int, float] = {}
        if self.session is not None:
            times = np.sum([self.session.timed(arrays) for arrays in self._portions(inputs)], axis=0)
            for step, taken in zip(self.session.engine.steps, times.tolist(), strict=True):
                node = step.nodes[0] if step.nodes else step.reads[0].map.key
                if node in range(len(self.plan.steps)):
                    found[node] = found.get(node, 0.0) + taken
        return found

    def clocked(self, inputs: Mapping[str, Array]) -> list[float]:
        """The seconds of each step of the engine within one run; without an engine, of each readable kernel."""
        if self.session is not None:
            found: list[float] = np.sum([self.session.clocked(arrays) for arrays in self._portions(inputs)], 0).tolist()
            return found
        times: list[tuple[str, float]] = []
        execute(
            self.plan, self.weights, inputs, lambda done: times.append((done.step.kernel, done.seconds)), self.threads
        )
        return [seconds for kernel, seconds in times if kernel != INPUT]

    def _portions(self, inputs: Mapping[str, Array]) -> Iterator[dict[int, Array]]:
        """The inputs by node, so many images at a time as the session takes."""
        arrays = {
            step.node: input_array(step, self.plan, inputs, contiguous=False)
            for step in self.plan.steps
            if step.kernel == INPUT
        }
        size = self.session.plan.batch if self.session is not None else self.plan.batch
        for first in range(0, self.plan.batch, size):
            yield {node: array[first : first + size] for node, array in arrays.items()}


def engine_fits(plan: Plan) -> bool:
    """Whether the engine may run it: in float32, and not everything by the formula's own loops."""
    return plan.dtype == "float32" and available()


def prepare(plan: Plan, weights: Weights, threads: int | None = None) -> Ready:
    """Lay out memory, pack weights, compile what is missing; what the engine's checks refuse, it does not run."""
    with limited_threads(threads):
        count = thread_count()
    if not engine_fits(plan):
        return Ready(plan, weights, count, None)
    try:
        portion, planned = _planned(plan, count)
        if too_much := _too_much(planned.peak_bytes):
            return Ready(plan, weights, count, None, f"{too_much}; {INSTEAD}")
        return Ready(plan, weights, count, Session(portion, weights.arrays, planned, count))
    except EngineFaultError as fault:
        return Ready(plan, weights, count, None, f"{_refusal(fault)}; {INSTEAD}")


def _too_much(needed: int) -> str:
    """Why the engine, which is faster but stores sixteen channels where there is one, is not given so much memory."""
    left = available_bytes()
    if left is None or needed <= left // 2:
        return ""
    return f"engine: it would need {bytes_text(needed)}, more than half of the {bytes_text(left)} that are left"


def _refusal(fault: EngineFaultError) -> str:
    return f"engine: its own check refuses its plan ({fault})"


def _planned(plan: Plan, threads: int) -> tuple[Plan, EnginePlan]:
    """The plan of what is run at once, all images or a portion of them, and the engine's plan for that.

    Where little is computed from each number, moving the numbers is the work: then the maps of a portion had better
    stay in the caches (MobileNetV2, eight images on one core: 26 ms instead of 32).  Elsewhere weights are read once.
    """
    whole = engine_plan(plan, lanes_here(), threads)
    written = sum(step.write.map.numbers for step in whole.steps)
    few = 4 * written <= CACHE_BYTES
    heavy = plan.weight_bytes > HEAVY * 4 * written / plan.batch
    if plan.batch == 1 or few or heavy or sum(step.op.multiplications(step) for step in whole.steps) > MOVED * written:
        return plan, whole
    single = one_image(plan)
    planned = engine_plan(single, lanes_here(), threads)
    most = int(PORTION_BYTES / sum(planned.slots))
    images = max(count for count in range(1, max(1, min(plan.batch, most)) + 1) if plan.batch % count == 0)
    if images == 1:
        return single, planned
    portion = with_images(plan, images)
    return portion, whole if images == plan.batch else engine_plan(portion, lanes_here(), threads)


def one_image(plan: Plan) -> Plan:
    """The same plan for a single image."""
    return with_images(plan, 1)


def with_images(plan: Plan, count: int) -> Plan:
    """The same plan for so many images."""
    steps = tuple(replace(step, output=(count, *step.output[1:])) for step in plan.steps)
    return replace(plan, steps=steps, batch=count)


def whose_plan(plan: Plan, threads: int | None = None) -> tuple[Plan | EnginePlan, str]:
    """The plan of whoever would run it; and, where the engine would have and may not, why not."""
    if not engine_fits(plan):
        return plan, ""
    try:
        return _planned(plan, threads or thread_count())[1], ""
    except EngineFaultError as fault:
        return plan, f"{_refusal(fault)}; the readable kernels run the net"
