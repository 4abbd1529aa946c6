"""Names a kernel of the engine for each chain of operations, and says what it wants to find where.

What has no fast kernel (more than two spatial axes, kernels or factors of each place's own) becomes a
step of the readable kernel between two changes of layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cnncalc.runtime.engine.consumed import lost
from cnncalc.runtime.engine.fusing import ACTIVATIONS, FOLDED, NOTHING, Chain
from cnncalc.runtime.engine.lowering import convolutions, joins, moves, windows
from cnncalc.runtime.engine.lowering.base import Lowering, filled, is_flat_map, unbordered
from cnncalc.runtime.engine.nouns import EngineStep
from cnncalc.runtime.planning import Step

LOWERINGS: Mapping[str, Callable[[Lowering, Chain, Step], Iterator[EngineStep]]] = {
    "conv": convolutions.conv,
    "dwconv": windows.dwconv,
    "sepconv": windows.sepconv,
    "subsample": windows.subsample,
    "connected_conv": convolutions.connected_conv,
    "upconv": convolutions.upconv,
    **dict.fromkeys(("maxpool", "avgpool", "sumpool"), windows.pool),
    **dict.fromkeys(("global_avgpool", "global_maxpool", "adaptive_avgpool", "adaptive_maxpool"), windows.region_pool),
    "dense": convolutions.dense,
    "softmax": moves.softmax,
    "flatten": moves.flatten,
    "reshape": moves.reshape,
    "concat": joins.concat,
    **dict.fromkeys(("slice", "padchannels"), moves.shifted),
    "upsample": moves.upsample,
    "add": joins.add,
    "mul": joins.mul,
    **dict.fromkeys(("pad", "crop"), moves.bordered),
    **dict.fromkeys(moves.DEALT, moves.dealt),
    "prelu": moves.prelu,
    "lrn": moves.responses,
    **dict.fromkeys(("gn", "ln"), moves.standardised),
    **dict.fromkeys((*FOLDED, *ACTIVATIONS, *NOTHING), moves.pointwise),
}
"""The first kernel of a chain -> how it is lowered; it yields nothing where the engine has no way."""


def lowered(lowering: Lowering, chain: Chain) -> Iterator[EngineStep]:
    """The steps of one chain: one, or two for a separable convolution, or one for each tap of a transposed one."""
    first = lowering.steps[chain.nodes[0]]
    lower = LOWERINGS.get(first.kernel)
    if lower is None or not is_flat_map(first, lowering.steps):
        return lowering.readable(chain)
    found = list(lower(lowering, chain, unbordered(first, lowering.steps))) or list(lower(lowering, chain, first))
    border = None if found else filled(lowering, first)
    if border is not None:
        after = list(lower(lowering, chain, border[1]))
        found = [border[0], *after] if after else []
    return iter(found) if found and _is_whole(found, chain, lowering.steps) else lowering.readable(chain)


def _is_whole(found: Sequence[EngineStep], chain: Chain, layers: Sequence[Step]) -> bool:
    """Whether the steps that store the chain's result do all of its layers, with sums that are not too long."""
    last = [step for step in found if step.writes.map.key == chain.last]
    done = last and all(step.nodes == chain.nodes for step in last)
    return bool(done) and not any(lost(step, layers) or _is_too_long(step) for step in found)


LONGEST_SUM = 32_768
"""Products that a tile sums in sequence, at most: 90,000 near-equal ones were 4e-4 off.  VGG's longest have 25,088."""

LARGEST_WINDOW, WIDEST_WINDOW = 4_096, 64
"""Taps of a window that sees one channel, in all, and in a row, which is written out when it is compiled."""


def _is_too_long(step: EngineStep) -> bool:
    if step.kernel in ("convolution", "winograd"):
        return int(step.numbers["seen"] * step.numbers["ky"] * step.numbers["kx"]) > LONGEST_SUM
    ky, kx = (step.numbers["ky"], step.numbers["kx"]) if step.kernel == "windows" else (1, 1)
    return ky * kx > LARGEST_WINDOW or kx > WIDEST_WINDOW


def needed(steps: Sequence[EngineStep], outputs: Sequence[int]) -> list[EngineStep]:
    """The steps without pads and crops that all their readers do themselves."""
    read, found = set(outputs), []
    for step in reversed(steps):
        if step.writes.map.key in read:
            read.update(access.map.key for access in step.reads)
            found.append(step)
    return found[::-1]
