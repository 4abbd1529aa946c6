"""The parts of a block and what each of them reads, with what arrives as boxes of its own before them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.panel_boxes import Box, named_box


class Readings(NamedTuple):
    """Boxes in the order of the net, those of what arrives first; each line leads from a box to a later one."""

    boxes: tuple[Box, ...]
    lines: tuple[tuple[int, int], ...]
    arrivals: int


def readings_of(body: Sequence[Item], boxes: Sequence[Box], names: Sequence[str]) -> Readings:
    """The readings of a block's body; `names`: of what arrives, in the order in which it is first read."""
    arrivals = -min((source for item in body for source in item.sources if source < 0), default=0)
    inputs = tuple(named_box(names[n] if n < len(names) else f"in {n + 1}", "input") for n in range(arrivals))
    lines = tuple(
        (arrivals + source if source >= 0 else -1 - source, place + arrivals)
        for place, item in enumerate(body)
        for source in item.sources
    )
    return Readings((*inputs, *boxes), lines, arrivals)


def shortcuts_among(lines: Sequence[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """The lines beside which there is a longer way; each line leads to a later box."""
    read: dict[int, list[int]] = {}
    for start, end in lines:
        read.setdefault(end, []).append(start)
    reached: dict[int, set[int]] = {}
    for box in sorted(read):
        reached[box] = set(read[box]).union(*(reached.get(start, ()) for start in read[box]))
    return frozenset(
        (start, end)
        for start, end in lines
        if any(start in reached.get(other, ()) for other in read[end] if other != start)
    )
