"""The standard streams as a process may find them: closed, full, without a reader, or not waiting.

A stream that was closed is opened on nothing, so that no file gets its number and whatever is written or read there
fails as it should.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import IO, TextIO


def prepare_streams() -> None:
    """Opens what was closed, and has nothing be lost by a writer that is slow, full or unbuffered."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            _occupy(number, os.O_RDONLY if number else os.O_WRONLY)
            setattr(sys, name, _opened(number, "w" if number else "r", "utf-8", "backslashreplace"))
        elif number:
            _wait_for_readers(stream)
            if isinstance(getattr(stream, "buffer", None), io.RawIOBase):
                # With PYTHONUNBUFFERED, what a disk that becomes full takes no more of is lost without an error.
                setattr(sys, name, _opened(stream.fileno(), "w", stream.encoding, stream.errors))


def _opened(number: int, mode: str, encoding: str, errors: str) -> IO[str]:
    return open(number, mode, encoding=encoding, errors=errors, closefd=False)


def _wait_for_readers(stream: TextIO) -> None:
    """Lets a write wait until there is room, also where whoever started this process wanted it to fail."""
    if sys.platform == "win32":  # where a write waits; Python 3.11 cannot ask there
        return
    with contextlib.suppress(OSError, ValueError):
        if not os.get_blocking(stream.fileno()):
            os.set_blocking(stream.fileno(), True)


def _occupy(number: int, flags: int) -> None:
    """Opens nothing under the number of a stream, if it is free."""
    try:
        os.fstat(number)
    except OSError:
        descriptor = os.open(os.devnull, flags)
        if descriptor != number:
            os.dup2(descriptor, number)
            os.close(descriptor)


def discard(stream: TextIO) -> None:
    """Lets the interpreter flush what is left into nothing, so that it leaves quietly."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
