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
from cnncalc.analysis.traced_cell import TracedCell
from cnncalc.analysis.worked_cells.rounding import of_result
from cnncalc.runtime.compare_values import CLOSE, largest_size, worked_apart
from cnncalc.runtime.execution import Observer, StepDone, execute
from cnncalc.runtime.planning import Step
from cnncalc.runtime.seen_part import SeenPart
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]

LEAST_NORMAL = 2.0**-126
"""Smaller numbers have fewer digits in float32, or become 0."""


class NumberNotComputedError(LookupError):
    """A number of a map that was not computed, because nothing that is worked out depends on it."""


class ArrayList(Sequence[Any]):
    """An array as lists in lists; a number is read, and made a float of Python, when it is asked for.

    The array may be a part of a larger one, from `first` on along each axis: the lists are as long as the larger one's
    axes, and only the numbers of the part are there.
    """

    __slots__ = ("_array", "_first", "_shape")

    def __init__(self, array: Array | None, first: Sequence[int], shape: Sequence[int]) -> None:
        self._array, self._first, self._shape = array, first, shape

    def __len__(self) -> int:
        return self._shape[0]

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(index)
        own = at - self._first[0]
        inside = self._array is not None and 0 <= own < len(self._array)
        part = self._array[own] if self._array is not None and inside else None
        if len(self._shape) > 1:
            return ArrayList(part, self._first[1:], self._shape[1:])
        if part is None:
            raise NumberNotComputedError(f"number {at} was not computed")
        return float(part)

    def __iter__(self) -> Iterator[Any]:
        if len(self._shape) == 1 and self._array is not None and len(self._array) == len(self):
            return iter(self._array.tolist())
        return map(self.__getitem__, range(len(self)))


class LineRun(NamedTuple):
    """One line after a run: `(c, z, y, x)` of what its nodes read and make, by node; the weights of the whole run.

    `firsts` is where each array begins in the node's whole map, `shapes` are the maps'; `rows` as `Step.rows`, by node.
    `largest` is the largest size of a number that any step of the run made.
    """

    arrays: Mapping[int, Array]
    firsts: Mapping[int, tuple[int, ...]]
    shapes: Mapping[int, tuple[int, ...]]
    steps: Mapping[int, Step]
    weights: Weights
    largest: float

    def values(self, node: int) -> Volume | None:
        """The numbers of a node as the definitions index them; None where they were not kept."""
        if node not in self.arrays:
            return None
        return cast("Volume", ArrayList(self.arrays[node], self.firsts[node], self.shapes[node]))

    def own_weights(self, node: NodeAnalysis) -> Mapping[str, Any]:
        """The weights of a node by name."""
        step = self.steps[node.node.index]
        first, count = (0, None) if step.rows is None else (step.rows[0], node.output.channels)
        return {
            name: ArrayList(array, (first, *(0,) * (array.ndim - 1)), (count or len(array), *array.shape[1:]))
            for name, array in step.arrays(self.weights.arrays).items()
        }

    def computed(self, node: int, channel: int, place: Place) -> float:
        """What the kernels made at one place of a node."""
        at = tuple(n - first for n, first in zip((channel, *place), self.firsts[node], strict=True))
        return float(self.arrays[node][at])


def line_run(
    row: RowAnalysis,
    part: SeenPart,
    weights: Weights,
    inputs: Mapping[str, Array],
    *,
    observe: Observer | None = None,
    threads: int | None = None,
) -> LineRun:
    """Run a plan that ends with a line and keep what that line's nodes read and make.

    The plan is `seen_part`'s or a whole one (`whole_part`), the inputs are whole.
    """
    names = {node.node.index for node in row.nodes} | {i for node in row.nodes for i in node.node.inputs}
    kept = {part.places[node]: node for node in names if node in part.places}
    arrays: dict[int, Array] = {}
    largest = 0.0

    def hear(event: StepDone) -> None:
        nonlocal largest
        largest = max(largest, largest_size(event.result))
        if event.step.node in kept:
            arrays[kept[event.step.node]] = event.result[0].copy()
        if observe is not None:
            observe(event)

    execute(part.plan, weights, part.cut_inputs(inputs), hear, threads)
    by_place = {step.node: step for step in part.plan.steps}
    steps = {node: by_place[place] for place, node in kept.items()}
    firsts = {node: part.first(node) for node in arrays}
    return LineRun(arrays, firsts, {node: part.shapes[node] for node in arrays}, steps, weights, largest)


class Computed(NamedTuple):
    """What the kernels made of one of the steps of a number, and whether that is what was worked out."""

    value: float
    confirmed: bool


def computed(cell: TracedCell, run: LineRun) -> tuple[Computed, ...]:
    """Each step of a traced number beside the kernels' own, within what their precision allows.

    In float32 a step starts from the very numbers that the kernel had, so that only its own rounding is allowed for;
    exact numbers were exact before it too, and what was rounded there is a share of the largest number on the way.
    """
    channel, place = cell.address
    exact = run.weights.dtype == "float64"
    found = []
    for work, node in zip(cell.works, cell.nodes, strict=True):
        value = run.computed(node.node.index, channel, place)
        rounding = CLOSE * run.largest if exact else LEAST_NORMAL + work.rounding + of_result(value)
        found.append(Computed(value, not worked_apart(work.result, value, rounding)))
    return tuple(found)
