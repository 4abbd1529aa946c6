"""The lines of a strip: items from left to right, broken where the width ends, as even as it goes.

Lengths alone: what an item needs to its left and right, and where it then lies.  Nothing is painted here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.volumes import (
    SIZE_LETTERS,
    SMALL_LETTERS,
    WIDEST_WORD,
    WORD_LETTERS,
    Box,
    clipped,
    shape_words,
)
from cnncalc.pictures.scene.letters import text_width

LEAST_GAP, AROUND_WORDS, BETWEEN_LABELS = 26.0, 15.0, 9.0
LEFT_EDGE, INDENT = 4.0, 30.0
"""Where the first line begins, and the others, which the line from above enters."""

MARK_STEP = 18.0
"""From one letter in a circle to the next."""


class Placed(NamedTuple):
    """An item in a line: its place in the list, its left edge, its box."""

    place: int
    left: float
    box: Box

    @property
    def right(self) -> float:
        return self.left + self.box.across + self.box.behind

    @property
    def centre(self) -> float:
        return self.left + self.box.across / 2


Line = tuple[Placed, ...]
Boxes = Callable[[int], Box]


def gap_of(item: Item) -> float:
    """How long the arrow to an item has to be for its words."""
    words = [text_width(_cut(word), WORD_LETTERS, bold=not number) for number, word in enumerate(item.words)]
    words += [text_width(clipped(word, SMALL_LETTERS, WIDEST_WORD), SMALL_LETTERS) for word in item.after]
    return max(LEAST_GAP, max(words, default=0.0) + AROUND_WORDS)


def _cut(word: str) -> str:
    return clipped(word, WORD_LETTERS, WIDEST_WORD, bold=True)


def overhang(item: Item, box: Box) -> float:
    """How far the size below a volume is wider than the volume, on each side."""
    return max(0.0, (text_width(shape_words(item.shape), SIZE_LETTERS) - box.across) / 2)


class Setting(NamedTuple):
    """What lines are made from: the items, how large each is drawn, how many letters it has, how wide a line is."""

    items: Sequence[Item]
    boxes: Boxes
    marks: dict[int, int]
    width: float


def strip_lines(setting: Setting, chosen: Sequence[int], start: float = LEFT_EDGE) -> tuple[Line, ...]:
    """The chosen items in as few lines as the width allows, those as narrow as they may be for that."""
    lines = _flow(setting, chosen, start)
    low, high = setting.width * 0.4, setting.width
    while len(lines) > 1 and high - low > 8:
        middle = (low + high) / 2
        if len(tried := _flow(setting._replace(width=middle), chosen, start)) == len(lines):
            lines, high = tried, middle
        else:
            low = middle
    return lines


def _flow(setting: Setting, chosen: Sequence[int], start: float) -> tuple[Line, ...]:
    lines: list[list[Placed]] = [[]]
    edge, reach = start, start - BETWEEN_LABELS
    for index in chosen:
        item, box = setting.items[index], setting.boxes(index)
        over = max(overhang(item, box), (setting.marks.get(index, 0) * MARK_STEP - box.across) / 2)
        gap = gap_of(item) if item.sources or lines[-1] else 0.0
        left = max(edge + gap, reach + BETWEEN_LABELS + over)
        if lines[-1] and max(left + box.across + box.behind, left + box.across + over) > setting.width:
            lines.append([])
            left = INDENT + max(gap, over)
        lines[-1].append(placed := Placed(index, left, box))
        edge, reach = placed.right, left + box.across + over
    return tuple(map(tuple, lines))
