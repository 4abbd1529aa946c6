"""Where everything of a strip lies: the lines of the main way, the chains below them, and how each reading is drawn.

A reading is the arrow along a line, a shortcut above it, a line down to a chain or up from one, or, where none of
those has room, the same letter at both ends.  None is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.strip_lines import INDENT, LEFT_EDGE, MARK_STEP, Line, Placed, Setting, names_of, strip_lines
from cnncalc.pictures.nets.volumes import Scale

SHRUNK = 0.62
"""How large the volumes of a chain that branches off are, beside those of the main way."""

AROUND_CHAIN = 20.0
"""How far the texts of a chain may reach to its left and right."""

TURN = 6.0
"""So far right of a chain at least its line leads up without a turn to the left."""

FROM_MIDDLE, BESIDE = 3.0, 6.0
"""A shortcut ends so far from the middle of a volume, and at most so far beside the volume."""

ROUNDS = 4
"""The letters need room, and where letters are needed depends on the lines: as often as that is tried."""


class Chain(NamedTuple):
    """Items off the main way, one reading the other: below which line they hang, and how they are tied to it."""

    places: tuple[int, ...]
    home: int
    lines: tuple[Line, ...]
    dropped_from: int | None = None
    risen_to: int | None = None
    from_left: bool = False
    """Whether it begins at the left edge, with no regard to where the volume is that it reads."""

    def is_turned(self, places: dict[int, Placed]) -> bool:
        """Whether the line up from its end leads back to the left first."""
        return self.risen_to is not None and self.lines[0][-1].right + TURN >= places[self.risen_to].centre

    @property
    def starts_left(self) -> bool:
        """Whether the line down to it leads back to the left first."""
        return self.dropped_from is not None and self.from_left


class StripPlan(NamedTuple):
    """The lines, the chains, and the readings that are drawn as shortcuts or by letters, each (source, reader)."""

    lines: tuple[Line, ...]
    chains: tuple[Chain, ...]
    shortcuts: tuple[tuple[int, int], ...]
    letters: dict[int, str]
    marks: dict[int, tuple[tuple[str, bool], ...]]

    @property
    def places(self) -> dict[int, Placed]:
        """Each item of the main way -> its place."""
        return {placed.place: placed for line in self.lines for placed in line}


def strip_plan(items: Sequence[Item], scale: Scale, width: float) -> StripPlan:
    """The plan of a strip that is no wider than asked, where that can be."""
    counts: dict[int, int] = {}
    for _ in range(ROUNDS):
        plan = _plan(items, scale, width, counts)
        needed = {index: len(marks) for index, marks in plan.marks.items()}
        if all(counts.get(index, 0) >= number for index, number in needed.items()):
            break
        counts = {index: max(counts.get(index, 0), needed.get(index, 0)) for index in {*counts, *needed}}
    return plan


def _plan(items: Sequence[Item], scale: Scale, width: float, counts: dict[int, int]) -> StripPlan:
    main = [index for index, item in enumerate(items) if not item.aside]
    full = Setting(items, names_of(items), lambda place: scale.box(items[place]), counts, width)
    lines = strip_lines(full, main)
    line_of = {placed.place: number for number, line in enumerate(lines) for placed in line}
    places = {placed.place: placed for line in lines for placed in line}
    small = full._replace(boxes=lambda place: scale.box(items[place], SHRUNK))
    chains = _untangled(
        [
            _laid(small if items[chain[0]].sources else full, chain, line_of, places)
            for chain in _chains(items, set(main))
        ],
        places,
    )
    drawn = set(pairwise(main))
    for chain in chains:
        drawn |= set(pairwise(chain.places))
        if chain.dropped_from is not None:
            drawn.add((chain.dropped_from, chain.places[0]))
        if chain.risen_to is not None:
            drawn.add((chain.places[-1], chain.risen_to))
    others = [(source, reader) for reader, item in enumerate(items) for source in item.sources]
    others = [one for one in dict.fromkeys(others) if one not in drawn]
    shortcuts = [
        (source, reader)
        for source, reader in others
        if source in line_of and line_of.get(reader) == line_of[source] and source < reader
    ]
    while True:
        letters, marks = _lettered([one for one in others if one not in shortcuts])
        roomy = [one for one in shortcuts if all(_has_port(places[end], marks.get(end, ())) for end in one)]
        if len(roomy) == len(shortcuts):
            return StripPlan(lines, chains, tuple(shortcuts), letters, marks)
        shortcuts = roomy


def port(marks: Sequence[object], side: float = FROM_MIDDLE) -> float:
    """How far right of the middle of a volume a shortcut leaves or reaches it: beside its letters, if it has some."""
    return side + (len(marks) * MARK_STEP / 2 + 6 if marks else 0)


def _has_port(placed: Placed, marks: Sequence[object]) -> bool:
    """Whether a shortcut ends at the volume, not at the words beside it."""
    return not marks or port(marks) <= placed.box.across / 2 + BESIDE


def _lettered(
    readings: Sequence[tuple[int, int]],
) -> tuple[dict[int, str], dict[int, tuple[tuple[str, bool], ...]]]:
    """The letter of each volume that these read, and the letters that each volume has."""
    letters = {source: _letter(number) for number, source in enumerate(dict.fromkeys(one for one, _ in readings))}
    marks: dict[int, tuple[tuple[str, bool], ...]] = {source: ((letter, True),) for source, letter in letters.items()}
    for source, reader in readings:
        marks[reader] = (*marks.get(reader, ()), (letters[source], False))
    return letters, marks


def _letter(number: int) -> str:
    rest, letter = divmod(number, 26)
    return "abcdefghijklmnopqrstuvwxyz"[letter] + (str(rest + 1) if rest else "")


def _chains(items: Sequence[Item], main: set[int]) -> list[tuple[int, ...]]:
    """The items off the main way, as chains in which each reads the one before."""
    found: list[tuple[int, ...]] = []
    taken = set(main)
    for first in range(len(items)):
        if first in taken:
            continue
        chain = [first]
        while True:
            taken.add(chain[-1])
            readers = (one for one in range(chain[-1] + 1, len(items)) if one not in taken)
            following = next((one for one in readers if chain[-1] in items[one].sources), None)
            if following is None:
                break
            chain.append(following)
        found.append(tuple(chain))
    return found


def _laid(setting: Setting, chain: tuple[int, ...], line_of: dict[int, int], places: dict[int, Placed]) -> Chain:
    """The chain below the line which it is tied to.

    Where a line ends between what it reads and what reads it, it hangs below the latter: one letter, no line around.
    """
    items = setting.items
    source = next((one for one in items[chain[0]].sources if one in line_of), None)
    reader = next((one for one in sorted(line_of) if chain[-1] in items[one].sources), None)
    tie = source if source is not None else reader
    home = line_of[tie] if tie is not None else max(line_of.values(), default=0)

    def lines_from(start: float) -> tuple[Line, ...]:
        return strip_lines(setting, chain, start)

    start = LEFT_EDGE if source is None else INDENT
    if source is not None and reader is not None and line_of[source] < line_of[reader]:
        lines = lines_from(INDENT)
        if len(lines) == 1 and setting.reach(lines[0][-1]) + TURN < places[reader].centre:
            return Chain(chain, line_of[reader], lines, None, reader)
    if source is not None:
        lines = lines_from(places[source].centre + 4)
        if len(lines) == 1 and setting.reach(lines[0][-1]) <= setting.width:
            return Chain(chain, home, lines, source, _risen(lines, reader, home, line_of))
    elif reader is not None:
        length = lines_from(start)[0][-1].right + 14
        start = max(start, places[reader].centre - length)
    lines = lines_from(start)
    risen = _risen(lines, reader, home, line_of) if source is None else None
    return Chain(chain, home, lines, source, risen, from_left=source is not None)


def _risen(lines: tuple[Line, ...], reader: int | None, home: int, line_of: dict[int, int]) -> int | None:
    """The item of the line above to which a line leads up from the chain's end."""
    return reader if reader is not None and len(lines) == 1 and line_of[reader] == home else None


def _untangled(chains: Sequence[Chain], places: dict[int, Placed]) -> tuple[Chain, ...]:
    """The chains; one whose line would run through another, or over which one hangs, is tied by letters instead."""
    kept: list[Chain] = []
    for chain in sorted(chains, key=lambda one: one.is_turned(places) or one.starts_left):
        others = [one for one in (*kept, *chains) if one.home == chain.home and one.places != chain.places]
        drops = [one.dropped_from for one in others if one.dropped_from is not None and not one.starts_left]
        tied = [one for one in kept if one.home == chain.home and (one.risen_to, one.dropped_from) != (None, None)]
        up, down = chain.risen_to, chain.dropped_from
        if up is not None and down is None and any(_covers(chain, places[source].centre, places) for source in drops):
            up = None
        if chain.is_turned(places) and up is not None and any(_covers(one, places[up].centre, places) for one in tied):
            up = None
        if chain.starts_left and down is not None:
            down = None if any(_covers(one, places[down].centre, places) for one in tied) else down
        kept.append(chain._replace(risen_to=up, dropped_from=down))
    hung: list[Chain] = []
    for chain in hanging_order(kept, places):
        up, above = chain.risen_to, [one for one in hung if one.home == chain.home]
        is_blocked = up is not None and any(_covers(one, places[up].centre, places) for one in above)
        hung.append(chain._replace(risen_to=None) if is_blocked else chain)
    return tuple(sorted(hung, key=lambda one: one.places))


def hanging_order(chains: Sequence[Chain], places: dict[int, Placed]) -> list[Chain]:
    """The chains of a line from the highest on: first what is tied furthest right, so that no line crosses a chain.

    Of those from one volume the one hangs highest whose line up is the nearest.
    """

    def order(chain: Chain) -> tuple[int, float, float]:
        up = places[chain.risen_to].centre if chain.risen_to is not None else math.inf
        if chain.dropped_from is not None:
            return 1 if chain.starts_left else 0, -places[chain.dropped_from].centre, up
        if chain.risen_to is None:
            return 2, 0.0, up
        return (-1 if chain.is_turned(places) else -2), up, 0.0

    return sorted(chains, key=order)


def _covers(chain: Chain, x: float, places: dict[int, Placed]) -> bool:
    """Whether the chain, or the line up from its end, lies below this place of its line."""
    ends = [chain.lines[0][0].left - AROUND_CHAIN, chain.lines[0][-1].right + AROUND_CHAIN]
    ends += [places[tie].centre for tie in (chain.risen_to, chain.dropped_from) if tie is not None]
    return min(ends) < x < max(ends)
