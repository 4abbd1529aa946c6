"""What is alive at each line of a net, measured in the arrays of a run, and held against the analysis.

The readable kernels run, each word of a line into an array of its own.  Of a line count what was there when its first
word began, and the array in which its last word's result lies: as the analysis counts, for which the words of a line
work in place.  A line may differ where a kernel copies what is a view to the analysis, or the other way round.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.runtime.buffers import Place
from cnncalc.runtime.execution import StepDone
from cnncalc.runtime.planning import Plan


class MeasuredMemory(NamedTuple):
    """The most bytes of activations that are alive at once, predicted and measured, for so many `images`.

    Of all `lines` `equal` hold exactly what was predicted of them; `others` are the names of those that do not.
    """

    images: int
    predicted: int
    measured: int
    equal: int
    lines: int
    others: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        return self.predicted == self.measured


class HeardPlaces:
    """Listens to a run and remembers where each result lay."""

    def __init__(self) -> None:
        self._places: dict[int, Place] = {}

    def hear(self, event: StepDone) -> None:
        """Notes one step."""
        self._places[event.step.node] = event.place

    def measured(self, analysis: Analysis, plan: Plan) -> MeasuredMemory:
        """What the lines held; the prediction is for the images and the type of the plan."""
        each = np.dtype(plan.dtype).itemsize * plan.batch
        predicted = [memory.alive // analysis.batch * each for memory in analysis.memory_by_row]
        found = [self._alive(row.row.first, row.row.last) for row in analysis.rows]
        both = zip(analysis.rows, predicted, found, strict=True)
        others = tuple(row.row.label or row.nodes[0].node.name for row, one, other in both if one != other)
        equal = len(found) - len(others)
        return MeasuredMemory(plan.batch, max(predicted, default=0), max(found, default=0), equal, len(found), others)

    def _alive(self, first: int, last: int) -> int:
        place = self._places[last]
        return self._places[first].before + (place.size if place.owner >= first else 0)
