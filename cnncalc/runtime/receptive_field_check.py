"""Measures the receptive fields of a net: disturbs pixels with NaN and looks at every place that NaN reaches.

The picture is the net's first input, as the analysis has it; the other inputs stay as they are.  Each disturbance must
reach exactly the places that the layers' windows say, of every line.  What the analysis claims must be the same, but
for pads; and a claim is called exact where a place with the largest field has both its ends measured, to the pixel.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnncalc.analysis import AxisField
from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.geometry import AXIS_NAMES
from cnncalc.runtime.execution import StepDone, execute, input_array
from cnncalc.runtime.planning import INPUT, plan
from cnncalc.runtime.receptive_field_cuts import FIRST, Claim, Cut, chosen, reached_places, seen_pixels
from cnncalc.runtime.receptive_field_reach import Reach, claimed, places_along, reaches
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]

MOST_AT_ONCE = 8
"""Disturbed pictures that run as one batch."""

BATCH_BYTES = 200_000_000
"""Of the results of so many pictures."""


@dataclass(frozen=True)
class FieldVerdict:
    """What the disturbances showed of one line's field: the difference in words, or that it is exact, or at most so."""

    difference: str
    exact: bool


def check_fields(
    analysis: Analysis,
    weights: Weights,
    inputs: Mapping[str, Array],
    heard: Callable[[int, int], None],
    threads: int | None = None,
) -> dict[int, FieldVerdict]:
    """The verdict for each row of which a receptive field is claimed; `heard`: how many of all disturbances are done.

    A row whose every place sees pads that repeat the picture is left out: no field that counts pads can be measured.
    """
    claims = _claims(analysis)
    cuts, exact = chosen(claims)
    differences: dict[int, str] = {}
    names = AXIS_NAMES[len(next(iter(claims.values())))] if claims else ()

    def hear(cut: Cut, row: int, measured: Array) -> None:
        claim = claims[row][cut.axis]
        predicted = claim.reached(cut)
        if measured.shape != predicted.shape:  # the shape is not as predicted, and that is said
            return
        wrong = measured & ~predicted if claim.at_most else measured != predicted
        if wrong.any():
            found = reached_places(cut, names[cut.axis], predicted, measured, claim.reach.size)
            differences.setdefault(row, found)

    if cuts:
        _Bench(analysis, weights, inputs, threads).run(cuts, claims.keys(), hear, heard)
    for row, axes in claims.items():
        for name, claim in zip(names, axes, strict=True):
            found = claim.difference()
            if found is not None:
                differences.setdefault(row, seen_pixels(found[0], name, *found[1:]))
    return {
        row: FieldVerdict(differences.get(row, ""), row in exact)
        for row, axes in claims.items()
        if row in differences or not any(claim.unmeasurable for claim in axes)
    }


def _claims(analysis: Analysis) -> dict[int, list[Claim]]:
    """Row -> its claims along each axis of the picture."""
    inside = reaches(analysis.nodes)
    found: dict[int, list[Claim]] = {}
    for row in analysis.rows:
        node, reach = row.nodes[-1], inside[row.row.last]
        if row.row.last and node.fields and reach is not None:
            found[row.row.index] = list(_row_claims(node, node.fields, reach))
    return found


def _row_claims(node: NodeAnalysis, fields: Sequence[AxisField], reach: Sequence[Reach]) -> Iterator[Claim]:
    for field, own, outputs in zip(fields, reach, places_along(node, len(reach)), strict=True):
        first, last = claimed(field, outputs)
        if field.everywhere:
            first, last = np.maximum(first, 0), np.minimum(last, own.size - 1)
        yield Claim(own, first, last, field.everywhere, node.fields_at_most)


class _Bench:
    """A net that can be run again and again with parts of one picture disturbed."""

    def __init__(self, analysis: Analysis, weights: Weights, inputs: Mapping[str, Array], threads: int | None) -> None:
        self.analysis, self.weights, self.threads = analysis, weights, threads
        single = plan(analysis, 1, weights.dtype)
        results = single.peak_bytes - single.weight_bytes
        self.at_once = max(1, min(MOST_AT_ONCE, BATCH_BYTES // max(1, results)))
        self.inputs = {
            step.name: input_array(step, single, {name: array[:1] for name, array in inputs.items()})
            for step in single.steps
            if step.kernel == INPUT
        }
        self.picture = next(step.name for step in single.steps if step.kernel == INPUT)
        self.rank = next(node.output.rank for node in analysis.nodes if node.node.is_input)

    def run(
        self,
        cuts: Sequence[Cut],
        rows: Collection[int],
        hear: Callable[[Cut, int, Array], None],
        heard: Callable[[int, int], None],
    ) -> None:
        """Make every cut; `hear` is given, for each row, the places along the cut's axis that it reached."""
        ends = {row.row.last: row for row in self.analysis.rows if row.row.index in rows}
        for done in range(0, len(cuts), self.at_once):
            some = cuts[done : done + self.at_once]

            def each(event: StepDone, some: Sequence[Cut] = some) -> None:
                row = ends.get(event.step.node)
                if row is not None:
                    struck: Array = np.asarray(np.isnan(event.result).any(axis=1))
                    for cut, image in zip(some, struck, strict=True):
                        hear(cut, row.row.index, _places(image, cut.axis, self.rank, row.output.rank))

            repeated = {name: np.repeat(array, len(some), axis=0) for name, array in self.inputs.items()}
            for cut, image in zip(some, repeated[self.picture], strict=True):
                _disturb(image, cut, self.rank)
            prepared = plan(self.analysis, len(some), self.weights.dtype)
            execute(prepared, self.weights, repeated, each, self.threads)
            heard(done + len(some), len(cuts))


def _disturb(image: Array, cut: Cut, rank: int) -> None:
    """Write NaN into image[c, z, y, x] on one side of a cut."""
    part = slice(0, cut.at + 1) if cut.end == FIRST else slice(cut.at, None)
    image[(..., part, *(slice(None),) * (rank - 1 - cut.axis))] = np.nan


def _places(struck: Array, axis: int, rank: int, own_rank: int) -> Array:
    """Which places along an axis are struck anywhere; a map without the picture's axes has the one place 0."""
    if own_rank != rank:
        return np.array([struck.any()])
    others = tuple(other for other in range(3) if other != 3 - rank + axis)
    return np.asarray(struck.any(axis=others))
