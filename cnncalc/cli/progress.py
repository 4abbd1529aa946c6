"""How far long work is, on a terminal only: what is being done, a bar, how much of how much, and for how long already.

The bar counts what is really done (numbers drawn, layers run, steps prepared, submissions graded); it is full only when
the work is.  Also, wherever standard error goes: why kernels are compiled again in every run.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from cnncalc.cli.appearance import is_coloured, width_of
from cnncalc.diagnostics.letters import printable

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from cnncalc.runtime.confirmation import Progress

Observer = Callable[["Progress"], None]
Item = TypeVar("Item")

NARROW = 80
"""Below so many columns there is no bar and no time, so that what is done and how much of it have room."""

LONGEST_COUNT = 12
"""In a narrow terminal a longer count is a percentage."""

PHASES = {"running": "running the layers", "disturbing": "measuring receptive fields"}


@contextlib.contextmanager
def observed(*, shown: bool) -> Iterator[Observer | None]:
    """An observer for `confirm`, or None where nobody watches; weights that are made inside are shown, too."""
    if not _watched(shown=shown):
        yield None
        return
    from cnncalc.runtime.compiling import on_compile
    from cnncalc.runtime.work_done import heard_by

    with _display() as display, heard_by(display.show), on_compile(display.show_kernel):
        yield lambda event: display.show(PHASES[event.phase], event.done, event.total)


def show_cache_warnings() -> None:
    """Say on standard error what of the kernel cache was not used, each thing once."""
    from cnncalc.cli.terminal import show_diagnostics
    from cnncalc.runtime.compiling import cache_warnings

    if warnings := cache_warnings():
        show_diagnostics(warnings, None)


@contextlib.contextmanager
def stepping(total: int, *, shown: bool) -> Iterator[Callable[[str], None]]:
    """A function that hears what begins, and shows it with how many are done; silent where nobody watches."""
    if not _watched(shown=shown):
        yield lambda _what: None
        return
    with _display() as display:
        yield _counting(display, total)


@contextlib.contextmanager
def timing(total: int, *, shown: bool) -> Iterator[Callable[[str], None]]:
    """As `stepping`, for work of the runtime: it also says how far that is with what has begun."""
    if not _watched(shown=shown):
        yield lambda _what: None
        return
    from cnncalc.runtime.compiling import on_compile
    from cnncalc.runtime.work_done import heard_by

    with _display() as display, heard_by(display.show_within), on_compile(display.show_kernel):
        yield _counting(display, total)


def counted(items: Iterable[Item], total: int, what: str, *, shown: bool) -> Iterator[Item]:
    """The items one after the other, with a bar that counts them."""
    with stepping(total, shown=shown) as step:
        for item in items:
            step(what)
            yield item


def _watched(*, shown: bool) -> bool:
    return shown and sys.stderr is not None and sys.stderr.isatty()


def _counting(display: _Display, total: int) -> Callable[[str], None]:
    begun = -1

    def step(what: str) -> None:
        nonlocal begun
        begun += 1
        display.show(printable(what), begun, total)

    return step


@contextlib.contextmanager
def _display() -> Iterator[_Display]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    console = Console(stderr=True, width=width_of(sys.stderr), no_color=not is_coloured(sys.stderr))
    narrow = console.width < NARROW
    what = TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis"))
    count = TextColumn("{task.fields[count]}", markup=False, table_column=Column(no_wrap=True, justify="right"))
    columns = (what, count) if narrow else (what, BarColumn(20), count, TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        yield _Display(bar, narrow=narrow)


class _Display:
    """One line on the terminal: what is being done, a bar, how much of how much, and for how long already."""

    def __init__(self, bar: Bar, *, narrow: bool) -> None:
        self._narrow = narrow
        self._bar, self._task = bar, bar.add_task("", total=None, count="")
        self._what, self._done, self._total = "", 0, 0
        self._kernels = 0

    def show(self, what: str, done: int, total: int) -> None:
        """So much of it is done."""
        self._what, self._done, self._total = what, done, total
        self._write(what)

    def show_within(self, what: str, done: int, total: int) -> None:
        """So much is done of a part of what is shown."""
        share = f" {100 * done // total} %" if total else ""
        self._write(f"{self._what}: {what}{share}")

    def show_kernel(self, _name: str) -> None:
        """One more kernel is compiled, in the middle of what is shown."""
        self._kernels += 1
        if self._what.startswith("compiling"):  # these are counted already
            return
        self._write(f"{self._what}: compiling kernel {self._kernels}".removeprefix(": "))

    def _write(self, text: str) -> None:
        count = f"{self._done:,} of {self._total:,}" if self._total else ""
        if self._total and self._narrow and len(count) > LONGEST_COUNT:
            count = f"{100 * self._done // self._total} %"
        self._bar.update(self._task, description=text, completed=self._done, total=self._total or None, count=count)
