"""Values that a text claims or that can be worked out by hand, held against what the kernels made of them.

Exact fractions on one side, float64 on the other: equal within the last digits of float64, or, where a claim has
decimals, when the measured number rounds to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import isfinite, isnan
from typing import Any

import numpy as np

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.matrices import Matrix
from cnncalc.quantities import decimal_places
from cnncalc.spec.document import Answer

Array = np.ndarray[Any, Any]

CLOSE = 1e-9
"""Share of the largest value by which float64 sums of small nets may differ from exact ones."""

ROUNDING = 1e-3
"""Of the largest value: far beyond the 1e-5 that the engine's sums may differ by, far below any mistake."""

INSTEAD = "results and times are those of the readable kernels"
"""What follows where the engine is wrong."""

LEAST_PROBABILITY = 1e-30
"""Where some are smaller, near the end of float32, the logarithms of a softmax tell nothing."""


def largest_size(array: Array) -> float:
    """The largest size of a number that is finite; 0 where there is none."""
    return float(np.abs(array[np.isfinite(array)]).max(initial=0.0))


def wrong_values(answers: Iterable[Answer], result: Array, before: float = 0.0) -> list[str]:
    """For each `values` claim that the first image's result `[n, c, z, y, x]` refutes, the first cell that differs.

    `before` is the largest number on the way to the result: what cancels leaves a share of it.
    """
    matrices = (answer.given for answer in answers if answer.asked == "values")
    return [said for given in matrices if isinstance(given, Matrix) and (said := _refuted(given, result[0], before))]


def hand_difference(exact: Volume, result: Array, before: float = 0.0) -> str:
    """The first value that the kernels made otherwise than by hand, empty when there is none; `before` as above."""
    numbers = [number for channel in exact for sheet in channel for row in sheet for number in row]
    measured = result[0].ravel()
    if len(numbers) != len(measured):
        return f"values: {len(numbers)} by hand, {len(measured)} measured"
    return _first_difference(numbers, result[0], "by hand", before, exact=True)


def worked_apart(worked: Number, computed: float, rounding: float) -> bool:
    """Whether a number that was worked out is another than the kernels', which may be off by so much."""
    own = float(worked)
    if own == computed or (isnan(own) and isnan(computed)):
        return False
    return not abs(own - computed) <= (rounding if isfinite(rounding) else 0.0)


def apart(readable: Array, fast: Array, *, probabilities: bool = False) -> list[str]:
    """What to say where the engine's results for some images are not the readable kernels', but for rounding.

    Of `probabilities` (a softmax) the logarithms are compared too: one class that has nearly all hides the others.
    """
    if readable.shape != fast.shape:
        return [f"engine: the readable kernels make {readable.shape}, the engine {fast.shape}; {INSTEAD}"]
    known = np.isfinite(readable)
    if (known != np.isfinite(fast)).any():
        return [f"engine: not the same of its values are finite as of the readable kernels'; {INSTEAD}"]
    scale = float(np.abs(readable[known]).max(initial=0.0))
    off = float(np.abs(readable[known].astype(np.float64) - fast[known]).max(initial=0.0))
    if off <= ROUNDING * scale:
        return _logarithms_apart(readable[known], fast[known]) if probabilities else []
    return [
        (
            f"engine: its values are up to {off:g} away from those of the readable kernels, whose largest is "
            f"{scale:g}; {INSTEAD}"
        )
    ]


def _logarithms_apart(readable: Array, fast: Array) -> list[str]:
    """Nothing where probabilities vanish: how large the numbers before the softmax were is then not known."""
    if min(readable.min(initial=1.0), fast.min(initial=1.0)) < LEAST_PROBABILITY:
        return []
    wanted = np.log(readable.astype(np.float64))
    off = float(np.abs(wanted - np.log(fast.astype(np.float64))).max(initial=0.0))
    if off <= ROUNDING * max(1.0, float(np.abs(wanted).max(initial=0.0))):
        return []
    share = f"up to {np.expm1(off):.3g} of their own size"
    return [f"engine: its probabilities are {share} away from those of the readable kernels; {INSTEAD}"]


def _refuted(given: Matrix, result: Array, before: float) -> str:
    channels, depth, height, width = result.shape
    fitting = {(channels, depth * height, width), (channels * depth, height, width)}
    if depth == height == 1:
        fitting.add((1, channels, width))
    if depth == height == width == 1:
        fitting |= {(1, 1, channels), (1, channels, 1)}
    if (given.channels, given.rows, given.columns) not in fitting:
        size = f"{given.rows}x{given.columns}" + (f"x{given.channels}" if given.channels > 1 else "")
        return f"values: {size} are claimed, {height}x{width}x{channels} were measured"
    return _first_difference(list(given.values()), result, "claimed", before, exact=False)


def _first_difference(numbers: Sequence[Number], result: Array, by: str, before: float, *, exact: bool) -> str:
    scale = max(float(np.abs(result).max(initial=0.0)), before)
    for place, (number, measured) in enumerate(zip(numbers, result.ravel().tolist(), strict=True)):
        if not _agrees(number, measured, scale, exact):
            channel, _, row, column = (int(index) for index in np.unravel_index(place, result.shape))
            where = f"channel {channel + 1}, row {row + 1}, column {column + 1}"
            return f"values: {float(number):g} {by}, measured {measured:g} ({where})"
    return ""


def _agrees(number: Number, measured: float, scale: float, exact: bool) -> bool:
    expected = float(number)
    if isnan(expected) or isnan(measured):
        return isnan(expected) and isnan(measured)
    off = abs(expected - measured)
    if off <= CLOSE * max(abs(measured), scale):
        return True
    places = 0 if exact else decimal_places(Fraction(number)) or 0
    return places > 0 and off <= 0.5 * 10**-places + CLOSE * scale
