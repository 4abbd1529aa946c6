"""The inside of a block as branches within branches, where that tells the truth: found from what reads what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.pictures.nets.items import Item

BEFORE = -1
"""What arrives at the block."""


class Fork(NamedTuple):
    """Branches side by side, in the order in which `join` reads them; an empty one is a shortcut."""

    branches: tuple[Series, ...]
    join: int


Series = tuple[int | Fork, ...]


class _Way(NamedTuple):
    start: int
    end: int
    order: int
    between: Series
    joined: bool = False


def series_of(body: Sequence[Item]) -> Series | None:
    """The items as a series of items and forks; None where the lines do not lie so, or several things arrive."""
    read = {source for item in body for source in item.sources}
    if min(read, default=0) < BEFORE or [n for n in range(len(body)) if n not in read] != [len(body) - 1]:
        return None
    ways = [_Way(s, end, n, ()) for end, item in enumerate(body) for n, s in enumerate(item.sources)]
    changed = True
    while changed:
        changed = False
        for node in range(len(body)):
            shorter = _reduced(ways, node)
            changed, ways = changed or shorter is not None, ways if shorter is None else shorter
    if len(ways) != 1:
        return None
    return (*ways[0].between, *(() if ways[0].joined else (ways[0].end,)))


def _reduced(ways: list[_Way], node: int) -> list[_Way] | None:
    """The ways with those through this node as one; None where there is nothing to reduce."""
    into = sorted((way for way in ways if way.end == node), key=lambda way: way.order)
    out = [way for way in ways if way.start == node]
    others = [way for way in ways if node not in (way.start, way.end)]
    if len(into) > 1 and len({way.start for way in into}) == 1:
        fork = Fork(tuple(way.between for way in into), node)
        return [*others, *out, _Way(into[0].start, node, 0, (fork,), joined=True)]
    if len(into) == 1 and len(out) == 1:
        before, after = into[0], out[0]
        here = () if before.joined else (node,)
        between = (*before.between, *here, *after.between)
        return [*others, _Way(before.start, after.end, after.order, between, after.joined)]
    return None
