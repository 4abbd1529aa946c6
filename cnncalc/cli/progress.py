"""The progress of a run, on a terminal only: a bar for the layers, and a line while kernels are compiled.

Also, wherever standard error goes: why kernels are compiled again in every run.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from cnncalc.diagnostics.letters import printable

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from cnncalc.runtime.confirmation import Progress

Observer = Callable[["Progress"], None]


@contextlib.contextmanager
def observed(*, shown: bool) -> Iterator[Observer | None]:
    """An observer for `confirm`, or None where nobody watches."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    from cnncalc.runtime.compiling import on_compile

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("running", total=None)
        with on_compile(lambda _name: bar.update(task, description="compiling kernels (once)")):
            yield _observer(bar, task)


def _observer(bar: Bar, task: TaskID) -> Observer:
    def hear(event: Progress) -> None:
        words = {"running": "running", "disturbing": "proving receptive fields"}
        bar.update(task, description=words[event.phase], completed=event.done, total=event.total or None)

    return hear


def show_cache_warnings() -> None:
    """Say on standard error what of the kernel cache was not used, each thing once."""
    from cnncalc.cli.terminal import show_diagnostics
    from cnncalc.runtime.compiling import cache_warnings

    if warnings := cache_warnings():
        show_diagnostics(warnings, None)


@contextlib.contextmanager
def stepping(total: int, *, shown: bool) -> Iterator[Callable[[str], None]]:
    """A function that is told what begins, and shows it with how many are done; silent where nobody watches."""
    if not shown or not sys.stderr.isatty():
        yield _unheard
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task, begun = bar.add_task("", total=total), -1

        def step(what: str) -> None:
            nonlocal begun
            begun += 1
            bar.update(task, description=printable(what), completed=begun)

        yield step


def _unheard(_what: str) -> None:
    """Nobody watches."""
