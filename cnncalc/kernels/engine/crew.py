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
import sys
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from cnncalc.kernels.engine.clock import cycles, cycles_here
from cnncalc.kernels.engine.code import cgutils, generated, ir, types
from cnncalc.kernels.engine.compiling import address, callable_at
from cnncalc.kernels.engine.cores import Cores
from cnncalc.kernels.engine.fields import I64, called

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


def _word(builder: Any, address: Any) -> Any:
    return builder.inttoptr(address, I64.as_pointer())


@generated
def watched(context: Any, address: Any) -> Any:
    """The number there, as other threads wrote it."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load_atomic(_word(builder, arguments[0]), "seq_cst", 8)

    return types.intp(types.intp), emit


@generated
def added(context: Any, address: Any, value: Any) -> Any:
    """Add to the number there; returns what it was."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.atomic_rmw("add", _word(builder, arguments[0]), arguments[1], "seq_cst")

    return types.intp(types.intp, types.intp), emit


@generated
def exchanged(context: Any, address: Any, expected: Any, value: Any) -> Any:
    """Replace the number there if it is what is expected; whether it was."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = builder.cmpxchg(_word(builder, arguments[0]), arguments[1], arguments[2], "seq_cst", "seq_cst")
        return builder.extract_value(found, 1)

    return types.boolean(types.intp, types.intp, types.intp), emit


@generated
def stored(context: Any, address: Any, value: Any) -> Any:
    """Put a number there."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[1], _word(builder, arguments[0]))
        return target.get_dummy_value()

    return types.void(types.intp, types.intp), emit


@generated
def paused(context: Any) -> Any:
    """Tell the CPU that this is a waiting loop, where it can be told."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if "x86" in builder.module.triple:
            kind = ir.FunctionType(ir.VoidType(), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse2.pause"), [])
        return target.get_dummy_value()

    return types.void(), emit


@generated
def yielded(context: Any) -> Any:
    """Let another thread run on this core, where the system has a call for it."""

    def emit(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        if sys.platform != "win32":
            kind = ir.FunctionType(ir.IntType(32), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "sched_yield"), [])
        return target.get_dummy_value()

    return types.void(), emit


def work_off(clocked: int = 0) -> Callable[[int, int, int, int, int, int], None]:
    """The loop of every thread over the steps of a program; clocked, each says when it has done a unit."""

    def work_off(steps: int, count: int, counters: int, run: int, thread: int, threads: int) -> None:
        for i in range(count):
            step = steps + 8 * STEP * i
            units, portion = watched(step + 16), watched(step + 24)
            shares = counters + 8 * LINE * (threads + 1) * i
            done = shares + 8 * LINE * threads
            for turn in range(threads):
                share = (thread + turn) % threads
                claims = shares + 8 * LINE * share
                end = units * (share + 1) // threads
                while True:
                    claim = watched(claims)
                    if claim >> 32 != run:
                        return
                    first = units * share // threads + (claim & 0xFFFFFFFF)
                    if first >= end:
                        break
                    if exchanged(claims, claim, claim + portion):
                        last = min(first + portion, end)
                        called(watched(step), watched(step + 8), first, last, thread)
                        if clocked:
                            stored(shares + 8 * (LINE * thread + STAMP), cycles())
                        added(done, last - first)
            waited = 0
            while watched(done) < units:
                if watched(shares) >> 32 != run:
                    return
                paused()
                waited += 1
                if waited > PATIENCE and waited % 32 == 0:
                    yielded()

    return work_off


def spun() -> Callable[[int, int, int], int]:
    """Wait until the number at an address has reached a value, but not longer than so many turns; whether it has."""

    def spun(address: int, value: int, turns: int) -> int:
        for turn in range(turns):
            if watched(address) >= value:
                return 1
            paused()
            if turn > PATIENCE and turn % 32 == 0:
                yielded()
        return 1 if watched(address) >= value else 0

    return spun


class Part:
    """Steps in memory, one row of `STEP` numbers each, and their counters, `[step, thread or all, LINE]`."""

    __slots__ = ("claims", "count", "counters", "counters_at", "done", "steps", "steps_at")

    def __init__(self, steps: Any, counters: Any) -> None:
        self.steps, self.counters, self.count = steps, counters, len(steps)
        self.claims, self.done = counters[:, :-1, 0], counters[:, -1, 0]
        self.steps_at, self.counters_at = int(steps.ctypes.data), int(counters.ctypes.data)


class Crew:
    """So many threads, the caller's among them.  One run at a time."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._lock = threading.Lock()
        self._work_off = callable_at(address(work_off, arguments=6), 6)
        self._clocked: Callable[..., int] | None = None
        self._spun = callable_at(address(spun, arguments=3, returns=True), 3)
        self._latest = np.zeros(LINE, np.int64)
        self._address = int(self._latest.ctypes.data)
        self._run = 0
        self._task: tuple[Any, ...] = ()
        self._cores = Cores(threads)
        self._asleep = [False] * threads
        self._alarms = [threading.Semaphore(0) for _ in range(threads)]
        for thread in range(1, threads):
            threading.Thread(target=self._serve, args=(thread,), name="cnncalc-engine", daemon=True).start()

    def work(self, part: Part) -> None:
        """Run the steps."""
        with self._lock:
            self._work(self._work_off, part)

    def clocked(self, part: Part) -> Any:
        """Run them as `work` does; how many cycles of the counter went by until each step was done, from the start."""
        with self._lock:
            if self._clocked is None:
                self._clocked = callable_at(address(work_off, 1, arguments=6), 6)
            part.counters[:, :, STAMP] = 0
            start = cycles_here()
            self._work(self._clocked, part)
            return np.maximum.accumulate(np.maximum(part.counters[:, :-1, STAMP].max(axis=1) - start, 0))

    def _work(self, loop: Callable[..., int], part: Part) -> None:
        self._run += 1
        part.done[...] = 0
        part.claims[...] = self._run << 32
        if self.threads > 1:
            self._cores.settle()
            self._task = loop, part, self._run
            self._latest[0] = self._run
            for thread in range(1, self.threads):
                if self._asleep[thread]:
                    self._alarms[thread].release()
        loop(part.steps_at, part.count, part.counters_at, self._run, 0, self.threads)

    def _serve(self, thread: int) -> None:
        self._cores.identities[thread] = threading.get_native_id()
        seen = 0
        while True:
            while not self._spun(self._address, seen + 1, SPINS):
                self._asleep[thread] = True
                if not self._spun(self._address, seen + 1, 1):
                    self._alarms[thread].acquire()
                self._asleep[thread] = False
            loop, part, seen = self._task
            loop(part.steps_at, part.count, part.counters_at, seen, thread, self.threads)


@cache
def crew_of(threads: int) -> Crew:
    """The crew of that size; it stays for the rest of the process."""
    return Crew(threads)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=crew_of.cache_clear)  # a forked child has none of its parent's threads
