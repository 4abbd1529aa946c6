"""A net that was read without a fault, and how it was read: what every room of the library begins with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.graph.ir import Graph


class ReadNet:
    """A net with the settings and the size of its input that were asked for."""

    def __init__(self, graph: Graph, settings: Mapping[str, str] | None = None, input_size: str | None = None) -> None:
        self.graph = graph
        self._settings = settings
        self._input_size = input_size

    @cached_property
    def analysis(self) -> Analysis:
        """Every number about the net (`cnncalc.analysis.model.Analysis`), for one image."""
        from cnncalc.analysis import analyse

        return analyse(self.graph)

    def _analysis_of(self, batch: int) -> Analysis:
        """The numbers for so many images at once.  Raises InputError."""
        if batch == 1 and type(batch) is int:
            return self.analysis
        from cnncalc.analysis import analyse
        from cnncalc.stated_numbers import refuse_batch

        refuse_batch(batch)
        return analyse(self.graph, batch)

    @property
    def _is_changed(self) -> bool:
        """Whether it is another net than its text says: its settings or its size are others."""
        return bool(self._settings) or self.graph.has_other_size

    def _files(self, *others: str | None) -> list[str]:
        """The files that the net and what is made of it are read from."""
        return [self.graph.source.file or self.graph.source.name, *filter(None, others)]
