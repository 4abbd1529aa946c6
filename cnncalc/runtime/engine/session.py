"""A net made ready to run again and again: memory laid out, weights packed, kernels compiled.

`Session.run` copies the inputs in, lets the threads do the program, and copies the outputs out.  Where the plan has
steps of readable kernels, the program is done in stretches between them.  `timed` does it step by step and takes the
time, `clocked` takes it within one run of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from cnncalc.kernels.engine.clock import cycle_rate, has_counter
from cnncalc.kernels.engine.machine_code import kernel_address, only_listed
from cnncalc.kernels.engine.simd import host_lanes
from cnncalc.kernels.engine.thread_pool import thread_pool
from cnncalc.runtime.engine.engine_plan import EnginePlan
from cnncalc.runtime.engine.ir import Step
from cnncalc.runtime.engine.ops.bound import WORKSPACE, Bound
from cnncalc.runtime.engine.program import Call, Program, at
from cnncalc.runtime.engine.storage import BARE, Placed
from cnncalc.runtime.engine.weights import Arena, LayerArrays, Packed, spare_floats
from cnncalc.runtime.execution import readable_kernel
from cnncalc.runtime.planning import Plan
from cnncalc.runtime.work_done import is_heard, say_done

Array = np.ndarray[Any, Any]

Task = Callable[[], None]

FEWEST_MULTIPLICATIONS = 3_000_000
"""For a net with fewer, waking another thread takes longer than doing it alone (lenet5 with eight images has 3.3
million: 149 microseconds by two threads, 232 by one; mnist-convnet has 2.8 million: 55 and 48)."""

CALLS = 21
"""So many empty calls tell what a call takes."""


class Session:
    """A plan bound to weights.  Not to be run by two threads at once."""

    def __init__(self, plan: Plan, weights: Mapping[str, Array], engine: EnginePlan, threads: int) -> None:
        say_done("preparing the engine", 0, len(engine.steps))
        few = sum(step.op.multiplications(step) for step in engine.steps) < FEWEST_MULTIPLICATIONS
        self.plan, self.threads, self.engine = plan, 1 if few else threads, engine
        self._pool = thread_pool(self.threads)
        self._slots = self._laid_out()
        workspace = engine.workspace_bytes // 4
        packed_floats = (part.op.packed_floats(part) for step in engine.steps for part in step.parts)
        memory = Arena([workspace, *map(spare_floats, packed_floats)])
        self._weights = weights
        self._packed: list[Packed] = []
        for step in engine.steps:
            say_done("packing weights", len(self._packed), len(engine.steps))
            arrays = LayerArrays(plan.steps, weights, step.nodes, step.write.map.channels)
            self._packed.append(step.op.pack_all(step, arrays, memory))
        self._pack()
        self._workspace = memory.array(workspace)
        self._places = {**dict(enumerate(map(at, self._slots))), WORKSPACE: at(self._workspace)}
        self._ranges: list[tuple[int, int]] = []
        self._program = self._bound()
        shapes = {step.node: step.output for step in plan.steps}
        self._arriving = {node: self._planes(place, shapes[node]) for node, place in engine.inputs.items()}
        self._leaving = {node: self._planes(place, shapes[node]) for node, place in engine.outputs.items()}
        self._stretches = _stretches(engine)
        self._whole = [self._task(first, last) for first, last in self._stretches]

    def run(self, inputs: Mapping[int, Array], outputs: Mapping[int, Array] | None = None) -> Mapping[int, Array]:
        """The outputs as `[n, c, z, y, x]` by node, for inputs by node; `outputs` are arrays to put them in."""
        self._take(inputs)
        for task in self._whole:
            task()
        if outputs is None:
            return {node: array.copy() for node, array in self._leaving.items()}
        for node, array in self._leaving.items():
            outputs[node][...] = array
        return outputs

    def timed(self, inputs: Mapping[int, Array]) -> list[float]:
        """The seconds of each engine step, one after the other."""
        self._take(inputs)
        seconds: list[float] = []
        for step in range(len(self.engine.steps)):
            say_done("timing each step", step, len(self.engine.steps))
            task = self._task(step, step + 1)
            start = perf_counter()
            task()
            seconds.append(perf_counter() - start)
        return seconds

    def clocked(self, inputs: Mapping[int, Array]) -> list[float]:
        """The seconds of each engine step within one run, where caches and threads are as they always are.

        A step begins when the one before it is done.  Without a cycle counter: one after the other, without what it
        takes to begin.
        """
        if not has_counter():
            return self._timed_without_calls(inputs)
        self._take(inputs)
        return [seconds for first, last in self._stretches for seconds in self._clocked(first, last)]

    def _clocked(self, first: int, last: int) -> list[float]:
        if self.engine.steps[first].op.readable:
            start = perf_counter()
            self._read_aloud(first)
            return [perf_counter() - start]
        begin = self._ranges[first][0]
        cycles = self._pool.clocked(self._program.part(begin, self._ranges[last - 1][1]))
        done = np.append(0, cycles)[[0, *(end - begin for _, end in self._ranges[first:last])]]
        seconds: list[float] = (np.diff(done) / cycle_rate()).tolist()
        return seconds

    def _timed_without_calls(self, inputs: Mapping[int, Array]) -> list[float]:
        nothing = self._program.part(0, 0)
        calls = []
        for _ in range(CALLS):
            start = perf_counter()
            self._pool.run(nothing)
            calls.append(perf_counter() - start)
        empty = median(calls)
        return [
            seconds if step.op.readable else max(0.0, seconds - empty)
            for step, seconds in zip(self.engine.steps, self.timed(inputs), strict=True)
        ]

    def _take(self, inputs: Mapping[int, Array]) -> None:
        for node, array in self._arriving.items():
            array[...] = inputs[node]

    def _laid_out(self) -> list[Array]:
        """The slots, all zeros, or all minus infinity where a halo has to be."""
        slots = [Arena([size // 4]).array(size // 4) for size in self.engine.slots]
        for place in (place for reads, write in self.engine.places for place in (*reads, write)):
            if place.storage.fill == -inf:
                slots[place.slot][...] = -inf
        return slots

    def _pack(self) -> None:
        calls = [call for packed in self._packed for call in packed.calls]
        if calls:
            program = Program(calls, self.threads)
            self._pool.run(program.part(0, len(calls)))
        for packed in self._packed:
            packed.calls = ()

    def _compile_missing(self) -> None:
        """Compile what the steps need, counted for whoever shows it; binding would compile it one by one as well."""
        with only_listed() as missing:
            for i in range(len(self.engine.steps)):
                self._calls(i)
        for done, (make, numbers) in enumerate(missing):
            say_done("compiling kernels, once on this machine", done, len(missing))
            kernel_address(make, *numbers)

    def _bound(self) -> Program:
        if is_heard():
            self._compile_missing()
        calls: list[Call] = []
        for i in range(len(self.engine.steps)):
            say_done("preparing the engine", i, len(self.engine.steps))
            own = self._calls(i)
            self._ranges.append((len(calls), len(calls) + len(own)))
            calls.extend(own)
        return Program(calls, self.threads)

    def _calls(self, i: int) -> tuple[Call, ...]:
        """The calls of a step, by the addresses of its maps and weights; none for a readable one."""
        step, places, packed = self.engine.steps[i], self.engine.places[i], self._packed[i]
        if step.op.readable:
            return ()
        bound = Bound(step, places, packed, self._address, self._places[WORKSPACE], self.threads)
        return step.op.bind(step, bound)

    def _address(self, place: Placed) -> int:
        """Of the first number of a place that is not halo."""
        storage = place.storage
        return self._places[place.slot] + 4 * (place.block * storage.block + storage.first)

    def _task(self, first: int, last: int) -> Task:
        """Steps first .. last; they are all compiled, or it is a readable one alone."""
        if self.engine.steps[first].op.readable:
            return lambda: self._read_aloud(first)
        part = self._program.part(self._ranges[first][0], self._ranges[last - 1][1])
        return lambda: self._pool.run(part)

    def _read_aloud(self, i: int) -> None:
        step: Step = self.engine.steps[i]
        node = self.plan.steps[step.nodes[0]]
        arriving = [
            np.ascontiguousarray(self._planes(place, read.map.shape))
            for place, read in zip(self.engine.places[i].reads, step.reads, strict=True)
        ]
        result = readable_kernel(node.kernel)(arriving, node.arrays(self._weights), node.kernel_numbers)
        self._planes(self.engine.places[i].write, node.output)[...] = result

    def _planes(self, place: Placed, shape: tuple[int, ...]) -> Array:
        """A view of the numbers of a map that is stored as planes, without its halo."""
        storage = place.storage
        stored = self._slots[place.slot][: storage.images * storage.image]
        if storage.halo == BARE and storage.depth == 1:
            return stored.reshape(shape)
        top, left, _, _, front, _ = storage.halo
        stored = stored.reshape(storage.images, storage.slices, storage.channels, storage.rows, storage.columns)
        within = slice(top, top + storage.height), slice(left, left + storage.width)
        return stored[:, front : front + storage.depth, :, *within].swapaxes(1, 2)


def _stretches(engine: EnginePlan) -> list[tuple[int, int]]:
    """The whole net, as first .. last: stretches of compiled steps, and readable steps one by one between them."""
    found = []
    first = 0
    for i, step in enumerate(engine.steps):
        if step.op.readable:
            found += [(first, i), (i, i + 1)]
            first = i + 1
    return [(first, last) for first, last in [*found, (first, len(engine.steps))] if first < last]


def lanes_here() -> int:
    """Floats in a vector of this CPU."""
    return host_lanes()
