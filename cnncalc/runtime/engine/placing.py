"""A place in memory for every map: one layout for all who read it, and slots shared by those never alive at once.

A map is stored once, with the largest halo that any reader wants.  Readers that want it otherwise (as planes, in
blocks, with another fill) get a copy, made just before the first of them.  Memory with a halo is handed on only to maps
of the very same layout, so that the halo is written once and holds for good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from cnncalc.runtime.engine.joining import Homes
from cnncalc.runtime.engine.nouns import BARE, Access, EngineStep, Fill, Halo, Kind, Map, Placed, Storage

Key = tuple[int, Kind, Fill]
"""A stored map: its own key, its layout, and -inf where that fill is kept apart."""


class Copies:
    """Goes through the steps and puts copies between them, for readers that want a map in another layout."""

    def __init__(self, steps: Sequence[EngineStep], made: Mapping[int, Access], lanes: int, homes: Homes) -> None:
        self._made, self._lanes, self._homes = made, lanes, homes
        self._apart = _roots_with_both_fills(steps, homes)
        self._copied: dict[Key, Access] = {}
        self.steps: list[EngineStep] = []
        for step in steps:
            reads = tuple(map(self.delivered, step.reads))
            self.steps.append(replace(step, reads=reads))

    def delivered(self, wanted: Access) -> Access:
        """That access, or the one to a copy, which is made here if it does not exist yet."""
        second = wanted.fill == -inf and self._homes.of(wanted.map.key)[0] in self._apart
        made = self._made[wanted.map.key]
        if wanted.kind == made.kind and not second:
            return wanted
        key = wanted.map.key, wanted.kind, wanted.fill if second else None
        if key not in self._copied:
            self._copied[key] = _copy_access(wanted, second=second)
            self.steps.append(_copy(made, self._copied[key], self._lanes))
        return replace(self._copied[key], halo=wanted.halo, fill=wanted.fill)


_COPY = 1 << 40
"""Copies have keys of their own, far from those of nodes."""


def _copy_access(read: Access, *, second: bool) -> Access:
    distance = _COPY * (1 + ("blocked", "planes").index(read.kind) + 4 * second)
    return Access(replace(read.map, key=read.map.key + distance), read.kind)


def _copy(source: Access, target: Access, lanes: int) -> EngineStep:
    if source.kind == target.kind == "blocked":
        return EngineStep("pointwise", (lanes, 0, 0), (), (replace(source, halo=BARE, fill=None),), target)
    return EngineStep("moved", (), (), (replace(source, halo=BARE, fill=None),), target, {"order": "copy"})


def _roots_with_both_fills(steps: Sequence[EngineStep], homes: Homes) -> set[int]:
    fills: dict[int, set[Fill]] = {}
    for step in steps:
        for read in step.reads:
            if read.kind == "blocked" and read.fill is not None:
                fills.setdefault(homes.of(read.map.key)[0], set()).add(read.fill)
    return {root for root, found in fills.items() if len(found) > 1}


@dataclass
class _Stay:
    """What is known about one stored map while placing."""

    map: Map
    kind: Kind
    first: int
    last: int
    halo: Halo = BARE
    fill: Fill = None


@dataclass
class Placing:
    """Finds the slot of every stored map."""

    steps: Sequence[EngineStep]
    inputs: Mapping[int, Map]
    homes: Homes
    kept: frozenset[int]
    maps: Mapping[int, Map]
    slots: list[int] = field(default_factory=list)
    places: dict[int, Placed] = field(default_factory=dict)

    def place_all(self) -> None:
        """Go through the steps; a slot is free again after the last step that touches what it holds."""
        stays = self._stays()
        starting: dict[int, list[int]] = {}
        ending: dict[int, list[int]] = {}
        for root, stay in stays.items():
            starting.setdefault(stay.first, []).append(root)
            ending.setdefault(stay.last, []).append(root)
        free: dict[Storage | None, list[int]] = {}
        for i in range(-1, len(self.steps)):
            for root in starting.get(i, ()):
                storage = _storage(stays[root])
                self.places[root] = Placed(self._slot(storage, free), storage)
            for root in ending.get(i, ()):
                if root not in self.kept:
                    place = self.places[root]
                    free.setdefault(_shared_by(place.storage), []).append(place.slot)

    def placed(self, access: Access) -> Placed:
        """Where that access finds its map."""
        root, block = self._root(access)
        return replace(self.places[root], block=block)

    def _root(self, access: Access) -> tuple[int, int]:
        return self.homes.of(access.map.key) if access.kind == "blocked" else (access.map.key, 0)

    def _stays(self) -> dict[int, _Stay]:
        found = {key: _Stay(source, "planes", -1, -1) for key, source in self.inputs.items()}
        for i, step in enumerate(self.steps):
            for access in (*step.reads, step.writes):
                root, _ = self._root(access)
                stay = found.setdefault(root, _Stay(self.maps.get(root, access.map), access.kind, i, i))
                stay.last = i
                stay.halo = _merged(stay.halo, access.halo)
                stay.fill = access.fill if stay.fill is None else stay.fill
        return found

    def _slot(self, storage: Storage, free: dict[Storage | None, list[int]]) -> int:
        candidates = free.get(_shared_by(storage), [])
        size = 4 * storage.size
        if candidates:
            fitting = [slot for slot in candidates if self.slots[slot] >= size]
            slot = min(fitting, key=self.slots.__getitem__) if fitting else max(candidates, key=self.slots.__getitem__)
            candidates.remove(slot)
            self.slots[slot] = max(self.slots[slot], size)
            return slot
        self.slots.append(size)
        return len(self.slots) - 1


def _storage(stay: _Stay) -> Storage:
    images, channels, _, height, width = stay.map.shape
    if stay.kind == "planes":
        height *= stay.map.shape[2]
    return Storage(stay.kind, images, channels, height, width, stay.halo, stay.fill)


def _shared_by(storage: Storage) -> Storage | None:
    """What else may use the memory afterwards: any map without a halo, or only one exactly like it."""
    return None if storage.halo == BARE else storage


def _merged(one: Halo, other: Halo) -> Halo:
    top, left, below, right = (max(pair) for pair in zip(one, other, strict=True))
    return top, left, below, right
