"""How many lines may be tried in the place of lines with a fault, for one text.  The trying is `proposals`' own."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.spec.document import Call

MOST_TRIES = 300
"""Lines tried for one text; with more faults than that, nothing is proposed for the later ones."""


def _no_call(_text: str) -> Call | None:
    return None


class Tries:
    """How many lines may still be tried for a text, so that a text of nothing but faults costs little.

    `own_call` is a line of text as a call in our words, None when it is none (`tried_line.own_call`).
    """

    def __init__(self, own_call: Callable[[str], Call | None] = _no_call) -> None:
        self.own_call = own_call
        self.left = MOST_TRIES
        self.trying = False
        """Whether a line is being tried: what is wrong with it has no proposals of its own."""

    def took(self) -> bool:
        """Take one, if any is left and none is being tried."""
        self.left -= not self.trying
        return self.left >= 0 and not self.trying
