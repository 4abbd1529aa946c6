"""Which parts of a file may be left out where it has more modules than the net has lines: heads used in training only.

Left out are whole parts: all that stands under a name, and where that name is one of a series, the whole series
(`aux1`, `aux2`).  Batch norms alone are never left out, for a net without them would take the weights of one with them.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from cnncalc.runtime.matching.match_records import Module
from cnncalc.runtime.matching.name_tree import DOTS, UNDERSCORES, series_name

DEEPEST_PART = 3
MOST_PARTS = 40
"""Parts that are tried: of those with few enough modules the likeliest."""

MOST_TOGETHER = 3
MOST_WAYS = 40


class LeftOut(NamedTuple):
    """Places of modules in the file, and the names of the parts that they make up."""

    places: frozenset[int]
    names: tuple[str, ...] = ()

    @property
    def auxiliary(self) -> bool:
        """Whether every part is called so, as heads are that training alone uses."""
        return all("aux" in name.lower() for name in self.names)


NONE_LEFT_OUT = LeftOut(frozenset())


def ways_to_leave_out(modules: Sequence[Module], surplus: int) -> Iterator[LeftOut]:
    """Up to three parts that together have just so many modules, the likeliest first."""
    if surplus <= 0:
        return
    parts = [part for part in _parts(modules) if len(part.places) <= surplus]
    likeliest = sorted(parts, key=lambda part: (not part.auxiliary, part.names[0].count(".")))[:MOST_PARTS]
    ways = 0
    for count in range(1, MOST_TOGETHER + 1):
        for together in combinations(likeliest, count):
            places = frozenset().union(*(part.places for part in together))
            if len(places) == surplus == sum(len(part.places) for part in together):
                yield LeftOut(places, tuple(name for part in together for name in part.names))
                ways += 1
                if ways == MOST_WAYS:
                    return


def names_of(modules: Sequence[Module], arrays: Container[str]) -> tuple[str, ...] | None:
    """The parts that just these arrays make up, if they may be left out; None if they may not."""
    places = frozenset(
        place for place, module in enumerate(modules) if all(part.name in arrays for part in module.parts.values())
    )
    ways = ways_to_leave_out(modules, len(places))
    return next((way.names for way in ways if way.places == places), None)


def _parts(modules: Sequence[Module]) -> list[LeftOut]:
    """All whole parts of the names, each once; with all the modules under them."""
    found: dict[frozenset[int], LeftOut] = {}
    for mark in (DOTS, UNDERSCORES):
        split = [tuple(mark.split(module.name, DEEPEST_PART)) for module in modules]
        stems = _stems(split)
        for depth in range(1, DEEPEST_PART + 1):
            grouped: dict[tuple[str, ...], list[int]] = {}
            for place, words in enumerate(split):
                if len(words) >= depth:
                    parent = words[: depth - 1]
                    grouped.setdefault((*parent, series_name(words[depth - 1], stems.get(parent, ()))), []).append(
                        place
                    )
            for places in grouped.values():
                if any(modules[place].kind in ("conv", "dense") for place in places):
                    names = dict.fromkeys(".".join(split[place][:depth]) for place in places)
                    found.setdefault(frozenset(places), LeftOut(frozenset(places), tuple(names)))
    return list(found.values())


def _stems(split: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], set[str]]:
    """Below each name: what the names there are without their numbers at the end."""
    found: dict[tuple[str, ...], set[str]] = {}
    for words in split:
        for depth, word in enumerate(words[:DEEPEST_PART]):
            stem = word.rstrip("0123456789").removesuffix("_")
            if stem != word:
                found.setdefault(words[:depth], set()).add(stem)
    return found
