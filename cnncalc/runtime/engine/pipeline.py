"""From a plan of single operations to a plan of the engine: a list of passes.

Pure: no array, no compiler.  What the CPU can do comes in as one number, the floats of a vector register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cnncalc.runtime.engine.chain import Chain
from cnncalc.runtime.engine.engine_plan import EnginePlan
from cnncalc.runtime.engine.ir import Access, Map, Step
from cnncalc.runtime.engine.ops.lowering import Lowering
from cnncalc.runtime.engine.ops.registry import lowered
from cnncalc.runtime.engine.ops.stripes import join_stripes
from cnncalc.runtime.engine.ops.winograd import join_pool
from cnncalc.runtime.engine.passes.concat_in_place import InPlace, place_parts
from cnncalc.runtime.engine.passes.copies import insert_copies
from cnncalc.runtime.engine.passes.cse import drop_repeated, needed
from cnncalc.runtime.engine.passes.fuse import INPUTS, chains
from cnncalc.runtime.engine.passes.memory_plan import MemoryPlan
from cnncalc.runtime.engine.passes.pairs import join_pairs
from cnncalc.runtime.engine.passes.verify import verify
from cnncalc.runtime.engine.storage import Kind, Places
from cnncalc.runtime.planning import Plan
from cnncalc.runtime.planning import Step as LayerStep

NEVER_NEGATIVE = ("relu", "relu6", "sigmoid", "hardsigmoid", "softmax")

KEEPS_SIGN = (
    *("maxpool", "avgpool", "sumpool", "global_avgpool", "global_maxpool", "adaptive_avgpool", "adaptive_maxpool"),
    *("concat", "slice", "upsample", "identity", "pad", "crop", "padchannels"),
    *("space_to_depth", "depth_to_space", "shuffle"),
)
"""Where no input is below zero, no result is."""

DIRECT = ("direct",)
"""What is asked for where nothing may go by Winograd."""


def engine_plan(plan: Plan, lanes: int, threads: int, algorithm: str = "auto") -> EnginePlan:
    """The engine's plan for the same net, batch and outputs."""
    inputs = {layer.node: Map(layer.node, layer.output, layer.node) for layer in plan.steps if layer.kernel in INPUTS}
    net = Lowering(plan.steps, lanes, threads, direct=algorithm in DIRECT, pictures=frozenset(inputs))
    steps = _lowered(net, plan)
    steps = needed(drop_repeated(steps, plan.outputs), plan.outputs)
    for join in (join_stripes, join_pool):
        steps = join_pairs(steps, plan.outputs, join, threads)
    engine = _placed(net, plan, inputs, place_parts(steps))
    verify(engine, plan.steps)
    return engine


def _lowered(net: Lowering, plan: Plan) -> list[Step]:
    """The steps of all chains."""
    steps: list[Step] = []
    for chain in chains(plan.steps, plan.outputs):
        steps.extend(lowered(net, chain))
        net.nonnegative |= _never_negative(plan.steps, chain, net.nonnegative)
    return steps


def _placed(net: Lowering, plan: Plan, inputs: dict[int, Map], joined: InPlace) -> EnginePlan:
    """The plan: copies put in, maps in memory, tiles as the layouts allow."""
    made = {key: Access(source, Kind.PLANES) for key, source in inputs.items()}
    made |= {step.write.map.key: step.write for step in joined.steps}
    made |= {step.write.map.key: step.write for step in joined.in_place}
    copies = insert_copies(joined.steps, made, net.lanes, joined.homes)
    outputs = {node: copies.delivered(Access(net.maps[node], Kind.PLANES)) for node in plan.outputs}
    kept = frozenset(access.map.key for access in outputs.values())
    memory = MemoryPlan(copies.steps, inputs, joined.homes, kept, {key: access.map for key, access in made.items()})
    memory.place_all()
    places = tuple(map(memory.places, copies.steps))
    steps = tuple(_with_tile(step, each) for step, each in zip(copies.steps, places, strict=True))
    return EnginePlan(
        steps,
        places,
        tuple(memory.slots),
        {node: memory.placed[node] for node in inputs},
        {node: memory.place(access) for node, access in outputs.items()},
        net.lanes,
        4 * sum(step.op.packed_floats(step) for step in steps),
        4 * max((step.op.workspace(step, net.threads).floats(net.threads) for step in steps), default=0),
        tuple(layer.name for layer in plan.steps),
        joined.in_place,
    )


def _with_tile(step: Step, places: Places) -> Step:
    op = step.op.placed(step, places)
    return step if op is step.op else replace(step, op=op)


def _never_negative(layers: Sequence[LayerStep], chain: Chain, known: set[int]) -> set[int]:
    """The nodes of a chain that are never below zero: then zeros around them never win a maximum."""
    found: set[int] = set()
    for node in chain.nodes:
        layer = layers[node]
        if layer.kernel in NEVER_NEGATIVE or (layer.kernel in KEEPS_SIGN and (known | found).issuperset(layer.reads)):
            found.add(node)
    return found
