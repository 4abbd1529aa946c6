"""The bytes of a file, a pipe or standard input: never more than asked for, and never waited for without a word.

What they mean, and what to say when there are none or too many, is the business of whoever asks.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal

from cnncalc.listening import Listeners

STANDARD_INPUT = "<stdin>"
"""How messages name it; on the command line it is `-`."""

PATIENCE = 2.0
"""Seconds without a byte after which the waiting is announced."""

AT_ONCE = 1 << 16

Awaited = Literal["terminal", "pipe"]
Listener = Callable[[str, Awaited], None]
"""Hears the name of what is waited for: somebody who types, or another program."""

_LISTENERS = Listeners[str, Awaited]()


def on_wait(hear: Listener) -> AbstractContextManager[None]:
    """Inside this context `hear` is called when there is something to wait for."""
    return _LISTENERS.heard_by(hear)


def content_of(path: str, most: int) -> bytes:
    """All bytes of a file, a pipe or a device, `-` for standard input; `most + 1` where there are more than `most`.

    Raises OSError and ValueError as `open` does.
    """
    if path == "-":
        return _of_standard_input(most)
    # A pipe that nobody writes to would be waited for while it is opened.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        return _content(descriptor, path, most)
    finally:
        os.close(descriptor)


def _of_standard_input(most: int) -> bytes:
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed")
    try:
        descriptor = sys.stdin.fileno()
    except (OSError, ValueError):  # replaced by a Python program
        return sys.stdin.buffer.read(most + 1)
    try:
        return _content(descriptor, STANDARD_INPUT, most)
    except OSError as fault:
        raise OSError(errno.EBADF, "it is closed") if fault.errno == errno.EBADF else fault from None


def _content(descriptor: int, name: str, most: int) -> bytes:
    parts: list[bytes] = []
    missing = most + 1
    waiter = _Waiter(descriptor, name)
    while missing:
        waiter.wait()
        try:
            part = os.read(descriptor, min(AT_ONCE, missing))
        except BlockingIOError:
            continue
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


class _Waiter:
    """Waits until something can be read, and says so once."""

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        self._name = name
        self._may_last = os.name != "nt" and not stat.S_ISREG(os.fstat(descriptor).st_mode)
        self._is_announced = False
        if os.isatty(descriptor):
            self._announce("terminal")

    def wait(self) -> None:
        """Returns when a read will not block, or at its end."""
        while self._may_last and not self._is_ready():
            if not self._is_announced:
                self._announce("pipe")

    def _is_ready(self) -> bool:
        import select  # noqa: PLC0415 - a regular file needs none

        try:
            return bool(select.select([self._descriptor], [], [], None if self._is_announced else PATIENCE)[0])
        except ValueError:  # more descriptors are open than it can look at
            return True

    def _announce(self, awaited: Awaited) -> None:
        self._is_announced = True
        _LISTENERS.say(self._name, awaited)
