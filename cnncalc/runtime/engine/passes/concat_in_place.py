"""Which maps are made where they are needed: the inputs of a concatenation side by side in its own memory.

Joins are looked at from the last to the first.  An input that has no place yet gets its part of the join's; one that
has it already (in DenseNet each join begins with the one before) stays there; any other is copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cnncalc.runtime.engine.ir import ChannelPart, Demand, Map, Step
from cnncalc.runtime.engine.storage import BLOCK, ORIGIN, Kind

Home = tuple[int, int]
"""The map in whose memory another lies, and from which channel block on."""


class Homes:
    """Where each blocked map lies: in its own memory, unless a join took it in; some must have their own."""

    def __init__(self, settled: frozenset[int] = frozenset()) -> None:
        self._settled = settled
        self._home: dict[int, Home] = {}

    def of(self, key: int) -> Home:
        """The root and the block, through all joins."""
        block = 0
        while key in self._home:
            key, further = self._home[key]
            block += further
        return key, block

    def is_free(self, key: int) -> bool:
        return key not in self._home and key not in self._settled

    def settle(self, key: int, home: Home) -> None:
        self._home[key] = home


@dataclass(frozen=True)
class InPlace:
    """The steps without the copies that are not needed, those copies, and where everything lies."""

    steps: list[Step]
    in_place: tuple[Step, ...]
    homes: Homes


@dataclass(frozen=True, slots=True)
class _Joined:
    """One copy into a join: what is copied, to which channel on, and whether it is all of what is read."""

    step: Step
    source: Map
    first: int
    whole: bool


def place_parts(steps: Sequence[Step]) -> InPlace:
    """Parts of joined maps in the memory of these, and what only a sum needs in the memory of the sum."""
    homes = Homes(frozenset(step.reads[0].map.key for step in steps if step.op.stacks_slices))
    made_blocked: set[int] = set()
    joins: dict[int, list[_Joined]] = {}
    for step in steps:
        if isinstance(step.part, ChannelPart):
            source, target = step.reads[0].map, step.write.map
            copy = _Joined(step, source, step.part.first, source.size == target.size)
            joins.setdefault(target.key, []).append(copy)
            made_blocked.add(target.key)
        elif step.write.kind is Kind.BLOCKED:
            made_blocked.add(step.write.map.key)
    needless: set[int] = set()
    for key in reversed(list(joins)):
        needless |= _settled(homes, key, joins[key], made_blocked)
    _settle_on_the_way(steps, homes)
    kept = [step for step in steps if id(step) not in needless]
    return InPlace(kept, tuple(step for step in steps if id(step) in needless), homes)


def _settle_on_the_way(steps: Sequence[Step], homes: Homes) -> None:
    """A sum or product so far, which one step reads number by number, lies where that step's result will lie."""
    made = {step.write.map.key for step in steps if step.write.map.key < 0 and step.op.elementwise}
    if not made:
        return
    readers = Counter(read.map.key for step in steps for read in step.reads)
    for step in steps:
        if not step.op.elementwise or step.part is not None:
            continue
        demands = step.op.demands(step)
        for number, read in enumerate(step.reads):
            alone = read.map.key in made and readers[read.map.key] == 1 and homes.is_free(read.map.key)
            bare = bool(demands) and demands[number] is Demand.BARE
            if alone and read.map.shape == step.write.map.shape and read.start == ORIGIN and not bare:
                homes.settle(read.map.key, (step.write.map.key, 0))


def _settled(homes: Homes, key: int, parts: Sequence[_Joined], made_blocked: set[int]) -> set[int]:
    """Settle the inputs of one join; the identities of the copies that fall away."""
    if any(_misfits(copy, last=copy is parts[-1]) for copy in parts):
        return set()
    together = _already_together(homes, [copy.source for copy in parts]) if all(copy.whole for copy in parts) else None
    if together is not None and homes.is_free(key):
        homes.settle(key, together)
        return {id(copy.step) for copy in parts}
    root, block = homes.of(key)
    needless = set()
    for copy in parts:
        if not copy.whole:
            continue
        wanted, source = (root, block + copy.first // BLOCK), copy.source
        if source.key in made_blocked and homes.is_free(source.key) and source.key != root:
            homes.settle(source.key, wanted)
            needless.add(id(copy.step))
        elif homes.of(source.key) == wanted:
            needless.add(id(copy.step))
    return needless


def _misfits(copy: _Joined, *, last: bool) -> bool:
    return bool(copy.first % BLOCK) or (bool(copy.source.channels % BLOCK) and not last)


def _already_together(homes: Homes, sources: Sequence[Map]) -> Home | None:
    """Where the first source lies, if all lie one after the other in another map's memory."""
    if any(homes.is_free(source.key) for source in sources):
        return None
    first, block = homes.of(sources[0].key)
    expected = block
    for source in sources:
        if homes.of(source.key) != (first, expected):
            return None
        expected += source.blocks
    return first, block
