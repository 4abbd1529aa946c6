"""A volume of a U with its texts: its channels above, its size below, the words beside an upright arrow to it."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.geometry import Shape
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.volumes import WORD_LETTERS, Box, clipped, shape_words
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Anchor

Words = tuple[str, ...]

ACROSS = "6 3"
"""How a line across a U is dashed."""


class Label(NamedTuple):
    """A text beside a volume: where it is from the volume's left edge, and which of its ends is there."""

    x: float
    anchor: Anchor
    text: str
    size: float
    bold: bool = False

    @property
    def reach(self) -> tuple[float, float]:
        """Where it begins and ends."""
        width = text_width(self.text, self.size, bold=self.bold)
        left = self.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return left, left + width


class Beside(NamedTuple):
    """The words of an upright arrow: their lines, and where which of their ends is."""

    lines: Words
    x: float
    anchor: Anchor

    @property
    def reach(self) -> tuple[float, float]:
        """Where they begin and end."""
        width = max((text_width(line, WORD_LETTERS) for line in self.lines), default=0.0)
        return (self.x, self.x + width) if self.anchor == "start" else (self.x - width, self.x)


class Spot(NamedTuple):
    """A volume of the U: its left edge, its box, its channels above and its size below.

    `apart`: how far, where two upright arrows meet one edge, the one to it is left of the middle, the other right.
    """

    left: float
    box: Box
    above: Label
    below: Label
    bare: bool
    apart: float = 0.0

    @property
    def right(self) -> float:
        return self.left + self.box.across + self.box.behind

    @property
    def foot(self) -> float:
        """Where an upright arrow meets its lower edge."""
        return self.left + self.box.width / 2

    @property
    def crown(self) -> float:
        """Where an upright arrow meets its upper edge."""
        return self.left + self.box.width / 2 + (self.box.depth + self.box.behind) / 2


def size_words(shape: Shape, *, short: bool) -> str:
    """The size of a volume without its channels: 28×28, or 28² for short; a vector has its numbers above alone."""
    if not shape.rank:
        return ""
    if short and shape.rank in (2, 3) and len(set(shape.spatial)) == 1:
        return f"{shape.spatial[0]}{'²' if shape.rank == 2 else '³'}"
    return shape_words(shape).rsplit("×", 1)[0]


def wrapped(item: Item, width: float) -> Words:
    """The words of an upright arrow in lines; no line is wider than asked, where its words can be parted."""
    words = [*item.words]
    if item.after:
        words = [*words[:-1], *(f"{word}," for word in (*words[-1:], *item.after[:-1])), item.after[-1]]
    lines: list[str] = []
    for word in (clipped(word, WORD_LETTERS, width) for word in words):
        if lines and text_width(f"{lines[-1]} {word}", WORD_LETTERS) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)
