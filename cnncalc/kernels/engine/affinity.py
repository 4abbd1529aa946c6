"""Which core each thread of a pool runs on, where there are just as many cores as threads.

The system tends to wake a thread on the core of whoever wakes it, where the two then take turns for milliseconds: a run
of MobileNetV2 takes twice as long.  So the caller stays wherever the system has put it, and each other thread is sent
to a core of its own among the rest; when the caller has moved, so do they.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable
from functools import cache


@cache
def _asks() -> Callable[[], int] | None:
    """The system's call for the core that this thread runs on; None where threads cannot be sent to cores."""
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError, AttributeError):
        found: Callable[[], int] = ctypes.CDLL(None).sched_getcpu
        return found
    return None


class CoreAffinity:
    """Keeps a pool's threads off the caller's core and each other's; `identities` are the system's, 0 if unknown."""

    def __init__(self, threads: int) -> None:
        self.identities = [0] * threads
        self._callers_core = -1

    def pin(self) -> None:
        """Called by the caller, before it wakes the others."""
        if sys.platform != "linux":
            return
        ask = _asks()
        here = ask() if ask else -1
        if here == self._callers_core or not all(self.identities[1:]):
            return
        self._callers_core = here
        cores = os.sched_getaffinity(0)
        if len(cores) == len(self.identities) and here in cores:
            for identity, core in zip(self.identities[1:], sorted(cores - {here}), strict=True):
                with contextlib.suppress(OSError):
                    os.sched_setaffinity(identity, {core})
