"""Which inputs the lines of a net depend on, in words for the card, which marks the pixels of the first input alone.

A net with one input needs none of this.  Where the pixels lie is known to the fields, not here.
"""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.model import Analysis, RowAnalysis
from cnncalc.pictures.page.page_text import shown


class InputsOfLines:
    """For each line the inputs that it depends on."""

    def __init__(self, analysis: Analysis) -> None:
        self._reads: list[frozenset[str]] = []
        for one in analysis.nodes:
            own = {one.node.name} if one.node.is_input else set()
            self._reads.append(frozenset(own.union(*(self._reads[read] for read in one.node.inputs))))
        inputs = [one for one in analysis.nodes if one.node.is_input]
        self._first = inputs[0].node.name if len(inputs) > 1 else ""
        self._order = [one.node.name for one in inputs]

    @property
    def first(self) -> str:
        """The name of the input whose pixels are marked; empty where there is one input alone."""
        return shown(self._first)

    def said_of(self, row: RowAnalysis) -> dict[str, Any]:
        """What the card adds to the field of a line: nothing where it depends on the first input alone.

        `elsewhere` where it does not depend on that at all.
        """
        read = self._reads[row.row.last]
        others = " and ".join(shown(name) for name in self._order if name in read and name != self._first)
        if not self._first or not others:
            return {}
        if self._first in read:
            return {"others": f" It depends on pixels of {others} too, which are not marked here."}
        text = f"This line depends on {others}, and not on {self.first}. Only pixels of {self.first} are marked here."
        return {"others": text, "elsewhere": 1}
