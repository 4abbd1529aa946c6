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
    """`words` written on the lines of some steps; `changed` is what a layer there becomes."""

    words: str
    steps: tuple[Step, ...]
    changed: Callable[[Any], Layer]

    @property
    def text(self) -> str:
        """``write `ceil` on line 7``."""
        lines = [str(line) for line in sorted({step.node.origin.span.line for step in self.steps})]
        where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(lines[:-1])} and {lines[-1]}"
        return f"write `{self.words}` on {where}"


def repairs(nodes: Sequence[Node], found: Meeting) -> tuple[str, ...]:
    """What may be written on which line so that the two branches have one size, in words."""
    tried = islice(_possible(nodes, found), MOST_TRIED)
    helping = (one.text for one in tried if _meets(nodes, found, one))
    return tuple(islice(dict.fromkeys(helping), MOST_REPAIRS))


def _possible(nodes: Sequence[Node], found: Meeting) -> Iterator[Repair]:
    """Changes of a single line, the last ones first, then padding for all lines of a way that lack it."""
    ends = [nodes[end].output.spatial for end in found.ends]
    for way, own, other in zip(found.ways, ends, reversed(ends), strict=True):
        lacking = tuple(b - a for a, b in zip(own, other, strict=True))
        for step in reversed(way):
            yield from _enlarged(nodes, step, lacking)
            yield from _rounded_or_padded(step)
    for way in found.ways:
        bare = tuple(step for step in way if _lacks_padding(step.node.layer))
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
            yield Repair(f"upsample size={sizes_text(size)}", (step,), lambda own: _resized(own, size))
    elif layer.word == "upconv":
        rows = lacking if len(set(lacking)) > 1 else lacking[:1]
        padding = f"output_padding={sizes_text(rows)}"
        yield Repair(padding, (step,), lambda own: dataclasses.replace(own, output_padding=rows))


def _resized(own: Any, size: Sizes) -> Layer:
    from cnncalc.layers.resizing import UpsampleTo  # noqa: PLC0415 (layers are imported when a net has them)

    return UpsampleTo(size=size, mode=own.mode)


def _rounded_or_padded(step: Step) -> Iterator[Repair]:
    layer: Any = step.node.layer
    if getattr(layer, "ceil", True) is False:
        yield Repair("ceil", (step,), lambda own: dataclasses.replace(own, ceil=True))
    if _lacks_padding(layer):
        yield Repair("same", (step,), _with_same)


def _lacks_padding(layer: Any) -> bool:
    return layer.word != "upconv" and hasattr(layer, "kernel_size") and layer.padding.is_nothing


def _with_same(own: Any) -> Layer:
    changed: Layer = dataclasses.replace(own, padding=SAME)
    return changed


def _meets(nodes: Sequence[Node], found: Meeting, repair: Repair) -> bool:
    """Whether the join accepts what arrives with these lines changed, wherever blocks and repeats use them."""
    places: set[tuple[Span, type[Layer]]] = {(step.node.origin.span, type(step.node.layer)) for step in repair.steps}
    shapes: list[Shape] = []
    try:
        for node in nodes[: found.node.index + 1]:
            own = repair.changed(node.layer) if (node.origin.span, type(node.layer)) in places else node.layer
            arriving = tuple(shapes[index] for index in node.inputs)
            shapes.append(own.output_shape(arriving) if node.inputs else node.output)
    except Refusal:
        return False
    return True
