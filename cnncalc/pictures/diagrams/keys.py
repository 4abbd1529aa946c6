"""The names of boxes and frames in the text of a diagram: from the names of the net's own lines, each once.

A line that is added elsewhere leaves them as they are, so that a diagram that is kept under version control changes
where the net does.  They begin with a letter and `_`, so that none is a word of Mermaid's or DOT's own.
"""

from __future__ import annotations

import re

from cnncalc.pictures.diagrams.parts_of_net import Part
from cnncalc.pictures.nets.net_rows import NetRows

_OTHER = re.compile(r"[^A-Za-z0-9]+")
LONGEST = 60


class Keys:
    """Gives out names, none twice."""

    def __init__(self, rows: NetRows) -> None:
        self.rows = rows
        self.taken: set[str] = set()

    def of(self, part: Part, begin: str) -> str:
        """The name of a part: its operation's, or what the names of all inside begin with."""
        first, last = (self.rows.analysis.rows[row].nodes[0].node.name.split(".") for row in (part.first, part.last))
        if part.kind == "row":
            return self.new(begin, ".".join(first))
        same = [a for a, b in zip(first, last, strict=False) if a == b]
        return self.new(begin, ".".join(same) or part.label or part.word or ".".join(first))

    def new(self, begin: str, name: str) -> str:
        """The letters and digits of the name; with a number where that is taken."""
        plain = f"{begin}_{_OTHER.sub('_', name).strip('_')[:LONGEST]}"
        key, number = plain, 2
        while key in self.taken:
            key, number = f"{plain}_{number}", number + 1
        self.taken.add(key)
        return key
