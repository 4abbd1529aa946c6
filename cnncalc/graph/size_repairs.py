"""Changes of lines that let two branches of different sizes meet; each is tried, by the layers' own output shapes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from cnncalc.diagnostics import Refusal, Span
from cnncalc.geometry import SAME, Shape, Sizes, sizes_text
from cnncalc.graph.ir import Node
from cnncalc.graph.size_causes import Meeting, Step
from cnncalc.layers.base import Layer

MOST_REPAIRS = 2
"""Repairs that are proposed for one join."""
MOST_TRIED = 24


class Repair(NamedTuple):
    """`words` written on the lines of some nodes; `changed` is what a layer there becomes."""

    words: str
    nodes: tuple[Node, ...]
    changed: Callable[[Any], Layer]

    @property
    def where(self) -> str:
        """`line 7`, or `lines 3 and 4`."""
        lines = [str(line) for line in sorted({node.origin.span.line for node in self.nodes})]
        return f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(lines[:-1])} and {lines[-1]}"


def repairs(nodes: Sequence[Node], found: Meeting) -> tuple[str, ...]:
    """What may be written on which line so that the two branches have one size: ``write `same` on line 7``."""
    helping = islice(
        (one for one in islice(_possible(nodes, found), MOST_TRIED) if _meets(nodes, found, one)), MOST_REPAIRS
    )
    places: dict[str, list[str]] = {}
    for one in helping:
        places.setdefault(one.where, []).append(f"`{one.words}`")
    return tuple(f"write {' or '.join(dict.fromkeys(words))} on {where}" for where, words in places.items())


def _possible(nodes: Sequence[Node], found: Meeting) -> Iterator[Repair]:
    """Changes of a single line, the last ones first, then padding for all lines of a way that lack it."""
    ends = [nodes[end].output.spatial for end in found.ends]
    for way, own, other in zip(found.ways, ends, reversed(ends), strict=True):
        lacking = tuple(b - a for a, b in zip(own, other, strict=True))
        for step in reversed(way):
            yield from _enlarged(nodes, step, lacking)
            yield from _rounded_or_padded(step)
    for way in found.ways:
        bare = tuple(step.node for step in way if _lacks_padding(step.node.layer))
        if len(bare) > 1:
            yield Repair("same", bare, _with_same)


def _enlarged(nodes: Sequence[Node], step: Step, lacking: Sizes) -> Iterator[Repair]:
    """The rows that are lacking, added where the map is made larger."""
    layer: Any = step.node.layer
    if min(lacking) < 0:
        return
    if layer.word == "upsample":
        size = tuple(n + more for n, more in zip(step.made.spatial, lacking, strict=True))
        if sum(node.origin.span == step.node.origin.span for node in nodes) == 1:
            yield Repair(f"upsample size={sizes_text(size)}", (step.node,), lambda own: _resized(own, size))
    elif layer.word == "upconv":
        rows = lacking if len(set(lacking)) > 1 else lacking[:1]
        padding = f"output_padding={sizes_text(rows)}"
        yield Repair(padding, (step.node,), lambda own: dataclasses.replace(own, output_padding=rows))


def _resized(own: Any, size: Sizes) -> Layer:
    from cnncalc.layers.upsampling import UpsampleTo  # noqa: PLC0415 (layers are imported when a net has them)

    if isinstance(own, UpsampleTo):
        return dataclasses.replace(own, size=size)
    if isinstance(own, UpsampleTo):
        return dataclasses.replace(own, size=size)
    return UpsampleTo(size=size, mode=own.mode, corners=own.corners)


def _rounded_or_padded(step: Step) -> Iterator[Repair]:
    layer: Any = step.node.layer
    if getattr(layer, "ceil", True) is False:
        yield Repair("ceil", (step.node,), lambda own: dataclasses.replace(own, ceil=True))
    if _lacks_padding(layer):
        yield Repair("same", (step.node,), _with_same)


def _lacks_padding(layer: Any) -> bool:
    return layer.word != "upconv" and hasattr(layer, "kernel_size") and layer.padding.is_nothing


def _with_same(own: Any) -> Layer:
    changed: Layer = dataclasses.replace(own, padding=SAME)
    return changed


def _meets(nodes: Sequence[Node], found: Meeting, repair: Repair) -> bool:
    """Whether the join accepts what arrives with these lines changed, wherever blocks and repeats use them."""
    places: set[tuple[Span, type[Layer]]] = {(node.origin.span, type(node.layer)) for node in repair.nodes}
    shapes: list[Shape] = []
    try:
        for node in nodes[: found.node.index + 1]:
            own = repair.changed(node.layer) if (node.origin.span, type(node.layer)) in places else node.layer
            arriving = tuple(shapes[index] for index in node.inputs)
            shapes.append(own.output_shape(arriving) if node.inputs else node.output)
    except Refusal:
        return False
    return True
