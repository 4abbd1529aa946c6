"""A program for the thread pool: calls of kernels by address, each with its numbers, laid out as the pool reads them.

The one place where the name of a kernel becomes an address: `MODULE.MAKER` in `cnncalc.kernels.engine`, or one word for
both where they are called the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from cnncalc.kernels.engine import fields, machine_code
from cnncalc.kernels.engine.thread_pool import LINE, STEP, ProgramSlice

Array = np.ndarray[Any, Any]

Row = dict[str, float]
"""The numbers of one call, by name."""

PORTIONS_A_THREAD = 8
"""A step is claimed in so many parts by each thread, so that a slow thread leaves some to the others."""

REALS = frozenset({"LOW", "HIGH"})


def at(array: Array) -> int:
    """Where an array's memory begins."""
    return int(array.ctypes.data)


def kernel_address(kernel: str, tile: Sequence[int]) -> int:
    """The address of a kernel for a tile; it is compiled here if this machine has not compiled it yet."""
    return machine_code.kernel_address(maker_of(kernel), *map(int, tile))


@cache
def maker_of(kernel: str) -> machine_code.Maker:
    """What makes the variants of a kernel."""
    module, _, maker = kernel.partition(".")
    found: machine_code.Maker = getattr(import_module(f"{fields.__package__}.{module}"), maker or module)
    return found


@dataclass(frozen=True)
class Call:
    """One kernel: its address, its numbers by name (more rows than one where it needs them), its units of work."""

    kernel: int
    rows: tuple[Mapping[str, float], ...]
    units: int


class Program:
    """Calls in memory.  `part(i, j)` is what the thread pool needs to do calls i .. j."""

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
