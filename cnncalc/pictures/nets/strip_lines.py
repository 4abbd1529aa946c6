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
    TIMES_LETTERS,
    WIDEST_WORD,
    WORD_LETTERS,
    Box,
    clipped,
    count_words,
    item_size,
)
from cnncalc.pictures.scene.letters import text_width

LEAST_GAP, AROUND_WORDS, BETWEEN_LABELS = 26.0, 15.0, 14.0
LEFT_EDGE, INDENT = 4.0, 30.0
"""Where the first line begins, and the others, which the line from above enters."""

LONGEST_NAME = 110.0

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


def names_of(items: Sequence[Item]) -> tuple[str, ...]:
    """The name below each volume: that of one of several inputs or outputs, empty for any other."""
    inputs, outputs = sum(item.kind == "input" for item in items) > 1, sum(item.is_output for item in items) > 1
    return tuple(
        clipped(item.label or ("output" if item.is_output else "input"), SMALL_LETTERS, LONGEST_NAME)
        if (inputs and item.kind == "input") or (outputs and item.is_output)
        else ""
        for item in items
    )


def overhang(item: Item, name: str, box: Box) -> float:
    """How far the size below a volume, or its name, is wider than the volume, on each side."""
    wide = max(text_width(item_size(item), SIZE_LETTERS), text_width(name, SMALL_LETTERS))
    return max(0.0, (wide - box.across) / 2, count_overhang(item, box))


def count_overhang(item: Item, box: Box) -> float:
    """How far the count above a volume is wider than it and its copies, on each side."""
    count = text_width(count_words(item), TIMES_LETTERS, bold=True) if item.members else 0.0
    return max(0.0, (count - box.across - box.behind) / 2)


class Setting(NamedTuple):
    """What lines are made from: items and their names, how large each is drawn, its letters, how wide a line is."""

    items: Sequence[Item]
    names: Sequence[str]
    boxes: Boxes
    marks: dict[int, int]
    width: float

    def overhang(self, place: int) -> float:
        return overhang(self.items[place], self.names[place], self.boxes(place))

    def reach(self, placed: Placed) -> float:
        """How far right a volume and its texts reach."""
        return max(placed.right, placed.left + placed.box.across + self.overhang(placed.place))


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
        over = max(setting.overhang(index), (setting.marks.get(index, 0) * MARK_STEP - box.across) / 2)
        gap = gap_of(item) if item.sources or lines[-1] else 0.0
        beside = [(item, box), *((setting.items[one.place], one.box) for one in lines[-1][-1:])]
        gap += 2 * max(count_overhang(*one) for one in beside)
        left = max(edge + gap, reach + BETWEEN_LABELS + over)
        if lines[-1] and max(left + box.across + box.behind, left + box.across + over) > setting.width:
            lines.append([])
            left = INDENT + max(gap, over)
        lines[-1].append(placed := Placed(index, left, box))
        edge, reach = placed.right, left + box.across + over
    return tuple(map(tuple, lines))
