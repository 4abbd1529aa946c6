"""How wide a text is, without a font: the widths of Helvetica, which Arial, Arimo and Liberation Sans share.

A layout knows before anything is drawn where its labels end, and they end there on every machine.  Letters that
Helvetica does not have are taken as wide as the widest of their script usually is, so that nothing is cut off.
"""

from __future__ import annotations

from cnncalc.diagnostics.letters import printable

_ASCII = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 "
    "584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 "
    "667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
    "278 556 500 722 500 500 500 334 260 334 584"
)
"""The widths of the letters from the space to the tilde in thousandths of the size (Adobe's metrics of Helvetica)."""

WIDTHS = {chr(32 + n): int(width) for n, width in enumerate(_ASCII.split())}
WIDTHS |= {"×": 584, "–": 556, "·": 278, "−": 584, "…": 1000, "≤": 549, "²": 333, "³": 333}

OTHER_LETTER, WIDE_LETTER, FIXED_LETTER, BOLD = 667, 1000, 602, 1.07
"""A letter of another alphabet, one of a script of squares (from U+1100 on), one of a fixed width; bold is wider."""


def text_width(text: str, size: float, *, bold: bool = False, fixed: bool = False) -> float:
    """The width of a text in units, for letters of this size.

    >>> text_width("5x5", 10)
    16.12
    """
    thousandths = FIXED_LETTER * len(text) if fixed else sum(WIDTHS.get(letter) or _other(letter) for letter in text)
    return round(thousandths * size / 1000 * (BOLD if bold else 1), 4)


def _other(letter: str) -> int:
    return WIDE_LETTER if letter >= "\u1100" else OTHER_LETTER


LONGEST_TEXT = 4000
"""Letters of one text of a drawing, its description included; what is longer is cut, and ends in "…"."""


def shown_text(text: str) -> str:
    """A text as a drawing may hold it: bounded, in one line, and its control letters replaced.

    Control letters end a file of XML, or (those of right-to-left scripts) swap the order of what is beside them.

    >>> shown_text("conv\\x1b[2J 3x3")
    'conv\ufffd[2J 3x3'
    """
    return printable(text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…")
