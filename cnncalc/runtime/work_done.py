"""How far long work is, for whoever shows it: the work says what it does and how much of it is done.

Nobody need listen.  What is counted is real: numbers that are drawn or read, steps that are prepared or timed, pictures
that are run.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

Listener = Callable[[str, int, int], None]
"""Hears what is done, how much of it, and of how much."""

_listeners: list[Listener] = []


@contextlib.contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Inside this context the listener hears of all work in this process."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def is_heard() -> bool:
    """Whether anybody listens."""
    return bool(_listeners)


def say_done(what: str, done: int, total: int) -> None:
    """Tell the listeners that so much of it is done."""
    for listener in _listeners:
        listener(what, done, total)
