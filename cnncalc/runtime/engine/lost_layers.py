"""Whether every layer of a chain is done by the step that stores the chain's result.

A layer that is folded into another (a batch norm, an activation, a sum) has no step of its own: if the op of the other
takes no heed of it, it is lost without a trace.  So each op says what it takes in, and a chain with a layer that nobody
does is not lowered so.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.runtime.engine.chain import ACTIVATIONS, FOLDED, NOTHING, SUMS, Takes, activation_of
from cnncalc.runtime.engine.ir import Residual, Step
from cnncalc.runtime.planning import Step as LayerStep


def lost(step: Step, layers: Sequence[LayerStep]) -> tuple[int, ...]:
    """The nodes of a step (or of its parts) that neither its op is for nor that it does on the way."""
    return tuple(
        node
        for part in step.parts
        for place, node in enumerate(part.nodes)
        if not _is_done(part, layers[node], first=place == 0)
    )


def _is_done(step: Step, layer: LayerStep, *, first: bool) -> bool:
    op = step.op
    if layer.kernel in FOLDED and not op.readable:
        return Takes.AFFINE in op.takes
    if layer.kernel in ACTIVATIONS and not op.readable:
        ending = op.ending
        done = activation_of(layer) == (ending.activation, ending.low, ending.high)
        return Takes.ACTIVATION in op.takes and done
    if first or layer.kernel in NOTHING:
        return True
    return layer.kernel in SUMS and Takes.RESIDUAL in op.takes and op.ending.residual is not Residual.NONE
