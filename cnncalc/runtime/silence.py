"""Keeping libraries in C from writing to standard error, where a user would read words that nobody wrote for people.

libtiff prints what it finds wrong with a file, beside reporting it to Pillow, which raises it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

_ERRORS = 2
"""The descriptor of standard error, for Python and C alike."""


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Inside, what the process writes to standard error is lost, also what other threads write."""
    if sys.stderr is None:  # it was closed from the start: the descriptor may by now be that of any file
        yield
        return
    kept = os.dup(_ERRORS)
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _ERRORS)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, _ERRORS)
        os.close(kept)
