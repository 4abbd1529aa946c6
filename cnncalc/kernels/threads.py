"""Shares the work of one kernel among threads, the calling thread among them.

Compiled loops and BLAS hold no lock of the interpreter, so plain threads suffice.  Jobs are claimed one by one: where a
busy neighbour slows one thread down, the others take over what is left.  BLAS itself is held to one thread meanwhile.
Its own threads wait for each other by spinning: with two busy programs beside it on two cores, a convolution by BLAS'
threads took ten times as long as alone, by these twice as long.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from functools import cache, partial
from itertools import pairwise
from typing import Any

from threadpoolctl import ThreadpoolController

SMALLEST_SHARE = 500_000
"""A thread gets at least so many multiplications to do: waking one takes as long as 100,000."""

JOBS_A_THREAD = 4
"""Loops are cut finer than into one part a thread, so that a slow thread leaves some to the others."""

_limit: ContextVar[int | None] = ContextVar("most threads", default=None)


@contextlib.contextmanager
def at_most_threads(count: int) -> Iterator[None]:
    """Inside, kernels use `count` threads in all; what other threads of the process run meanwhile keeps its own."""
    before = _limit.set(max(1, count))
    try:
        yield
    finally:
        _limit.reset(before)


def thread_count() -> int:
    """How many threads kernels may use: as limited here, or the cores that this process may run on."""
    limit = _limit.get()
    if limit is not None:
        return limit
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads_for(work: int) -> int:
    """How many threads are worth while for about so many multiplications."""
    return max(1, min(thread_count(), work // SMALLEST_SHARE))


def spans(count: int, parts: int) -> list[tuple[int, int]]:
    """0 .. count cut into at most `parts` spans (first, last) of nearly equal length, none of them empty."""
    bounds = {count * part // parts for part in range(parts + 1)}
    return list(pairwise(sorted(bounds)))


def share(jobs: Iterable[Callable[[], object]], threads: int) -> None:
    """Do all jobs, in any order, in so many threads; jobs must not write to the same places."""
    waiting = deque(jobs)

    def do_jobs() -> None:
        while True:
            try:
                job = waiting.popleft()
            except IndexError:
                return
            job()

    with _blas().limit(limits=1, user_api="blas"):
        helpers = [_pool(threads - 1).submit(do_jobs) for _ in range(min(threads, len(waiting)) - 1)]
        do_jobs()
        for helper in helpers:
            helper.result()


def over_planes(loop: Callable[..., None], planes: int, work: int, *arguments: Any) -> None:
    """Call `loop(first, last, *arguments)` for spans that together cover 0 .. planes, each plane once.

    `work` is about how many multiplications the whole takes.
    """
    threads = threads_for(work)
    parts = spans(planes, 1 if threads == 1 else threads * JOBS_A_THREAD)
    share([partial(loop, first, last, *arguments) for first, last in parts], threads)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


@cache
def _pool(helpers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(helpers, "cnncalc-kernels")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a forked child has none of its parent's threads
