"""Lines between two layers with right angles: each runs level at a track of its own where others are in its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

NEAR = 4.0
"""Lines less far apart than this lie on one another."""

ON_ANOTHER = 100


class Strand(NamedTuple):
    """A line that leaves one place above and ends at one or more places below."""

    start: float
    ends: tuple[float, ...]

    @property
    def is_straight(self) -> bool:
        return all(abs(end - self.start) < 0.5 for end in self.ends)

    @property
    def left(self) -> float:
        return min(self.start, *self.ends)

    @property
    def right(self) -> float:
        return max(self.start, *self.ends)


def level_tracks(strands: Sequence[Strand]) -> list[int]:
    """The track of each strand, 0 for the highest one; those of straight strands mean nothing."""
    order = [n for n, strand in enumerate(strands) if not strand.is_straight]
    cost = {(a, b): _crossings(strands[a], strands[b]) for a in order for b in order if a != b}
    moved = True
    for _ in range(len(order)):
        if not moved:
            break
        moved = False
        for n in range(len(order) - 1):
            a, b = order[n], order[n + 1]
            if cost[b, a] < cost[a, b]:
                order[n], order[n + 1], moved = b, a, True
    tracks = [0] * len(strands)
    for n, one in enumerate(order):
        above = [tracks[other] + 1 for other in order[:n] if _meet(strands[other], strands[one])]
        tracks[one] = max(above, default=0)
    return tracks


def _meet(a: Strand, b: Strand) -> bool:
    return a.left < b.right + 2 * NEAR and b.left < a.right + 2 * NEAR


def _crossings(upper: Strand, lower: Strand) -> int:
    """How often two strands cross where the one runs level above the other; lying on another counts most."""
    down = sum(lower.left < end < lower.right for end in upper.ends)
    out = upper.left < lower.start < upper.right
    return down + out + ON_ANOTHER * sum(abs(end - lower.start) < NEAR for end in upper.ends)
