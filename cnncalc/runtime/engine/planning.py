"""From a plan of single operations to a plan of the engine: fuse, name kernels, join in place, place in memory.

Pure: no array, no compiler.  What the CPU can do comes in as one number, the floats of a vector register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cnncalc.runtime.engine.fusing import NEVER_NEGATIVE, Chain, chains
from cnncalc.runtime.engine.joining import joined_in_place
from cnncalc.runtime.engine.lowering import lowered, needed
from cnncalc.runtime.engine.lowering.base import Lowering
from cnncalc.runtime.engine.nouns import Access, EnginePlan, EngineStep, Map, Placed
from cnncalc.runtime.engine.placing import Copies, Placing
from cnncalc.runtime.engine.pooling import pooled
from cnncalc.runtime.engine.sharing import shared
from cnncalc.runtime.engine.sizes import scratch_floats, weight_floats
from cnncalc.runtime.engine.striping import striped
from cnncalc.runtime.engine.tiling import tile_of
from cnncalc.runtime.engine.verify import dense_rows, verify
from cnncalc.runtime.planning import INPUT, Plan, Step

KEEPS_SIGN = (
    *("maxpool", "avgpool", "sumpool", "global_avgpool", "global_maxpool", "adaptive_avgpool", "adaptive_maxpool"),
    *("concat", "slice", "upsample", "identity", "pad", "crop", "padchannels"),
    *("space_to_depth", "depth_to_space", "shuffle"),
)
"""Where no input is below zero, no result is."""


def engine_plan(plan: Plan, lanes: int, threads: int, algorithm: str = "auto") -> EnginePlan:
    """The engine's plan for the same net, batch and outputs."""
    inputs = {step.node: Map(step.node, step.output, step.node) for step in plan.steps if step.kernel == INPUT}
    lowering = Lowering(plan.steps, lanes, threads, direct=algorithm == "direct", pictures=frozenset(inputs))
    steps: list[EngineStep] = []
    for chain in chains(plan.steps, plan.outputs):
        steps.extend(lowered(lowering, chain))
        lowering.nonnegative |= _never_negative(plan.steps, chain, lowering.nonnegative)
    steps = needed(shared(steps, plan.outputs), plan.outputs)
    steps = pooled(striped(steps, plan.outputs, threads), plan.outputs)
    joined = joined_in_place(steps)
    made = {key: Access(source, "planes") for key, source in inputs.items()}
    made |= {step.writes.map.key: step.writes for step in steps}
    copies = Copies(joined.steps, made, lanes, joined.homes)
    outputs = {node: copies.delivered(Access(lowering.maps[node], "planes")) for node in plan.outputs}
    steps = copies.steps
    placing = Placing(
        steps,
        inputs,
        joined.homes,
        frozenset(access.map.key for access in outputs.values()),
        {key: access.map for key, access in made.items()},
    )
    placing.place_all()
    places = [(tuple(map(placing.placed, step.reads)), placing.placed(step.writes)) for step in steps]
    shaped = tuple(_merged_rows(step, reads, target) for step, (reads, target) in zip(steps, places, strict=True))
    engine = EnginePlan(
        shaped,
        tuple(reads for reads, _ in places),
        tuple(target for _, target in places),
        tuple(placing.slots),
        {node: placing.places[node] for node in inputs},
        {node: placing.placed(access) for node, access in outputs.items()},
        lanes,
        4 * sum(map(weight_floats, shaped)),
        4 * max((scratch_floats(step, threads) for step in shaped), default=0),
        tuple(step.name for step in plan.steps),
        joined.in_place,
    )
    verify(engine, plan.steps)
    return engine


def _never_negative(steps: Sequence[Step], chain: Chain, known: set[int]) -> set[int]:
    """The nodes of a chain that are never below zero: then zeros around them never win a maximum."""
    found: set[int] = set()
    for node in chain.nodes:
        step = steps[node]
        if step.kernel in NEVER_NEGATIVE or (step.kernel in KEEPS_SIGN and (known | found).issuperset(step.reads)):
            found.add(node)
    return found


def _merged_rows(step: EngineStep, reads: Sequence[Placed], target: Placed) -> EngineStep:
    """A 1x1 convolution over dense rows sees one long row: its tiles need not end where rows do."""
    if step.kernel != "convolution" or step.weights not in ("blocked", "mixing") or not dense_rows(step, reads, target):
        return step
    _, _, vectors, lanes, *rest = step.shape
    height, width = step.writes.map.shape[3:]
    tile = tile_of(1, height * width, vectors, lanes)
    return replace(step, shape=(*tile, vectors, lanes, *rest), numbers={**step.numbers, "merged": True})
