"""How many lines may be tried in the place of lines with a fault, for one text.  The trying is `proposals`' own."""

from __future__ import annotations

MOST_TRIES = 300
"""Lines tried for one text; with more faults than that, nothing is proposed for the later ones."""


class Tries:
    """How many lines may still be tried for a text, so that a text of nothing but faults costs little."""

    def __init__(self) -> None:
        self.left = MOST_TRIES
        self.trying = False
        """Whether a line is being tried: what is wrong with it has no proposals of its own."""

    def took(self) -> bool:
        """Take one, if any is left and none is being tried."""
        self.left -= not self.trying
        return self.left >= 0 and not self.trying
