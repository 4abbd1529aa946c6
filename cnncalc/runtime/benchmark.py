"""How fast a net runs, beside PyTorch and ONNX Runtime where they are installed.

All get the same weights, the same input and as many threads, and take turns: a busy neighbour, a warm processor, a
scheduler's whim meets everybody.  A turn begins with a run that is not counted, because caches and sleeping threads
belong to whoever ran before.  What is told is the median, and the ratio to the better peer.
"""

from __future__ import annotations

import gc
import platform
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

from cnncalc.analysis.model import Analysis
from cnncalc.kernels import thread_count
from cnncalc.kernels.peak import peak_flops
from cnncalc.runtime.checked_run import checked
from cnncalc.runtime.free_memory import refuse_too_much
from cnncalc.runtime.peers.contestants import COPIES, absences, contestants, forget, outputs_of, torch_threads, versions
from cnncalc.runtime.planning import Plan, plan
from cnncalc.runtime.reference_run import ReferenceRun, largest_error, reference_run
from cnncalc.runtime.running import prepare
from cnncalc.runtime.work_done import say_done

Run = Callable[[], Any]

CPUINFO = Path("/proc/cpuinfo")
OURS = "ours"
FEWEST_TURNS = 3
TURN_SECONDS, MOST_RUNS = 0.05, 10
"""A turn goes on for so long, but never for more runs; of a large net it is one run."""

LONG_RUN = 0.2
"""Seconds; what caches and threads cost at the start of a longer run does not show, so it counts."""

PAUSE = 0.002
"""Seconds between turns, in which spinning threads fall asleep."""

HOPELESS = 1.5
"""A way of running PyTorch that takes so many times as long as its best way drops out after the first turns."""

TOLERANCE = 1e-4
"""A peer that is further than this from float64 does not run the same net."""


@dataclass(frozen=True)
class Setting:
    """What holds for every net: the run, the machine and who takes part.  `peak` is in FLOPs a second."""

    batch: int
    threads: int
    seconds: float
    processor: str
    peak: float | None
    versions: Mapping[str, str]
    absent: Mapping[str, str]


def setting(batch: int = 1, threads: int | None = None, seconds: float = 5) -> Setting:
    """The setting on this machine; its peak is measured here."""
    count = threads or thread_count()
    return Setting(batch, count, seconds, processor(), peak_flops(count), versions(), absences())


def processor() -> str:
    """The processor's name, as well as the system knows it."""
    known = re.search(r"^model name\s*: (.+)$", _text(CPUINFO), re.MULTILINE)
    return known[1].strip() if known else platform.processor() or platform.machine()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


@dataclass(frozen=True)
class NetworkTime:
    """One net.  Milliseconds for the whole batch; `pytorch_ms` is its fastest way, which `pytorch_way` names.

    `difference` says what the engine made otherwise than the reference: then ours are the readable kernels.
    """

    name: str
    ours_ms: float
    pytorch_ms: float | None
    onnxruntime_ms: float | None
    share_of_peak: float | None
    largest_error: float
    pytorch_way: str = ""
    failed: tuple[tuple[str, str], ...] = ()
    difference: str = ""

    @property
    def ratio(self) -> float | None:
        """Our time over the better peer's: below 1 we are faster."""
        peers = [time for time in (self.pytorch_ms, self.onnxruntime_ms) if time is not None]
        return self.ours_ms / min(peers) if peers else None


def geometric_mean(ratios: list[float]) -> float:
    """The mean of ratios.

    >>> geometric_mean([0.5, 2.0])
    1.0
    """
    return exp(sum(map(log, ratios)) / len(ratios))


def benchmark(name: str, analysis: Analysis, setting: Setting) -> NetworkTime:
    """Time one net beside everybody who can run it.

    Raises InputError where the net, several times over for the peers, does not fit the memory.
    """
    prepared = plan(analysis, setting.batch, "float32")
    refuse_too_much(prepared.peak_bytes + COPIES * prepared.weight_bytes, f"the comparison of {name}")
    try:
        times, error, failed, difference = _compared(analysis, prepared, setting)
    finally:
        gc.collect()
        forget()
    flops = 2 * setting.batch * analysis.totals.figures.cost.macs
    torch_times = {way: time for way, time in times.items() if way.startswith("pytorch")}
    best = min(torch_times, key=lambda way: torch_times[way], default="")
    return NetworkTime(
        name,
        1000 * times[OURS],
        1000 * torch_times[best] if best else None,
        1000 * times["onnxruntime"] if "onnxruntime" in times else None,
        flops / times[OURS] / setting.peak if setting.peak else None,
        error,
        best.removeprefix("pytorch "),
        tuple(failed.items()),
        difference,
    )


def _compared(
    analysis: Analysis, prepared: Plan, setting: Setting
) -> tuple[dict[str, float], float, dict[str, str], str]:
    """The seconds of everybody who can run it, our largest error, who cannot and why, and where the engine is wrong."""
    given = reference_run(analysis, setting.batch)
    engine = prepare(prepared, given.weights, setting.threads)
    made = engine.run(given.inputs)
    found = checked(engine, made, dict(zip(made, given.reference, strict=True)))
    ours = found.ready
    made = ours.run(given.inputs) if found.difference else made
    error = largest_error(list(made.values()), given.reference)
    with torch_threads(setting.threads):
        say_done("preparing the others", 0, 0)
        peers, failed = contestants(analysis, given, setting.threads)
        failed |= _strangers(peers, given)
        times = _in_turns({OURS: lambda: ours.run(given.inputs), **peers}, setting.seconds)
    return times, error, failed, found.difference


def _strangers(peers: dict[str, Run], given: ReferenceRun) -> dict[str, str]:
    """Take out the peers whose results are not those of the net, and say so."""
    found = {name: largest_error(outputs_of(run()), given.reference) for name, run in peers.items()}
    wrong = {name: f"differs from float64 by {error:.0e}" for name, error in found.items() if error > TOLERANCE}
    for name in wrong:
        del peers[name]
    return wrong


def _in_turns(runs: dict[str, Run], seconds: float) -> dict[str, float]:
    """The median time of each, measured turn by turn."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    end = perf_counter() + seconds
    turn = 0
    while turn < FEWEST_TURNS or perf_counter() < end:
        names = list(runs)
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            say_done(f"measuring {name}", *_milliseconds(seconds, end))
            sleep(PAUSE)
            times[name] += _turn(runs[name])
        turn += 1
        if turn == FEWEST_TURNS:
            _drop_hopeless(runs, times)
    return {name: median(times[name]) for name in runs}


def _milliseconds(seconds: float, end: float) -> tuple[int, int]:
    """How much of the time for measuring is over, of how much."""
    whole = int(1000 * seconds)
    return min(whole, whole - int(1000 * (end - perf_counter()))), whole


def _turn(run: Run) -> list[float]:
    start = perf_counter()
    run()
    once = perf_counter() - start
    if once > LONG_RUN:
        return [once]
    found = []
    for _ in range(max(1, min(MOST_RUNS, int(TURN_SECONDS / max(once, 1e-6))))):
        start = perf_counter()
        run()
        found.append(perf_counter() - start)
    return found


def _drop_hopeless(runs: dict[str, Run], times: dict[str, list[float]]) -> None:
    medians = {name: median(times[name]) for name in runs if name.startswith("pytorch")}
    for name, time in medians.items():
        if time > HOPELESS * min(medians.values()):
            del runs[name]
