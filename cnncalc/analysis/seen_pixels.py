"""The exact receptive field of one place: which pixels of the net's first input its number depends on.

From the fields of all positions (`NodeAnalysis.fields`); the summary of a line says only the largest of them.  What is
shown of it, and how, is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.geometry import AXIS_NAMES

ROWS_AND_COLUMNS = {"depth": "slice", "height": "row", "width": "column"}
"""What one place of an axis is called."""


class SeenAxis(NamedTuple):
    """Along one axis of the input the first and the last position that is seen, counted from 0, of `size` in all.

    Positions below 0 and from `size` on are padding, of this layer or of one before; first > last: nothing is seen.
    """

    name: str
    first: int
    last: int
    size: int

    @property
    def pads(self) -> tuple[int, int]:
        """How many of the positions are padding, before the picture and behind it."""
        count = max(0, self.last - self.first + 1)
        return min(count, max(0, -self.first)), min(count, max(0, self.last - self.size + 1))

    @property
    def pixels(self) -> range:
        """The positions of the picture itself that are seen."""
        return range(max(0, self.first), min(self.size - 1, self.last) + 1)


def seen_pixels(analysis: Analysis, node: NodeAnalysis, place: Sequence[int]) -> tuple[SeenAxis, ...] | None:
    """What the number at a place (depth, height, width, from 0) of a node sees; None where its fields are not known."""
    picture = next((one.output for one in analysis.nodes if one.node.is_input), None)
    if node.fields is None or picture is None or picture.rank != len(node.fields):
        return None
    rank = len(node.fields)
    own = place[3 - rank :] if node.output.rank == rank else [0] * rank
    spans = (field.span_at(at) for field, at in zip(node.fields, own, strict=True))
    sizes = zip(AXIS_NAMES[rank], picture.spatial, spans, strict=True)
    return tuple(SeenAxis(ROWS_AND_COLUMNS[name], *span, size) for name, size, span in sizes)


def seen_line(seen: Sequence[SeenAxis] | None, node: NodeAnalysis) -> str:
    """What a page says of the pixels that a number of a node sees; empty where they are not known."""
    return "" if seen is None else f"Receptive field: {seen_words(seen, at_most=node.fields_at_most)}."


def seen_words(seen: Sequence[SeenAxis], *, at_most: bool = False) -> str:
    """`rows 1 to 2 of 5 and columns 1 to 3 of 5, and padding: 1 row before the first`, counted from 1."""
    if any(not axis.pixels for axis in seen):
        return "no pixel of the input"
    said = " and ".join(map(_stretch, seen))
    pads = [part for axis in seen for part in _padding(axis)]
    words = f"{said}, and padding: {', '.join(pads)}" if pads else said
    return f"at most {words}" if at_most else words


def _stretch(axis: SeenAxis) -> str:
    first, last = axis.pixels[0] + 1, axis.pixels[-1] + 1
    if len(axis.pixels) == axis.size > 1:
        return f"all {axis.size:,} {axis.name}s"
    return (f"{axis.name} {first:,}" if first == last else f"{axis.name}s {first:,} to {last:,}") + f" of {axis.size:,}"


def _padding(axis: SeenAxis) -> list[str]:
    ends = zip(axis.pads, ("before the first", "after the last"), strict=True)
    return [f"{count:,} {axis.name}{'s' if count > 1 else ''} {where}" for count, where in ends if count]
