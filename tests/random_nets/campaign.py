"""Many nets, one after the other: drawn, run by the engine at every width, compared, and shrunk where one fails.

In everyday tests the nets share kernels: how many variants may be compiled is bounded, since each costs half a second
on a machine that has not compiled it yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cnncalc.analysis import analyse
from cnncalc.graph.ir import Graph
from cnncalc.runtime.engine.ir import Step
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.planning import plan

from .arguments import Choose
from .drawing import graph_of, net
from .regimes import REGIMES, regime
from .shrinking import shrunk
from .stepwise import Truth, engine_fault, truth_of, whole_run_fault

WIDTHS = (16, 8, 4)

VARIANTS: Mapping[str, int] = {"depthwise": 9, "pool": 9, "convolution": 10, "pointwise": 8}
OTHER_VARIANTS = 3
"""Variants of each kernel that nets with shared kernels may need in all, at one width."""


@dataclass(frozen=True)
class Setting:
    """How a net is run."""

    lanes: int
    thresholds: str
    batch: int
    threads: int
    seed: int

    def __str__(self) -> str:
        return (
            f"{self.lanes} lanes, thresholds {self.thresholds!r}, batch {self.batch}, {self.threads} threads, "
            f"seed {self.seed}"
        )


@dataclass
class Tally:
    """What a campaign did."""

    nets: int = 0
    layers: int = 0
    runs: int = 0
    not_finite: int = 0
    failures: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.nets} nets, {self.layers} layers, {self.runs} runs at {len(WIDTHS)} widths, "
            f"{self.not_finite} nets that are not finite, {len(self.failures)} differences"
        )


def settings(number: int, lanes: int) -> list[Setting]:
    """Every regime for a net of this number; batches and threads change from net to net."""
    return [Setting(lanes, name, 1 + number % 3, (1, 2, 3)[number // 3 % 3], number) for name in REGIMES]


def fault_in(text: str, setting: Setting) -> str:
    """What is wrong with a net's run; empty when nothing is, or nothing can be compared."""
    graph = graph_of(text)
    return "" if graph is None else _fault(truth_of(analyse(graph), setting.batch, setting.seed), setting)


def _fault(truth: Truth, setting: Setting) -> str:
    if not truth.is_finite:
        return ""
    with regime(setting.thresholds):
        try:
            fault = engine_fault(truth, setting.lanes, setting.threads) or (
                whole_run_fault(truth, setting.threads) if setting.lanes == max(WIDTHS) else None
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the net is worth printing
            return f"{type(error).__name__}: {error}"
    return str(fault) if fault else ""


def failure(text: str, setting: Setting) -> str:
    """The smallest net that was found to fail so, printed with how to see it."""
    small = shrunk(text, lambda smaller: bool(fault_in(smaller, setting)))
    return f"{setting}\n{fault_in(small, setting)}\n{small}"


def run(text: str, settings: list[Setting], tally: Tally) -> None:
    """Run a net in these settings, which differ in widths and thresholds alone, and note what fails."""
    graph = graph_of(text)
    assert graph is not None
    truth = truth_of(analyse(graph), settings[0].batch, settings[0].seed)
    tally.nets += 1
    tally.layers += len(graph.nodes)
    tally.not_finite += not truth.is_finite
    for setting in settings:
        tally.runs += 1
        if _fault(truth, setting):
            tally.failures.append(failure(text, setting))
            print(tally.failures[-1], flush=True)
            return


def shared_nets(lanes: int, count: int) -> Iterator[tuple[int, str]]:
    """So many nets that need few variants of kernels in all, each with its number."""
    known: dict[str, set[tuple[int, ...]]] = {}
    for number in range(count):
        setting = settings(number, lanes)[number % len(REGIMES)]

        def admits(graph: Graph, setting: Setting = setting) -> bool:
            found = variants(graph, setting)
            return all(
                len(known.get(kernel, set()) | shapes) <= VARIANTS.get(kernel, OTHER_VARIANTS)
                for kernel, shapes in found.items()
            )

        text = net(Choose(number, few=True), admits=admits)
        graph = graph_of(text)
        assert graph is not None
        for kernel, shapes in variants(graph, setting).items():
            known[kernel] = known.get(kernel, set()) | shapes
        yield number, text


def variants(graph: Graph, setting: Setting) -> dict[str, set[tuple[int, ...]]]:
    """The kernels that a net needs, and their numbers."""
    prepared = plan(analyse(graph), setting.batch, "float32")
    found: dict[str, set[tuple[int, ...]]] = {}
    with regime(setting.thresholds):
        steps = engine_plan(prepared, setting.lanes, setting.threads).steps
    for part in (part for step in steps for part in parts(step)):
        found.setdefault(part.op.kernel, set()).add(part.op.shape)
    return found


def parts(step: Step) -> tuple[Step, ...]:
    return (step, *step.parts)
