"""Some numbers of a map, as channels times stretches of places, and how several such parts of one map are kept.

A part keeps apart what is read at its own place and what is read because a padding copies it (edge, reflect, wrap), and
remembers how far into paddings the windows reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.analysis.cell_field.spans import Span, Spans, count, holds, hull, tidied

MOST_PARTS = 16
"""More parts of one map become one, which holds them all."""

Sizes = tuple[int, int, int]


class Along(NamedTuple):
    """Along one axis the places that are read, those that a padding copies, and how far windows reach, pads counted."""

    own: Spans
    copied: Spans
    reach: Span

    @property
    def read(self) -> Spans:
        """All places of the map that are read."""
        return tidied((*self.own, *self.copied)).spans if self.copied else self.own

    @classmethod
    def whole(cls, size: int) -> Along:
        """Every place."""
        return cls.of(((0, size - 1),))

    @classmethod
    def of(cls, spans: Spans) -> Along:
        """Some places, and no padding."""
        return cls(spans, (), hull(spans))


class Cells(NamedTuple):
    """The numbers of these channels at these places (depth, height, width); not `exact`: it may be fewer."""

    channels: Spans
    axes: tuple[Along, Along, Along]
    exact: bool = True

    @property
    def is_empty(self) -> bool:
        return not self.channels or not all(axis.own or axis.copied for axis in self.axes)

    @property
    def numbers(self) -> int:
        """How many numbers these are."""
        found = count(self.channels)
        for axis in self.axes:
            found *= count(axis.read)
        return found

    def holds(self, other: Cells) -> bool:
        """Whether all numbers of another part are among these, and as surely."""
        if not self.exact and other.exact:
            return False
        pairs = zip(self.axes, other.axes, strict=True)
        return holds(self.channels, other.channels) and all(
            holds(one.own, its.own) and holds(one.copied, its.copied) for one, its in pairs
        )

    def is_all_of(self, channels: int, sizes: Sizes) -> bool:
        """Whether these are all numbers of a map."""
        return count(self.channels) == channels and all(
            count(axis.own) == size for axis, size in zip(self.axes, sizes, strict=True)
        )


class Parts:
    """What is read of one map, part by part."""

    def __init__(self) -> None:
        self.parts: list[Cells] = []

    def add(self, cells: Cells) -> None:
        """One more part; what one holds already is not kept twice."""
        if cells.is_empty:
            return
        for n, part in enumerate(self.parts):
            if part.holds(cells):
                self.parts[n] = part._replace(axes=_reaching(part, cells))
                return
            if (joined := _joined(part, cells)) is not None:
                del self.parts[n]
                self.add(joined)
                return
        for part in [part for part in self.parts if cells.holds(part)]:
            cells = cells._replace(axes=_reaching(cells, part))
            self.parts.remove(part)
        self.parts.append(cells)
        if len(self.parts) > MOST_PARTS:
            self.parts = [_hull(self.parts)]


def _reaching(one: Cells, other: Cells) -> tuple[Along, Along, Along]:
    """The axes of one part, whose windows reach as far as those of the other too."""
    z, y, x = (a._replace(reach=_wider(a.reach, b.reach)) for a, b in zip(one.axes, other.axes, strict=True))
    return z, y, x


def _wider(one: Span, other: Span) -> Span:
    return min(one[0], other[0]), max(one[1], other[1])


def _joined(one: Cells, other: Cells) -> Cells | None:
    """Two parts as one, where they differ in their channels alone or along one axis alone."""
    if one.exact != other.exact:
        return None
    same = [a[:2] == b[:2] for a, b in zip(one.axes, other.axes, strict=True)]
    if one.channels != other.channels:
        if not all(same):
            return None
        channels = tidied((*one.channels, *other.channels))
        return Cells(channels.spans, _reaching(one, other), one.exact and channels.exact)
    if sum(same) < 2:
        return None
    return _hull([one, other], exact=one.exact)


def _hull(parts: list[Cells], *, exact: bool = False) -> Cells:
    channels = tidied(span for part in parts for span in part.channels)
    z, y, x = (union([part.axes[axis] for part in parts]) for axis in range(3))
    return Cells(channels.spans, (z, y, x), exact)


def union(axes: Iterable[Along]) -> Along:
    """All places of several parts along one axis."""
    found = list(axes)
    reach = min(one.reach[0] for one in found), max(one.reach[1] for one in found)
    own = tidied(span for one in found for span in one.own)
    copied = tidied(span for one in found for span in one.copied)
    return Along(own.spans, copied.spans, reach)
