"""What tells operations of two nets from each other: what they compute of what, and who reads it.

Operations of one colour are the same in all that leads to them and in all that they lead to, whatever their names; of
two branches that meet in a sum, colours say which of the other net's is which.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cnncalc.questions.plain_operations import Operation, Operations

_IN_ANY_ORDER = frozenset(("add", "mul", "max", "min", "avg", "absdiff"))
"""Joins that do not depend on the order of what they read."""


def in_any_order(operation: Operation) -> bool:
    """Whether the order of what it reads makes no difference."""
    return operation.kernel.removesuffix("_padded") in _IN_ANY_ORDER


def plain_number(value: Any) -> Any:
    """A number as a net has it that runs in float32; texts and flags as they are."""
    if isinstance(value, (float, Fraction)):
        try:
            return struct.unpack("<f", struct.pack("<f", value))[0]
        except OverflowError:
            return value
    return tuple(map(plain_number, value)) if isinstance(value, tuple) else value


def plain_numbers(operation: Operation) -> dict[str, Any]:
    """All numbers of an operation, by name."""
    return {name: plain_number(value) for name, value in operation.numbers.items()}


def colours(*nets: Operations) -> list[list[int]]:
    """The colour of each operation of each net."""
    known: dict[Any, int] = {}
    return [_coloured(net, known) for net in nets]


def _coloured(net: Operations, known: dict[Any, int]) -> list[int]:
    given = {operation: place for place, operation in enumerate(net.inputs)}
    made: list[int] = []
    for number, one in enumerate(net.all):
        reads = [made[read] for read in one.reads]
        arrays = tuple((array.role, array.numbers) for array in one.arrays)
        key = (one.kernel, _frozen(plain_numbers(one)), given.get(number), arrays, _ordered(one, reads))
        made.append(_colour(known, ("made", key)))
    readers = readers_of(net)
    used = [0] * len(net.all)
    for number in reversed(range(len(net.all))):
        places = frozenset(
            (used[reader], -1 if in_any_order(net.all[reader]) else place)
            for reader in readers[number]
            for place, read in enumerate(net.all[reader].reads)
            if read == number
        )
        results = tuple(place for place, output in enumerate(net.outputs) if output == number)
        used[number] = _colour(known, ("used", made[number], places, results))
    return used


def readers_of(net: Operations) -> list[list[int]]:
    """Which operations read each."""
    found: list[list[int]] = [[] for _ in net.all]
    for number, one in enumerate(net.all):
        for read in set(one.reads):
            found[read].append(number)
    return found


def _ordered(operation: Operation, reads: list[int]) -> tuple[int, ...]:
    return tuple(sorted(reads) if in_any_order(operation) else reads)


def _frozen(numbers: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(numbers.items()))


def _colour(known: dict[Any, int], key: Any) -> int:
    return known.setdefault(key, len(known) + 1)
