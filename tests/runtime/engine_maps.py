"""Every map that the engine writes, beside what the readable kernels make of the very maps that the engine read.

Outputs alone hide much: with drawn weights a softmax is saturated, and a wrong map far up the net does not show in it.
What a step is compared with is made, in float64, of the engine's own results before it: so the errors of a deep net do
not add up, and the first step that is wrong is the one that is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from cnncalc.kernels import KERNELS
from cnncalc.runtime.engine.ir import Map, Step
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.engine.session import Session
from cnncalc.runtime.engine.storage import Kind, Placed
from cnncalc.runtime.planning import INPUT, Plan, plan
from cnncalc.runtime.planning import Step as LayerStep
from cnncalc.runtime.weights import Weights

from .comparing import livened
from .nets import Array, analysed, given

LANES = (16, 8, 4)

LARGEST_ERROR = 1e-5
"""Of the largest value of a map."""

CLAMPING = ("relu", "relu6", "leaky", "elu", "selu", "gelu", "silu", "mish", "hardswish")
"""Where a step clamps what it has summed up, its rounding is that of the sums: a relu that nothing passes holds only
that."""


@dataclass(frozen=True)
class Compared:
    """One map: the name of its node, the step that wrote it last, the largest error over the largest value."""

    name: str
    step: Step
    error: float


def worst_step(text: str, lanes: int, batch: int = 1, seed: int = 0, threads: int = 2) -> Compared:
    """The map with the largest error, of all that the engine writes when it runs a text's net."""
    analysis = analysed(text)
    prepared, weights = plan(analysis, batch, "float32"), livened(analysis, seed)
    compared = compared_steps(prepared, weights, given(analysis, batch, seed), lanes, threads)
    return max(compared, key=lambda found: found.error)


def kernels_of(text: str, lanes: int = 16, batch: int = 1) -> list[str]:
    """The kernels of the engine's steps, without changes of layout."""
    steps = engine_plan(plan(analysed(text), batch, "float32"), lanes, 2).steps
    return [step.op.kernel for step in steps if step.op.kernel != "layout_copy"]


def compared_steps(
    prepared: Plan, weights: Weights, inputs: Mapping[str, Array], lanes: int, threads: int = 2
) -> Iterator[Compared]:
    """Every map of the net that the engine writes, in the order of the net."""
    session = Session(prepared, weights.arrays, engine_plan(prepared, lanes, threads), threads)
    made = written_maps(session, {step.node: inputs[step.name] for step in prepared.steps if step.kernel == INPUT})
    writers = {step.write.map.key: step for step in session.engine.steps}
    living: dict[int, Array] = {}
    rounded: dict[int, float] = {}
    last_read = {read: step.node for step in prepared.steps for read in step.reads}
    for step in prepared.steps:
        if step.kernel == INPUT:
            living[step.node] = inputs[step.name].astype(np.float64)
            continue
        wanted = _by_hand(step, weights, [living[read] for read in step.reads])
        unclamped = (
            max([rounded.get(read, 0.0) for read in step.reads], default=0.0) if step.kernel in CLAMPING else 0.0
        )
        if step.node in made:
            yield Compared(step.name, writers[step.node], error(made[step.node], wanted, unclamped))
            wanted = made.pop(step.node).astype(np.float64)
        else:
            rounded[step.node] = max(unclamped, float(np.abs(wanted[np.isfinite(wanted)]).max(initial=0.0)))
        living[step.node] = wanted
        for read in step.reads:
            if last_read[read] == step.node:
                living.pop(read, None)


def written_maps(session: Session, inputs: Mapping[int, Array]) -> dict[int, Array]:
    """The maps of nodes, as `[n, c, z, y, x]`, each copied when the last step that writes it is done."""
    session.run(inputs)  # what a run leaves behind must not matter in the next
    session._take(inputs)
    found: dict[int, Array] = {}
    for i, step in enumerate(session.engine.steps):
        session._task(i, i + 1)()
        key = step.write.map.key
        if 0 <= key < len(session.plan.steps):
            found[key] = stored(session, session.engine.places[i].write, step.write.map)
    return dict(sorted(found.items()))


def stored(session: Session, place: Placed, of: Map) -> Array:
    """A copy of a map as it lies in memory, `[n, c, z, y, x]`, without its halo and without empty channels."""
    storage = place.storage
    memory = session._slots[place.slot][: storage.images * storage.image]
    size = (storage.rows, storage.columns)
    if storage.kind is Kind.PLANES:
        planes = memory.reshape(storage.images, storage.slices, storage.channels, *size).swapaxes(1, 2)
    else:
        blocks = memory.reshape(storage.images, storage.slices, storage.blocks, *size, -1)
        blocks = blocks[:, :, place.block : place.block + of.blocks].transpose(0, 2, 5, 1, 3, 4)
        planes = blocks.reshape(storage.images, -1, storage.slices, *size)[:, : of.channels]
    inner = zip(storage.halo.sides, (storage.depth, storage.height, storage.width), strict=True)
    z, y, x = (slice(before, before + count) for (before, _), count in inner)
    return planes[:, :, z, y, x].copy().reshape(of.shape)


def error(found: Array, wanted: Array, unclamped: float = 0.0) -> float:
    """The largest distance over the largest value, also before it was clamped; infinite where only one is a number."""
    if not np.array_equal(np.isfinite(found), np.isfinite(wanted)):
        return float("inf")
    finite = np.isfinite(wanted)
    largest = max(unclamped, float(np.abs(wanted[finite]).max(initial=0.0)))
    return float(np.abs(found[finite] - wanted[finite]).max(initial=0.0)) / (largest or 1.0)


def _by_hand(step: LayerStep, weights: Weights, arriving: list[Array]) -> Array:
    own = {name: array.astype(np.float64) for name, array in step.arrays(weights.arrays).items()}
    return KERNELS[step.kernel](arriving, own, step.numbers)
