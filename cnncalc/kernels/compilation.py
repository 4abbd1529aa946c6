"""Compiling as such: whether it is switched off in this process, and who hears of it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator


def disabled() -> bool:
    """Whether compiling is switched off in this process."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


class Compilations:
    """Those that hear the name of each function just before it is compiled."""

    def __init__(self) -> None:
        self._listening: list[Callable[[str], None]] = []

    @contextlib.contextmanager
    def heard_by(self, listener: Callable[[str], None]) -> Iterator[None]:
        """Inside this context the listener hears of them."""
        self._listening.append(listener)
        try:
            yield
        finally:
            self._listening.remove(listener)

    def say(self, name: str) -> None:
        """Tell the listeners that a function is about to be compiled."""
        for listener in self._listening:
            listener(name)


_COMPILATIONS = Compilations()
announce = _COMPILATIONS.say


def on_compile(listener: Callable[[str], None]) -> contextlib.AbstractContextManager[None]:
    """Inside this context `listener(name)` is called just before a function is compiled, not when the cache has it.

    It is what a line like "compiling kernels (once)" hangs on.
    """
    return _COMPILATIONS.heard_by(listener)
