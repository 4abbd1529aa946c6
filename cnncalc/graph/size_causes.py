"""Why the sizes of two branches differ where they meet: the lines on either way that change a size.

Every size is the layers' own output shape.  What helps is not known here (`cnncalc.graph.size_repairs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cnncalc.geometry import AXIS_NAMES, Shape
from cnncalc.graph.ir import Node
from cnncalc.layers.base import Layer
from cnncalc.layers.sliding import LINES_OF

LONGEST_WAY = 400
"""Layers between the place where two branches part and where they meet; longer ways are not looked at."""
MOST_STEPS = 6
"""Lines that are named on one way."""
_VALUE = "value"
"""What one place of a signal is called, which has neither rows nor columns."""


class Step(NamedTuple):
    """A node on the way of a branch that changes its size: `arriving` becomes `made`, and some rows are dropped."""

    node: Node
    arriving: Shape
    made: Shape
    dropped: tuple[int, ...]


class Meeting(NamedTuple):
    """Two branches of different sizes that meet at `node`: their last nodes and the steps on the way of each."""

    node: Node
    ends: tuple[int, int]
    ways: tuple[tuple[Step, ...], tuple[Step, ...]]


def meeting(nodes: Sequence[Node], node: Node) -> Meeting | None:
    """What is known about the first two branches of a join whose sizes differ; None where nothing is."""
    spread = [index for index in node.inputs if nodes[index].output.rank]
    first = next(iter(spread), None)
    other = next((one for one in spread if nodes[one].output.spatial != nodes[spread[0]].output.spatial), None)
    if first is None or other is None or nodes[first].output.rank != nodes[other].output.rank:
        return None
    common = _ancestors(nodes, first) & _ancestors(nodes, other)
    start = max(common, default=None)
    ways = (_steps(nodes, first, start), _steps(nodes, other, start))
    return Meeting(node, (first, other), ways)


def _ancestors(nodes: Sequence[Node], index: int) -> set[int]:
    found, left = {index}, [index]
    while left:
        for before in nodes[left.pop()].inputs:
            if before not in found:
                found.add(before)
                left.append(before)
    return found


def _steps(nodes: Sequence[Node], end: int, start: int | None) -> tuple[Step, ...]:
    """The nodes on the shortest way from `start` (else from an input) to `end` that change the size."""
    way = _way(nodes, end, start)
    found = (_step(nodes[after], nodes[before].output) for before, after in pairwise(way))
    return tuple(step for step in found if step is not None)


def _way(nodes: Sequence[Node], end: int, start: int | None) -> list[int]:
    """The indexes from `start` to `end`, both included, over as few nodes as possible."""
    after: dict[int, int] = {}
    ring = [end]
    while ring and len(after) < LONGEST_WAY:
        index = ring.pop(0)
        if index == start or (start is None and not nodes[index].inputs):
            way = [index]
            while way[-1] != end:
                way.append(after[way[-1]])
            return way
        for before in nodes[index].inputs:
            if before not in after:
                after[before] = index
                ring.append(before)
    return []


def _step(node: Node, arriving: Shape) -> Step | None:
    if len(node.inputs) != 1 or arriving.rank != node.output.rank or arriving.spatial == node.output.spatial:
        return None
    return Step(node, arriving, node.output, _dropped(node.layer, arriving, node.output))


def _dropped(layer: Layer, arriving: Shape, made: Shape) -> tuple[int, ...]:
    """How many of the last rows of each axis no output reads."""
    window = layer.window((arriving,))
    if not isinstance(window, tuple):
        return (0,) * arriving.rank
    axes = zip(window, arriving.spatial, made.spatial, strict=True)
    return tuple(max(0, size - 1 - axis.last(outputs - 1)) for axis, size, outputs in axes)


# ---------------------------------------------------------------------- in words
def causes(found: Meeting, lines: Sequence[str]) -> tuple[str, ...]:
    """A note for each line that changes the size of a branch on its way, with the rows it drops."""
    ways = (way if len(way) <= MOST_STEPS else _shortened(way) for way in found.ways)
    return tuple(_said(step, lines) for way in ways for step in way)


def _shortened(way: tuple[Step, ...]) -> tuple[Step, ...]:
    dropping = [step for step in way if any(step.dropped)]
    kept = {*dropping[-(MOST_STEPS - 1) :], way[-1]} if dropping else {*way[: MOST_STEPS - 2], *way[-2:]}
    return tuple(step for step in way if step in kept)


def _said(step: Step, lines: Sequence[str]) -> str:
    sizes = f"{step.arriving.spatial_text} -> {step.made.spatial_text}"
    head = f"line {step.node.origin.span.line}, `{line_text(step.node, lines)}`"
    return f"{head} drops {_rows(step)}: {sizes}" if any(step.dropped) else f"{head}: {sizes}"


def _rows(step: Step) -> str:
    names = AXIS_NAMES[step.arriving.rank]
    nouns = [_VALUE] if len(names) == 1 else [LINES_OF[name] for name in names]
    counts = zip(nouns, step.dropped, strict=True)
    parts = [noun if count == 1 else f"{count} {noun}s" for noun, count in counts if count]
    return f"the last {' and '.join(parts)}"


def line_text(node: Node, lines: Sequence[str]) -> str:
    """What is written where a node comes from, without a label, answers and comments."""
    span = node.origin.span
    text = lines[span.line - 1][span.column - 1 :]
    text = text.partition("=>")[0].partition(" #")[0].strip()
    label, colon, rest = text.partition(": ")
    return rest.strip() if colon and " " not in label else text
