"""Checks a plan of the engine, from the plan alone: each step finds what it reads where it looks, as it wants it.

It goes through the steps and notes which map lies in which blocks of which slot, so a map that is overwritten before
its last reader, or is read before it is whole, is found whatever pass is to blame.  It knows no op, and runs always: it
costs less than the planning itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cnncalc.runtime.engine.engine_plan import EnginePlan
from cnncalc.runtime.engine.ir import Access, ChannelPart, Demand, EngineFaultError, PhasePart, Step
from cnncalc.runtime.engine.lost_layers import lost
from cnncalc.runtime.engine.storage import BARE, BLOCK, ORIGIN, Kind, Placed, Places, Storage
from cnncalc.runtime.planning import Step as LayerStep

Piece = tuple[int, int]
"""A block of channels of a map, by the map's key; a map in planes is one part."""

NOBODY: Piece = 0, -1
"""What lies where nothing has been written."""


class UnsoundPlanError(EngineFaultError):
    """A plan in which a step does not find what it reads, or writes over what others read."""


def verify(engine: EnginePlan, layers: Sequence[LayerStep]) -> None:
    """Raise `UnsoundPlanError` unless all that the steps rely on holds; `layers` are the net's own steps."""
    for faults in (_slot_faults(engine), _layer_faults(engine, layers), _layout_faults(engine)):
        for fault in faults:
            raise UnsoundPlanError(fault)
    memory = _Memory(engine)
    for place in range(len(engine.steps)):
        for fault in memory.faults_of(place):
            raise UnsoundPlanError(f"step {place} ({engine.steps[place].op.kernel}): {fault}")
    for node, placed in engine.outputs.items():
        if memory.origin(placed) != node:
            raise UnsoundPlanError(f"output {node} is not in its place at the end")


def _slot_faults(engine: EnginePlan) -> Iterator[str]:
    """Each slot is large enough, and a halo, which is written once, is never another map's memory."""
    stored: dict[int, set[Storage]] = {}
    for placed in _all_places(engine):
        stored.setdefault(placed.slot, set()).add(placed.storage)
    for slot, storages in stored.items():
        if 4 * max(storage.size for storage in storages) > engine.slots[slot]:
            yield f"slot {slot} is too small"
        if len(storages) > 1 and any(storage.halo != BARE for storage in storages):
            yield f"slot {slot} holds a halo, and maps that would overwrite it"


def _all_places(engine: EnginePlan) -> Iterator[Placed]:
    for places in engine.places:
        yield from places.reads
        yield places.write
    yield from (*engine.inputs.values(), *engine.outputs.values())


def _layer_faults(engine: EnginePlan, layers: Sequence[LayerStep]) -> Iterator[str]:
    """Each layer of a chain is done by the chain's step, and no map but a joined one is written twice."""
    writers: dict[int, list[Step]] = {}
    for step in engine.steps:
        writers.setdefault(step.write.map.key, []).append(step)
        for node in lost(step, layers):
            yield f"{layers[node].name} is folded into a step that does not do it"
        for part in step.parts:
            if any(before not in layers[node].reads for before, node in pairwise(part.nodes)):
                yield f"the layers of {layers[part.nodes[0]].name} do not follow each other"
        if 0 <= step.write.map.key < len(layers) and step.nodes[-1:] != (step.write.map.key,):
            yield f"{layers[step.write.map.key].name} is written by a step of other layers"
    for key, found in writers.items():
        if len(found) > 1 and not _are_disjoint(found):
            yield f"map {key} is written more than once"


def _are_disjoint(steps: Sequence[Step]) -> bool:
    """Whether each writes its own channels, or its own phase of all places."""
    parts = [step.part for step in steps]
    if all(isinstance(part, PhasePart) for part in parts):
        return len({part.first for part in parts if isinstance(part, PhasePart)}) == len(parts)
    channels = sorted(
        (step.part.first, step.part.first + step.reads[0].map.channels)
        for step in steps
        if isinstance(step.part, ChannelPart)
    )
    return len(channels) == len(parts) and all(end <= start for (_, end), (start, _) in pairwise(channels))


def _layout_faults(engine: EnginePlan) -> Iterator[str]:
    """Each place is as its access demands."""
    for step, places in engine.placed_steps:
        accesses = zip((*step.reads, step.write), (*places.reads, places.write), strict=True)
        for access, placed in accesses:
            fault = _misplaced(access, placed.storage, placed.block, deep=step.op.deep)
            if fault:
                yield f"{step.op.kernel}: map {access.map.key} {fault}"
        for fault in (*_bare_faults(step, places), step.op.fault(step, places)):
            if fault:
                yield f"{step.op.kernel}: {fault}"
        if places.reads and not _in_reach(step, places.reads[0].storage):
            yield f"{step.op.kernel}: the window leaves map {step.reads[0].map.key} and its halo"


def _misplaced(access: Access, storage: Storage, block: int, *, deep: bool) -> str:
    images, channels, *size = access.map.shape
    blocked = access.kind is Kind.BLOCKED
    stored = (storage.kind, storage.images, storage.depth, storage.height, storage.width)
    if stored != (access.kind, images, *size) or (size[0] > 1 and blocked and not deep):
        return "is stored in another layout"
    whole = block == 0 and storage.channels == channels
    if not whole and (not blocked or block + access.map.blocks > storage.blocks):
        return "is stored with other channels"
    if access.halo == BARE:
        return ""
    if any(there < wanted for there, wanted in zip(storage.halo, access.halo, strict=True)):
        return "has a smaller halo"
    return "has a halo of other numbers" if access.fill is None or access.fill != storage.fill else ""


def _bare_faults(step: Step, places: Places) -> Iterator[str]:
    """Who takes a map for a vector finds one."""
    accesses = zip((*step.reads, step.write), (*places.reads, places.write), step.op.demands(step), strict=False)
    for access, placed, demand in accesses:
        storage = placed.storage
        if demand is Demand.BARE and (storage.halo != BARE or storage.places > 1):
            yield f"map {access.map.key} is no flat vector"


def _in_reach(step: Step, storage: Storage) -> bool:
    """Whether all windows of a step lie within the map that it reads and the halo around it."""
    window = step.op.sliding
    if window is None:
        return True
    (first, *_), part = step.parts, step.part
    counts = part.count if isinstance(part, PhasePart) else first.write.map.size
    read = step.reads[0]
    if read.start == ORIGIN and counts == read.map.size and window.kernel == window.stride == (1, 1, 1):
        return True
    spread = step.op.deep and read.map.size[0] == window.kernel[0] == 1 and read.start[0] == 0
    for axis, ((before, after), count) in enumerate(zip(storage.halo.sides, counts, strict=True)):
        if axis == 0 and spread and not read.halo.front and not read.halo.back:
            continue  # a single slice meets all of the other map's
        start = read.start[axis]
        if -start > before or start + window.seen(count, axis) > read.map.size[axis] + after:
            return False
    return True


class _Memory:
    """Which map lies where, step after step."""

    def __init__(self, engine: EnginePlan) -> None:
        self._engine = engine
        self._unwritten = Counter(step.write.map.key for step in engine.steps)
        self._copied = {step.write.map.key: step.reads[0].map.key for step in engine.steps if step.is_copy}
        self._same = dict(_in_place(engine.in_place))
        self._named: dict[tuple[int, int], tuple[list[Piece], frozenset[int]]] = {}
        self._slots: dict[int, tuple[Storage, list[Piece]]] = {}
        for node, placed in engine.inputs.items():
            self._put(placed, 0, [(node, 0)])

    def faults_of(self, place: int) -> Iterator[str]:
        """What is wrong with what a step reads, and with where it writes; then its result is there."""
        step, (reads, target) = self._engine.steps[place], self._engine.places[place]
        first, parts = self._written(step)
        for number, (access, placed) in enumerate(zip(step.reads, reads, strict=True)):
            wanted, keys = self._parts(access)
            if self._there(placed, len(wanted)) != wanted:
                yield f"map {access.map.key} is not where it is read"
            if any(self._unwritten[key] for key in keys):
                yield f"map {access.map.key} is read before it is whole"
            overlap = _overlap(placed, len(wanted), target, first, len(parts))
            if overlap and not _elementwise(step, number, placed, target):
                yield f"it writes over map {access.map.key}, which it reads"
        self._put(target, first, parts)
        self._unwritten[step.write.map.key] -= 1

    def origin(self, placed: Placed) -> int | None:
        """The node whose result, or a copy of it, lies in a place of planes."""
        found = self._there(placed, 1)[0]
        if found == NOBODY or self._unwritten[found[0]]:
            return None
        return self._copied.get(found[0], found[0])

    def _parts(self, access: Access) -> tuple[list[Piece], frozenset[int]]:
        """What a map consists of, and the keys of that; where it is made in place, of the parts that are joined."""
        key, blocks = known = access.map.key, access.map.blocks if access.kind is Kind.BLOCKED else 0
        if known not in self._named:
            parts = [self._name((key, block)) for block in range(blocks)] or [(key, 0)]
            self._named[known] = parts, frozenset(key for key, _ in parts)
        return self._named[known]

    def _name(self, part: Piece) -> Piece:
        """The part under the name that it was written by; chains of names are walked once."""
        named = part
        while named in self._same:
            named = self._same[named]
        if named != part:
            self._same[part] = named
        return named

    def _written(self, step: Step) -> tuple[int, list[Piece]]:
        """The first block that a step writes, and what lies there then."""
        parts, _ = self._parts(step.write)
        if not isinstance(step.part, ChannelPart):
            return 0, parts
        first, last = step.part.first, step.part.first + step.reads[0].map.channels
        return first // BLOCK, parts[first // BLOCK : -(-last // BLOCK)]

    def _there(self, placed: Placed, count: int) -> list[Piece]:
        if placed.slot not in self._slots or self._slots[placed.slot][0] != placed.storage:
            return [NOBODY]
        return self._slots[placed.slot][1][placed.block : placed.block + count]

    def _put(self, placed: Placed, first: int, parts: list[Piece]) -> None:
        if placed.slot not in self._slots or self._slots[placed.slot][0] != placed.storage:
            count = placed.storage.blocks if placed.storage.kind is Kind.BLOCKED else 1
            self._slots[placed.slot] = placed.storage, [NOBODY] * count
        start = placed.block + first
        self._slots[placed.slot][1][start : start + len(parts)] = parts


def _in_place(copies: Sequence[Step]) -> Iterator[tuple[Piece, Piece]]:
    """What is the same where parts of a joined map are made in its memory: a block of it, and that of its part."""
    for step in copies:
        source, whole, part = step.reads[0].map, step.write.map, step.part
        first = part.first if isinstance(part, ChannelPart) else 0
        last = first + source.channels == whole.channels
        if first % BLOCK or (source.channels % BLOCK and not last) or source.size != whole.size:
            raise UnsoundPlanError(f"map {source.key} cannot be a part of map {whole.key} where it is")
        for block in range(source.blocks):
            yield (whole.key, first // BLOCK + block), (source.key, block)


def _overlap(read: Placed, count: int, target: Placed, first: int, written: int) -> bool:
    if read.slot != target.slot:
        return False
    start = target.block + first
    return read.storage != target.storage or (read.block < start + written and start < read.block + count)


def _elementwise(step: Step, number: int, read: Placed, target: Placed) -> bool:
    """Whether a step writes each number of a map where it reads the one that it is made of, and no other."""
    access, demands = step.reads[number], step.op.demands(step)
    bare = bool(demands) and demands[number] is Demand.BARE
    same = read == target and access.map.shape == step.write.map.shape and access.halo == BARE
    return same and step.op.elementwise and access.start == ORIGIN and not bare and step.part is None
