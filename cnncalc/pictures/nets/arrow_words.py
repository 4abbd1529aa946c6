"""The arrow that leads to a volume, with the words above and below it."""

from __future__ import annotations

from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.volumes import SMALL_LETTERS, WIDEST_WORD, WORD_LETTERS, clipped
from cnncalc.pictures.scene.drawing import Drawing

WORD_STEP, SMALL_STEP = 11.5, 10.5
ABOVE, BELOW = 6.0, 13.0
"""From the arrow to the baseline of the lowest word above it, and of the first one below it."""

MOST_AFTER = 6
"""More words below an arrow than these are cut with …; the volume's label has them all."""


def after_words(item: Item) -> tuple[str, ...]:
    """The words below the arrow, as many as are shown."""
    return item.after if len(item.after) <= MOST_AFTER else (*item.after[: MOST_AFTER - 1], "…")


def words_above(item: Item) -> float:
    """How far the words above the arrow reach up."""
    return ABOVE + WORD_STEP * len(item.words) + 2 if item.words else 0.0


def words_below(item: Item) -> float:
    """How far the words below the arrow reach down."""
    return BELOW + SMALL_STEP * len(after_words(item)) - 6 if item.after else 0.0


def draw_arrow(drawing: Drawing, item: Item, start: float, end: float, y: float) -> None:
    """The arrow from the left to the item's volume, and its words."""
    drawing.line([(start, y), (end, y)])
    middle = (start + end) / 2 - 1
    for step, word in enumerate(reversed(item.words)):
        bold = bool(item.block) and step == len(item.words) - 1
        shown = clipped(word, WORD_LETTERS, WIDEST_WORD, bold=True)
        drawing.text(middle, y - ABOVE - step * WORD_STEP, shown, WORD_LETTERS, bold=bold)
    for step, word in enumerate(after_words(item)):
        shown = clipped(word, SMALL_LETTERS, WIDEST_WORD)
        drawing.text(middle, y + BELOW + step * SMALL_STEP, shown, SMALL_LETTERS, role="soft")
