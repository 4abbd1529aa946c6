"""How wide a text is, without a font: the widths of Arimo, which Arial and Liberation Sans share.

A layout knows before anything is drawn where its labels end, and they end there on every machine.  Letters that the
fonts that ship do not have are taken as wide as the widest of their script usually is, so that nothing is cut off.
"""

from __future__ import annotations

from cnncalc.diagnostics.letters import printable
from cnncalc.pictures.scene.letter_widths import BOLD, REGULAR

WIDE_LETTER, OTHER_LETTER, FIXED_LETTER = 1000, 667, 600
"""A letter of a script of squares (from U+1100 on), one of another alphabet, and one of a font of one width."""


def text_width(text: str, size: float, *, bold: bool = False, fixed: bool = False) -> float:
    """The width of a text in units, for letters of this size.

    >>> text_width("5x5", 10)
    16.12
    """
    if fixed:
        return round(FIXED_LETTER * len(text) * size / 1000, 4)
    widths = BOLD if bold else REGULAR
    return round(sum(widths.get(letter) or _other(letter) for letter in text) * size / 1000, 4)


def _other(letter: str) -> int:
    return WIDE_LETTER if letter >= "\u1100" else OTHER_LETTER


def is_known(text: str) -> bool:
    """Whether the fonts that ship have each letter of a text, so that its width is exact."""
    return set(text) <= REGULAR.keys()


LONGEST_TEXT = 4000
"""Letters of one text of a drawing, its description included; what is longer is cut, and ends in "…"."""


def shown_text(text: str) -> str:
    """A text as a drawing may hold it: bounded, in one line, and its control letters replaced.

    Control letters end a file of XML, or (those of right-to-left scripts) swap the order of what is beside them.

    >>> shown_text("conv\\x1b[2J 3x3")
    'conv\ufffd[2J 3x3'
    """
    return printable(text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…")
