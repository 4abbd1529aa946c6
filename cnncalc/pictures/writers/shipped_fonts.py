"""The fonts that ship, for the formats that draw letters themselves: Arimo, and Cousine where all are equally wide.

Which letters they have and how wide those are, `scene.letter_widths` says.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from unicodedata import normalize

from cnncalc.pictures.scene.letters import is_known

FAMILY, FIXED_FAMILY = "Arimo", "Cousine"

FACES = {
    (FAMILY, ""): "Arimo-Regular.ttf",
    (FAMILY, "B"): "Arimo-Bold.ttf",
    (FAMILY, "I"): "Arimo-Italic.ttf",
    (FIXED_FAMILY, ""): "Cousine-Regular.ttf",
}
"""Family and style (regular, bold, italic) -> its file."""

NOT_FIXED = frozenset("‐‑⁰⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎\ufffd")
"""Letters that Arimo has and Cousine has not."""


def font_path(face: str) -> Path:
    """Where a font's file is."""
    return Path(str(files("cnncalc.pictures.writers").joinpath("fonts", face)))


def in_shipped_letters(text: str, *, fixed: bool = False) -> str:
    """The text in letters that the fonts have: without its accents where that helps, else "?".

    >>> in_shipped_letters("a ≤ b…, ő, ǟ, Σ, 層")
    'a ≤ b…, ő, a, Σ, ?'
    """
    return "".join(letter if _has(letter, fixed) else _nearest(letter) for letter in text)


def _has(letter: str, fixed: bool) -> bool:
    return is_known(letter) and not (fixed and letter in NOT_FIXED)


def _nearest(letter: str) -> str:
    return normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?"
