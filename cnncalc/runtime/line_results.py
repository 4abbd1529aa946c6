"""What every line of a net hands on, seen once while the net runs: feature maps, for whoever shows them.

The readable kernels run one image, so that only the results that are still read are in memory.  A map is a flat array
`[c, y, x]` of float32: of a volume the slice in the middle.  How maps are shown is nobody's business here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.runtime.execution import StepDone, execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]
See = Callable[[int, Array], None]
"""Gets the index of a row and its maps, which it may look at, not keep."""


def line_results(
    analysis: Analysis, weights: Weights, inputs: Mapping[str, Array], see: See, threads: int | None = None
) -> dict[str, Array]:
    """Runs the net on the first image of `inputs` (`[n, c, z, y, x]` by name) and shows `see` the maps of each row.

    Gives the net's outputs, as `execute` does.
    """
    rows = {row.row.last: row.row.index for row in analysis.rows}

    def hear(event: StepDone) -> None:
        row = rows.get(event.step.node)
        if row is not None:
            see(row, maps_of(event.result))

    first = {name: array[:1] for name, array in inputs.items()}
    return execute(plan(analysis, 1, weights.dtype), weights, first, hear, threads)


def maps_of(result: Array) -> Array:
    """The maps `[c, y, x]` of the first image of a result `[n, c, z, y, x]`; of a volume its middle slice.

    >>> maps_of(np.zeros((2, 6, 3, 4, 5))).shape
    (6, 4, 5)
    """
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large for float32 is infinite, and shown so
        return np.asarray(result[0, :, middle_slice(result.shape[2])], np.float32)


def middle_slice(depth: int) -> int:
    """Which slice of a volume is shown, counted from 0."""
    return depth // 2
