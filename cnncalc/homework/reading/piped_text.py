"""Tables of other files as lines of text: cells between pipes, as Markdown has them.

Every kind of document becomes one text, so that the same reader finds the tables of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LONGEST_CELL = 4_000
"""Characters of one cell that are kept: longer ones are no answers."""

_UNSEEN = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")


def piped(rows: Iterable[Sequence[str]]) -> str:
    """The rows with an empty line around them; a pipe or a line end within a cell stays within it.

    >>> piped([["layer", "shape"], ["a|b", "3\\n"]])
    '\\n| layer | shape |\\n| a\\\\|b | 3 |\\n'
    """
    return "\n" + "".join(f"| {' | '.join(map(_cell, row))} |\n" for row in rows if any(row))


def _cell(text: str) -> str:
    return _UNSEEN.sub(" ", text[:LONGEST_CELL]).strip().replace("|", "\\|")
