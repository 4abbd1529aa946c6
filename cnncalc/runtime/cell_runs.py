"""The numbers of one line from a run: what its layers read and make, by the kernels that a person can follow.

Only what the line depends on is run, one picture, and only the line's own arrays are kept.  They are handed on as lists
in lists whose numbers become Python's when somebody asks for them, so that one number of a large net costs little more
than the run itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast, overload

import numpy as np

from cnncalc.analysis.by_hand import Volume
from cnncalc.analysis.by_hand.volumes import Place
from cnncalc.analysis.model import NodeAnalysis, RowAnalysis
from cnncalc.analysis.worked_cells.traced_cell import TracedCell
from cnncalc.runtime.compare_values import worked_apart
from cnncalc.runtime.execution import Observer, StepDone, execute
from cnncalc.runtime.planning import Plan, Step
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]


class ArrayList(Sequence[Any]):
    """An array as lists in lists; a number is read, and made a float of Python, when it is asked for."""

    __slots__ = ("_array",)

    def __init__(self, array: Array) -> None:
        self._array = array

    def __len__(self) -> int:
        return len(self._array)

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> ArrayList: ...
    def __getitem__(self, index: int | slice) -> Any:
        return as_lists(self._array[index])

    def __iter__(self) -> Iterator[Any]:
        return iter(self._array.tolist()) if self._array.ndim == 1 else map(ArrayList, self._array)


def as_lists(array: Array) -> Any:
    """The array as lists in lists; a number where it has no axis."""
    return ArrayList(array) if array.ndim else float(array)


class LineRun(NamedTuple):
    """One line after a run: `(c, z, y, x)` of what its nodes read and make, by node; the weights of the whole run."""

    arrays: Mapping[int, Array]
    steps: Mapping[int, Step]
    weights: Weights

    def values(self, node: int) -> Volume | None:
        """The numbers of a node as the definitions index them; None where they were not kept."""
        return cast(Volume, as_lists(self.arrays[node])) if node in self.arrays else None

    def own_weights(self, node: NodeAnalysis) -> Mapping[str, Any]:
        """The weights of a node by name."""
        arrays = self.steps[node.node.index].arrays(self.weights.arrays)
        return {name: as_lists(array) for name, array in arrays.items()}

    def computed(self, node: int, channel: int, place: Place) -> float:
        """What the kernels made at one place of a node."""
        return float(self.arrays[node][(channel, *place)])

    def largest(self, node: int) -> float:
        """The largest size of a number among those that a node makes."""
        found = np.abs(self.arrays[node][np.isfinite(self.arrays[node])])
        return float(found.max(initial=0.0))


def line_run(
    row: RowAnalysis,
    plan: Plan,
    weights: Weights,
    inputs: Mapping[str, Array],
    *,
    observe: Observer | None = None,
    threads: int | None = None,
) -> LineRun:
    """Run a plan that ends with a line (`planning.part_of`) and keep what that line's nodes read and make."""
    kept = {node.node.index for node in row.nodes} | {i for node in row.nodes for i in node.node.inputs}
    arrays: dict[int, Array] = {}

    def hear(event: StepDone) -> None:
        if event.step.node in kept:
            arrays[event.step.node] = event.result[0].copy()
        if observe is not None:
            observe(event)

    execute(plan, weights, inputs, hear, threads)
    return LineRun(arrays, {step.node: step for step in plan.steps}, weights)


class Computed(NamedTuple):
    """What the kernels made of one of the steps of a number, and whether that is what was worked out."""

    value: float
    confirmed: bool


def computed(cell: TracedCell, run: LineRun) -> tuple[Computed, ...]:
    """Each step of a traced number beside the kernels' own, within what their precision allows."""
    channel, place = cell.address
    exact = run.weights.dtype == "float64"
    made = [run.computed(node.node.index, channel, place) for node in cell.nodes]
    return tuple(
        Computed(value, not worked_apart(work.result, value, run.largest(node.node.index), exact=exact))
        for work, node, value in zip(cell.works, cell.nodes, made, strict=True)
    )
