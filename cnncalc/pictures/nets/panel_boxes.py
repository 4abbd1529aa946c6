"""The boxes on a panel: the words of each part broken into lines that are no wider than asked, never made smaller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.pictures.nets.items import Kind
from cnncalc.pictures.nets.panel_labels import Label
from cnncalc.pictures.nets.volumes import HATCHED, clipped
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Rectangle

TEXT, SMALL = 10.0, 9.0
MARGIN, SLIM, BAND, LOWEST = 11.0, 7.0, 7.0, 24.0
"""Beside the words, and beside those of slim boxes; the hatched band at the left of a box whose kind has a hatch; and
the height of one line."""

SLIM_WORDS = 85.0
"""Boxes for narrower words are slim."""

NARROWEST = 34.0
LONGEST_NAME = 90.0
MOST_LINES = 5
"""Lines of one kind of words; what is longer ends with …."""


class BoxLine(NamedTuple):
    """One line of words in a box."""

    text: str
    size: float
    bold: bool = False

    @property
    def width(self) -> float:
        return text_width(self.text, self.size, bold=self.bold)

    @property
    def step(self) -> float:
        """How far its baseline is below the one before it."""
        return self.size + 3


class Box(NamedTuple):
    """One part of a block: its lines of words, and its kind."""

    lines: tuple[BoxLine, ...]
    kind: Kind
    is_block: bool = False
    margin: float = MARGIN

    @property
    def band(self) -> float:
        return BAND if self.kind in HATCHED else 0.0

    @property
    def width(self) -> float:
        return max(max(line.width for line in self.lines) + 2 * self.margin + self.band, NARROWEST)

    @property
    def height(self) -> float:
        return LOWEST + sum(line.step for line in self.lines[1:])


def box_of(label: Label, most: float) -> Box:
    """The part with words no wider than asked: its channels behind its name where they fit, else below."""
    bold = label.is_block
    name = f"{label.name}, {label.channels}" if label.channels else label.name
    if text_width(name, TEXT, bold=bold) <= most:
        first = [name]
    elif label.channels:
        first = [*broken(label.name, TEXT, most), *broken(label.channels, TEXT, most)]
    else:
        first = broken(name, TEXT, most, bold=bold)
    lines = [BoxLine(text, TEXT, bold) for text in first]
    small = [line for words in (*label.notes, *label.after) for line in broken(words, SMALL, most)]
    margin = SLIM if most < SLIM_WORDS else MARGIN
    return Box((*lines, *(BoxLine(text, SMALL) for text in small)), label.kind, label.is_block, margin)


def named_box(name: str, kind: Kind) -> Box:
    """A box of one short line."""
    return Box((BoxLine(clipped(name, TEXT, LONGEST_NAME), TEXT),), kind)


def paint_box(drawing: Drawing, box: Box, x: float, y: float) -> None:
    """A part with the middle of its upper edge at x, y; another block has a second box behind it."""
    left = x - box.width / 2
    if box.is_block:
        drawing.add(Rectangle(left + 3, y - 3, box.width, box.height, 4, "block.side"))
    drawing.add(Rectangle(left, y, box.width, box.height, 4, f"{box.kind}.node"))
    if box.band:
        drawing.add(Rectangle(left, y, box.band, box.height, 2, f"{box.kind}.face", hatch=box.kind))
    line_y = y + 16 - box.lines[0].step
    for line in box.lines:
        line_y += line.step
        drawing.text(x + box.band / 2, line_y, line.text, line.size, bold=line.bold)


def broken(words: str, size: float, most: float, *, bold: bool = False) -> list[str]:
    """The words in as few lines as there is room for, all about as long; no line begins with a bar."""
    lines = _broken(words, size, most, bold=bold)
    short, long = 0.0, most
    while len(lines) > 1 and long - short > 4:
        tried = (short + long) / 2
        found = _broken(words, size, tried, bold=bold)
        is_whole = len(found) == len(lines) and not any(line.endswith("…") for line in found)
        short, long, lines = (short, tried, found) if is_whole else (tried, long, lines)
    return lines


def _broken(words: str, size: float, most: float, *, bold: bool) -> list[str]:
    lines: list[str] = []
    for word in _pieces(words.split(" ")):
        fits = lines and text_width(f"{lines[-1]} {word}", size, bold=bold) <= most
        if fits:
            lines[-1] += f" {word}"
        elif len(lines) == MOST_LINES:
            lines[-1] = clipped(f"{lines[-1]} …", size, most, bold=bold)
            break
        else:
            lines.append(clipped(word, size, most, bold=bold))
    return lines


def _pieces(words: Iterable[str]) -> Iterator[str]:
    """The words, with a bar as the end of the one before it."""
    held = ""
    for word in words:
        if word == "|":
            held += " |"
            continue
        if held:
            yield held
        held = word
    if held:
        yield held
