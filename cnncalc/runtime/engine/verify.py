"""Checks a plan of the engine, from the plan alone: each step finds what it reads where it looks, as it wants it.

It goes through the steps and notes which map lies in which blocks of which slot, so a map that is overwritten before
its last reader, or is read before it is whole, is found whatever pass is to blame.  It knows no pass, and runs always:
it costs less than the planning itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cnncalc.runtime.engine.consumed import lost
from cnncalc.runtime.engine.nouns import BARE, BLOCK, Access, EngineFaultError, EnginePlan, EngineStep, Placed, Storage
from cnncalc.runtime.planning import Step

Part = tuple[int, int]
"""A block of channels of a map, by the map's key; a map in planes is one part."""

NOBODY: Part = 0, -1
"""What lies where nothing has been written."""


class UnsoundPlanError(EngineFaultError):
    """A plan in which a step does not find what it reads, or writes over what others read."""


def verify(engine: EnginePlan, layers: Sequence[Step]) -> None:
    """Raise `UnsoundPlanError` unless all that the steps rely on holds; `layers` are the net's own steps."""
    for faults in (_slot_faults(engine), _layer_faults(engine, layers), _layout_faults(engine)):
        for fault in faults:
            raise UnsoundPlanError(fault)
    memory = _Memory(engine)
    for place in range(len(engine.steps)):
        for fault in memory.faults_of(place):
            raise UnsoundPlanError(f"step {place} ({engine.steps[place].kernel}): {fault}")
    for node, placed in engine.outputs.items():
        if memory.origin(placed) != node:
            raise UnsoundPlanError(f"output {node} is not in its place at the end")


def dense_rows(step: EngineStep, reads: Sequence[Placed], target: Placed) -> bool:
    """Whether output i of a channel block is made of input i alone, however many rows they lie in.

    So its window is one place that moves by one, begins at the first, and no map has a halo or places of its own.
    """
    numbers, size = step.numbers, step.writes.map.shape[3:]
    alone = all(numbers[name] == 1 for name in ("ky", "kx", "sy", "sx")) and not (numbers["top"] or numbers["left"])
    stored = (place.storage for place in (*reads, target))
    return alone and all(each.halo == BARE and (each.height, each.width) == size for each in stored)


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
    for reads in engine.reads:
        yield from reads
    yield from (*engine.writes, *engine.inputs.values(), *engine.outputs.values())


def _layer_faults(engine: EnginePlan, layers: Sequence[Step]) -> Iterator[str]:
    """Each layer of a chain is done by the chain's step, and no map but a joined one is written twice."""
    writers: dict[int, list[EngineStep]] = {}
    for step in engine.steps:
        writers.setdefault(step.writes.map.key, []).append(step)
        for node in lost(step, layers):
            yield f"{layers[node].name} is folded into a step that does not do it"
        for part in step.parts or (step,):
            if any(before not in layers[node].reads for before, node in pairwise(part.nodes)):
                yield f"the layers of {layers[part.nodes[0]].name} do not follow each other"
        if 0 <= step.writes.map.key < len(layers) and step.nodes[-1:] != (step.writes.map.key,):
            yield f"{layers[step.writes.map.key].name} is written by a step of other layers"
    for key, found in writers.items():
        if len(found) > 1 and not (all(map(_is_part, found)) or all(step.weights == "transposed" for step in found)):
            yield f"map {key} is written more than once"


def _is_part(step: EngineStep) -> bool:
    return step.numbers.get("order") == "part"


def _layout_faults(engine: EnginePlan) -> Iterator[str]:
    """Each place is as its access demands."""
    for step, reads, target in zip(engine.steps, engine.reads, engine.writes, strict=True):
        accesses = zip((*step.reads, step.writes), (*reads, target), strict=True)
        for access, placed in accesses:
            fault = _misplaced(access, placed.storage, placed.block)
            if fault:
                yield f"{step.kernel}: map {access.map.key} {fault}"
        if reads and not _in_reach(step.parts[0] if step.parts else step, reads[0].storage):
            yield f"{step.kernel}: the window leaves map {step.reads[0].map.key} and its halo"
        if step.numbers.get("merged") and not dense_rows(step, reads, target):
            yield f"{step.kernel}: rows are taken for one that do not follow each other"


def _misplaced(access: Access, storage: Storage, block: int) -> str:
    images, channels, deep, height, width = access.map.shape
    flat_map = deep == 1 or access.kind == "planes"
    size = storage.kind, storage.images, storage.height, storage.width
    if not flat_map or size != (access.kind, images, height * deep, width):
        return "is stored in another layout"
    whole = block == 0 and storage.channels == channels
    if not whole and (access.kind == "planes" or block + access.map.blocks > storage.blocks):
        return "is stored with other channels"
    return _unfit(access, storage)


def _unfit(access: Access, storage: Storage) -> str:
    if any(there < wanted for there, wanted in zip(storage.halo, access.halo, strict=True)):
        return "has a smaller halo"
    if access.halo != BARE and (access.fill is None or access.fill != storage.fill):
        return "has a halo of other numbers"
    if access.flat and (storage.halo != BARE or storage.rows * storage.columns > 1):
        return "is no flat vector"
    return ""


SLIDING = ("convolution", "winograd", "windows", "pointwise", "spliced")
"""Kernels that begin to read outside their map, or further inside, and go on by windows."""


def _in_reach(step: EngineStep, storage: Storage) -> bool:
    """Whether all windows of a step lie within the map that it reads and the halo around it."""
    if step.kernel not in SLIDING:
        return True
    places, n = step.numbers.get("places", step.writes.map.shape[3:]), step.numbers
    for axis, (size, names) in enumerate(
        zip(places, (("ky", "sy", "dy", "top"), ("kx", "sx", "dx", "left")), strict=True)
    ):
        kernel, stride, dilation = (n.get(name, 1) for name in names[:3])
        before, inside = n.get(names[3], 0), step.reads[0].map.shape[3 + axis]
        beyond = (size - 1) * stride + dilation * (kernel - 1) + 1 - before - inside
        if before > storage.halo[axis] or beyond > storage.halo[2 + axis]:
            return False
    return True


class _Memory:
    """Which map lies where, step after step."""

    def __init__(self, engine: EnginePlan) -> None:
        self._engine = engine
        self._unwritten = Counter(step.writes.map.key for step in engine.steps)
        self._copied = {step.writes.map.key: step.reads[0].map.key for step in engine.steps if _is_copy(step)}
        self._same = dict(_in_place(engine.in_place))
        self._named: dict[tuple[int, int], tuple[list[Part], frozenset[int]]] = {}
        self._slots: dict[int, tuple[Storage, list[Part]]] = {}
        for node, placed in engine.inputs.items():
            self._put(placed, 0, [(node, 0)])

    def faults_of(self, place: int) -> Iterator[str]:
        """What is wrong with what a step reads, and with where it writes; then its result is there."""
        step, target = self._engine.steps[place], self._engine.writes[place]
        first, parts = self._written(step)
        for number, (access, placed) in enumerate(zip(step.reads, self._engine.reads[place], strict=True)):
            wanted, keys = self._parts(access)
            if self._there(placed, len(wanted)) != wanted:
                yield f"map {access.map.key} is not where it is read"
            if any(self._unwritten[key] for key in keys):
                yield f"map {access.map.key} is read before it is whole"
            overlap = _overlap(placed, len(wanted), target, first, len(parts))
            if overlap and not _elementwise(step, number, placed, target):
                yield f"it writes over map {access.map.key}, which it reads"
        self._put(target, first, parts)
        self._unwritten[step.writes.map.key] -= 1

    def origin(self, placed: Placed) -> int | None:
        """The node whose result, or a copy of it, lies in a place of planes."""
        found = self._there(placed, 1)[0]
        if found == NOBODY or self._unwritten[found[0]]:
            return None
        return self._copied.get(found[0], found[0])

    def _parts(self, access: Access) -> tuple[list[Part], frozenset[int]]:
        """What a map consists of, and the keys of that; where it is made in place, of the parts that are joined."""
        key, blocks = known = access.map.key, 0 if access.kind == "planes" else access.map.blocks
        if known not in self._named:
            parts = [self._name((key, block)) for block in range(blocks)] or [(key, 0)]
            self._named[known] = parts, frozenset(key for key, _ in parts)
        return self._named[known]

    def _name(self, part: Part) -> Part:
        """The part under the name that it was written by; chains of names are walked once."""
        named = part
        while named in self._same:
            named = self._same[named]
        if named != part:
            self._same[part] = named
        return named

    def _written(self, step: EngineStep) -> tuple[int, list[Part]]:
        """The first block that a step writes, and what lies there then."""
        parts, _ = self._parts(step.writes)
        if not _is_part(step):
            return 0, parts
        first, last = step.channel, step.channel + step.reads[0].map.channels
        return first // BLOCK, parts[first // BLOCK : -(-last // BLOCK)]

    def _there(self, placed: Placed, count: int) -> list[Part]:
        if placed.slot not in self._slots or self._slots[placed.slot][0] != placed.storage:
            return [NOBODY]
        return self._slots[placed.slot][1][placed.block : placed.block + count]

    def _put(self, placed: Placed, first: int, parts: list[Part]) -> None:
        if placed.slot not in self._slots or self._slots[placed.slot][0] != placed.storage:
            count = placed.storage.blocks if placed.storage.kind == "blocked" else 1
            self._slots[placed.slot] = placed.storage, [NOBODY] * count
        start = placed.block + first
        self._slots[placed.slot][1][start : start + len(parts)] = parts


def _is_copy(step: EngineStep) -> bool:
    return not step.nodes and step.kernel in ("moved", "pointwise")


def _in_place(copies: Sequence[EngineStep]) -> Iterator[tuple[Part, Part]]:
    """What is the same where parts of a joined map are made in its memory: a block of it, and that of its part."""
    for step in copies:
        source, whole = step.reads[0].map, step.writes.map
        last = step.channel + source.channels == whole.channels
        if step.channel % BLOCK or (source.channels % BLOCK and not last) or source.shape[2:] != whole.shape[2:]:
            raise UnsoundPlanError(f"map {source.key} cannot be a part of map {whole.key} where it is")
        for block in range(source.blocks):
            yield (whole.key, step.channel // BLOCK + block), (source.key, block)


def _overlap(read: Placed, count: int, target: Placed, first: int, written: int) -> bool:
    if read.slot != target.slot:
        return False
    start = target.block + first
    return read.storage != target.storage or (read.block < start + written and start < read.block + count)


def _elementwise(step: EngineStep, number: int, read: Placed, target: Placed) -> bool:
    """Whether a step writes each number of a map where it reads the one that it is made of, and no other."""
    access, shifted = step.reads[number], number == 0 and (step.numbers.get("top", 0) or step.numbers.get("left", 0))
    same = read == target and access.map.shape == step.writes.map.shape and access.halo == BARE
    return same and step.kernel == "pointwise" and not shifted and not access.flat and not _is_part(step)
