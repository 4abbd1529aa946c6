"""The engine beside the readable kernels, map by map: what each step finds in memory, and what it leaves there.

Outputs alone hide mistakes (softmax saturates, a pool forgets), so every map of the net that is in memory is compared
when it is written, again whenever it is read, and its halo too.  The truth is a run of the readable kernels in float64;
how much float32 may differ from it shows in a run of theirs in float32.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cnncalc.analysis import Analysis
from cnncalc.runtime.engine.ir import Access
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.session import Session
from cnncalc.runtime.engine.storage import BARE, Halo, Kind, Placed, Storage
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import INPUT, Plan, plan
from cnncalc.runtime.reference_run import reference_run
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]

CLOSE = 2e-5
"""Of a map's largest value: Winograd's errors are 1e-6 to 4e-6, direct sums' below 1e-6."""

AMPLIFIED = 100
"""So many times the error of the readable kernels in float32: a layer that magnifies rounding errors magnifies ours."""

CANCELLED = 1e-6
"""Of the largest value of the maps that are read: differences of large numbers are as exact as these."""

COPIES = 1 << 40
"""A copy of a map in another layout has the map's own key but for multiples of this."""


@dataclass(frozen=True)
class Truth:
    """A net with weights and inputs, every result in float64, and how far float32 is from each."""

    analysis: Analysis
    batch: int
    weights: Weights
    inputs: Mapping[str, Array]
    maps: Mapping[int, Array]
    allowed: Mapping[int, float]

    @property
    def is_finite(self) -> bool:
        """Whether there is something to compare: some odd nets overflow."""
        return all(np.isfinite(found).all() for found in self.maps.values())


@dataclass(frozen=True)
class Fault:
    """The first map that is wrong: where it was found, and by how much of its largest value."""

    step: str
    found: str
    error: float

    def __str__(self) -> str:
        return f"{self.step}: {self.found} is {self.error:.2g} of its largest value off"


def truth_of(analysis: Analysis, batch: int = 1, seed: int = 0) -> Truth:
    """Run a net in float64 and in float32 by the readable kernels."""
    maps: dict[int, Array] = {}
    given = reference_run(
        analysis, batch, seed, pictures=False, observe=lambda done: maps.update({done.step.node: done.result.copy()})
    )
    single: dict[int, float] = {}

    def hear(node: int, result: Array) -> None:
        with np.errstate(invalid="ignore"):  # infinity less infinity: such nets are not compared
            single[node] = float(np.abs(maps[node] - result).max(initial=0.0))

    prepared = plan(analysis, batch, "float32")
    execute(prepared, given.weights, given.inputs, lambda done: hear(done.step.node, done.result))
    largest = {node: float(np.abs(found).max(initial=0.0)) for node, found in maps.items()}
    read = {step.node: max([largest[node] for node in step.reads], default=0.0) for step in prepared.steps}
    allowed = {node: CLOSE * largest[node] + AMPLIFIED * single[node] + CANCELLED * read[node] for node in maps}
    return Truth(analysis, batch, given.weights, given.inputs, maps, allowed)


def engine_fault(truth: Truth, lanes: int, threads: int = 1) -> Fault | None:
    """The first map of the engine's run that is not the readable kernels', at this width."""
    prepared = plan(truth.analysis, truth.batch, "float32")
    session = Session(prepared, truth.weights.arrays, engine_plan(prepared, lanes, threads), threads)
    arriving = {step.node: _given(step.name, step.output, truth) for step in prepared.steps if step.kernel == INPUT}
    session._take(arriving)
    done: set[int] = set()
    last_writer = {step.write.map.key: i for i, step in enumerate(session.engine.steps)}
    for i, step in enumerate(session.engine.steps):
        name = (
            f"step {i}, {step.op.kernel} of {', '.join(prepared.steps[node].name for node in step.nodes) or 'a copy'}"
        )
        for access, place in zip(step.reads, session.engine.places[i].reads, strict=True):
            if last_writer.get(access.map.key, -1) < i and (
                fault := _wrong(session, access, place, truth, name, "reads")
            ):
                return fault
        session._task(i, i + 1)()
        if last_writer[step.write.map.key] == i:
            fault = _wrong(session, step.write, session.engine.places[i].write, truth, name, "writes")
            if fault is not None:
                return fault
        done.add(step.write.map.key)
    for node, place in session.engine.outputs.items():
        found = stored(session, place, truth.maps[node].shape)
        if fault := _difference(found, node, truth, "at the end", f"the output {prepared.steps[node].name}"):
            return fault
    return None


def whole_run_fault(truth: Truth, threads: int = 2) -> Fault | None:
    """The same of the outputs of an ordinary run, twice: with as many images at a time as it takes.

    Also of the first image alone by the readable kernels, which every run holds its engine against.
    """
    from cnncalc.runtime.running import one_image, prepare

    prepared = plan(truth.analysis, truth.batch, "float32")
    ready = prepare(prepared, truth.weights, threads)
    first = {name: array[:1] for name, array in truth.inputs.items()}
    for node, found in zip(
        prepared.outputs, execute(one_image(prepared), truth.weights, first).values(), strict=True
    ):  # as every run's engine is held against
        if fault := _difference(found, node, truth, "the first image", f"output {prepared.steps[node].name}", one=True):
            return fault
    for run in ("first", "second"):
        for node, found in zip(prepared.outputs, ready.run(truth.inputs).values(), strict=True):
            if fault := _difference(found, node, truth, f"the {run} run", f"output {prepared.steps[node].name}"):
                return fault
    return None


def stored(session: Session, place: Placed, shape: tuple[int, ...], halo: Halo = BARE) -> Array:
    """A copy of the numbers of a map, `[n, c, z, y, x]`, with so much of what lies around it."""
    storage: Storage = place.storage
    images, channels = shape[:2]
    (front, back), (top, below), (left, right) = halo.sides
    depth, height, width = storage.depth + front + back, storage.height + top + below, storage.width + left + right
    first = storage.first + place.block * storage.block + storage.offset((-front, -top, -left))
    memory = session._slots[place.slot][first:]
    blocks = -(-channels // 16)
    lane, block = storage.lane, storage.block
    places, distances = (depth, height, width), (storage.slice, storage.row, storage.pixel)
    sizes, strides = (images, blocks, 16, *places), (storage.image, block, lane, *distances)
    if storage.kind is Kind.PLANES:
        sizes, strides = (images, channels, 1, *places), (storage.image, lane, 0, *distances)
    whole = as_strided(memory, sizes, [4 * stride for stride in strides]).reshape(images, -1, *places)
    found = whole[:, :channels].copy()
    return found if any(halo) else found.reshape(shape)


def _given(name: str, shape: tuple[int, ...], truth: Truth) -> Array:
    node = next(node.node.index for node in truth.analysis.nodes if node.node.name == name)
    return truth.maps[node].astype(np.float32)


def _wrong(session: Session, access: Access, place: Placed, truth: Truth, step: str, does: str) -> Fault | None:
    """Whether what lies there is not the map that it should be, or its halo not what the reader wants."""
    node = access.map.key % COPIES if access.map.key >= 0 else -1
    if node not in truth.maps or truth.maps[node].shape != access.map.shape:
        return None
    found = stored(session, place, access.map.shape)
    if fault := _difference(found, node, truth, step, f"what it {does}, {truth.analysis.nodes[node].node.name},"):
        return fault
    if does == "reads" and access.fill is not None and any(access.halo):
        around = stored(session, place, access.map.shape, access.halo)
        sides = zip(access.halo.sides, around.shape[2:], strict=True)
        z, y, x = (slice(before, size - after) for (before, after), size in sides)
        around[:, :, z, y, x] = access.fill
        if not (around == access.fill).all():
            return Fault(step, f"the halo of what it reads, {truth.analysis.nodes[node].node.name},", float("nan"))
    return None


def _difference(found: Array, node: int, truth: Truth, step: str, what: str, *, one: bool = False) -> Fault | None:
    exact = truth.maps[node][:1] if one else truth.maps[node]
    if found.shape != exact.shape:
        return Fault(step, f"{what} of {found.shape} for {exact.shape}", float("nan"))
    off = float(np.abs(found - exact).max(initial=0.0))
    if off <= truth.allowed[node]:
        return None
    return Fault(step, what, off / (float(np.abs(exact).max(initial=0.0)) or 1.0))


def planned(truth: Truth, lanes: int) -> Iterator[str]:
    """The kernels of the engine's steps."""
    prepared: Plan = plan(truth.analysis, truth.batch, "float32")
    return (step.op.kernel for step in engine_plan(prepared, lanes, 1).steps)
