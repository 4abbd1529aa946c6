"""Doing something again whenever a file changes: polling, which works on every file system and with every editor."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence

from cnncalc.diagnostics import InputError, input_error

INTERVAL = 0.3
"""Seconds between two looks at the files."""

Signature = tuple[tuple[int, int, int] | None, ...]


def watched(
    files: Sequence[str],
    action: Callable[[], int],
    *,
    rounds: int | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> int:
    """Acts at once and after every change of a file, until Ctrl-C; hands back the last status.

    `rounds` is how often the files are looked at, None without end.  A fault of the input is shown, and the watching
    goes on: a file that is being edited is often unfinished.
    """
    if "-" in files:
        raise input_error("cannot-watch", "standard input cannot be watched", help="give a file: check hw.txt --watch")
    status, seen = 0, None
    looks = 0
    try:
        while rounds is None or looks < rounds:
            looks += 1
            now = _signature(files)
            if now != seen:
                status = _acted(action, again=seen is not None)
                seen = now
            if rounds is None or looks < rounds:
                wait(INTERVAL)
    except KeyboardInterrupt:
        return status
    return status


def _acted(action: Callable[[], int], *, again: bool) -> int:
    from cnncalc.cli.exit_status import ExitStatus
    from cnncalc.cli.terminal import clear_screen, show_error

    if again:
        clear_screen()
    try:
        return action()
    except InputError as error:
        show_error(error)
        return ExitStatus.BAD_INPUT


def _signature(files: Sequence[str]) -> Signature:
    """What changes when a file is written: its time, size and identity; None while it is not there."""
    return tuple(_of_file(file) for file in files)


def _of_file(file: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(file)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
