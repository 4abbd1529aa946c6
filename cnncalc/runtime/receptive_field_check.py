"""Puts the receptive fields of a net to the proof: makes the runs that `receptive_field_evidence` asks for.

The picture is the net's first input, as the analysis has it; the other inputs stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cnncalc.analysis.model import Analysis, RowAnalysis
from cnncalc.geometry import AXIS_NAMES, VALID, Shape
from cnncalc.layers.base import Layer
from cnncalc.runtime.execution import StepDone, execute, input_array
from cnncalc.runtime.planning import INPUT, plan
from cnncalc.runtime.receptive_field_evidence import AxisEvidence, Evidence, Pixel, prove
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]


def field_differences(
    analysis: Analysis,
    weights: Weights,
    inputs: Mapping[str, Array],
    heard: Callable[[int], None],
    threads: int | None = None,
) -> dict[int, str]:
    """For each row of which a receptive field is claimed what refutes it; an empty text where it is proved.

    Rows of which neither could be shown are left out.  `heard` is called with the number of runs done so far.
    """
    picture = next(node for node in analysis.nodes if not node.node.inputs)
    blurred = _blurred(analysis)
    evidences = {
        row.row.index: Evidence(axes)
        for row in analysis.rows
        if row.row.last and (axes := _axes(row, picture.output, row.row.last in blurred))
    }
    bench = _Bench(analysis, weights, inputs, threads)
    runs = 0

    def disturbed(pixel: Pixel) -> dict[int, list[list[int]]]:
        nonlocal runs
        runs += 1
        heard(runs)
        return {row: found for row, found in bench.disturbed(pixel).items() if row in evidences}

    prove(evidences, disturbed)
    verdicts = ((row, evidence.verdict()) for row, evidence in evidences.items())
    return {row: verdict for row, verdict in verdicts if verdict is not None}


def _blurred(analysis: Analysis) -> set[int]:
    """The nodes that see the picture through a crop or through gaps, or of which the field is an upper bound."""
    found: set[int] = set()
    for node in analysis.nodes:
        gaps = any(piece.gaps for field in node.fields or () for piece in field.pieces)
        if node.fields_at_most or gaps or _cuts(node.node.layer) or any(read in found for read in node.node.inputs):
            found.add(node.node.index)
    return found


def _cuts(layer: Layer) -> bool:
    padded = layer.word == "upconv" and getattr(layer, "padding", VALID) != VALID
    return padded or layer.word == "crop" or bool(getattr(layer, "crop", False))


def _axes(row: RowAnalysis, picture: Shape, blurred: bool) -> tuple[AxisEvidence, ...]:
    """The evidence along each axis of the picture; none where nothing is claimed."""
    fields = row.nodes[-1].fields or ()
    sizes = row.output.spatial if row.output.rank == picture.rank else (1,) * picture.rank
    axes = zip(AXIS_NAMES[picture.rank], fields, sizes, picture.spatial, strict=False)
    return tuple(AxisEvidence(name, field, outputs, size, blurred=blurred) for name, field, outputs, size in axes)


class _Bench:
    """A net that can be run again and again with one pixel of one image disturbed."""

    def __init__(self, analysis: Analysis, weights: Weights, inputs: Mapping[str, Array], threads: int | None) -> None:
        self.weights, self.threads = weights, threads
        self.plan = plan(analysis, 1, weights.dtype)
        self.inputs = {
            step.name: input_array(step, self.plan, {name: array[:1] for name, array in inputs.items()})
            for step in self.plan.steps
            if step.kernel == INPUT
        }
        self.picture = next(step.name for step in self.plan.steps if step.kernel == INPUT)
        self.rows = {row.row.last: row for row in analysis.rows}

    def disturbed(self, pixel: Pixel) -> dict[int, list[list[int]]]:
        """Row -> along each axis of the picture the output positions that the pixel reaches."""
        struck = self.inputs[self.picture].copy()
        places = [slice(None) if position is None else slice(position, position + 1) for position in pixel]
        struck[(..., *places)] = np.nan
        reached: dict[int, list[list[int]]] = {}

        def hear(event: StepDone) -> None:
            row = self.rows.get(event.step.node)
            if row is not None:
                reached[row.row.index] = _places(event.result, len(pixel), row.output.rank)

        execute(self.plan, self.weights, {**self.inputs, self.picture: struck}, hear, self.threads)
        return reached


def _places(result: Array, axes: int, rank: int) -> list[list[int]]:
    """Where NaN stands along each of the last `axes` axes; a map without these axes has the one place 0."""
    struck: Array = np.asarray(np.isnan(result).any(axis=(0, 1)))
    if rank != axes:
        return [[0] if struck.any() else []] * axes
    by_axis = (struck.any(axis=tuple(other for other in range(3) if other != axis)) for axis in range(3 - axes, 3))
    return [np.flatnonzero(found).tolist() for found in by_axis]
