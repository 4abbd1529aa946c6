"""Runs compiled loops over spans of planes in several threads.

The loops hold no lock of the interpreter, so plain threads suffice; they sleep while they wait, unlike OpenMP's, and
leave the cores to BLAS.  Small jobs run in the calling thread: starting a thread costs as much as 100,000 products.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

SMALLEST_SHARE = 500_000
"""A thread gets at least so many multiplications to do."""

_limit: list[int] = []


def use_threads(count: int) -> None:
    """Let the compiled loops use `count` threads; BLAS has a setting of its own (threadpoolctl)."""
    _limit[:] = [max(1, count)]


def thread_count() -> int:
    """How many threads the compiled loops may use: as set, or the cores that this process may run on."""
    if _limit:
        return _limit[0]
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def over_planes(loop: Callable[..., None], planes: int, work: int, *arguments: Any) -> None:
    """Call `loop(first, last, *arguments)` for spans that together cover 0 .. planes.

    `work` is about how many multiplications the whole job takes; spans never overlap, so no two threads write to the
    same plane.
    """
    shares = max(1, min(thread_count(), planes, work // SMALLEST_SHARE))
    bounds = [planes * share // shares for share in range(shares + 1)]
    if shares == 1:
        loop(0, planes, *arguments)
        return
    with ThreadPoolExecutor(shares) as pool:
        jobs = [pool.submit(loop, first, last, *arguments) for first, last in pairwise(bounds)]
        for job in jobs:
            job.result()
