"""A place in memory for every map: one layout for all who read it, and slots shared by those never alive at once.

Memory with a halo is used again only for maps of the very same layout, so that the halo is written once and holds for
good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cnncalc.runtime.engine.ir import Access, Map, Step
from cnncalc.runtime.engine.passes.concat_in_place import Homes
from cnncalc.runtime.engine.storage import BARE, Fill, Halo, Kind, Placed, Places, Storage


@dataclass
class _Stay:
    """What is known about one stored map while it is placed."""

    map: Map
    kind: Kind
    first: int
    last: int
    halo: Halo = BARE
    fill: Fill = None


@dataclass
class MemoryPlan:
    """Finds the slot of every stored map; `kept` are those whose memory is never used again."""

    steps: Sequence[Step]
    inputs: Mapping[int, Map]
    homes: Homes
    kept: frozenset[int]
    maps: Mapping[int, Map]
    slots: list[int] = field(default_factory=list)
    placed: dict[int, Placed] = field(default_factory=dict)

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
                self.placed[root] = Placed(self._slot(storage, free), storage)
            for root in ending.get(i, ()):
                if root not in self.kept:
                    place = self.placed[root]
                    free.setdefault(_used_again_by(place.storage), []).append(place.slot)

    def place(self, access: Access) -> Placed:
        """Where that access finds its map."""
        root, block = self._root(access)
        place = self.placed[root]
        return Placed(place.slot, place.storage, block) if block else place

    def places(self, step: Step) -> Places:
        """Where a step finds all its maps."""
        return Places(tuple(map(self.place, step.reads)), self.place(step.write))

    def _root(self, access: Access) -> tuple[int, int]:
        return self.homes.of(access.map.key) if access.kind is Kind.BLOCKED else (access.map.key, 0)

    def _stays(self) -> dict[int, _Stay]:
        found = {key: _Stay(source, Kind.PLANES, -1, -1) for key, source in self.inputs.items()}
        for i, step in enumerate(self.steps):
            for access in (*step.reads, step.write):
                root, _ = self._root(access)
                stay = found.get(root)
                if stay is None:
                    stay = found[root] = _Stay(self.maps.get(root, access.map), access.kind, i, i)
                stay.last = i
                if access.halo != BARE:
                    stay.halo = Halo(*map(max, stay.halo, access.halo))
                if stay.fill is None:
                    stay.fill = access.fill
        return found

    def _slot(self, storage: Storage, free: dict[Storage | None, list[int]]) -> int:
        candidates = free.get(_used_again_by(storage), [])
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
    images, channels, depth, height, width = stay.map.shape
    return Storage(stay.kind, images, channels, depth, height, width, stay.halo, stay.fill)


def _used_again_by(storage: Storage) -> Storage | None:
    """What else may use the memory afterwards: any map without a halo, or only one exactly like it."""
    return None if storage.halo == BARE else storage
