"""How far long work is, for whoever shows it: the work says what it does and how much of it is done.

Nobody need listen.  What is counted is real: numbers that are drawn or read, steps that are prepared or timed, pictures
that are run.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from cnncalc.listening import Listeners

Listener = Callable[[str, int, int], None]
"""Hears what is done, how much of it, and of how much."""

_LISTENERS = Listeners[str, int, int]()


def heard_by(listener: Listener) -> AbstractContextManager[None]:
    """Inside this context the listener hears of all work in this process."""
    return _LISTENERS.heard_by(listener)


def is_heard() -> bool:
    """Whether anybody listens."""
    return bool(_LISTENERS)


def say_done(what: str, done: int, total: int) -> None:
    """Tell the listeners that so much of it is done."""
    _LISTENERS.say(what, done, total)
