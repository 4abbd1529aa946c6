"""The parts of a block in layers, each below all that it reads, in an order in which few lines cross.

A line over a layer bends there at a place of its own; lines that leave one part together share their bends.  The
layers and the order alone: where the places lie, `layer_places` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from cnncalc.pictures.nets.readings import shortcuts_among

SWEEPS = 24

Lines = tuple[tuple[int, int], ...]
"""Which box each line leads from, and to."""


class Layering(NamedTuple):
    """Spots in layers, from above to below, left to right: the boxes by their number, then the bends.

    Each hop leads from a spot to one in the next layer; `shortcuts` are those that belong to shortcuts alone.
    """

    layers: tuple[tuple[int, ...], ...]
    hops: tuple[tuple[int, int], ...]
    shortcuts: frozenset[tuple[int, int]]
    boxes: int

    def is_bend(self, spot: int) -> bool:
        return spot >= self.boxes


@lru_cache(maxsize=128)
def layering(lines: Lines, boxes: int, arrivals: int) -> Layering:
    """The layers of a block of so many boxes, of which so many arrive; those lie in the first one."""
    layer_of, passing = _longest_ways(lines, boxes, arrivals), shortcuts_among(lines)
    layers: list[list[int]] = [[] for _ in range(max(layer_of) + 1)]
    for box, layer in enumerate(layer_of):
        layers[layer].append(box)
    hops: list[tuple[int, int]] = []
    shortcuts, spot = set[tuple[int, int]](), len(layer_of)
    for box, layer in enumerate(layer_of):
        readers = [end for start, end in lines if start == box]
        at = box
        for below in range(layer + 1, max((layer_of[reader] for reader in readers), default=layer) + 1):
            here = [(at, reader) for reader in readers if layer_of[reader] == below]
            shortcuts |= {(at, reader) for at, reader in here if (box, reader) in passing}
            further = {(box, reader) for reader in readers if layer_of[reader] > below}
            if further:
                layers[below].append(spot)
                here.append((at, spot))
                shortcuts |= {(at, spot)} if further <= passing else set()
            hops += here
            if further:
                at, spot = spot, spot + 1
    return Layering(_uncrossed(layers, hops), tuple(hops), frozenset(shortcuts), len(layer_of))


def _longest_ways(lines: Lines, boxes: int, arrivals: int) -> list[int]:
    """For each box how many lines the longest way to it has."""
    layer_of = [0] * boxes
    for box in range(arrivals, boxes):
        layer_of[box] = 1 + max((layer_of[start] for start, end in lines if end == box), default=-1)
    return layer_of


def _uncrossed(layers: list[list[int]], hops: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    """The layers in the best order of all sweeps: each spot at the mean place of what it is tied to."""
    above: dict[int, list[int]] = {}
    below: dict[int, list[int]] = {}
    for upper, lower in hops:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    best = tuple(map(tuple, layers))
    fewest = _crossings(best, hops)
    for sweep in range(SWEEPS):
        if not fewest:
            break
        tied, order = (above, layers) if sweep % 2 == 0 else (below, layers[::-1])
        for fixed, layer in pairwise(order):
            place = {spot: n for n, spot in enumerate(fixed)}
            mean = {
                spot: sum(place[one] for one in tied[spot]) / len(tied[spot]) if spot in tied else float(n)
                for n, spot in enumerate(layer)
            }
            layer.sort(key=mean.__getitem__)
        crossings = _crossings(layers, hops)
        if crossings < fewest:
            best, fewest = tuple(map(tuple, layers)), crossings
    return best


def _crossings(layers: Sequence[Sequence[int]], hops: Sequence[tuple[int, int]]) -> int:
    place = {spot: (number, n) for number, layer in enumerate(layers) for n, spot in enumerate(layer)}
    found = 0
    for number in range(len(layers)):
        pairs = [(place[a][1], place[b][1]) for a, b in hops if place[a][0] == number]
        found += sum((a - c) * (b - d) < 0 for n, (a, b) in enumerate(pairs) for c, d in pairs[:n])
    return found
