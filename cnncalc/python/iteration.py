"""What gives its entries one after the other and only once: generators, `iter`, `zip`, `map`.

All entries are worked out when it is made; which of them are still to come is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.python.functions import Known
from cnncalc.python.values import Reading, Value


class Iteration(Value):
    """Entries, and how many of them were taken."""

    noun = "an iterator"

    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self._taken = 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self._taken >= len(self._values):
            raise StopIteration
        self._taken += 1
        return self._values[self._taken - 1]

    def attribute(self, name: str, here: Reading) -> Any:
        if name in ("close", "send", "throw"):
            return Known(name, lambda arguments, here: None)
        return super().attribute(name, here)

    def entries(self, here: Reading) -> list[Any]:
        rest, self._taken = self._values[self._taken :], len(self._values)
        return rest
