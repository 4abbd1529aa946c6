"""Which lines of a text are wider than a terminal though they need not be."""

from __future__ import annotations

import re

from cnncalc.diagnostics.wrapping import cells


def too_wide(text: str, width: int) -> list[str]:
    """The lines that are wider than the terminal though they could be narrower: they have more than one word."""
    bare = (re.sub(r"^([ │├|+✓✗?~!=]|ok |\d+  )*", "", line) for line in text.split("\n") if cells(line) > width)
    return [line for line in bare if len(line.split()) > 1 or any(cells(letter) == 2 for letter in line[8:])]
