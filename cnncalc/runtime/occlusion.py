"""Which places of a picture a net's answer depends on, without gradients: one part after the other is hidden.

A patch of one colour is put on the picture, the net is run, and the score of one class is read off; where it falls,
the net needed what was hidden (M. Zeiler and R. Fergus, Visualizing and Understanding Convolutional Networks, 2014).
Scores are the net's own outputs: probabilities where it ends with softmax.  How the map is drawn is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from cnncalc.analysis.model import Analysis
from cnncalc.runtime.checked_run import checked
from cnncalc.runtime.execution import input_array
from cnncalc.runtime.images import Preprocessing, pixel_levels, pixel_values
from cnncalc.runtime.planning import INPUT, plan
from cnncalc.runtime.running import prepare
from cnncalc.runtime.weights import Weights
from cnncalc.runtime.work_done import say_done

Array = np.ndarray[Any, Any]

PARTS = 6
"""A patch is this part of the picture's height and width: larger than a detail, smaller than what is looked at."""

STEPS = 14
"""From one side to the other a patch moves so many times at most: 15 places, 225 for both sides."""

MOST_AT_ONCE, BYTES_AT_ONCE = 32, 200_000_000
"""Pictures that are run together, and the memory that their maps may take."""


class Places(NamedTuple):
    """Where patches of `height` x `width` are put: the rows and columns of their upper left corners, from 0."""

    height: int
    width: int
    tops: tuple[int, ...]
    lefts: tuple[int, ...]

    @classmethod
    def on(cls, height: int, width: int) -> Places:
        """Those on a picture of that size: together they cover every pixel.

        >>> Places.on(28, 7)
        Places(height=5, width=1, tops=(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 23), lefts=(0, 1, 2, 3, 4, 5, 6))
        """
        (down, tops), (across, lefts) = _stretches(height), _stretches(width)
        return cls(down, across, tops, lefts)

    @property
    def total(self) -> int:
        return len(self.tops) * len(self.lefts)


def _stretches(side: int) -> tuple[int, tuple[int, ...]]:
    """The length of a patch, and where it begins each time."""
    length = max(1, round(side / PARTS))
    step = max(1, ceil((side - length) / STEPS))
    return length, (*range(0, side - length, step), side - length)


class Fill(NamedTuple):
    """The colour of the patch: its numbers in the net's order, and the levels of its pixel if it is one."""

    values: tuple[float, ...]
    pixel: tuple[int, ...] = ()


def mean_fill(array: Array, preprocessing: Preprocessing | None) -> Fill:
    """The mean of the first picture of `[n, c, z, y, x]`, channel by channel.

    Of a picture it is a whole level from 0 to 255, so that the patch can be painted in any editor.
    """
    means = array[0].reshape(array.shape[1], -1).mean(1, dtype=np.float64)
    if preprocessing is None:
        return Fill(tuple(np.asarray(means, array.dtype).tolist()))
    levels = np.rint(np.clip(pixel_levels(means.reshape(-1, 1, 1), preprocessing), 0, 255)).reshape(-1)
    pixel = tuple(map(int, levels.tolist()))
    return Fill(tuple(pixel_values(pixel, preprocessing).tolist()), pixel)


class Asked(NamedTuple):
    """What is read off, the number of a class in the output of that name, and with what parts are hidden."""

    output: str
    number: int
    fill: Fill


@dataclass(frozen=True, eq=False)
class Occlusion:
    """The score of the class with the patch at each place: `scores[row of places, column of places]`.

    `size` is the picture's height and width, `before` the score without a patch.
    """

    asked: Asked
    before: float
    scores: Array
    places: Places
    size: tuple[int, int]

    @property
    def is_finite(self) -> bool:
        """Whether there is a map: with NaN or infinity nothing can be compared."""
        return bool(np.isfinite(self.before) and np.isfinite(self.scores).all())

    @property
    def falls(self) -> Array:
        """By how much the score falls; negative where it rises."""
        return np.float64(self.before) - self.scores

    @property
    def most(self) -> tuple[int, int]:
        """The place where it falls most, the first of several: its row and column in `scores`."""
        row, column = divmod(int(self.falls.argmax()), len(self.places.lefts))
        return row, column

    @property
    def least(self) -> tuple[int, int]:
        """The place where it rises most, or falls least."""
        row, column = divmod(int(self.falls.argmin()), len(self.places.lefts))
        return row, column

    @property
    def ties(self) -> int:
        """At how many places it falls as much as at the first of them."""
        return int(np.count_nonzero(self.falls == self.falls.max()))

    def box(self, place: tuple[int, int]) -> tuple[int, int, int, int]:
        """The pixels of a patch: its first row and column, and those after its last."""
        top, left = self.places.tops[place[0]], self.places.lefts[place[1]]
        return top, left, top + self.places.height, left + self.places.width

    @property
    def hottest(self) -> float:
        """The largest mean fall of a pixel, 0 where the score falls nowhere on average."""
        return max(0.0, float(self.heat.max()))

    @cached_property
    def heat(self) -> Array:
        """For each pixel `[y, x]` the mean fall of the patches that hide it."""
        total, count = np.zeros(self.size), np.zeros(self.size)
        for row, falls in enumerate(self.falls):
            for column, fall in enumerate(falls):
                top, left, bottom, right = self.box((row, column))
                total[top:bottom, left:right] += fall
                count[top:bottom, left:right] += 1
        return total / count


def occlusion(
    analysis: Analysis,
    weights: Weights,
    array: Array,
    asked: Asked,
    *,
    exact: Mapping[str, Array] | None = None,
    threads: int | None = None,
) -> Occlusion:
    """Hides part after part of the first picture of `array` `[n, c, z, y, x]`, the net's only input.

    `exact` are outputs of the readable kernels for the whole picture: where the engine's differ, these kernels run all.
    """
    height, width = array.shape[3:]
    places = Places.on(height, width)
    corners = [(top, left) for top in places.tops for left in places.lefts]
    size = pictures_at_once(analysis, weights, places.total + 1)
    name = next(node.node.name for node in analysis.nodes if node.node.is_input)
    ready = prepare(plan(analysis, size, weights.dtype), weights, threads)
    scores = np.empty(1 + len(corners))
    patch = np.array(asked.fill.values, array.dtype).reshape(-1, 1, 1, 1)
    batch = np.empty((size, *array.shape[1:]), array.dtype)
    for first in range(0, len(scores), size):
        say_done("hiding places", first, len(scores))
        batch[:] = array[:1]
        for run, (top, left) in enumerate(corners[max(0, first - 1) : first + size - 1], max(1, first)):
            batch[run - first, :, :, top : top + places.height, left : left + places.width] = patch
        outputs = ready.run({name: batch})
        if first == 0 and exact:  # the first of them is the whole picture
            is_engine = ready.session is not None
            ready = checked(ready, outputs, {one: found[:1] for one, found in exact.items()}).ready
            outputs = ready.run({name: batch}) if is_engine and ready.session is None else outputs
        scores[first : first + size] = outputs[asked.output].reshape(size, -1)[: len(scores) - first, asked.number]
    say_done("hiding places", len(scores), len(scores))
    grid = scores[1:].reshape(len(places.tops), len(places.lefts))
    return Occlusion(asked, float(scores[0]), grid, places, (height, width))


def only_input(analysis: Analysis, inputs: Mapping[str, Array]) -> Array:
    """The array `[n, c, z, y, x]` of the net's only input, given or stated in its text."""
    prepared = plan(analysis, max((len(array) for array in inputs.values()), default=1))
    return next(input_array(step, prepared, inputs) for step in prepared.steps if step.kernel == INPUT)


def pictures_at_once(analysis: Analysis, weights: Weights, runs: int) -> int:
    """How many pictures are run together, so that memory is bounded and the last portion is about full."""
    alone = plan(analysis, 1, weights.dtype)
    most = BYTES_AT_ONCE // max(1, alone.peak_bytes - alone.weight_bytes)
    portions = ceil(runs / min(MOST_AT_ONCE, max(1, most)))
    return ceil(runs / portions)
