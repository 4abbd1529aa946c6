"""What each step of an engine has to do, whichever way it goes: the FLOPs of the formula and the least traffic.

2 FLOPs a MAC; every map and every weight of a step once, as float32.  So Winograd does more FLOPs a second here than it
multiplies, and weights that are packed wider than they are do not count more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from cnncalc.runtime.engine.nouns import Access, EngineStep, Map
from cnncalc.runtime.engine.sizes import multiplications
from cnncalc.runtime.planning import INPUT, Plan, Step

FLOAT_BYTES = 4


@dataclass(frozen=True)
class Work:
    """Of one step, for all images of its plan: `flops` of the formula, `bytes` of maps and weights, each once."""

    flops: int
    bytes: int


def works(plan: Plan, steps: Sequence[EngineStep], macs: Sequence[int]) -> tuple[Work, ...]:
    """The work of each of the steps that an engine makes of a plan; `macs` by node, for one image.

    What several steps do together of one node (a separable convolution, the taps of a transposed one) is shared out by
    what each multiplies: the sum is the node's.
    """
    sharing: dict[int, int] = {}
    for part in (part for step in steps for part in parts_of(step)):
        for node in part.nodes:
            sharing[node] = sharing.get(node, 0) + _multiplied(part)

    def flops(part: EngineStep) -> int:
        return sum(2 * plan.batch * macs[node] * _multiplied(part) // sharing[node] for node in part.nodes)

    return tuple(
        Work(
            sum(map(flops, parts_of(step))),
            FLOAT_BYTES * (_mapped(step) + sum(_weighted(part, plan.steps) for part in parts_of(step))),
        )
        for step in steps
    )


def readable_steps(plan: Plan) -> tuple[EngineStep, ...]:
    """The steps where there is no engine: each node by the kernel that anybody can read."""
    maps = {step.node: Access(Map(step.node, step.output, step.node), "planes") for step in plan.steps}
    return tuple(
        EngineStep("readable", (), (step.node,), tuple(maps[read] for read in step.reads), maps[step.node])
        for step in plan.steps
        if step.kernel != INPUT
    )


def parts_of(step: EngineStep) -> tuple[EngineStep, ...]:
    """What a step does one after the other; most do one thing."""
    return step.parts or (step,)


def _multiplied(step: EngineStep) -> int:
    taps = step.numbers["ky"] * step.numbers["kx"] if step.kernel == "windows" else 1
    return max(1, multiplications(step) * taps)


MOVING = frozenset({"moved", "spliced", "pointwise"})
"""Kernels that make each number of one number, if any: they need not read more than they write."""


def _mapped(step: EngineStep) -> int:
    """Numbers of the maps, each once; of a joined or cut map only the part that is moved."""
    made = prod(step.writes.map.shape)
    arriving = {read.map.key: prod(read.map.shape) for read in step.reads}
    if step.numbers.get("order") == "part":
        made = made // step.writes.map.channels * step.reads[0].map.channels
    elif step.weights == "transposed":
        made //= prod(step.numbers["apart"])
    if step.kernel in MOVING:
        arriving = {key: min(count, made) for key, count in arriving.items()}
    return sum(arriving.values()) + made


def _weighted(step: EngineStep, nodes: Sequence[Step]) -> int:
    """Numbers of the weights: what is folded leaves an offset for each channel, and a factor where it stands alone."""
    own = {name: prod(shape) for node in step.nodes if node not in step.folded for name, shape in nodes[node].weights}
    if step.folded:
        channels = step.writes.map.channels
        own["bias"] = channels
        if step.weights == "pointwise":
            own["weight"] = channels
    if step.weights == "depthwise_of_separable":
        return own["depthwise_weight"]
    if step.weights == "mixing":
        del own["depthwise_weight"]
    if step.weights == "transposed":
        own["weight"] = own["weight"] // step.numbers["taps"] * step.numbers["ky"] * step.numbers["kx"]
    return sum(own.values())
