"""The letters on pictures of pixels: the font that ships, the same on every machine, with Greek and Cyrillic."""

from __future__ import annotations

from functools import lru_cache

from PIL import ImageFont

from cnncalc.diagnostics.letters import printable
from cnncalc.pictures.writers.shipped_fonts import FACES, FAMILY, font_path, in_shipped_letters


@lru_cache(maxsize=32)
def font_of(pixels: int) -> ImageFont.FreeTypeFont:
    """The font with letters of so many pixels."""
    return ImageFont.truetype(str(font_path(FACES[FAMILY, ""])), pixels)


def drawn_letters(text: str) -> str:
    r"""A stranger's text in letters that are shown and that the font has.

    >>> drawn_letters("слой \u202e層")
    'слой \ufffd?'
    """
    return in_shipped_letters(printable(text))
