"""The arrays that are in memory while a net runs, as they are: whose memory each result lies in, and their bytes.

Measured from the arrays that exist, and from no plan: a result that is only a view of another array holds nothing, and
an array is held until the last result that lies in it is freed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


class Place(NamedTuple):
    """The array in which a result lies: the node that made it, its bytes, and those that were held before."""

    owner: int
    size: int
    before: int


class Buffers:
    """Which arrays are held, by the results that lie in them."""

    def __init__(self) -> None:
        self._array_of: dict[int, int] = {}
        self._arrays: dict[int, tuple[int, int]] = {}

    @property
    def held(self) -> int:
        """The bytes of all arrays, each once."""
        return sum(size for _, size in self._arrays.values())

    def add(self, node: int, result: Array, *, given: bool = False) -> Place:
        """The result of a node is there from now on.

        What is `given`, an input, may lie in an array of the caller that holds more: only its own bytes count.
        """
        before, whole = self.held, _whole(result)
        owner, size = self._arrays.setdefault(id(whole), (node, result.nbytes if given else whole.nbytes))
        self._array_of[node] = id(whole)
        return Place(owner, size, before)

    def free(self, node: int) -> None:
        """The result of a node is there no more; its array goes with the last result in it."""
        array = self._array_of.pop(node)
        if array not in self._array_of.values():
            del self._arrays[array]


def _whole(array: Array) -> Array:
    """The array that owns the memory in which this one lies."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array
