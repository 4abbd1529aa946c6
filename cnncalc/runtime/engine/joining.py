"""Which maps are made where they are needed: the inputs of a concatenation side by side in its own memory.

Joins are looked at from the last to the first.  An input that has no place yet gets its part of the join's; one that
has it already (in DenseNet each join begins with the one before) stays there; any other is copied.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cnncalc.runtime.engine.nouns import BLOCK, EngineStep, Map

Home = tuple[int, int]
"""The map in whose memory another lies, and from which channel block on."""


class Homes:
    """Where each blocked map lies: in its own memory, unless a join took it in."""

    def __init__(self) -> None:
        self._home: dict[int, Home] = {}

    def of(self, key: int) -> Home:
        """The root and the block, through all joins."""
        block = 0
        while key in self._home:
            key, further = self._home[key]
            block += further
        return key, block

    def is_free(self, key: int) -> bool:
        return key not in self._home

    def settle(self, key: int, home: Home) -> None:
        self._home[key] = home


@dataclass(frozen=True)
class Joined:
    """The steps without the copies that are not needed, those copies, and where everything lies."""

    steps: list[EngineStep]
    in_place: tuple[EngineStep, ...]
    homes: Homes


def joined_in_place(steps: Sequence[EngineStep]) -> Joined:
    """Parts of joined maps in the memory of these, and what only a sum needs in the memory of the sum."""
    homes = Homes()
    made_blocked = {step.writes.map.key for step in steps if step.writes.kind == "blocked" and not _is_part(step)}
    joins: dict[int, list[EngineStep]] = {}
    for step in steps:
        if _is_part(step):
            joins.setdefault(step.writes.map.key, []).append(step)
    needless: set[int] = set()
    made_blocked |= set(joins)
    for key in reversed(list(joins)):
        needless |= _settled(homes, key, joins[key], made_blocked)
    kept = [step for step in steps if id(step) not in needless]
    _settle_on_the_way(steps, homes)
    return Joined(kept, tuple(step for step in steps if id(step) in needless), homes)


def _settle_on_the_way(steps: Sequence[EngineStep], homes: Homes) -> None:
    """A sum or product so far, which one step reads number by number, lies where that step's result will lie."""
    readers = Counter(read.map.key for step in steps for read in step.reads)
    made = {step.writes.map.key for step in steps if step.kernel == "pointwise" and step.writes.map.key < 0}
    for step in steps:
        for number, read in enumerate(step.reads):
            alone = read.map.key in made and readers[read.map.key] == 1 and homes.is_free(read.map.key)
            alike = read.map.shape == step.writes.map.shape
            shifted = number == 0 and (step.numbers.get("top", 0) or step.numbers.get("left", 0))
            if alone and alike and step.kernel == "pointwise" and not (shifted or read.flat or _is_part(step)):
                homes.settle(read.map.key, (step.writes.map.key, 0))


def _is_part(step: EngineStep) -> bool:
    return step.numbers.get("order") == "part"


def _settled(homes: Homes, key: int, parts: Sequence[EngineStep], made_blocked: set[int]) -> set[int]:
    """Settle the inputs of one join; the identities of the copies that fall away."""
    if any(_misfits(step, last=step is parts[-1]) for step in parts):
        return set()
    sources = [step.reads[0].map for step in parts]
    together = None if any(map(_is_cropped, parts)) else _already_together(homes, sources)
    if together is not None and homes.is_free(key):
        homes.settle(key, together)
        return {id(step) for step in parts}
    root, block = homes.of(key)
    needless = set()
    for step, source in zip(parts, sources, strict=True):
        if _is_cropped(step):
            continue
        wanted = root, block + step.channel // BLOCK
        if source.key in made_blocked and homes.is_free(source.key) and source.key != root:
            homes.settle(source.key, wanted)
            needless.add(id(step))
        elif homes.of(source.key) == wanted:
            needless.add(id(step))
    return needless


def _is_cropped(step: EngineStep) -> bool:
    """Whether only the middle of the input goes into the join."""
    return step.reads[0].map.shape[2:] != step.writes.map.shape[2:]


def _misfits(step: EngineStep, *, last: bool) -> bool:
    return bool(step.channel % BLOCK) or (bool(step.reads[0].map.channels % BLOCK) and not last)


def _already_together(homes: Homes, sources: Sequence[Map]) -> Home | None:
    """Where the first source lies, if all lie behind one another in another map's memory."""
    if any(homes.is_free(source.key) for source in sources):
        return None
    first, block = homes.of(sources[0].key)
    expected = block
    for source in sources:
        if homes.of(source.key) != (first, expected):
            return None
        expected += source.blocks
    return first, block
