"""Whether every layer of a chain is done by the step that stores the chain's result.

A layer that is folded into another (a batch norm, an activation, a sum) has no step of its own: if the kernel of the
other takes no heed of it, it is lost without a trace.  So what a kernel takes in is written down here, and a chain with
a layer that nobody does is not lowered so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cnncalc.runtime.engine.fusing import ACTIVATIONS, ALL, FOLDED, NOTHING, Takes, activation_of
from cnncalc.runtime.engine.nouns import EngineFaultError, EngineStep
from cnncalc.runtime.planning import Step


class LostLayerError(EngineFaultError):
    """A layer that was to be folded into another is done by nobody."""

    def __init__(self, nodes: Sequence[int]) -> None:
        super().__init__(f"the layers {', '.join(map(str, nodes))} are folded into a step that does not do them")


TAKEN: Mapping[tuple[str, str], Takes] = {
    **dict.fromkeys((("convolution", weights) for weights in ("blocked", "planes", "grouped", "diagonal")), ALL),
    **dict.fromkeys((("convolution", weights) for weights in ("connected", "mixing")), ALL),
    ("convolution", "transposed"): Takes.AFFINE | Takes.ACTIVATION,
    ("winograd", "winograd"): ALL,
    ("windows", "depthwise"): Takes.AFFINE | Takes.ACTIVATION,
    ("windows", "depthwise_of_sums"): Takes.AFFINE | Takes.ACTIVATION,
    ("pointwise", ""): Takes.RESIDUAL | Takes.ACTIVATION,
    ("pointwise", "pointwise"): ALL,
    ("products", "dense"): Takes.ACTIVATION,
}
"""(kernel, packing of its weights) -> what it does besides its own layer; all others do nothing else."""


def taken(step: EngineStep) -> Takes:
    """What the kernel of a step, with weights packed as its are, does with a result before it stores it."""
    return TAKEN.get((step.kernel, step.weights), Takes.NOTHING)


def lost(step: EngineStep, layers: Sequence[Step]) -> tuple[int, ...]:
    """The nodes of a step (or of its parts) that neither its kernel is for nor that it does on the way."""
    if step.parts:
        return tuple(node for part in step.parts for node in lost(part, layers))
    return tuple(node for place, node in enumerate(step.nodes) if not _done(step, layers[node], first=place == 0))


def _done(step: EngineStep, layer: Step, *, first: bool) -> bool:
    takes = taken(step)
    if layer.kernel in FOLDED and step.kernel != "readable":
        return Takes.AFFINE in takes and layer.node in step.folded
    if layer.kernel in ACTIVATIONS and step.kernel != "readable":
        return Takes.ACTIVATION in takes and activation_of(layer) == (step.activation, step.low, step.high)
    if first or layer.kernel in NOTHING:
        return True
    return layer.kernel == "add" and Takes.RESIDUAL in takes and step.residual > 0
