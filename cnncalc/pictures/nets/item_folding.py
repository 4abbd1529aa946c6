"""Fewer items: equal neighbours as one with a count, stretches of two or three items that repeat, and crowds.

Every row stays in exactly one item, and every count is that of volumes which the item stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cnncalc.pictures.nets.crowd_words import common_after, common_kind, common_words
from cnncalc.pictures.nets.items import Item

MOST_ITEMS = 48
"""More are too many for one picture: then neighbours of one kind and one size become one."""

FOLDED_KINDS = ("conv", "block", "dense", "other", "pool")
PERIODS = (2, 3)
FEWEST_REPEATS = 3
"""Stretches of several items are folded from so many repeats on."""


_Alike = Callable[[Item, Item], bool]


class Repeat(NamedTuple):
    """Items of one stretch, `key` their name: the rows of each of its copies are the body of one panel."""

    key: str
    copies: tuple[tuple[Item, ...], ...]


def folded(items: Sequence[Item]) -> list[Item]:
    """Equal neighbours, of which each reads the one before and nothing else does, as one item with a count."""
    return _joined(items, lambda before, item: not before.label and _look(before) == _look(item))


def folded_repeats(items: Sequence[Item]) -> tuple[list[Item], list[Repeat]]:
    """Stretches of two or three items that repeat at least three times, each as one item with a count."""
    looks = [(*_look(item)[:4], item.windows) for item in items]
    readers = _last_readers(items)
    found: list[tuple[int, int, int]] = []
    at = 0
    while at < len(items):
        period, copies = next(((p, n) for p in PERIODS if (n := _copies(items, looks, readers, at, p))), (1, 1))
        found.append((at, period, copies))
        at += period * copies
    new: dict[int, int] = {}
    out: list[Item] = []
    repeats: list[Repeat] = []
    for start, period, copies in found:
        stretch = items[start : start + period * copies]
        sources = tuple(dict.fromkeys(new[one] for item in stretch for one in item.sources if one < start))
        if copies == 1:
            out.append(stretch[0]._replace(sources=sources))
        else:
            key = " + ".join(" ".join(item.words[:1]) for item in stretch[:period])
            parts = tuple(tuple(stretch[n : n + period]) for n in range(0, len(stretch), period))
            repeats.append(Repeat(key, parts))
            one = stretch[0]._replace(kind="block", words=(key,), after=(), times=copies, block=key, parts=())
            last = stretch[-1]
            one = one._replace(shape=last.shape, last=last.last, label=last.label, is_output=last.is_output)
            out.append(one._replace(sources=sources))
        new.update(dict.fromkeys(range(start, start + period * copies), len(out) - 1))
    return out, repeats


def _copies(items: Sequence[Item], looks: Sequence[object], readers: Sequence[int], start: int, period: int) -> int:
    """How often the stretch of this period repeats from here; 0 where it is too seldom."""
    copies = 0
    while (at := start + period * copies) + period <= len(items):
        for offset in range(period):
            item, model = items[at + offset], items[start + offset]
            reads = [one - at for one in item.sources]
            if looks[at + offset] != looks[start + offset] or reads != [one - start for one in model.sources]:
                return copies if copies >= FEWEST_REPEATS else 0
            if min(reads, default=-2) < -1 or (offset < period - 1 and readers[at + offset] >= at + period):
                return copies if copies >= FEWEST_REPEATS else 0
            if item.is_output or (copies and item.label and offset == period - 1 and items[at - 1].label):
                return copies if copies >= FEWEST_REPEATS else 0
        if copies and readers[at - 1] >= at + period:
            return copies if copies >= FEWEST_REPEATS else 0
        copies += 1
    return copies if copies >= FEWEST_REPEATS else 0


def _last_readers(items: Sequence[Item]) -> list[int]:
    last = [-1] * len(items)
    for place, item in enumerate(items):
        for source in item.sources:
            last[source] = place
    return last


def crowded(items: Sequence[Item], most: int = MOST_ITEMS) -> list[Item]:
    """At most so many items: first neighbours of one name and one size become one, then those of one kind and one size,
    then any neighbours of one size, then any in a chain, at last whole stretches.
    """
    found = list(items)
    for alike in (_one_name, _one_kind, _one_size, lambda _before, _item: True):
        if len(found) <= most:
            return found
        found = _joined(found, alike)
    return found if len(found) <= most else _stretches(found, most)


def _one_name(before: Item, item: Item) -> bool:
    return _one_kind(before, item) and (before.words, before.block) == (item.words, item.block)


def _one_kind(before: Item, item: Item) -> bool:
    return _one_size(before, item) and before.kind == item.kind and item.kind in FOLDED_KINDS


def _one_size(before: Item, item: Item) -> bool:
    return before.kind != "input" and before.shape.spatial == item.shape.spatial


def _stretches(items: Sequence[Item], most: int) -> list[Item]:
    """Neighbours as one whatever they read, so many at a time that no more than `most` are left."""
    size = -(-len(items) // most)
    out: list[Item] = []
    for start in range(0, len(items), size):
        stretch = items[start : start + size]
        one = _merged(stretch)
        sources = dict.fromkeys(source // size for item in stretch for source in item.sources)
        out.append(one._replace(sources=tuple(source for source in sources if source != len(out))))
    return out


def _joined(items: Sequence[Item], alike: _Alike) -> list[Item]:
    readers = [0] * len(items)
    for item in items:
        for source in item.sources:
            readers[source] += 1
    runs: list[list[Item]] = []
    new: list[int] = []
    for place, item in enumerate(items):
        chained = item.sources == (place - 1,) and readers[place - 1] == 1
        if runs and chained and not runs[-1][-1].is_output and alike(runs[-1][-1], item):
            runs[-1].append(item)
        else:
            runs.append([item._replace(sources=tuple(dict.fromkeys(new[source] for source in item.sources)))])
        new.append(len(runs) - 1)
    return [_merged(run) for run in runs]


def _merged(run: Sequence[Item]) -> Item:
    """All as one: what they have in common is said of all, their volumes are counted."""
    first, last = run[0], run[-1]
    if len(run) == 1:
        return first
    one = first._replace(
        shape=last.shape,
        last=last.last,
        times=sum(item.times for item in run),
        label=last.label,
        parts=(),
        is_output=any(item.is_output for item in run),
    )
    if all(_look(item) == _look(first) for item in run) and not first.members:
        return one
    members = tuple(member for item in run for member in (item.members or (item,)))
    return one._replace(
        kind=common_kind(members),
        words=common_words(members),
        after=common_after(members),
        block=first.block if all(item.block == first.block for item in run) else "",
        members=members,
    )


def _look(item: Item) -> tuple[object, ...]:
    return item.kind, item.words, item.after, item.shape, item.block, item.windows
