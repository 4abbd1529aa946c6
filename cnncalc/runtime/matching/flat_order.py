"""In which order the numbers of a row stand that was a map before, or becomes one: what that does to weights.

PyTorch's flatten writes channel after channel, Keras' place after place; a net's own writes as its file's `order` says,
and `reshape` reads a row in the same way.  Layers that change each number for itself keep the order; a dense layer
makes another row.
"""

from __future__ import annotations

from typing import Literal

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.geometry import Order, Shape, Sizes
from cnncalc.graph.stored import Step
from cnncalc.runtime.matching.match_records import Flattened

Arriving = Flattened | Literal["mixed"] | None


def arriving_maps(analysis: Analysis) -> list[Arriving]:
    """For each node: the map whose numbers its first input holds in one row, "mixed" for several, None for no map."""
    usual = analysis.graph.order
    leaving: list[Arriving] = []
    arriving: list[Arriving] = []
    for node in analysis.nodes:
        inputs = [leaving[index] for index in node.node.inputs]
        arriving.append(inputs[0] if inputs else None)
        leaving.append(_leaving(node, inputs, usual))
    return arriving


def becoming_maps(analysis: Analysis) -> list[Flattened | None]:
    """For each node that makes a row: the map that a reshape makes of it, None where it stays a row."""
    becoming: list[Flattened | None] = [None] * len(analysis.nodes)
    read: list[set[Flattened | None]] = [set() for _ in analysis.nodes]
    for place in reversed(range(len(analysis.nodes))):
        node, readers = analysis.nodes[place], read[place]
        if not node.output.rank and len(readers) == 1:
            (becoming[place],) = readers
        for index in node.node.inputs:
            read[index].add(_read_as(node, becoming[place], analysis.graph.order))
    return becoming


def _leaving(node: NodeAnalysis, inputs: list[Arriving], usual: Order) -> Arriving:
    if node.output.rank or not inputs:
        return None
    word, shape = node.node.layer.word, node.inputs[0]
    if word in ("flatten", "reshape") and shape.rank:
        return _flattened(node, shape, usual)
    if not any(inputs) or word == "dense":
        return None
    unchanged = node.output == shape and all(one == inputs[0] for one in inputs)
    return inputs[0] if unchanged else "mixed"


def _read_as(node: NodeAnalysis, becoming: Flattened | None, usual: Order) -> Flattened | None:
    """The map that a reader makes of the row that it reads."""
    if node.node.layer.word == "reshape" and node.output.rank:
        return _flattened(node, node.output, usual)
    own = node.output == node.inputs[0] and len(node.inputs) == 1 and node.node.layer.word != "dense"
    return becoming if own else None


def _flattened(node: NodeAnalysis, shape: Shape, usual: Order) -> Flattened | None:
    """A map as the node writes or reads it in one row; None where every order is the same."""
    order: Order = getattr(node.node.layer, "order", "channels_last")
    on_purpose = order != usual
    return Flattened(shape.channels, shape.spatial, order, on_purpose) if shape.elements > shape.channels > 1 else None


def reordering(before: Sizes, flattened: Flattened, theirs: Order, behind: Sizes = ()) -> tuple[Step, ...]:
    """What puts an axis that is a map in the order `theirs` in that of this net, between the axes before and behind."""
    if flattened.order == theirs:
        return ()
    first, count = len(before), len(flattened.spatial) + 1
    axes = tuple(range(first, first + count))
    if theirs == "channels_first":
        apart, turned = (flattened.channels, *flattened.spatial), (*axes[1:], axes[0])
    else:
        apart, turned = (*flattened.spatial, flattened.channels), (axes[-1], *axes[:-1])
    kept = tuple(range(first + count, first + count + len(behind)))
    return (
        Step("reshape", (*before, *apart, *behind)),
        Step("transpose", (*range(first), *turned, *kept)),
        Step("reshape", (*before, flattened.size, *behind)),
    )


def is_reordered(steps: tuple[Step, ...]) -> bool:
    """Whether `reordering` is the last that is done to an array."""
    return [step.kind for step in steps[-3:]] == ["reshape", "transpose", "reshape"]
