"""Slips in receptive fields: kernel sizes added up, strides or dilation left out, an own stride counted too early."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.analysis.counting import facts_by_node
from cnncalc.analysis.receptive_field import receptive_fields, summaries
from cnncalc.geometry import AxisWindow, Window
from cnncalc.homework.slips.edits import POOLS, Slip

if TYPE_CHECKING:
    from cnncalc.analysis.model import ReceptiveField
    from cnncalc.graph.ir import Graph

Sizes = tuple[int, ...]

STRIDES_IGNORED = Slip(
    "strides-ignored", "the strides before this line were left out", 5, beats=("last-jump-forgotten",)
)
OWN_STRIDE_COUNTED = Slip("own-stride-counted", "this line's own stride was counted in its own field", 4)
KERNELS_ADDED = Slip("kernels-added", "the sizes of the kernels were added up", 4)
THIS_LINE_ALONE = Slip("this-line-alone", "only this line's own window was counted", 4)
LINE_BEFORE = Slip("line-before", "the field of the line before was given", 4)
LAST_JUMP_FORGOTTEN = Slip("last-jump-forgotten", "this line's window was added without the jump of the lines above", 4)

FIELD_SLIPS = (STRIDES_IGNORED, OWN_STRIDE_COUNTED, KERNELS_ADDED, THIS_LINE_ALONE, LINE_BEFORE, LAST_JUMP_FORGOTTEN)


class WrongField(NamedTuple):
    """A field as somebody tells it who makes this slip, on one line or (`everywhere`) on all of them."""

    name: str
    size: Sizes
    everywhere: bool


def wrong_fields(graph: Graph) -> dict[int, list[WrongField]]:
    """The wrong fields of every node."""
    facts = [known.windows for known in facts_by_node(graph)]
    right = _told(graph, facts, lambda window: window)
    found: dict[int, list[WrongField]] = {node.index: [] for node in graph.nodes}
    for name, change, start in (
        (STRIDES_IGNORED.name, _without_stride, 0),
        (KERNELS_ADDED.name, _one_wider, 1),
        ("dilation-forgotten", _without_dilation, 0),
    ):
        for index, field in enumerate(_told(graph, facts, change)):
            if field is not None:
                found[index].append(WrongField(name, tuple(size - start for size in field.size), True))
    pools = {node.index for node in graph.nodes if node.layer.word in POOLS}
    unpooled = [(None,) * len(seen) if i in pools else seen for i, seen in enumerate(facts)] if pools else []
    for index, field in enumerate(_told(graph, unpooled, lambda window: window) if pools else ()):
        if field is not None:
            found[index].append(WrongField("pools-left-out", field.size, True))
    for index, own in enumerate(right):
        if own is not None:
            found[index] += [
                WrongField(slip.name, size, False) for slip, size in _local(graph, index, facts[index], right)
            ]
    return {
        index: [wrong for wrong in told if (own := right[index]) is None or wrong.size != own.size]
        for index, told in found.items()
    }


def sizes_with(graph: Graph, windows: Sequence[tuple[Window | None, ...]]) -> list[Sizes | None]:
    """The field of every node as it is with these windows."""
    return [None if field is None else field.size for field in _told(graph, windows, lambda window: window)]


def _told(
    graph: Graph, windows: Sequence[tuple[Window | None, ...]], change: Callable[[AxisWindow], AxisWindow]
) -> list[ReceptiveField | None]:
    told = [tuple(_changed(window, change) for window in seen) for seen in windows]
    return summaries(graph.nodes, receptive_fields(graph.nodes, told))


def _changed(window: Window | None, change: Callable[[AxisWindow], AxisWindow]) -> Window | None:
    return tuple(map(change, window)) if isinstance(window, tuple) else window


def _without_stride(window: AxisWindow) -> AxisWindow:
    return replace(window, numerator=min(1, window.numerator))


def _without_dilation(window: AxisWindow) -> AxisWindow:
    """The taps side by side."""
    reach = (window.high - window.low) // max(1, window.step)
    return replace(window, high=window.low + reach, step=1)


def _one_wider(window: AxisWindow) -> AxisWindow:
    """k instead of k - 1: each kernel's whole size is added, and the pixel itself, which a field starts with."""
    reach = window.high - window.low
    return replace(window, numerator=min(1, window.numerator), high=window.low + reach + (reach > 0))


def _local(
    graph: Graph, index: int, seen: Sequence[Window | None], right: Sequence[ReceptiveField | None]
) -> Iterator[tuple[Slip, Sizes]]:
    node, own = graph.nodes[index], right[index]
    window = seen[0] if len(seen) == 1 else None
    before = right[node.inputs[0]] if len(node.inputs) == 1 else None
    if own is None or before is None or not isinstance(window, tuple) or len(window) != len(own.size):
        return
    reach = [axis.high - axis.low for axis in window]
    yield THIS_LINE_ALONE, tuple(r + 1 for r in reach)
    yield LINE_BEFORE, before.size
    yield LAST_JUMP_FORGOTTEN, tuple(b + r for b, r in zip(before.size, reach, strict=True))
    steps = [axis.numerator for axis in window]
    sizes = [b + r * j * s for b, r, j, s in zip(before.size, reach, before.jump, steps, strict=True)]
    if all(size.denominator == 1 for size in sizes):
        yield OWN_STRIDE_COUNTED, tuple(map(int, sizes))
