"""Which input pixels every node depends on: one pass over the graph, axis by axis, by the layers' own windows.

The fields are exact, pads counted, through strides, dilation, branches, transposed convolutions and upsampling
(`cnncalc.analysis.fields`).  They are fields of the net's first input; a node that does not depend on it, or a flat
input without spatial axes, has none.  A second field is kept of the local paths alone, since one path over a global
layer (a gate behind `gap`) makes every value see the whole image.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple, TypeGuard, TypeVar, TypeVarTuple

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

_Reads = Sequence[tuple[Window | None, int]]
"""The windows of a node, each with the node that it looks at."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

GLOBAL = ("everywhere", "statistics")
"""The windows that hold every place of a map."""

_OWN_PLACE = AxisWindow(1, 0, 0)


class FoundFields(NamedTuple):
    """The fields of every node, node by node; None where there is none, or where it is not known."""

    every: list[Fields | None]
    """Over all paths, exactly: what a value depends on."""
    local: list[Fields | None]
    """Over local paths alone: global layers end a path, norms over places are pointwise."""
    over: list[int | None]
    """The nearest global layer on a path from the first input; None where none leads over one."""


def receptive_fields(nodes: Sequence[Node], windows: Sequence[tuple[Window | None, ...]]) -> FoundFields:
    """The exact fields of every node; `windows` are the layers' windows on each input, node by node."""
    every: list[_Found] = []
    local: list[_Found] = []
    over: list[int | None] = []
    origin = next((node.index for node in nodes if node.is_input), None)
    for node, seen in zip(nodes, windows, strict=True):
        if node.index == origin:
            every.append((IDENTITY,) * node.output.rank or None)
            local.append(every[-1])
            over.append(None)
            continue
        reads = [(window, i) for window, i in zip(seen, node.inputs, strict=True) if every[i] is not None]
        every.append(_found(node, nodes, reads, every))
        over.append(_over(node, nodes, reads, over))
        local.append(_found(node, nodes, list(_local(reads)), local) if over[-1] is not None else every[-1])
    return FoundFields(_known(every), _known(local), over)


def _over(node: Node, nodes: Sequence[Node], reads: _Reads, over: list[int | None]) -> int | None:
    """The layer by which a node sees the whole image: itself where it reads a map all over, or one before it.

    A gate of one place is spread over a map by the join; that counts only where no global layer made it.
    """
    read = [nodes[i].output for window, i in reads if window in GLOBAL]
    if any(prod(shape.spatial) > 1 for shape in read):
        return node.index
    before = next((over[i] for _, i in reads if over[i] is not None), None)
    return node.index if before is None and read else before


def _found(node: Node, nodes: Sequence[Node], reads: _Reads, fields: list[_Found]) -> _Found:
    """What a node depends on through its windows, from the fields of what it reads."""
    if len(reads) == len(node.inputs) == 1 and reads[0][0] is None:  # a pointwise layer sees what its input sees
        return fields[reads[0][1]]
    mirrored = getattr(node.layer, "fill", "zeros") != "zeros"
    read = [
        _read(arriving, nodes[i].output, node.output, window, mirrored)
        for window, i in reads
        if (arriving := fields[i]) is not None
    ]
    return _joined(read, node.output)


def _local(reads: _Reads) -> Iterator[tuple[Window | None, int]]:
    """The windows without what is global in them."""
    return ((None if window == "statistics" else window, i) for window, i in reads if window != "everywhere")


def _known(found: list[_Found]) -> list[Fields | None]:
    return [fields if _all_known(fields) else None for fields in found]


def _all_known(fields: _Found) -> TypeGuard[Fields]:
    return fields is not None and None not in fields


def summaries(nodes: Sequence[Node], found: FoundFields) -> list[ReceptiveField | None]:
    """Size, jump and start of the local fields of every node, and how much of the image the whole field holds."""
    told: list[ReceptiveField | None] = []
    picture = next((node.output for node in nodes if node.is_input), None)
    for node, every, local, over in zip(nodes, *found, strict=True):
        before = node.inputs[0] if node.inputs else node.index
        if every is None or picture is None:
            told.append(None)
        elif before < node.index and node.output == nodes[before].output and _same(found, node.index, before):
            told.append(told[before])
        else:
            own = _summarised(every if local is None else local, node.output)
            seen = () if over is None else _seen(every, node.output, picture)
            told.append(own._replace(over=over, local=local is not None, seen=seen))
    return told


def _same(found: FoundFields, one: int, other: int) -> bool:
    """Whether two nodes share their fields: a pointwise layer and what it reads."""
    alike = found.every[one] is found.every[other] and found.local[one] is found.local[other]
    return alike and found.over[one] == found.over[other]


def _seen(every: Fields, output: Shape, picture: Shape) -> tuple[int, ...]:
    """How many pixels of the image the whole field holds along each axis; empty where it holds them all."""
    outputs = (_outputs(output, axis, len(every)) for axis in range(len(every)))
    seen = tuple(map(AxisField.seen_of, every, picture.spatial, outputs))
    return seen if seen != picture.spatial else ()


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
    if window in GLOBAL or shape.rank != rank or output.rank != rank:
        return (None,) * rank
    return (_OWN_PLACE,) * rank if window is None or isinstance(window, str) else window


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
