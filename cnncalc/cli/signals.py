"""How the process ends when somebody wants it to: Ctrl-C, `kill`, a terminal that is closed.

Each of them is raised as an exception, so that no half-written file stays.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

SIGNAL_STATUS = 128
"""A process that a signal ends has this exit status, plus the signal's number."""


class StoppedError(BaseException):
    """The process was asked to end, not by Ctrl-C."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def end_as_asked(command: Callable[[], int]) -> int:
    """The command's exit status, or that of the signal that ended it; afterwards a signal ends the process at once."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)
    sys.unraisablehook = _interrupt_again
    try:
        return command()
    except StoppedError as stopped:
        return stopped.status
    finally:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def end_at_once() -> None:
    """A signal ends the process at once from here on: for a command that writes no files and waits in other threads."""
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise StoppedError(SIGNAL_STATUS + number)


def _interrupt_again(unraisable: UnraisableHookArgs) -> None:
    """Ctrl-C that fell into a finaliser, from which nothing can be raised, is raised again a moment later."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT)).start()
    else:
        sys.__unraisablehook__(unraisable)
