"""Whole numbers drawn from a seed, the same on every machine and in every version of Python.

The stream is SHA-256 of the seed and a counter, four bytes a number; numbers beyond the last whole multiple are thrown
away, so that every choice is equally likely.  Python's own `random` promises less: only `random()` itself is stable.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

Choice = TypeVar("Choice")

_BYTES = 4
_NUMBERS = 2 ** (8 * _BYTES)


class Draws:
    """A stream of choices that depends on nothing but the seed's words.

    >>> draws = Draws("quiz", 7)
    >>> [draws.between(1, 6) for _ in range(8)]
    [5, 2, 5, 4, 2, 2, 1, 3]
    """

    def __init__(self, *seed: object) -> None:
        self._seed = "\x1f".join(str(word) for word in seed).encode("utf-8", "surrogatepass")
        self._blocks = 0
        self._left = b""

    def below(self, count: int) -> int:
        """One of 0 ... count - 1, each equally likely."""
        largest = _NUMBERS - _NUMBERS % count
        while (number := self._number()) >= largest:
            pass
        return number % count

    def between(self, first: int, last: int) -> int:
        """One of first ... last, both included."""
        return first + self.below(last - first + 1)

    def one_of(self, choices: Sequence[Choice]) -> Choice:
        """One of the choices."""
        return choices[self.below(len(choices))]

    def _number(self) -> int:
        if len(self._left) < _BYTES:
            self._left = sha256(self._seed + b"\x1f" + str(self._blocks).encode()).digest()
            self._blocks += 1
        taken, self._left = self._left[:_BYTES], self._left[_BYTES:]
        return int.from_bytes(taken, "big")
