"""One number of a line's result with all that a text or a picture shows of it: how it is worked out, what it sees.

Where the numbers come from is not known here: stated in the text (`by_hand.values`) or seen in a run
(`cnncalc.runtime.cell_runs`), which gives them as lists whose numbers are fetched when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cnncalc.analysis.by_hand import Volume
from cnncalc.analysis.model import Analysis, NodeAnalysis, RowAnalysis
from cnncalc.analysis.seen_pixels import SeenInput, seen_pixels
from cnncalc.analysis.worked_cells import line_names, worked, worked_nodes
from cnncalc.analysis.worked_cells.addresses import Address
from cnncalc.analysis.worked_cells.one_number import Work

Values = Callable[[int], Volume | None]
"""The numbers of a node, `x[channel][depth][row][column]`; None where they are not known."""

OwnWeights = Callable[[NodeAnalysis], Mapping[str, Any]]
"""The weights of a node by name, as lists in lists in storage order, spatial axes lifted to three."""


class TracedCell(NamedTuple):
    """A number: its line and its address, counted from 0; one `Work` for the layer and one for each word behind it.

    `nodes` are what the works are of, one each.  `seen`: which pixels of each input it depends on.  `values` gives the
    whole map of each node (`arriving` and `made` are those at the line's ends).
    """

    row: RowAnalysis
    address: Address
    works: tuple[Work, ...]
    nodes: tuple[NodeAnalysis, ...]
    seen: tuple[SeenInput, ...]
    values: Values

    @property
    def arriving(self) -> tuple[Volume, ...]:
        """The maps that the first of the nodes reads."""
        found = map(self.values, self.nodes[0].node.inputs)
        return tuple(volume for volume in found if volume is not None)

    @property
    def first_made(self) -> Volume | None:
        """The map that the first of the nodes makes, before any word behind it."""
        return self.values(self.nodes[0].node.index)

    @property
    def made(self) -> Volume | None:
        """The whole result of the line."""
        return self.values(self.row.row.last)


def traced(
    analysis: Analysis, row: RowAnalysis, address: Address, values: Values, weights: OwnWeights | None = None
) -> TracedCell:
    """The number of a line at an address; without `weights` by those that the text states."""
    works = worked(row.nodes, values, *address, weights, name=line_names(analysis))
    nodes = worked_nodes(row.nodes)[: len(works)]
    channel, place = address
    return TracedCell(row, address, tuple(works), nodes, seen_pixels(analysis, row.nodes[-1], place, channel), values)
