"""Running a net as fast as this machine can: the engine where it can be compiled, else the readable kernels.

The engine computes in float32.  What a person checks by hand (float64, `algorithm="direct"` throughout) stays with the
kernels that anybody can follow, and so does a process in which nothing may be compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnncalc.kernels import thread_count
from cnncalc.kernels.engine.compiling import available
from cnncalc.runtime.engine.planning import engine_plan
from cnncalc.runtime.engine.sessions import Session, lanes_here
from cnncalc.runtime.execution import execute, input_array, limited_threads
from cnncalc.runtime.memory import refuse_too_much
from cnncalc.runtime.planning import INPUT, Plan
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Ready:
    """A net that is ready to run any number of times; without a `session` the readable kernels run it."""

    plan: Plan
    weights: Weights
    threads: int
    session: Session | None

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """The outputs by name, as `[n, c, z, y, x]`, for inputs by name."""
        if self.session is None:
            return execute(self.plan, self.weights, inputs, threads=self.threads)
        found = self.session.run(self._arrays(inputs))
        return {self.plan.steps[node].name: array for node, array in found.items()}

    def seconds(self, inputs: Mapping[str, Array]) -> dict[int, float]:
        """How long each step of the engine takes, by the first node that it computes; empty without an engine."""
        found: dict[int, float] = {}
        if self.session is not None:
            times = self.session.timed(self._arrays(inputs))
            for step, taken in zip(self.session.engine.steps, times, strict=True):
                node = step.nodes[0] if step.nodes else step.reads[0].map.key
                if node in range(len(self.plan.steps)):
                    found[node] = found.get(node, 0.0) + taken
        return found

    def _arrays(self, inputs: Mapping[str, Array]) -> dict[int, Array]:
        return {step.node: input_array(step, self.plan, inputs) for step in self.plan.steps if step.kernel == INPUT}


def engine_fits(plan: Plan) -> bool:
    """Whether the engine may run it: in float32, and not everything by the formula's own loops."""
    return plan.dtype == "float32" and available()


def prepare(plan: Plan, weights: Weights, threads: int | None = None) -> Ready:
    """Lay out memory, pack weights, compile what is missing."""
    with limited_threads(threads):
        count = thread_count()
    if not engine_fits(plan):
        return Ready(plan, weights, count, None)
    planned = engine_plan(plan, lanes_here(), count)
    refuse_too_much(planned.peak_bytes, "this run", hint="give fewer pictures at a time, or a smaller input (--input)")
    return Ready(plan, weights, count, Session(plan, weights.arrays, planned, count))


def printed_plan(plan: Plan, threads: int | None = None) -> str:
    """The plan of whoever would run it, as text."""
    if not engine_fits(plan):
        return str(plan)
    head = f"plan for {plan.batch} image{'s' if plan.batch > 1 else ''} in float32"
    return f"{head}, vectors of {lanes_here()}\n{engine_plan(plan, lanes_here(), threads or thread_count())}"
