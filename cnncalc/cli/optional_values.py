"""Options whose value may be left out: `memory vgg16 --train` means `--train adam`.

typer knows options with a value and flags, and nothing between; the usual value is written in before its parser reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class OptionalValue(NamedTuple):
    """An option, the values that it may have, and the one that is meant without."""

    option: str
    values: tuple[str, ...]
    usual: str


OPTIONAL_VALUES = {"memory": OptionalValue("--train", ("sgd", "momentum", "adam", "adamw"), "adam")}
"""By command."""


def with_usual_value(command: str, words: Sequence[str]) -> list[str]:
    """The words of a command line with the usual value where an option was written without one.

    A word that follows is its value, unless it is an option, or the MODEL, which has not been named before.

    >>> with_usual_value("memory", ["vgg16", "--train", "--mixed"])
    ['vgg16', '--train', 'adam', '--mixed']
    >>> with_usual_value("memory", ["--train", "vgg16"]), with_usual_value("memory", ["vgg16", "--train", "rmsprop"])
    (['--train', 'adam', 'vgg16'], ['vgg16', '--train', 'rmsprop'])
    """
    known = OPTIONAL_VALUES.get(command)
    if known is None or known.option not in words:
        return list(words)
    at = words.index(known.option)
    value = words[at + 1] if at + 1 < len(words) else "-"
    named = bool(at) and not words[0].startswith("--")
    if value in known.values or (named and not value.startswith("-")):
        return list(words)
    return [*words[: at + 1], known.usual, *words[at + 1 :]]
