"""Where the time of a run goes, as a sheet and as JSON: a line for each step, and for each kind of step below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import Order
from cnncalc.layers.base import counted
from cnncalc.report.indented_json import indented_json
from cnncalc.report.sheet import Column, Fact, Line, Phrase, Sheet

if TYPE_CHECKING:
    from cnncalc.runtime.step_times import Machine, NetworkSteps, Share, StepTime

COLUMNS = (
    Column("number", ("#",), right=True),
    Column("lines", ("lines",), "text"),
    Column("window", ("kernel",), "text"),
    Column("output", ("output",), keep=1),
    Column("time", ("", "µs"), right=True),
    Column("share", ("% of", "run"), right=True),
    Column("compute", ("GFLOP", "/s"), right=True, keep=3),
    Column("memory", ("GB", "/s"), right=True, keep=2),
    Column("limit", ("of its", "limit"), right=True),
)


def steps_sheet(net: NetworkSteps, machine: Machine, order: Order) -> Sheet:
    """The table of one net."""
    images = f"{machine.batch} images" if machine.batch > 1 else "one image"
    threads = counted(machine.threads, "thread")
    subtitle = f"{images} in float32, {threads}; medians, each step timed within the whole run"
    whole = net.total.seconds
    lines = tuple(_line(number, step, whole, order) for number, step in enumerate(net.steps))
    kinds = (_totals(kind, share, whole) for kind, share in net.kinds.items())
    totals = (*kinds, _totals("all", net.total, whole))
    return Sheet(f"Steps of {printable(net.name)}", subtitle, COLUMNS, lines, totals, tuple(_facts(net, machine)))


def _line(number: int, step: StepTime, whole: float, order: Order) -> Line:
    names = " + ".join((step.lines[0], *(name.rpartition(".")[2] for name in step.lines[1:])))
    return Line(
        (
            str(number),
            Phrase(printable(names), printable(_short(names))),
            _kernel(step),
            step.output.text(order),
            *_times(step, whole),
            " ".join(filter(None, (step.limit, _percent(step.reached)))),
        )
    )


def _short(names: str) -> str:
    """Without the blocks between the outermost and the line itself.

    >>> _short("residual1.narrow1.conv2 + add1"), _short("first1.conv1")
    ('residual1..conv2 + add1', 'first1.conv1')
    """
    first, *more = names.split(" + ")
    outermost, *between = first.split(".")
    short = f"{outermost}..{between[-1]}" if len(between) > 1 else first
    return " + ".join((short, *more))


def _kernel(step: StepTime) -> str:
    """`direct 3x3/2`: the way, the window and its stride."""
    windows = (f"{height}x{width}" + (f"/{stride}" if stride > 1 else "") for height, width, stride in step.windows)
    return " ".join(filter(None, (step.way, "+".join(windows))))


def _totals(kind: str, share: Share, whole: float) -> Line:
    return Line(("", counted(share.count, "step"), kind, "", *_times(share, whole), _percent(share.reached)), "total")


def _times(share: Share, whole: float) -> tuple[str, str, str, str]:
    """Microseconds, percent of the run, GFLOP/s and GB/s."""
    return (
        _number(1e6 * share.seconds),
        f"{100 * share.seconds / whole:.1f}" if whole else "",
        _number(share.flops_rate / 1e9) if share.flops else "",
        _number(share.bytes_rate / 1e9),
    )


def _number(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def _facts(net: NetworkSteps, machine: Machine) -> Iterator[Fact]:
    yield Fact(
        "Whole",
        f"{_number(1e6 * net.whole_seconds)} µs for an ordinary run, inputs and outputs copied; the steps add up to "
        f"{_number(1e6 * net.total.seconds)} µs",
    )
    if machine.peak is not None and machine.bandwidth is not None:
        yield Fact("Compute", f"{machine.peak / 1e9:,.0f} GFLOP/s in float32 with these threads, measured")
        yield Fact("Memory", f"{machine.bandwidth / 1e9:,.0f} GB/s read with these threads, measured")
        yield Fact(
            "Limit",
            "what takes longer at these rates: 2 FLOPs a MAC of the formula, or every map and weight of the step once; "
            "an estimate, which may be passed: Winograd multiplies less, and caches are faster than the memory",
        )
    yield Fact("Machine", printable(machine.processor))
    if net.difference:
        yield Fact("Engine", printable(net.difference.removeprefix("engine: ")), "bad")


def steps_json(nets: Sequence[tuple[NetworkSteps, Order]], machine: Machine) -> str:
    """`{"networks": [...]}`, each with its steps; null stands where no limit could be measured."""
    return indented_json({"networks": [_object(net, machine, order) for net, order in nets]})


def _object(net: NetworkSteps, machine: Machine, order: Order) -> dict[str, Any]:
    return {
        "name": net.name,
        "whole_ms": 1e3 * net.whole_seconds,
        "peak_gflops": _billions(machine.peak),
        "bandwidth_gbs": _billions(machine.bandwidth),
        "difference": net.difference or None,
        "steps": [_step(number, step, net.total.seconds, order) for number, step in enumerate(net.steps)],
    }


def _step(number: int, step: StepTime, whole: float, order: Order) -> dict[str, Any]:
    return {
        "step": number,
        "lines": list(step.lines),
        "kernel": step.kernel,
        "way": step.way,
        "windows": [list(window) for window in step.windows],
        "output": list(step.output.sizes(order)),
        "ms": 1e3 * step.seconds,
        "share": step.seconds / whole if whole else None,
        "flops": step.flops,
        "bytes": step.bytes,
        "gflops": step.flops_rate / 1e9,
        "gbs": step.bytes_rate / 1e9,
        "limit": step.limit,
        "share_of_limit": step.reached,
    }


def _billions(rate: float | None) -> float | None:
    return None if rate is None else rate / 1e9
