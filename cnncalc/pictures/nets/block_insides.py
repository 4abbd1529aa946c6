"""The insides of a net's blocks below its picture: which panels there are, how broad, and how they are packed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.block_forms import Form
from cnncalc.pictures.nets.block_panels import WORD_WIDTHS, block_panel, crowded_forms, shown_forms
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.net_rows import SECTION
from cnncalc.pictures.nets.panel_boxes import TEXT, broken
from cnncalc.pictures.nets.panel_labels import Label, labels
from cnncalc.pictures.nets.panel_shapes import EDGE, TOP, panel
from cnncalc.pictures.nets.panel_shelves import panel_shelves
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.quantities import grouped

MOST_PANELS = 40
WORTH = 0.93
"""Words are broken into more lines where all the panels together become so much lower by it."""

MOST_NAMED = 12
"""So many blocks that are not drawn are named; of more only how many."""

MOST_BROKEN, NARROW = 3, 500.0
"""On a picture that is not narrow only so many widths of words are tried; narrower words only where a panel needs them.
"""

NOTE_WORDS = 250.0


class Insides(NamedTuple):
    """The forms of the blocks of one picture: those that are drawn, those that are only named.

    `merged`: those of the blocks which are one volume with others, since the net has too many for one picture.
    """

    drawn: tuple[tuple[Form, tuple[Label, ...]], ...]
    named: tuple[Form, ...]
    merged: tuple[Form, ...] = ()

    def panels(self, width: float = float("inf"), words: float = WORD_WIDTHS[0]) -> tuple[Scene, ...]:
        """The panels of the blocks that are drawn, each no wider than asked."""
        return tuple(block_panel(form, parts, width, words) for form, parts in self.drawn)

    def within(self, width: float) -> Scene:
        """The panels of all blocks, packed, no wider than asked."""
        note = [_note(self.named, ("more", "not drawn here"), width)] if self.named else []
        note += (
            [_note(self.merged, ("merged", "each drawn above in one volume with others"), width)] if self.merged else []
        )
        best = None
        for words in WORD_WIDTHS[: MOST_BROKEN if width > NARROW else None]:
            shelves = panel_shelves((*self.panels(width, words), *note), width)
            if best is None or shelves.height < best.height * WORTH:
                best = shelves
        return best or Scene((), 0.0, 0.0)


def block_insides(analysis: Analysis, items: Sequence[Item], opened: Iterable[str] = ()) -> Insides | None:
    """The insides of all blocks of the picture; None where it has no blocks."""
    forms = shown_forms(analysis, items, opened)
    drawn = tuple((form, labels(analysis, form)) for form in forms[:MOST_PANELS])
    merged = crowded_forms(analysis, items, opened)
    return Insides(drawn, forms[MOST_PANELS:], merged) if forms or merged else None


def _note(forms: Sequence[Form], why: tuple[str, str], width: float) -> Scene:
    """A panel that names blocks that are not drawn and says why, and which option draws them."""
    names = list(dict.fromkeys(form.word for form in forms if form.word != SECTION))
    listed = ", ".join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        listed += f" and {grouped(len(names) - MOST_NAMED)} more"
    head = f"{grouped(len(forms))} {why[0]} {'forms' if len(forms) > 1 else 'form'} of blocks"
    words = f"The option --open NAME draws the calls of a block: {listed}" if names else ""
    wide = min(width, NOTE_WORDS + 2 * EDGE)
    drawing, y = Drawing(), TOP + 8.0
    for line in broken(words, TEXT, wide - 2 * EDGE):
        drawing.text(EDGE, y, line, TEXT, anchor="start")
        y += TEXT + 3
    return panel(drawing, (head, why[1]), wide, y + 2)
