"""Whether a net is a U, and the level of each of its volumes: how often the map has been halved on the way to it.

A U goes down and up again: its main way enlarges the map at least twice, and at least two joins read, across lower
levels, what was made at their own level on the way down.  Lengths on paper are no matter here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log2
from typing import NamedTuple

from cnncalc.geometry import Shape
from cnncalc.pictures.nets.items import Item

A_STEP = 1.5
"""A map that is so many times as large as the one before is on another level."""

FEWEST_UPS, FEWEST_SKIPS = 2, 2

Reading = tuple[int, int]
"""Which item is read, and which one reads it."""


class ULevels(NamedTuple):
    """The items of a U, the places of those on its main way, the level of each of these, and the chains beside it.

    `skips` are the readings across lower levels.  A head is a chain of items that ends in an output; it reads one
    item of the main way, its first number.
    """

    items: tuple[Item, ...]
    main: tuple[int, ...]
    level: dict[int, int]
    skips: tuple[Reading, ...]
    heads: tuple[tuple[int, ...], ...]


def u_levels(items: Sequence[Item]) -> ULevels | None:
    """The levels of a net that is a U; None for any other net."""
    found = with_ups_joined(items)
    main = tuple(place for place, item in enumerate(found) if not item.aside)
    level = _levels(found, main)
    ups = sum(level[after] < level[before] for before, after in pairwise(main))
    skips = tuple(_skips(found, main, level))
    heads = _heads(found, frozenset(main))
    if ups < FEWEST_UPS or len(skips) < FEWEST_SKIPS or heads is None:
        return None
    used = sorted(set(level.values()))
    return ULevels(found, main, {place: used.index(one) for place, one in level.items()}, skips, heads)


def with_ups_joined(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items, with an up-sampling that only the next join reads as a part of that join's own volume.

    A convolution between the two belongs to the up-sampling, as in the U-Net's "up-convolution".
    """
    readers = [0] * len(items)
    for item in items:
        for source in item.sources:
            readers[source] += 1
    out: list[Item] = []
    new: list[int] = []
    for place, item in enumerate(items):
        start = _up_before(items, place, readers)
        shown = item if start is None else _joined(items, start, place)
        if start is not None:
            del out[start - place :]
            new[start:] = [len(out)] * (place - start)
        new.append(len(out))
        out.append(shown._replace(sources=tuple(dict.fromkeys(new[source] for source in shown.sources))))
    return tuple(out)


def _up_before(items: Sequence[Item], place: int, readers: Sequence[int]) -> int | None:
    """The place of the up-sampling that ends, alone or with a convolution, in this join, and in nothing else."""
    item = items[place]
    if item.kind != "join" or place - 1 not in item.sources or len(item.sources) < 2:
        return None
    start = place - 1
    if items[start].kind == "conv" and items[start].sources == (start - 1,):
        start -= 1
    before = items[start:place]
    alone = all(readers[one] == 1 and not items[one].is_output and items[one].times == 1 for one in range(start, place))
    same = all(one.shape.spatial == before[0].shape.spatial for one in before) and not any(one.aside for one in before)
    rows = [(one.first, one.last) for one in (*before, item)]
    whole = all(first == last + 1 for (_, last), (first, _) in pairwise(rows))
    return start if before[0].kind == "up" and alone and same and whole and not item.aside else None


def _joined(items: Sequence[Item], start: int, place: int) -> Item:
    """An up-sampling, and what follows it, with the join at its end as one item."""
    stretch = items[start : place + 1]
    up, join, own = stretch[0], stretch[-1], range(start, place)
    words = up.words
    for before, conv in pairwise(stretch[:-1]):
        words = (*(f"{word}," for word in (" ".join(words), *before.after)), *conv.words)
    after = (*stretch[-2].after, *join.words, *join.after)
    rest = tuple(source for source in join.sources if source not in own)
    kinds = tuple("up" if source in own else items[source].kind for source in join.sources)
    return join._replace(
        kind="up",
        words=words,
        after=after,
        first=up.first,
        sources=(*up.sources, *rest),
        part_kinds=kinds if len(kinds) == len(join.parts) else (),
    )


def _levels(items: Sequence[Item], main: Sequence[int]) -> dict[int, int]:
    level: dict[int, int] = {}
    here, last = 0, None
    for place in main:
        shape = items[place].shape
        if shape.rank:
            here += _step(last, shape) if last is not None else 0
            last = shape
        level[place] = here
    return level


def _step(before: Shape, after: Shape) -> int:
    """How many levels down (or, below 0, up) it goes from one map to the next."""
    if before.rank != after.rank or not all((*before.spatial, *after.spatial)):
        return 0
    smaller = max(a / b for a, b in zip(before.spatial, after.spatial, strict=True))
    larger = max(b / a for a, b in zip(before.spatial, after.spatial, strict=True))
    if max(smaller, larger) < A_STEP:
        return 0
    steps = max(1, round(log2(max(smaller, larger))))
    return steps if smaller >= larger else -steps


def _skips(items: Sequence[Item], main: Sequence[int], level: dict[int, int]) -> list[Reading]:
    """What is read across lower levels at the reader's own level."""
    order = {place: number for number, place in enumerate(main)}
    found = []
    for reader in main:
        for source in items[reader].sources:
            if source in order and level[source] == level[reader]:
                between = main[order[source] + 1 : order[reader]]
                if any(level[one] > level[reader] for one in between):
                    found.append((source, reader))
    return found


def _heads(items: Sequence[Item], main: frozenset[int]) -> tuple[tuple[int, ...], ...] | None:
    """What hangs beside the main way, each chain after the item that it reads; None where it is more than chains."""
    heads: list[list[int]] = []
    for place, item in enumerate(items):
        if place in main:
            if any(source not in main for source in item.sources):
                return None
            continue
        if len(item.sources) != 1:
            return None
        (source,) = item.sources
        ending = next((head for head in heads if head[-1] == source), None)
        if ending is not None:
            ending.append(place)
        elif source in main:
            heads.append([source, place])
        else:
            return None
    return tuple(map(tuple, heads))
