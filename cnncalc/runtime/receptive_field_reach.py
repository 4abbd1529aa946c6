"""Which pixels of the picture each place of each map depends on in truth, pads taken away or filled as they are.

`analysis.fields` counts pads, as papers do; a run cannot disturb a pad.  Here the layers' windows are followed place by
place, inside the maps only, so that what one disturbed run must give is known for every place, to the pixel.  Axis by
axis; knows no kernel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnncalc.analysis import AxisField, Piece
from cnncalc.analysis.model import NodeAnalysis
from cnncalc.geometry import AxisWindow, Window

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Reach:
    """Along one axis of a picture of `size` pixels, place o of a map depends on pixels first[o] to last[o] alone.

    A place that depends on none has first = size, last = -1.  `padded`: on the way something was read that lies outside
    a map, `mirrored`: and was filled from inside it (edge, reflect, wrap).
    """

    size: int
    first: Places
    last: Places
    padded: Flags
    mirrored: Flags

    @classmethod
    def of_picture(cls, size: int) -> Reach:
        """Every pixel depends on itself."""
        places, nowhere = np.arange(size), np.zeros(size, np.bool_)
        return cls(size, places, places, nowhere, nowhere)

    def everywhere(self, outputs: int) -> Reach:
        """What a layer sees whose every output reads the whole map."""
        whole = self.first.min(), self.last.max(), self.padded.any(), self.mirrored.any()
        first, last, padded, mirrored = (np.full(outputs, value) for value in whole)
        return Reach(self.size, first, last, padded, mirrored)

    def through(self, window: AxisWindow, outputs: int, fill: str) -> Reach:
        """What a layer sees that reads this map through a window."""
        places = len(self.first)
        reads = [window.reads(output) for output in range(outputs)]
        starts, counts = np.array([read.start for read in reads]), np.array([len(read) for read in reads])
        seen = Reach.nothing(self.size, outputs)
        for tap in range(counts.max(initial=0)):
            at, there = starts + tap * window.step, counts > tap
            outside = there & ((at < 0) | (at >= places))
            read = np.clip(_filled(at, places, fill), 0, places - 1)
            used = there & ~outside if fill == "zeros" else there
            seen = seen.joined(self._at(read, used, outside, mirrored=fill != "zeros"))
        return seen

    @classmethod
    def nothing(cls, size: int, outputs: int) -> Reach:
        """What depends on no pixel at all."""
        flags = np.zeros(outputs, np.bool_)
        return cls(size, np.full(outputs, size), np.full(outputs, -1), flags, flags)

    def joined(self, other: Reach) -> Reach:
        """What depends on both."""
        return Reach(
            self.size,
            np.minimum(self.first, other.first),
            np.maximum(self.last, other.last),
            self.padded | other.padded,
            self.mirrored | other.mirrored,
        )

    def _at(self, read: Places, used: Flags, outside: Flags, *, mirrored: bool) -> Reach:
        return Reach(
            self.size,
            np.where(used, self.first[read], self.size),
            np.where(used, self.last[read], -1),
            (used & self.padded[read]) | outside,
            (used & self.mirrored[read]) | (outside & mirrored),
        )


def reaches(nodes: Sequence[NodeAnalysis]) -> list[tuple[Reach, ...] | None]:
    """For every node what its places depend on, along each axis of the net's first input; None: on nothing of it."""
    found: list[tuple[Reach, ...] | None] = []
    origin = next((node for node in nodes if node.node.is_input), None)
    for node in nodes:
        if node is origin:
            found.append(tuple(map(Reach.of_picture, node.output.spatial)) or None)
            continue
        windows = node.node.layer.windows(node.inputs)
        read = [
            _read(arriving, window, node, shape.rank)
            for i, window, shape in zip(node.node.inputs, windows, node.inputs, strict=True)
            if (arriving := found[i]) is not None
        ]
        found.append(tuple(reduce(Reach.joined, axis) for axis in zip(*read, strict=True)) if read else None)
    return found


def _read(arriving: tuple[Reach, ...], window: Window | None, node: NodeAnalysis, rank: int) -> tuple[Reach, ...]:
    axes = len(arriving)
    places = places_along(node, axes)
    if window is None and places == tuple(len(reach.first) for reach in arriving):
        return arriving
    if isinstance(window, str) or not rank == node.output.rank == axes:
        return tuple(reach.everywhere(outputs) for reach, outputs in zip(arriving, places, strict=True))
    fill = getattr(node.node.layer, "fill", "zeros")
    windows = (AxisWindow(1, 0, 0),) * axes if window is None else window
    return tuple(
        reach.through(own, outputs, fill) for reach, own, outputs in zip(arriving, windows, places, strict=True)
    )


def places_along(node: NodeAnalysis, axes: int) -> tuple[int, ...]:
    """How many places the map has along each axis of the picture: one where it has lost its axes."""
    return node.output.spatial if node.output.rank == axes else (1,) * axes


def _filled(at: Places, size: int, fill: str) -> Places:
    """Where in the map the number stands that a pad repeats."""
    if fill == "wrap":
        return at % size
    if fill == "reflect" and size > 1:
        turned = at % (2 * size - 2)
        return np.minimum(turned, 2 * size - 2 - turned)
    return at


def claimed(field: AxisField, outputs: int) -> tuple[Places, Places]:
    """The first and the last pixel that the analysis claims for each output, pads counted; none: first > last."""
    spans = [_claimed(piece, np.arange(outputs)) for piece in field.pieces]
    first = reduce(np.minimum, (np.where(low <= high, low, FAR) for low, high in spans))
    last = reduce(np.maximum, (np.where(low <= high, high, -FAR) for low, high in spans))
    return first, last


FAR = 1 << 60
"""Beyond any pixel."""


def _claimed(piece: Piece, places: Any) -> tuple[Places, Places]:
    periods, rest = np.divmod(places, piece.period)
    first, last = (np.array(ends, np.int64)[rest] + periods * piece.shift for ends in (piece.first, piece.last))
    if not piece.gaps:
        return first, last
    gap = np.array(piece.gaps)[rest]
    return np.where(gap, FAR, first), np.where(gap, -FAR, last)
