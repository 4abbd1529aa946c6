"""Whoever wants to hear of something that goes on, for as long as a context lasts; nobody need listen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Generic, ParamSpec

Said = ParamSpec("Said")


class Listeners(Generic[Said]):
    """Those that hear what is said in this process, in the order in which they began to listen."""

    def __init__(self) -> None:
        self._listening: list[Callable[Said, None]] = []

    def __bool__(self) -> bool:
        return bool(self._listening)

    @contextlib.contextmanager
    def heard_by(self, listener: Callable[Said, None]) -> Iterator[None]:
        """Inside this context the listener hears all that is said."""
        self._listening.append(listener)
        try:
            yield
        finally:
            self._listening.remove(listener)

    def say(self, *what: Said.args, **more: Said.kwargs) -> None:
        """Tell all of them."""
        for listener in self._listening:
            listener(*what, **more)
