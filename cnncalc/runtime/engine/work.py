"""What each step of an engine has to do, whichever way it goes: the FLOPs of the formula and the least traffic.

2 FLOPs a MAC; every map and every weight of a step once, as float32.  So Winograd does more FLOPs a second here than it
multiplies, and weights that are packed wider than they are do not count more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from cnncalc.runtime.engine.chain import FOLDED
from cnncalc.runtime.engine.ir import Access, Map, Step
from cnncalc.runtime.engine.ops.readable import Readable
from cnncalc.runtime.engine.passes.fuse import INPUTS
from cnncalc.runtime.engine.storage import Kind
from cnncalc.runtime.planning import Plan
from cnncalc.runtime.planning import Step as LayerStep

FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True)
class Work:
    """Of one step, for all images of its plan: `flops` of the formula, `bytes` of maps and weights, each once."""

    flops: int
    bytes: int


def works(plan: Plan, steps: Sequence[Step], macs: Sequence[int]) -> tuple[Work, ...]:
    """The work of each of the steps that an engine makes of a plan; `macs` by node, for one image.

    What several steps do together of one node (a separable convolution, the taps of a transposed one) is shared out by
    what each multiplies: the sum is the node's.
    """
    sharing: dict[int, int] = {}
    for part in (part for step in steps for part in step.parts):
        for node in part.nodes:
            sharing[node] = sharing.get(node, 0) + _multiplied(part)

    def flops(part: Step) -> int:
        return sum(2 * plan.batch * macs[node] * _multiplied(part) // sharing[node] for node in part.nodes)

    return tuple(
        Work(
            sum(map(flops, step.parts)),
            FLOAT_BYTES * (step.op.traffic(step) + sum(_weighted(part, plan.steps) for part in step.parts)),
        )
        for step in steps
    )


def readable_steps(plan: Plan) -> tuple[Step, ...]:
    """The steps where there is no engine: each node by the kernel that anybody can read."""
    maps = {layer.node: Access(Map(layer.node, layer.output, layer.node), Kind.PLANES) for layer in plan.steps}
    return tuple(
        Step(Readable(), (layer.node,), tuple(maps[read] for read in layer.reads), maps[layer.node])
        for layer in plan.steps
        if layer.kernel not in INPUTS
    )


def _multiplied(step: Step) -> int:
    return max(1, step.op.products(step))


def _weighted(step: Step, layers: Sequence[LayerStep]) -> int:
    """Numbers of the weights: what is folded leaves an offset for each channel."""
    folded = () if step.op.readable else [node for node in step.nodes if layers[node].kernel in FOLDED]
    kept = [node for node in step.nodes if node not in folded]
    own = {name: prod(shape) for node in kept for name, shape in layers[node].weights}
    if folded:
        own["bias"] = step.write.map.channels
    return step.op.weight_traffic(step, own)
