"""Numbers that are not finite (NaN, infinity): which they are, and where in a run they first appear.

An input, a weight, or the first layer whose numbers grow too large for its type: every later value that is not finite
follows from it.  What is found is a sentence; whoever ran the net decides what becomes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.runtime.execution import StepDone, execute
from cnncalc.runtime.number_types import place_not_finite
from cnncalc.runtime.planning import INPUT, plan
from cnncalc.runtime.weights import Weights

Array = np.ndarray[Any, Any]

PLACES = ("image", "channel", "plane", "row", "column")
"""The axes of `[n, c, z, y, x]`, as they are named to people; planes only where there are several."""


def weights_not_finite(analysis: Analysis, weights: Weights) -> dict[int, str]:
    """For each node with such a weight, the first in its arrays."""
    found: dict[int, str] = {}
    for node in analysis.nodes:
        for weight in () if node.lender else node.weights:
            array = weights.arrays[f"{node.node.name}.{weight.name}"]
            place = place_not_finite(array) if node.node.index not in found else None
            if place is not None:
                name = f"{node.node.name}.{weight.name}[{', '.join(map(str, place))}]"
                found[node.node.index] = f"weights: {name} is {array[place]}, not a finite number"
    return found


class FirstNotFinite:
    """Listens to a run on `inputs` and notes the first result that is not finite: its node, and what to say of it."""

    def __init__(self, inputs: Mapping[str, Array]) -> None:
        self.inputs = inputs
        self.found: tuple[int, str] | None = None

    def hear(self, event: StepDone, image: int = 0) -> None:
        """Look at one step's result; `image` is how many images were run before these."""
        place = place_not_finite(event.result) if self.found is None else None
        if place is not None:
            said = f"values: {event.result[place]} comes out"
            if event.step.kernel == INPUT:
                said = f"input: {event.step.name} holds {self._given(event, place, image)}"
            where = _where(event.result, place, image)
            self.found = event.step.node, f"{said} ({where}): the first number that is not finite"

    def _given(self, event: StepDone, place: tuple[int, ...], image: int) -> str:
        """The number as it was given; one that is too large for the type of the run has become infinite."""
        found = event.result[place]
        given = self.inputs.get(event.step.name)
        if given is None or not np.isfinite(given[(place[0] + image, *place[1:])]):
            return str(found)
        return f"{given[(place[0] + image, *place[1:])]:g}, too large for {event.result.dtype}"


def first_not_finite(
    analysis: Analysis, weights: Weights, inputs: Mapping[str, Array], threads: int | None = None
) -> tuple[int, str] | None:
    """The node and what to say of it, found by running image after image with the readable kernels; None: all finite.

    `inputs` are `[n, c, z, y, x]` by the name of their line.
    """
    for node, said in weights_not_finite(analysis, weights).items():
        return node, said
    listener = FirstNotFinite(inputs)
    prepared = plan(analysis, 1, weights.dtype)
    for image in range(max((len(array) for array in inputs.values()), default=1)):
        one = {name: array[image : image + 1] for name, array in inputs.items()}
        execute(prepared, weights, one, lambda event, image=image: listener.hear(event, image), threads)  # type: ignore[misc]
        if listener.found is not None:
            return listener.found
    return None


def line_of(analysis: Analysis, node: int) -> str:
    """The line of a node, to be named in a sentence: `line 2, conv 2 3x3`."""
    row = next(row.row for row in analysis.rows if row.row.first <= node <= row.row.last)
    return f"{analysis.graph.source.line_words(row.origin.span.line)}, {row.text}"


def _where(array: Array, place: tuple[int, ...], image: int) -> str:
    """`image 1, channel 2, row 1, column 3`, counted from 1; a vector has no rows and columns."""
    counted = [(name, at + (image if name == "image" else 0)) for name, at in zip(PLACES, place, strict=True)]
    flat = array.shape[2:] == (1, 1, 1)
    shown = [(name, at) for name, at in counted if name in ("image", "channel") or not flat]
    return ", ".join(f"{name} {at + 1}" for name, at in shown if name != "plane" or array.shape[2] > 1)
