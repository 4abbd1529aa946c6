"""In which order the numbers stand that a layer behind a flatten reads: what a flatten does to the weights' columns.

PyTorch's flatten writes channel after channel, Keras' place after place; a net's own writes as its file's `order` says.
Layers that change each number for itself keep the order; a dense layer ends it.
"""

from __future__ import annotations

from typing import Literal

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.geometry import Order
from cnncalc.graph.stored import Step
from cnncalc.runtime.matching.records import Flattened

Arriving = Flattened | Literal["mixed"] | None


def arriving_orders(analysis: Analysis) -> list[Arriving]:
    """For each node: the map whose numbers its first input holds in one row, "mixed" for several, None for no map."""
    leaving: list[Arriving] = []
    arriving: list[Arriving] = []
    for node in analysis.nodes:
        inputs = [leaving[index] for index in node.node.inputs]
        arriving.append(inputs[0] if inputs else None)
        leaving.append(_leaving(node, inputs))
    return arriving


def _leaving(node: NodeAnalysis, inputs: list[Arriving]) -> Arriving:
    if node.output.rank or not inputs:
        return None
    word, shape = node.node.layer.word, node.inputs[0]
    if word in ("flatten", "reshape") and shape.rank:
        if not shape.elements > shape.channels > 1:
            return None
        order: Order = getattr(node.node.layer, "order", "channels_last")
        return Flattened(shape.channels, shape.spatial, order)
    if not any(inputs) or word == "dense":
        return None
    unchanged = node.output == shape and all(one == inputs[0] for one in inputs)
    return inputs[0] if unchanged else "mixed"


def reordering(rows: tuple[int, ...], flattened: Flattened, theirs: Order) -> tuple[Step, ...]:
    """What puts the last axis, a map in the order `theirs`, in that of this net; `rows` are the axes before it."""
    if flattened.order == theirs:
        return ()
    channels, spatial = flattened.channels, flattened.spatial
    before = tuple(range(len(rows)))
    behind = tuple(range(len(rows), len(rows) + len(spatial) + 1))
    if theirs == "channels_first":
        apart, axes = (channels, *spatial), (*behind[1:], behind[0])
    else:
        apart, axes = (*spatial, channels), (behind[-1], *behind[:-1])
    columns = channels
    for size in spatial:
        columns *= size
    return (
        Step("reshape", (*rows, *apart)),
        Step("transpose", (*before, *axes)),
        Step("reshape", (*rows, columns)),
    )


def is_reordered(steps: tuple[Step, ...]) -> bool:
    """Whether `reordering` is the last that is done to an array."""
    return [step.kind for step in steps[-3:]] == ["reshape", "transpose", "reshape"]
