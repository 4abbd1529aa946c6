"""A receptive field as a sum: what each layer on the way adds to the one pixel that a field begins with.

r = 1 + sum of (k - 1) * j over the layers, k the extent of a layer's window and j the product of the strides before it
(Araujo et al. 2019, "Computing Receptive Fields of Convolutional Neural Networks").  Where branches meet, the way goes
back along the one with the largest field.  It is a way through an analysis that exists; no field is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cnncalc.analysis.model import NodeAnalysis
from cnncalc.geometry import Window


@dataclass(frozen=True)
class FieldTerm:
    """What one node adds to the size along an axis: (`extent` - 1) * `jump`, or just `growth` where `extent` is 0.

    The second is so where a layer enlarges the map, and where branches meet whose fields lie beside each other.
    """

    node: NodeAnalysis
    growth: int
    extent: int
    jump: Fraction


def field_terms(nodes: Sequence[NodeAnalysis], index: int, axis: int) -> tuple[FieldTerm, ...]:
    """The terms of a node's local field along an axis, from the image on; those that add nothing are left out.

    One and their sum are the size.  Empty where the node has no local field.
    """
    terms: list[FieldTerm] = []
    node = nodes[index]
    while _size(node, axis) and (before := _largest(nodes, node, axis)) is not None:
        term = _term(node, *before, axis)
        terms += [term] if term.growth else []
        node = before[0]
    return tuple(reversed(terms))


def _reads(nodes: Sequence[NodeAnalysis], node: NodeAnalysis) -> Iterator[tuple[Window | None, NodeAnalysis]]:
    for window, i in zip(node.node.layer.windows(node.inputs), node.node.inputs, strict=True):
        yield window, nodes[i]


def _size(node: NodeAnalysis, axis: int) -> int:
    """The size of the local field along the axis; 0 where there is none."""
    field = node.receptive_field
    return field.size[axis] if field is not None and field.local else 0


def _largest(nodes: Sequence[NodeAnalysis], node: NodeAnalysis, axis: int) -> tuple[NodeAnalysis, Window | None] | None:
    """What the node reads over a local path, with its window: of several inputs the one with the largest field."""
    reads = [(before, window) for window, before in _reads(nodes, node) if window != "everywhere"]
    return max((read for read in reads if _size(read[0], axis)), key=lambda read: _size(read[0], axis), default=None)


def _term(node: NodeAnalysis, before: NodeAnalysis, window: Window | None, axis: int) -> FieldTerm:
    growth = _size(node, axis) - _size(before, axis)
    jump = before.receptive_field.jump[axis] if before.receptive_field is not None else Fraction(0)
    own = window[axis] if isinstance(window, tuple) else None
    extent = own.high - own.low + 1 if own is not None and own.denominator == 1 else 0
    return FieldTerm(node, growth, extent if (extent - 1) * jump == growth else 0, jump)
