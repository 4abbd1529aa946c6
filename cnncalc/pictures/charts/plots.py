"""What all charts have: a title with words below it, the key of their signs, a plot with its ticks and rules.

A plot is the rectangle in which values are drawn; what they are, the charts know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.net_picture import net_title
from cnncalc.pictures.nets.volumes import WORD_LETTERS, clipped
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Rectangle

EDGE = 6.0
TITLE_LETTERS, NARROW_TITLE, NARROW = 15.0, 13.0, 500.0
LONGEST_NAME = 320.0
KEY_LINE, BETWEEN, SIGN = 17.0, 16.0, 13.0


class Plot(NamedTuple):
    """The sides of the rectangle in which values are drawn."""

    left: float
    top: float
    right: float
    bottom: float


class Mark(NamedTuple):
    """How one kind of value is painted: its name, its colour, the hatch laid on it."""

    name: str
    fill: str
    hatch: str = ""


def heading(drawing: Drawing, width: float, title: str, lines: Iterable[str]) -> tuple[float, float]:
    """Writes a title and the soft lines below it; gives how wide they are and where they end."""
    size = NARROW_TITLE if width < NARROW else TITLE_LETTERS
    wide, y = 0.0, EDGE
    if title:
        title = clipped(title, size, width - 2 * EDGE, bold=True)
        drawing.text(EDGE, y + 15, title, size, anchor="start", bold=True)
        wide, y = text_width(title, size, bold=True), y + 15
    for words in lines:
        for line in broken(words, width - 2 * EDGE):
            drawing.text(EDGE, y + 15, line, WORD_LETTERS, anchor="start", role="soft")
            wide, y = max(wide, text_width(line, WORD_LETTERS)), y + 15
    return wide + 2 * EDGE, y + 6


def broken(words: str, width: float) -> list[str]:
    """The words in lines that are no wider than asked."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", WORD_LETTERS) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(clipped(word, WORD_LETTERS, width))
    return lines


def key(drawing: Drawing, width: float, y: float, marks: Sequence[Mark]) -> tuple[float, float]:
    """Draws each mark with its name, in lines; gives how wide they are and where they end."""
    x, wide = EDGE, 0.0
    for mark in marks:
        length = SIGN + 5 + text_width(mark.name, WORD_LETTERS)
        if x > EDGE and x + length > width - EDGE:
            x, y = EDGE, y + KEY_LINE
        drawing.add(Rectangle(x, y, SIGN, 11, fill=mark.fill, line_width=0.8, hatch=mark.hatch))
        drawing.text(x + SIGN + 5, y + 9, mark.name, WORD_LETTERS, anchor="start")
        x += length + BETWEEN
        wide = max(wide, x)
    return wide, y + KEY_LINE


def left_room(labels: Iterable[str]) -> float:
    """How much room the labels of an upright axis need, beside the picture's edge."""
    return EDGE + 7 + max((text_width(label, WORD_LETTERS) for label in labels), default=0.0)


def level_rules(drawing: Drawing, plot: Plot, places: Sequence[float], labels: Sequence[str]) -> None:
    """Draws a rule over the whole plot at each height, with its label on the left."""
    for y, label in zip(places, labels, strict=True):
        drawing.line([(plot.left, y), (plot.right, y)], "rule", 0.8, arrow=False, corner=0)
        drawing.text(plot.left - 6, y + 3.5, label, WORD_LETTERS, anchor="end", role="soft")


def net_name(analysis: Analysis) -> str:
    """The title of the net, in no more words than stand in a line beside others."""
    return clipped(net_title(analysis), WORD_LETTERS, LONGEST_NAME)


def row_name(analysis: Analysis, row: int) -> str:
    """A row in words: its label, or the name under which its weights are stored, and its text."""
    own = analysis.rows[row]
    return f"{own.row.label or own.nodes[0].node.name}: {own.row.text}"
