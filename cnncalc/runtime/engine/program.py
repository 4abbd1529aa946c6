"""A program for the threads: calls of kernels by address, each with its numbers, laid out as they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnncalc.kernels.engine import fields
from cnncalc.kernels.engine.thread_pool import LINE, STEP, ProgramSlice

Array = np.ndarray[Any, Any]

PORTIONS_A_THREAD = 8
"""A step is claimed in so many parts by each thread, so that a slow thread leaves some to the others."""

REALS = frozenset({"LOW", "HIGH"})


def at(array: Array) -> int:
    """Where an array's memory begins."""
    return int(array.ctypes.data)


@dataclass(frozen=True)
class Call:
    """One kernel: its address, its numbers by name (more rows than one where it needs them), its units of work."""

    kernel: int
    rows: tuple[Mapping[str, float], ...]
    units: int


class Program:
    """Calls in memory.  `part(i, j)` is what the threads need to do calls i .. j."""

    def __init__(self, calls: Sequence[Call], threads: int) -> None:
        count = sum(len(call.rows) for call in calls)
        self._rows = np.zeros((max(1, count), fields.COUNT), np.int64)
        self._steps = np.zeros((len(calls), STEP), np.int64)
        self._counters = np.zeros((len(calls), threads + 1, LINE), np.int64)
        place = 0
        for i, call in enumerate(calls):
            portion = max(1, call.units // (PORTIONS_A_THREAD * threads)) if threads > 1 else call.units
            self._steps[i] = call.kernel, at(self._rows) + 8 * fields.COUNT * place, call.units, max(1, portion)
            for row in call.rows:
                self._write(place, row)
                place += 1

    def _write(self, place: int, row: Mapping[str, float]) -> None:
        reals = self._rows[place].view(np.float64)
        for name, value in row.items():
            if name in REALS:
                reals[fields.PLACES[name]] = value
            else:
                self._rows[place, fields.PLACES[name]] = value

    def part(self, first: int, last: int) -> ProgramSlice:
        """The steps and counters of calls first .. last."""
        return ProgramSlice(self._steps[first:last], self._counters[first:last])
