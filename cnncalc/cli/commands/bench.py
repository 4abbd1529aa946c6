"""`cnncalc bench`: how fast networks run here, beside PyTorch and ONNX Runtime where they are installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from cnncalc.cli.exit_status import ExitStatus
from cnncalc.cli.parameters import EXECUTION, PRINTING, InputSize, Json, Progress, Settings, Threads, Until

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.runtime.benchmark import NetworkTime, Setting
    from cnncalc.runtime.step_times import Machine, NetworkSteps

Measured = TypeVar("Measured")

LARGEST_BATCH, SHORTEST, LONGEST = 4096, 0.01, 3600


class Format(StrEnum):
    """What the times are written as."""

    TABLE = "table"
    JSON = "json"


@dataclass(frozen=True)
class BenchOptions:
    """What `cnncalc bench` was asked for, as it was written."""

    models: Annotated[
        list[str] | None,
        typer.Argument(metavar="MODEL...", help="Texts, programs, or networks that ship: `cnncalc models` lists them."),
    ] = None
    every: Annotated[bool, typer.Option("--all", help="Time every network that ships.")] = False
    steps: Annotated[
        bool, typer.Option("--steps", help="Show where the time goes: every step next to the limits of the machine.")
    ] = False
    batch: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=LARGEST_BATCH,
            rich_help_panel=EXECUTION,
            help="How many images to run at once; 1 if not given.",
        ),
    ] = 1
    threads: Threads = None
    seconds: Annotated[
        float,
        typer.Option(
            metavar="S", min=SHORTEST, max=LONGEST, help="How many seconds to measure each network; 5 if not given."
        ),
    ] = 5
    input_size: InputSize = None
    settings: Settings = None
    until: Until = None
    format: Annotated[
        Format,
        typer.Option("--format", "-f", rich_help_panel=PRINTING, metavar="FORMAT", help="Print the times as FORMAT"),
    ] = Format.TABLE
    json: Json = False
    progress: Progress = True


def bench(options: BenchOptions) -> int:
    """Time networks, next to PyTorch and ONNX Runtime where they are installed."""
    from cnncalc.analysis import analyse
    from cnncalc.cli.settings import settings_of
    from cnncalc.diagnostics import input_error
    from cnncalc.net_files import checked
    from cnncalc.sources import find, shipped_names

    names = (*(options.models or ()), *(shipped_names() if options.every else ()))
    if not names:
        raise input_error(
            "missing-argument", "`cnncalc bench` needs MODEL, or --all", help="write: cnncalc bench lenet5"
        )
    values = settings_of(options.settings)
    nets = {
        name: analyse(checked(find(name), options.input_size, values, options.until)) for name in dict.fromkeys(names)
    }
    as_json = options.json or options.format is Format.JSON
    if options.steps:
        from cnncalc.runtime.step_times import machine

        return _stepped(
            nets, machine(options.batch, options.threads, options.seconds), as_json=as_json, shown=options.progress
        )
    from cnncalc.runtime.benchmark import setting

    return _compared(
        nets, setting(options.batch, options.threads, options.seconds), as_json=as_json, shown=options.progress
    )


def _compared(nets: Mapping[str, Analysis], setting: Setting, *, as_json: bool, shown: bool) -> ExitStatus:
    """Times nets beside the peers."""
    from cnncalc.runtime.benchmark import benchmark

    return _timed(
        nets,
        lambda name, net: benchmark(name, net, setting),
        lambda times, skipped: _print(times, skipped, setting, as_json=as_json),
        shown=shown,
    )


def _stepped(nets: Mapping[str, Analysis], machine: Machine, *, as_json: bool, shown: bool) -> ExitStatus:
    """Times the steps of nets."""
    from cnncalc.runtime.step_times import step_times

    return _timed(
        nets,
        lambda name, net: step_times(name, net, machine),
        lambda times, skipped: _print_steps(nets, times, skipped, machine, as_json=as_json),
        shown=shown,
    )


def _timed(
    nets: Mapping[str, Analysis],
    measure: Callable[[str, Analysis], Measured],
    show: Callable[[Sequence[Measured], Sequence[tuple[str, str]]], None],
    *,
    shown: bool,
) -> ExitStatus:
    """Times one net after the other; what is done when somebody presses Ctrl-C is still printed."""
    from cnncalc.cli.progress import show_cache_warnings, timing
    from cnncalc.diagnostics import InputError

    times: list[Measured] = []
    skipped: list[tuple[str, str]] = []
    try:
        with timing(len(nets), shown=shown) as step:
            for name, analysis in nets.items():
                step(f"timing {name}")
                try:
                    times.append(measure(name, analysis))
                except InputError as error:
                    if len(nets) == 1:
                        raise
                    skipped.append((name, error.diagnostics[0].message))
    finally:
        show_cache_warnings()
        if times:
            show(times, skipped)
    return ExitStatus.FINE


def _print(
    times: Sequence[NetworkTime], skipped: Sequence[tuple[str, str]], setting: Setting, *, as_json: bool
) -> None:
    from cnncalc.cli.terminal import canvas, write, write_error
    from cnncalc.report.bench_report import bench_json, bench_sheet
    from cnncalc.report.layout import drawn
    from cnncalc.runtime.benchmark import geometric_mean

    if not as_json:
        ratios = [time.ratio for time in times if time.ratio is not None]
        write(drawn(bench_sheet(times, setting, geometric_mean(ratios) if ratios else None, skipped), canvas()))
        return
    write(bench_json(times))
    for why in (*setting.absent.values(), *(f"{name}: {why}" for name, why in skipped)):
        write_error(f"{why}\n")


def _print_steps(
    nets: Mapping[str, Analysis],
    times: Sequence[NetworkSteps],
    skipped: Sequence[tuple[str, str]],
    machine: Machine,
    *,
    as_json: bool,
) -> None:
    from cnncalc.cli.terminal import canvas, write, write_error
    from cnncalc.report.layout import drawn
    from cnncalc.report.steps_report import steps_json, steps_sheet

    ordered = [(net, nets[net.name].graph.order) for net in times]
    if as_json:
        write(steps_json(ordered, machine))
    else:
        write("\n".join(drawn(steps_sheet(net, machine, order), canvas()) for net, order in ordered))
    for name, why in skipped:
        write_error(f"{name}: {why}\n")
