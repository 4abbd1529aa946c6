"""Errors of commands as Python says them: with the arguments of a call where the command has options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cnncalc.diagnostics import InputError

WORDS = {"--force": "force=True", "--labels FILE": "labels=FILE", "--maps DIR draws": "`maps` draws"}
"""How an option is written in the help of an error -> the argument or the method that does the same."""


@contextmanager
def python_words() -> Iterator[None]:
    """Inside, an InputError advises what can be written in Python."""
    try:
        yield
    except InputError as error:
        said = tuple(one._replace(help=_in_python(one.help)) for one in error.diagnostics)
        raise InputError(said, error.source) from None


def _in_python(advice: str) -> str:
    for option, argument in WORDS.items():
        advice = advice.replace(option, argument)
    return advice
