"""The machine's other limit: how many bytes a second all threads together can read from memory.

Each sums an array of its own that no cache holds, in four streams at once: a core that follows one stream only waits
for it half of the time.  The numbers are integers, because integers may be added in any order, so in vectors.
"""

from __future__ import annotations

import contextlib
import os
import sys
from bisect import bisect_right
from threading import Barrier, Thread
from time import perf_counter
from typing import Any

import numpy as np

from cnncalc.kernels.compilation import disabled
from cnncalc.kernels.jit import jit

Array = np.ndarray[Any, Any]

BYTES_A_THREAD = 128_000_000
"""Several times a core's share of the last cache."""

STREAMS = 4

BURST = 1_000_000
"""Numbers that are summed at once: a fifth of a millisecond, so that some bursts fall between a neighbour's turns."""

SECONDS = 0.25

LEFT_OUT = 1e-4
"""Seconds that may go by between bursts."""

Burst = tuple[float, float, float]
"""When it began and ended, and bytes a second."""


def memory_bandwidth(threads: int) -> float | None:
    """Bytes a second that so many threads read from memory together, at the best moment; None without a compiler."""
    if disabled():
        return None
    total(np.ones(STREAMS, np.int64), np.empty(1, np.int64))
    together = Barrier(threads)
    bursts: list[list[Burst]] = [[] for _ in range(threads)]
    arrays = [np.empty(BYTES_A_THREAD // 8, np.int64) for _ in range(threads)]

    def read(place: int) -> None:
        _stay_apart(place, threads)
        numbers, sums = arrays[place], np.empty(1, np.int64)
        numbers.fill(1)
        together.wait()
        end = perf_counter() + SECONDS
        while perf_counter() < end:
            for first in range(0, len(numbers), BURST):
                start = perf_counter()
                total(numbers[first : first + BURST], sums)
                stop = perf_counter()
                bursts[place].append((start, stop, 8 * BURST / (stop - start)))

    workers = [Thread(target=read, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return max(rate + sum(_slower(other, start, stop) for other in bursts[1:]) for start, stop, rate in bursts[0])


def _slower(bursts: list[Burst], start: float, stop: float) -> float:
    """The rate of the slower of two bursts: under way at the start, and at the end."""
    found = []
    for moment in (start, stop):
        began, ended, rate = bursts[bisect_right(bursts, moment, key=_began) - 1]
        found.append(rate if began <= moment <= ended + LEFT_OUT else 0.0)
    return min(found)


def _began(burst: Burst) -> float:
    return burst[0]


def _stay_apart(place: int, threads: int) -> None:
    """Each on a core of its own, where there are as many: threads that wake together often begin on the same one."""
    if sys.platform == "linux":
        cores = sorted(os.sched_getaffinity(0))
        if threads <= len(cores):
            with contextlib.suppress(OSError):
                os.sched_setaffinity(0, {cores[place]})


@jit
def total(numbers: Array, sums: Array) -> None:
    """The sum of 64-bit integers, a multiple of four of them, into the first of `sums`."""
    each = len(numbers) // 4
    one, two, three, four = numbers[:each], numbers[each : 2 * each], numbers[2 * each : 3 * each], numbers[3 * each :]
    first = second = third = fourth = 0
    for i in range(each):
        first += one[i]
        second += two[i]
        third += three[i]
        fourth += four[i]
    sums[0] = first + second + third + fourth
