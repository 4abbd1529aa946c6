"""What came out of a run, for a reader: the classes with the highest values, or the numbers themselves where few.

Arrays are read by indexing alone, so this module needs no numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.diagnostics.letters import printable
from cnncalc.report.sheet import Fact

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.runtime.confirmation import Confirmation, Output

MOST_NUMBERS = 64
"""An output map with more numbers than this is told by its range."""

MOST_UNNAMED = 10
"""A flat output with at most so many numbers is written out where nothing says that they stand for classes."""


def top_classes(output: Output, image: int, labels: Sequence[str], most: int) -> list[tuple[int, str, float]]:
    """The highest values of a flat output: class number, its label and the value, best first."""
    values = [float(value) for value in output.values[image].reshape(-1)]
    best = sorted(range(len(values)), key=lambda n: (-values[n], n))[:most]
    return [(n, labels[n] if n < len(labels) else "", values[n]) for n in best]


class Results(NamedTuple):
    """What came out of a run; `is_by_hand`: the net states all its numbers, to be worked out by hand."""

    outputs: tuple[Output, ...]
    is_by_hand: bool = False

    @classmethod
    def of(cls, confirmation: Confirmation) -> Results:
        """Those of a run that was confirmed."""
        return cls(confirmation.outputs, confirmation.plan.dtype == "float64")


def gives_classes(analysis: Analysis, results: Results, labels: Sequence[str]) -> tuple[bool, ...]:
    """For each output whether its numbers stand for classes: flat, with a softmax at its end or a name for each.

    The numbers of a detection head are flat too, and are no classes.
    """
    return tuple(
        not results.is_by_hand and not shape.rank and (output.probabilities or len(labels) == shape.elements)
        for shape, output in zip(analysis.totals.outputs, results.outputs, strict=True)
    )


def told(
    analysis: Analysis, results: Results, names: Sequence[str], labels: Sequence[str], most: int
) -> Iterator[Fact]:
    """The results of every image and every output of the net."""
    outputs = results.outputs
    for image, name in enumerate(names):
        for output, classes in zip(outputs, gives_classes(analysis, results, labels), strict=True):
            title = name if len(outputs) == 1 else f"{name} {output.name}".strip()
            if not is_finite(output.values[image]):
                yield Fact(title, "no result: its values are not finite (NaN or infinity)", "bad")
            elif classes:
                yield from _classes(output, image, title, labels, most)
            elif output.values[image].size == output.values.shape[1] > MOST_UNNAMED and not results.is_by_hand:
                yield from _highest(output, image, title, most)
            else:
                yield from _numbers(output.values[image], title)


def meaningless(results: str) -> Fact:
    """What is said below the results (classes, numbers, boxes) of weights that were drawn at random."""
    return Fact("", f"(the weights are random, so these {results} mean nothing)")


def is_finite(values: Any) -> bool:
    """Whether all numbers are finite: NaN passes through the least and the largest."""
    return isfinite(float(values.min())) and isfinite(float(values.max()))


def _classes(output: Output, image: int, title: str, labels: Sequence[str], most: int) -> Iterator[Fact]:
    for rank, (number, label, value) in enumerate(top_classes(output, image, labels, most)):
        shown = f"{100 * value:6.2f} %" if output.probabilities else f"{value:10.4g}"
        yield Fact(title if rank == 0 else "", f"{shown}  class {number}{f'  {printable(label)}' if label else ''}")


def _highest(output: Output, image: int, title: str, most: int) -> Iterator[Fact]:
    """Many numbers in a row that nothing calls classes: their range, and which are the highest."""
    best = top_classes(output, image, (), most)
    yield from _range(output.values[image], title)
    yield Fact("", "highest: " + ", ".join(f"{value:.4g} (number {number})" for number, _, value in best))


def _range(values: Any, title: str) -> Iterator[Fact]:
    low, high = float(values.min()), float(values.max())
    mean = float(values.mean(dtype="float64"))  # the sum of large float32 numbers may be none
    yield Fact(title, f"{values.size:,} numbers from {low:.4g} to {high:.4g}, mean {mean:.4g}")


def _numbers(values: Any, title: str) -> Iterator[Fact]:
    if values.size <= MOST_NUMBERS:
        yield from (Fact(title if n == 0 else "", row) for n, row in enumerate(_matrix(values)))
    else:
        yield from _range(values, title)


def _matrix(values: Any) -> Iterator[str]:
    """A map channel by channel, row by row, in columns."""
    flat = values.shape[1:] == (1, 1, 1)
    planes = [values.reshape(1, -1)] if flat else [plane for channel in values for plane in channel]
    numbers = [[[_short(v) for v in row] for row in plane] for plane in planes]
    room = max(len(number) for plane in numbers for row in plane for number in row)
    for index, plane in enumerate(numbers):
        if index:
            yield ""
        for row in plane:
            yield "  ".join(number.rjust(room) for number in row)


def _short(value: Any) -> str:
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 10**15 else f"{number:.4f}"
