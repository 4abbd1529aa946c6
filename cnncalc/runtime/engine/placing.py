"""A place in memory for every map: one layout for all who read it, and slots shared by those never alive at once.

A map is stored once, with the largest halo that any reader wants.  Readers that want it otherwise (as planes, in
blocks, with another fill, with a halo where others take it for a vector) get a copy, made just before the first of
them.  Memory with a halo is used again only for maps of the very same layout, so that the halo is written once and
holds for good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from cnncalc.runtime.engine.joining import Homes
from cnncalc.runtime.engine.nouns import BARE, Access, EngineStep, Fill, Halo, Kind, Map, Placed, Storage

Form = tuple[Kind, Fill]
"""A way in which a map is stored: in which layout, and with which fill, where it has a copy for that fill alone."""


class Copies:
    """Goes through the steps and puts copies between them, for readers that want a map in another form."""

    def __init__(self, steps: Sequence[EngineStep], made: Mapping[int, Access], lanes: int, homes: Homes) -> None:
        self._made, self._lanes, self._homes = made, lanes, homes
        self._demands = _Demands(steps, homes)
        self._copied: dict[tuple[int, Form], Access] = {}
        self.steps: list[EngineStep] = []
        for step in steps:
            reads = tuple(map(self.delivered, step.reads))
            self.steps.append(replace(step, reads=reads))

    def delivered(self, wanted: Access) -> Access:
        """That access, or the one to a copy, which is made here if it does not exist yet."""
        made, form = self._made[wanted.map.key], self._demands.form(wanted)
        if form == (made.kind, None):
            return wanted
        key = wanted.map.key, form
        if key not in self._copied:
            self._copied[key] = _copy_access(wanted.map, form)
            self.steps.append(_copy(made, self._copied[key], self._lanes))
        return replace(wanted, map=self._copied[key].map)


class _Demands:
    """What all steps together demand of each stored map; who cannot have it as the others do has a copy of its own."""

    def __init__(self, steps: Sequence[EngineStep], homes: Homes) -> None:
        self._homes = homes
        self._fills: dict[tuple[int, Kind], set[Fill]] = {}
        self._flat: set[tuple[int, Kind]] = set()
        for step in steps:
            for access in (*step.reads, step.writes):
                if access.fill is not None:
                    self._fills.setdefault(self._stored(access), set()).add(access.fill)
                if access.flat:
                    self._flat.add(self._stored(access))

    def form(self, wanted: Access) -> Form:
        """A halo goes into a copy where others take the map for a vector, or want another fill: that of -inf then."""
        stored = self._stored(wanted)
        apart = stored in self._flat or (wanted.fill == -inf and len(self._fills.get(stored, ())) > 1)
        return wanted.kind, wanted.fill if apart and wanted.halo != BARE else None

    def _stored(self, access: Access) -> tuple[int, Kind]:
        return self._homes.of(access.map.key)[0], access.kind


_COPY = 1 << 40
"""Copies have keys of their own, far from those of nodes."""

_KINDS: tuple[Kind, ...] = ("blocked", "planes")
_FILLS: tuple[Fill, ...] = (None, 0.0, -inf)


def _copy_access(source: Map, form: Form) -> Access:
    kind, fill = form
    number = 1 + _KINDS.index(kind) + len(_KINDS) * _FILLS.index(fill)
    return Access(replace(source, key=source.key + _COPY * number), kind)


def _copy(source: Access, target: Access, lanes: int) -> EngineStep:
    read = Access(source.map, source.kind)
    if source.kind == target.kind == "blocked":
        return EngineStep("pointwise", (lanes, 0, 0), (), (read,), target)
    return EngineStep("moved", (), (), (read,), target, {"order": "copy"})


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
