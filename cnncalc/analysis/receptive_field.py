"""Which input pixels every node depends on: one pass over the graph, axis by axis, by the layers' own windows.

The fields are exact, pads counted, through strides, dilation, branches, transposed convolutions and upsampling
(`cnncalc.analysis.fields`).  They are fields of the net's first input; a node that does not depend on it, or a flat
input without spatial axes, has none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeGuard, TypeVar, TypeVarTuple

from cnncalc.analysis.fields import IDENTITY, AxisField, constant, united
from cnncalc.analysis.model import ReceptiveField
from cnncalc.geometry import AxisWindow, Shape, Window
from cnncalc.graph.ir import Node

Fields = tuple[AxisField, ...]
"""One field for each spatial axis of the input."""

_Axes = tuple[AxisField | None, ...]
"""The same while the pass is going on; None is a field that repeats too late to be worked out."""

_Found = _Axes | None
"""None: the node does not depend on the first input."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

_OWN_PLACE = AxisWindow(1, 0, 0)


def receptive_fields(nodes: Sequence[Node], windows: Sequence[tuple[Window | None, ...]]) -> list[Fields | None]:
    """The exact fields of every node; `windows` are the layers' windows on each input, node by node."""
    found: list[_Found] = []
    origin = next((node.index for node in nodes if not node.inputs), None)
    for node, seen in zip(nodes, windows, strict=True):
        if node.index == origin:
            found.append((IDENTITY,) * node.output.rank or None)
            continue
        if seen == (None,):  # a pointwise layer sees what its input sees
            found.append(found[node.inputs[0]])
            continue
        mirrored = getattr(node.layer, "fill", "zeros") != "zeros"
        read = [
            _read(fields, nodes[i].output, node.output, window, mirrored)
            for i, window in zip(node.inputs, seen, strict=True)
            if (fields := found[i]) is not None
        ]
        found.append(_joined(read, node.output))
    return [fields if _all_known(fields) else None for fields in found]


def _all_known(fields: _Found) -> TypeGuard[Fields]:
    return fields is not None and None not in fields


def summaries(nodes: Sequence[Node], fields: Sequence[Fields | None]) -> list[ReceptiveField | None]:
    """Size, jump and start of the exact fields of every node."""
    found: list[ReceptiveField | None] = []
    for node, own in zip(nodes, fields, strict=True):
        before = node.inputs[0] if node.inputs else node.index
        if own is not None and before < node.index and own is fields[before] and node.output == nodes[before].output:
            found.append(found[before])
        else:
            found.append(None if own is None else _summarised(own, node.output))
    return found


def _summarised(fields: Fields, output: Shape) -> ReceptiveField:
    rank = len(fields)
    axes = [(field, _outputs(output, axis, rank)) for axis, field in enumerate(fields)]
    sizes, jumps, starts = zip(*_alike(axes, _summary), strict=True)
    return ReceptiveField(sizes, jumps, starts)


def _summary(field: AxisField, outputs: int) -> tuple[int, Fraction, Fraction]:
    return field.size(outputs), field.jump(outputs), field.centre_at(0)


def _alike(axes: Sequence[tuple[*Arguments]], answer: Callable[[*Arguments], Result]) -> list[Result]:
    """The answer for every axis; axes that are alike, as those of a square picture, are asked once."""
    first = answer(*axes[0])
    return [first, *(first if axis == axes[0] else answer(*axis) for axis in axes[1:])]


def influence(fields: Fields, node: Node, axis: int, input_position: int) -> tuple[int, int] | None:
    """The first and last position of `node`'s output, along an axis of the input, that one input pixel may change.

    No position outside that stretch depends on the pixel; not every one inside must (a dilated kernel leaves some
    out).  None when the pixel reaches nothing.  A node without that axis (a flat vector) answers (0, 0) when it
    depends on the pixel at all.
    """
    return fields[axis].reached_from(input_position, _outputs(node.output, axis, len(fields)))


def _outputs(output: Shape, axis: int, rank: int) -> int:
    """How many positions the map has along an axis of the input: one when it has lost its axes."""
    return output.spatial[axis] if output.rank == rank else 1


def _read(fields: _Axes, shape: Shape, output: Shape, window: Window | None, mirrored: bool) -> _Axes:
    """What a layer depends on through one of its inputs, of the given shape."""
    rank = len(fields)
    windows = _axis_windows(window, shape, output, rank)
    axes = [(field, _outputs(shape, axis, rank), windows[axis], mirrored) for axis, field in enumerate(fields)]
    return tuple(_alike(axes, _read_axis))


def _axis_windows(window: Window | None, shape: Shape, output: Shape, rank: int) -> Sequence[AxisWindow | None]:
    """The window along each axis of the picture; None where every output depends on the whole axis."""
    if window == "everywhere" or shape.rank != rank or output.rank != rank:
        return (None,) * rank
    return (_OWN_PLACE,) * rank if window is None else window


def _read_axis(field: AxisField | None, arriving: int, window: AxisWindow | None, mirrored: bool) -> AxisField | None:
    if field is None or window == _OWN_PLACE or (field.everywhere and not (window and window.has_gaps)):
        return field
    if window is None:
        return constant(field.hull(arriving), field.mirrored)
    seen = field.seen_through(window)
    return AxisField(seen.pieces, True) if seen is not None and mirrored else seen


def _joined(read: list[_Axes], output: Shape) -> _Found:
    """The hull of what arrives over all inputs that depend on the picture; None when no input does."""
    if not read:
        return None
    rank = len(read[0])
    return tuple(_united(fields, _outputs(output, axis, rank)) for axis, fields in enumerate(zip(*read, strict=True)))


def _united(fields: tuple[AxisField | None, ...], outputs: int) -> AxisField | None:
    known = [field for field in fields if field is not None]
    return united(known, outputs) if len(known) == len(fields) else None
