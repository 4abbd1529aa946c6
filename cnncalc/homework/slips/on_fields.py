"""Slips in receptive fields: kernel sizes added up, strides left out, a line's own stride counted too early."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cnncalc.analysis.counting import facts_by_node
from cnncalc.analysis.receptive_field import receptive_fields, summaries
from cnncalc.geometry import AxisWindow, Window
from cnncalc.homework.slips.edits import Slip

if TYPE_CHECKING:
    from cnncalc.analysis.model import ReceptiveField
    from cnncalc.graph.ir import Graph

Sizes = tuple[int, ...]

FIELD_SLIPS: tuple[Slip, ...] = (
    Slip("strides-ignored", "the strides before this line were left out"),
    Slip("own-stride-counted", "this line's own stride was counted in its own field"),
    Slip("kernels-added", "the sizes of the kernels were added up"),
    Slip("this-line-alone", "only this line's own window was counted"),
    Slip("line-before", "the field of the line before was given"),
)


def wrong_fields(graph: Graph) -> dict[int, list[tuple[str, Sizes]]]:
    """The wrong fields of every node, each with the slip that makes it."""
    facts = [known.windows for known in facts_by_node(graph)]
    right = _told(graph, facts, lambda window: window)
    found: dict[int, list[tuple[str, Sizes]]] = {node.index: [] for node in graph.nodes}
    for name, change, start in (("strides-ignored", _without_stride, 0), ("kernels-added", _one_wider, 1)):
        for index, field in enumerate(_told(graph, facts, change)):
            if field is not None:
                found[index].append((name, tuple(size - start for size in field.size)))
    for index, own in enumerate(right):
        if own is not None:
            found[index] += _local(graph, index, facts[index], right)
    return found


def _told(
    graph: Graph, windows: Sequence[tuple[Window | None, ...]], change: Callable[[AxisWindow], AxisWindow]
) -> list[ReceptiveField | None]:
    told = [tuple(_changed(window, change) for window in seen) for seen in windows]
    return summaries(graph.nodes, receptive_fields(graph.nodes, told))


def _changed(window: Window | None, change: Callable[[AxisWindow], AxisWindow]) -> Window | None:
    return tuple(map(change, window)) if isinstance(window, tuple) else window


def _without_stride(window: AxisWindow) -> AxisWindow:
    return replace(window, numerator=min(1, window.numerator))


def _one_wider(window: AxisWindow) -> AxisWindow:
    """k instead of k - 1: each kernel's whole size is added, and the pixel itself, which a field starts with."""
    reach = window.high - window.low
    return replace(window, numerator=min(1, window.numerator), high=window.low + reach + (reach > 0))


def _local(
    graph: Graph, index: int, seen: Sequence[Window | None], right: Sequence[ReceptiveField | None]
) -> Iterator[tuple[str, Sizes]]:
    node, own = graph.nodes[index], right[index]
    window = seen[0] if len(seen) == 1 else None
    before = right[node.inputs[0]] if len(node.inputs) == 1 else None
    if own is None or before is None or not isinstance(window, tuple) or len(window) != len(own.size):
        return
    reach = [axis.high - axis.low for axis in window]
    yield "this-line-alone", tuple(r + 1 for r in reach)
    yield "line-before", before.size
    steps = [axis.numerator for axis in window]
    sizes = [b + r * j * s for b, r, j, s in zip(before.size, reach, before.jump, steps, strict=True)]
    if all(size.denominator == 1 for size in sizes):
        yield "own-stride-counted", tuple(map(int, sizes))
