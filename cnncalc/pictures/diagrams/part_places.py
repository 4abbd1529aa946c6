"""Which box each row of a net is drawn as, and what the boxes read from each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cnncalc.pictures.diagrams.parts_of_net import Part
from cnncalc.pictures.nets.net_rows import NetRows
from cnncalc.pictures.nets.readings import shortcuts_among


class Places(NamedTuple):
    """The parts that are boxes, from left to right; for each row its box, and the row of the first copy like it."""

    boxes: tuple[Part, ...]
    box_of: Mapping[int, int]
    like: Mapping[int, int]


class Line(NamedTuple):
    """What leads from one box to a later one: (row that is read, row that reads) for each.

    A source below 0 is from outside, -1 what is read first.
    """

    source: int
    target: int
    reads: tuple[tuple[int, int], ...]


def boxes_in(parts: Iterable[Part]) -> list[Part]:
    """The parts that are boxes."""
    return [box for part in parts for box in (boxes_in(part.shown) if part.shown else [part])]


def places_of(parts: Iterable[Part]) -> Places:
    """The places of the rows in these parts."""
    box_of: dict[int, int] = {}
    like: dict[int, int] = {}
    boxes: list[Part] = []

    def walk(several: Iterable[Part], shifts: Sequence[int]) -> None:
        for part in several:
            copies = [shift + part.length * copy for shift in shifts for copy in range(part.times)]
            if part.shown:
                walk(part.shown, copies)
                continue
            for row in range(part.first, part.last + 1):
                for shift in copies:
                    box_of[row + shift], like[row + shift] = len(boxes), row
            boxes.append(part)

    walk(parts, (0,))
    return Places(tuple(boxes), box_of, like)


def lines_of(rows: NetRows, places: Places) -> tuple[Line, ...]:
    """Each line once, by the box that reads and what it reads first; what leads from copy to copy is none."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    outside: dict[int, int] = {}
    for reader in sorted(places.box_of):
        target = places.box_of[reader]
        for read in rows.reads[reader]:
            source = places.box_of[read] if read in places.box_of else -1 - outside.setdefault(read, len(outside))
            if source < target:
                found.setdefault((source, target), []).append((read, reader))
    lines = [Line(source, target, tuple(reads)) for (source, target), reads in found.items()]
    return tuple(sorted(lines, key=lambda line: line.target))


def shortcuts(lines: Iterable[Line]) -> frozenset[tuple[int, int]]:
    """The lines beside which there is a longer way, as source and target."""
    return shortcuts_among([(line.source, line.target) for line in lines])


def height(lines: Iterable[Line]) -> int:
    """How many boxes the longest way has."""
    tall: dict[int, int] = {}
    for line in lines:
        tall[line.target] = max(tall.get(line.target, 1), tall.get(line.source, 1) + 1)
    return max(tall.values(), default=1)
