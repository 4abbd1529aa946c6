"""The evaluator, seen from another place: a layer of a list is at work where it is made."""

from __future__ import annotations

from typing import Any

from cnncalc.diagnostics import Span
from cnncalc.python.values import Arguments, Given, Reading, Value


class _Placed:
    """All that the evaluator is, with a place of its own."""

    def __init__(self, here: Reading, span: Span) -> None:
        self.here = here
        self.span = span

    def __getattr__(self, name: str) -> Any:
        return getattr(self.here, name)

    def call(self, function: Any, *values: Any, **keywords: Any) -> Any:
        given = {name: Given(value, self.span) for name, value in keywords.items()}
        positional = tuple(Given(value, self.span) for value in values)
        return self.call_with(function, Arguments(positional, given, self.span))

    def call_with(self, function: Any, arguments: Arguments) -> Any:
        here: Any = self
        if not isinstance(function, Value):
            return self.here.call_with(function, arguments)
        self.here.charge(2)
        return function.call(arguments, here)


def at(here: Reading, span: Span | None) -> Reading:
    """The evaluator at that place; as it is where there is none."""
    if span is None:
        return here
    placed: Any = _Placed(here.here if isinstance(here, _Placed) else here, span)
    return placed  # type: ignore[no-any-return]  # it hands on what it does not have itself
