"""Where the time of a run goes: every step of the engine timed in place, beside the two limits of the machine.

A step cannot take less time than its FLOPs need at the measured peak, nor than its traffic needs at the measured
bandwidth: the larger of the two is its limit.  It is an estimate: Winograd multiplies less than the formula says, and
what lies in a cache arrives faster than from memory, so both may be passed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, Literal

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.geometry import Shape
from cnncalc.kernels import thread_count
from cnncalc.kernels.bandwidth import BYTES_A_THREAD, memory_bandwidth
from cnncalc.kernels.peak import peak_flops
from cnncalc.runtime.benchmark import processor
from cnncalc.runtime.checked_run import checked_run
from cnncalc.runtime.engine.ir import ChannelPart, Step
from cnncalc.runtime.engine.work import Work, readable_steps, works
from cnncalc.runtime.free_memory import refuse_too_much
from cnncalc.runtime.planning import INPUT, Plan, plan
from cnncalc.runtime.running import Ready
from cnncalc.runtime.weights import seeded

Array = np.ndarray[Any, Any]

Limit = Literal["compute", "memory"]

FEWEST_RUNS, WARM_RUNS = 5, 2


@dataclass(frozen=True)
class Machine:
    """What holds for every net: the run, and the machine's limits in FLOPs and bytes a second, measured here."""

    batch: int
    threads: int
    seconds: float
    processor: str
    peak: float | None
    bandwidth: float | None


@dataclass(frozen=True)
class Share:
    """So many steps: their `seconds`, the FLOPs of the formula, the bytes of their maps and weights.

    `least` are the seconds that the limits of the machine allow; None where nothing is compiled.
    """

    count: int
    seconds: float
    flops: int
    bytes: int
    least: float | None

    @property
    def flops_rate(self) -> float:
        """FLOPs a second."""
        return self.flops / self.seconds if self.seconds else 0.0

    @property
    def bytes_rate(self) -> float:
        """Bytes a second."""
        return self.bytes / self.seconds if self.seconds else 0.0

    @property
    def reached(self) -> float | None:
        """The share of the limit that was reached; 1 is all of it."""
        return None if self.least is None or not self.seconds else self.least / self.seconds


@dataclass(frozen=True, kw_only=True)
class StepTime(Share):
    """One step.  `lines` are the net's lines that it computes, `way` is how; `windows` are (height, width, stride)."""

    lines: tuple[str, ...]
    kernel: str
    way: str
    windows: tuple[tuple[int, int, int], ...]
    output: Shape
    limit: Limit | None

    @property
    def kind(self) -> str:
        """`direct 3x3`: the way and the window."""
        return " ".join(filter(None, (self.way, "+".join(f"{height}x{width}" for height, width, _ in self.windows))))


@dataclass(frozen=True)
class NetworkSteps:
    """One net.  `whole_seconds` is an ordinary run with all that is not a step: inputs taken, outputs handed out.

    `difference` says what the engine made otherwise than the readable kernels: then these are timed.
    """

    name: str
    whole_seconds: float
    steps: tuple[StepTime, ...]
    difference: str = ""

    @property
    def total(self) -> Share:
        return _sum(self.steps)

    @property
    def kinds(self) -> Mapping[str, Share]:
        """The steps of each kind together, the longest first."""
        found: dict[str, list[StepTime]] = {}
        for step in self.steps:
            found.setdefault(step.kind, []).append(step)
        shares = {kind: _sum(steps) for kind, steps in found.items()}
        return dict(sorted(shares.items(), key=lambda item: -item[1].seconds))


def _sum(steps: Sequence[StepTime]) -> Share:
    least = [step.least for step in steps if step.least is not None]
    return Share(
        len(steps),
        sum(step.seconds for step in steps),
        sum(step.flops for step in steps),
        sum(step.bytes for step in steps),
        sum(least) if len(least) == len(steps) else None,
    )


def machine(batch: int = 1, threads: int | None = None, seconds: float = 5) -> Machine:
    """This machine; its limits are measured here.  Raises InputError where the memory does not suffice for that."""
    count = threads or thread_count()
    cores = min(count, thread_count())
    refuse_too_much(cores * BYTES_A_THREAD, "measuring the memory's bandwidth", hint="use fewer threads (--threads)")
    return Machine(batch, count, seconds, processor(), peak_flops(cores), memory_bandwidth(cores))


def step_times(name: str, analysis: Analysis, machine: Machine) -> NetworkSteps:
    """Time every step of a net, and the net as a whole, in turns: medians.

    Raises InputError where the net does not fit the memory.
    """
    planned = plan(analysis, machine.batch, "float32")
    refuse_too_much(planned.peak_bytes + planned.weight_bytes, f"the run of {name}")
    inputs = _pictures(planned)
    found, _ = checked_run(planned, seeded(analysis, 0, "float32"), inputs, machine.threads)
    whole, each = _measured(found.ready, inputs, machine.seconds)
    session = found.ready.session
    steps = readable_steps(planned) if session is None else session.engine.steps
    portion = planned if session is None else session.plan
    portions = planned.batch // portion.batch
    macs = [node.figures.cost.macs for node in analysis.nodes]
    done = [Work(portions * work.flops, portions * work.bytes) for work in works(portion, steps, macs)]
    lines = _lines(analysis)
    times = (
        _step_time(analysis, lines, machine, step, work, seconds=seconds)
        for step, work, seconds in zip(steps, done, each, strict=True)
    )
    return NetworkSteps(name, whole, tuple(times), found.difference)


def _lines(analysis: Analysis) -> list[str]:
    """For each node the name of its line: that of the line's first node."""
    return [analysis.nodes[row.first].node.name for row in analysis.graph.rows for _ in range(row.first, row.last + 1)]


def _pictures(planned: Plan) -> dict[str, Array]:
    """Numbers from 0 to 1 for every input that the text does not state."""
    random = np.random.default_rng(0)
    return {
        step.name: random.random(step.output, np.float32)
        for step in planned.steps
        if step.kernel == INPUT and not step.numbers
    }


def _measured(ready: Ready, inputs: Mapping[str, Array], seconds: float) -> tuple[float, list[float]]:
    """The seconds of an ordinary run, and of each step in a clocked one."""
    whole: list[float] = []
    each: list[list[float]] = []
    end = perf_counter() + seconds
    while len(whole) < WARM_RUNS + FEWEST_RUNS or perf_counter() < end:
        start = perf_counter()
        ready.run(inputs)
        whole.append(perf_counter() - start)
        each.append(ready.clocked(inputs))
    return median(whole[WARM_RUNS:]), np.median(each[WARM_RUNS:], axis=0).tolist()


def _step_time(
    analysis: Analysis, lines: Sequence[str], machine: Machine, step: Step, work: Work, *, seconds: float
) -> StepTime:
    nodes = step.nodes or (step.reads[0].map.origin,)
    last = analysis.nodes[nodes[-1]]
    made = step.write.map.shape
    least, limit = _limit(machine, work)
    label = step.op.label(analysis.nodes[nodes[0]].node.layer.word)
    return StepTime(
        1,
        seconds,
        work.flops,
        work.bytes,
        least,
        lines=tuple(dict.fromkeys(lines[node] for node in nodes)),
        kernel=step.op.kernel,
        way=label.way if step.nodes and not isinstance(step.part, ChannelPart) else COPY,
        windows=label.windows,
        output=Shape(made[1], made[len(made) - last.output.rank :]),
        limit=limit,
    )


def _limit(machine: Machine, work: Work) -> tuple[float | None, Limit | None]:
    """The seconds that the machine's limits allow, and which of them it is."""
    if machine.peak is None or machine.bandwidth is None:
        return None, None
    computing, moving = work.flops / machine.peak, work.bytes / machine.bandwidth
    return (computing, "compute") if computing >= moving else (moving, "memory")


COPY = "copy"
"""What a step is called that only brings numbers elsewhere."""
