"""The colours of the reports, by meaning, as the codes of a terminal (ECMA-48, SGR).

Where a terminal has 256 colours, those are taken that are the same on each and that can be read on black and on white
alike; where it has 16, its own.  No colour says anything that a word or a sign does not say too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

Style = Literal[
    "plain",
    "title",
    "heading",
    "block",
    "total",
    "name",
    "faint",
    "bar",
    "good",
    "verdict",
    "bad",
    "warning",
    "error",
    "help",
]
Paint = Callable[[str, Style], str]

BOLD = "1"
TEAL, GREEN, RED, ORANGE, BLUE, GREY = 30, 28, 196, 130, 32, 243
"""Numbers of the 256 colours."""

OF_256: Mapping[Style, str] = {
    "title": BOLD,
    "heading": BOLD,
    "block": f"38;5;{TEAL}",
    "total": BOLD,
    "name": BOLD,
    "faint": f"38;5;{GREY}",
    "bar": f"38;5;{BLUE}",
    "good": f"38;5;{GREEN}",
    "verdict": f"{BOLD};38;5;{GREEN}",
    "bad": f"{BOLD};38;5;{RED}",
    "warning": f"38;5;{ORANGE}",
    "error": f"{BOLD};38;5;{RED}",
    "help": f"38;5;{GREEN}",
}
OF_16: Mapping[Style, str] = {
    "title": BOLD,
    "heading": BOLD,
    "block": "36",
    "total": BOLD,
    "name": BOLD,
    "faint": "90",
    "bar": "34",
    "good": "32",
    "verdict": "1;32",
    "bad": "1;31",
    "warning": "35",
    "error": "1;31",
    "help": "32",
}


def no_paint(text: str, _style: Style) -> str:
    """The text as it is."""
    return text


def painter(codes: Mapping[Style, str]) -> Paint:
    """Colours for a terminal: each text ends its own, so that a line is whole by itself in a pager too."""

    def paint(text: str, style: Style) -> str:
        return f"\033[{codes[style]}m{text}\033[0m" if style in codes and text.strip() else text

    return paint


paint_of_256 = painter(OF_256)
paint_of_16 = painter(OF_16)
