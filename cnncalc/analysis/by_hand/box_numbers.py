"""The last lines of detectors by their definition: logistics of some numbers of each box, softmax over its classes."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.analysis.by_hand.pointwise import powers_of, sigmoid_of
from cnncalc.analysis.by_hand.volumes import Number, Step, Volume, columns, mapped, sizes_of, volume
from cnncalc.quantities import decimal


def yolo(step: Step) -> Volume:
    """x, y, objectness and classes by a logistic, or all; x and y become stretch * s - (stretch - 1) / 2."""
    each = len(step.x) // step.numbers["boxes"]
    stretch = decimal(step.numbers["stretch"])

    def value(channel: int, v: Number) -> Number:
        number = channel % each
        if number < 2:
            return sigmoid_of(v) * float(stretch) - float((Fraction(stretch) - 1) / 2)
        return sigmoid_of(v) if number >= 4 or step.numbers["all"] else v

    return mapped(step.x, value)


def region(step: Step) -> Volume:
    """x, y and objectness by a logistic; the classes by one each, or by a softmax."""
    each = len(step.x) // step.numbers["boxes"]
    logistics = mapped(step.x, lambda c, v: v if c % each in (2, 3) else sigmoid_of(v))
    if not step.numbers["softmax"]:
        return logistics
    shares = {place: _shares(values, each, 5) for place, values in columns(step.x).items()}
    return volume(
        len(step.x),
        sizes_of(step.x),
        lambda c, p: shares[p][c] if c % each >= 5 else logistics[c][p[0]][p[1]][p[2]],
    )


def detection(step: Step) -> Volume:
    """Softmax over the classes of each cell, with which the vector begins."""
    first, classes = step.numbers["cells"] * step.numbers["classes"], step.numbers["classes"]
    shares = {place: _shares(values[:first], classes, 0) for place, values in columns(step.x).items()}
    return volume(
        len(step.x),
        sizes_of(step.x),
        lambda c, p: shares[p][c] if c < first else step.x[c][p[0]][p[1]][p[2]],
    )


def _shares(values: list[Number], each: int, before: int) -> list[float]:
    """The softmax of every `each` numbers, without the first ones of them, which become 0."""
    found: list[float] = []
    for start in range(0, len(values), each):
        powers = powers_of(values[start + before : start + each])
        found += [*[0.0] * before, *(power / sum(powers) for power in powers)]
    return found
