"""The exact receptive field of one number: which pixels of the net's inputs it depends on, input by input, in words.

From the numbers that each layer reads on the way (`cell_field`); the summary of a line says only the largest field of
all its places and channels.  What is drawn of it, and how, is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.cell_field import Along, Cells, cells_read
from cnncalc.analysis.cell_field.map_parts import union
from cnncalc.analysis.cell_field.spans import Span, hull
from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import AXIS_NAMES

ROWS_AND_COLUMNS = {"depth": "slice", "height": "row", "width": "column"}
"""What one place of an axis is called."""

MOST_STRETCHES = 4
"""Stretches that a padding copies which are named one by one."""


class SeenAxis(NamedTuple):
    """Along one axis of the input the first and the last position that is seen, counted from 0, of `size` in all.

    Positions below 0 and from `size` on are padding, of this layer or of one before; first > last: nothing is seen.
    `copied`: positions of the picture that are seen because a padding copies them (edge, reflect, wrap), in stretches.
    `apart`: padding that is seen before and behind, where windows leave out pixels between it and the first or last.
    """

    name: str
    first: int
    last: int
    size: int
    copied: tuple[Span, ...] = ()
    apart: tuple[int, int] = (0, 0)

    @property
    def pads(self) -> tuple[int, int]:
        """How many of the positions are padding, before the picture and behind it."""
        count = max(0, self.last - self.first + 1)
        before, after = self.apart
        return before + min(count, max(0, -self.first)), after + min(count, max(0, self.last - self.size + 1))

    @property
    def pixels(self) -> range:
        """The positions of the picture itself that are seen at their own place, from the first to the last."""
        return range(max(0, self.first), min(self.size - 1, self.last) + 1)


class SeenInput(NamedTuple):
    """What a number depends on of one input, axis by axis; `name` is the input's.

    `at_most`: the number may depend on fewer pixels.
    """

    name: str
    axes: tuple[SeenAxis, ...]
    at_most: bool = False


def seen_pixels(
    analysis: Analysis, node: NodeAnalysis, place: Sequence[int], channel: int | None = None
) -> tuple[SeenInput, ...]:
    """What the number at a place (depth, height, width, from 0) of a node depends on; without a channel, all of them.

    One for each input with axes that leads to the node.
    """
    z, y, x = place
    channels = (0, node.output.channels - 1) if channel is None else (channel, channel)
    found = cells_read(analysis.nodes, node, channels, (z, y, x))
    return tuple(
        _seen(analysis.nodes[index], parts) for index, parts in found.items() if analysis.nodes[index].output.rank
    )


def _seen(picture: NodeAnalysis, parts: list[Cells]) -> SeenInput:
    shape, name = picture.output, picture.node.name
    every, sure = _axes(parts, shape.rank), _axes([part for part in parts if part.exact], shape.rank)
    sizes = list(zip((ROWS_AND_COLUMNS[axis] for axis in AXIS_NAMES[shape.rank]), shape.spatial, strict=True))
    if not every:
        return SeenInput(name, tuple(SeenAxis(axis, 0, -1, size) for axis, size in sizes))
    axes = tuple(_axis(axis, size, along) for (axis, size), along in zip(sizes, every, strict=True))
    at_most = [hull(along.read) for along in every] != [hull(along.read) for along in sure]
    return SeenInput(name, axes, at_most)


def _axes(parts: list[Cells], rank: int) -> list[Along]:
    return [union(part.axes[3 - rank + axis] for part in parts) for axis in range(rank)] if parts else []


def _axis(name: str, size: int, along: Along) -> SeenAxis:
    if not along.own:
        return SeenAxis(name, *hull(along.copied), size)
    first, last = hull(along.own)
    before, after = max(0, -along.reach[0]), max(0, along.reach[1] - size + 1)
    apart = before if first > 0 else 0, after if last < size - 1 else 0
    return SeenAxis(name, first - before + apart[0], last + after - apart[1], size, along.copied, apart)


def seen_lines(seen: Sequence[SeenInput]) -> list[str]:
    """What a page says of the pixels that a number depends on, a line for each input, which is named among several."""
    names = [f" in {printable(one.name)}" if len(seen) > 1 else "" for one in seen]
    return [
        f"Receptive field{name}: {seen_words(one.axes, at_most=one.at_most)}."
        for name, one in zip(names, seen, strict=True)
    ]


def seen_words(seen: Sequence[SeenAxis], *, at_most: bool = False) -> str:
    """`rows 1 to 2 of 5 and columns 1 to 3 of 5, and padding: 1 row before the first`, counted from 1."""
    if any(not axis.pixels for axis in seen):
        return "no pixel of the input"
    words = " and ".join(map(_stretch, seen))
    pads = [part for axis in seen for part in _padding(axis)]
    copies = " and ".join(_copies(axis) for axis in seen if axis.copied)
    if pads or copies:
        words += (
            ", and padding" + (f": {', '.join(pads)}" if pads else "") + (f", which copies {copies}" * bool(copies))
        )
    return f"at most {words}" if at_most else words


def _stretch(axis: SeenAxis) -> str:
    first, last = axis.pixels[0] + 1, axis.pixels[-1] + 1
    if len(axis.pixels) == axis.size > 1:
        return f"all {axis.size:,} {axis.name}s"
    return (f"{axis.name} {first:,}" if first == last else f"{axis.name}s {first:,} to {last:,}") + f" of {axis.size:,}"


def _padding(axis: SeenAxis) -> list[str]:
    ends = zip(axis.pads, ("before the first", "after the last"), strict=True)
    return [f"{count:,} {axis.name}{'s' if count > 1 else ''} {where}" for count, where in ends if count]


def _copies(axis: SeenAxis) -> str:
    """`row 8`, `rows 2 to 3 and 7`."""
    stretches = axis.copied if len(axis.copied) <= MOST_STRETCHES else (hull(axis.copied),)
    said = [f"{a + 1:,}" if a == b else f"{a + 1:,} to {b + 1:,}" for a, b in stretches]
    one = len(said) == 1 and stretches[0][0] == stretches[0][1]
    listed = " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))
    return f"{axis.name}{'' if one else 's'} {listed}"
