"""Threads that work off a program together: a list of kernels, each cut into units that whoever is free claims.

Each thread begins with its own share of a step's units, from the first to the last in the order of the threads: so
each tends to find in its own cache what it wrote in the step before.  Then it takes what others have left.  A step is
done when all its units are, not when all threads have arrived: a thread that a busy neighbour keeps from running holds
nobody up unless it holds a claim, and claims are small.  A claim carries the number of its run, so that a thread that
comes late to a finished run finds nothing to take.  Threads that wait spin for a moment, then let others run; between
runs they soon sleep.  Which thread does a unit never changes what it writes: results do not depend on how many threads
there are.

A clocked run is the same, but each thread writes down when it had done its last unit of each step.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from cnncalc.kernels.engine.affinity import CoreAffinity
from cnncalc.kernels.engine.atomics import compare_exchange, fetch_add, load, pause, sched_yield, store
from cnncalc.kernels.engine.clock import cycles, cycles_here
from cnncalc.kernels.engine.fields import call_kernel
from cnncalc.kernels.engine.machine_code import callable_at, kernel_address

STEP = 4
"""Numbers of a step: the kernel's address, its row, its units, and how many of them are claimed at once."""

LINE = 8
"""Numbers in a cache line.  Each counter has one of its own: for each step what is claimed of each share, and what is
done of all of them."""

STAMP = LINE - 1
"""Where in its own line a thread of a clocked run says when it had done its last unit, in cycles."""

SPINS = 20_000
"""Turns (about 0.5 ms) that a thread waits for the next run before it sleeps."""

PATIENCE = 500
"""Turns that a thread waits for a step before it lets others run in between."""


def run_program(clocked: int = 0) -> Callable[[int, int, int, int, int, int], None]:
    """The loop of every thread over the steps of a program; clocked, each says when it has done a unit."""

    def run_program(steps: int, count: int, counters: int, run: int, thread: int, threads: int) -> None:
        for i in range(count):
            step = steps + 8 * STEP * i
            units, portion = load(step + 16), load(step + 24)
            shares = counters + 8 * LINE * (threads + 1) * i
            done = shares + 8 * LINE * threads
            for turn in range(threads):
                share = (thread + turn) % threads
                claims = shares + 8 * LINE * share
                end = units * (share + 1) // threads
                while True:
                    claim = load(claims)
                    if claim >> 32 != run:
                        return
                    first = units * share // threads + (claim & 0xFFFFFFFF)
                    if first >= end:
                        break
                    if compare_exchange(claims, claim, claim + portion):
                        last = min(first + portion, end)
                        call_kernel(load(step), load(step + 8), first, last, thread)
                        if clocked:
                            store(shares + 8 * (LINE * thread + STAMP), cycles())
                        fetch_add(done, last - first)
            waited = 0
            while load(done) < units:
                if load(shares) >> 32 != run:
                    return
                pause()
                waited += 1
                if waited > PATIENCE and waited % 32 == 0:
                    sched_yield()

    return run_program


def spin_until() -> Callable[[int, int, int], int]:
    """Wait until the number at an address has reached a value, but not longer than so many turns; whether it has."""

    def spin_until(address: int, value: int, turns: int) -> int:
        for turn in range(turns):
            if load(address) >= value:
                return 1
            pause()
            if turn > PATIENCE and turn % 32 == 0:
                sched_yield()
        return 1 if load(address) >= value else 0

    return spin_until


class ProgramSlice:
    """Steps in memory, one row of `STEP` numbers each, and their counters, `[step, thread or all, LINE]`."""

    __slots__ = ("claims", "count", "counters", "counters_at", "done", "steps", "steps_at")

    def __init__(self, steps: Any, counters: Any) -> None:
        self.steps, self.counters, self.count = steps, counters, len(steps)
        self.claims, self.done = counters[:, :-1, 0], counters[:, -1, 0]
        self.steps_at, self.counters_at = int(steps.ctypes.data), int(counters.ctypes.data)


class ThreadPool:
    """So many threads, the caller's among them.  One run at a time."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._lock = threading.Lock()
        self._run_program = callable_at(kernel_address(run_program, arguments=6), 6)
        self._clocked: Callable[..., int] | None = None
        self._spin_until = callable_at(kernel_address(spin_until, arguments=3, returns=True), 3)
        self._latest = np.zeros(LINE, np.int64)
        self._address = int(self._latest.ctypes.data)
        self._latest_run = 0
        self._task: tuple[Any, ...] = ()
        self._cores = CoreAffinity(threads)
        self._asleep = [False] * threads
        self._alarms = [threading.Semaphore(0) for _ in range(threads)]
        for thread in range(1, threads):
            threading.Thread(target=self._serve, args=(thread,), name="cnncalc-engine", daemon=True).start()

    def run(self, part: ProgramSlice) -> None:
        """Run the steps."""
        with self._lock:
            self._run_steps(self._run_program, part)

    def clocked(self, part: ProgramSlice) -> Any:
        """Run them as `run` does; how many cycles of the counter went by until each step was done, from the start."""
        with self._lock:
            if self._clocked is None:
                self._clocked = callable_at(kernel_address(run_program, 1, arguments=6), 6)
            part.counters[:, :, STAMP] = 0
            start = cycles_here()
            self._run_steps(self._clocked, part)
            return np.maximum.accumulate(np.maximum(part.counters[:, :-1, STAMP].max(axis=1) - start, 0))

    def _run_steps(self, loop: Callable[..., int], part: ProgramSlice) -> None:
        self._latest_run += 1
        part.done[...] = 0
        part.claims[...] = self._latest_run << 32
        if self.threads > 1:
            self._cores.pin()
            self._task = loop, part, self._latest_run
            self._latest[0] = self._latest_run
            for thread in range(1, self.threads):
                if self._asleep[thread]:
                    self._alarms[thread].release()
        loop(part.steps_at, part.count, part.counters_at, self._latest_run, 0, self.threads)

    def _serve(self, thread: int) -> None:
        self._cores.identities[thread] = threading.get_native_id()
        seen = 0
        while True:
            while not self._spin_until(self._address, seen + 1, SPINS):
                self._asleep[thread] = True
                if not self._spin_until(self._address, seen + 1, 1):
                    self._alarms[thread].acquire()
                self._asleep[thread] = False
            loop, part, seen = self._task
            loop(part.steps_at, part.count, part.counters_at, seen, thread, self.threads)


@cache
def thread_pool(threads: int) -> ThreadPool:
    """The pool of that size; it stays for the rest of the process."""
    return ThreadPool(threads)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=thread_pool.cache_clear)  # a forked child has none of its parent's threads
