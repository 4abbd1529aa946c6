"""One number of an activation, a factor or an offset: its formula with the number put in.

The values are those of `by_hand.pointwise`; an activation whose name alone says all, as tanh, has no formula here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, expm1, isinf, log, sqrt
from typing import Any

from cnncalc.analysis.by_hand import Number
from cnncalc.analysis.by_hand.pointwise import SELU_ALPHA, SELU_SCALE, SIMPLE
from cnncalc.analysis.by_hand.volumes import Place, Step, channels_at, sizes_of
from cnncalc.analysis.worked_cells.one_number import Term, Work, added, in_product, product_of, written
from cnncalc.analysis.worked_cells.place_cells import LARGEST_POWER, at, shares
from cnncalc.analysis.worked_cells.rounding import of_numbers
from cnncalc.geometry import AXIS_NAMES
from cnncalc.quantities import decimal

FORMULAS: dict[str, str] = {
    "relu6": "min(max(0, {x}), 6)",
    "hardsigmoid": "min(max(0, {x} + 3), 6) / 6",
    "hardswish": "{p}*min(max(0, {x} + 3), 6) / 6",
    "sigmoid": "1 / (1 + e^{n})",
    "silu": "{p} / (1 + e^{n})",
    "gelu": "{p}*(1 + erf({x} / sqrt(2))) / 2",
    "gelu_approximate": "{p}*(1 + tanh(sqrt(2/pi)*({x} + 0.044715*{p}^3))) / 2",
    "softplus": "log(1 + e^{p})",
    "mish": "{p}*tanh(log(1 + e^{p}))",
}
"""Activations without a number of their own: x is the number that arrives, p it in a product, n with the other sign."""


def formula_cell(kernel: str) -> Callable[[Step, int, Place], Work]:
    """The cell of an activation that has a formula."""

    def cell(step: Step, channel: int, place: Place) -> Work:
        value = at(step.x, channel, place)
        result = SIMPLE[kernel](value)
        said = FORMULAS[kernel].format(x=written(value), p=in_product(value), n=in_product(-value))
        off = of_numbers([value * value, value, 1])
        return Work(kernel, (f"{said} = {written(result)}",), result, rounding=off)

    return cell


def _sloped(word: str, value: Number, slope: Number) -> Work:
    """A number of 0 or more stays; one below is taken times the slope."""
    if value >= 0:
        return _stays(word, value)
    result = value * slope
    return Work(word, (f"{written(value)} is below 0: {product_of(slope, value)} = {written(result)}",), result)


def _stays(word: str, value: Number) -> Work:
    return Work(
        word, (f"{written(value)} is not below 0 and stays: {word}({written(value)}) = {written(value)}",), value
    )


def leaky_cell(step: Step, channel: int, place: Place) -> Work:
    """A small slope below 0."""
    return _sloped("leaky", at(step.x, channel, place), decimal(step.numbers["slope"]))


def prelu_cell(step: Step, channel: int, place: Place) -> Work:
    """A learned slope below 0."""
    return _sloped("prelu", at(step.x, channel, place), _learned(step.weights["weight"], channel, place))


def elu_cell(step: Step, channel: int, place: Place) -> Work:
    """slope * (e^x - 1) below 0."""
    value, slope = at(step.x, channel, place), step.numbers["slope"]
    if value >= 0:
        return _stays("elu", value)
    result = slope * expm1(value)
    said = f"{written(value)} is below 0: {written(slope)}*(e^{in_product(value)} - 1) = {written(result)}"
    return Work("elu", (said,), result, rounding=of_numbers([slope, slope]))


def selu_cell(step: Step, channel: int, place: Place) -> Work:
    """1.0507 * x, or below 0 1.0507 * 1.6733 * (e^x - 1)."""
    value = at(step.x, channel, place)
    result = SIMPLE["selu"](value)
    below = f"{written(SELU_ALPHA)}*(e^{in_product(value)} - 1)"
    sign = "not " if value >= 0 else ""
    said = f"{written(SELU_SCALE)}*{in_product(value) if value > 0 else below} = {written(result)}"
    off = of_numbers([SELU_SCALE * SELU_ALPHA, 1])
    return Work("selu", (f"{written(value)} is {sign}below 0: {said}",), result, rounding=off)


def clip_cell(step: Step, channel: int, place: Place) -> Work:
    """min(max(low, x), high)."""
    value = at(step.x, channel, place)
    low, high = (one if isinf(one) else decimal(one) for one in (step.numbers["low"], step.numbers["high"]))
    result = low if value < low else min(value, high)
    said = written(value) if isinf(low) else f"max({written(low)}, {written(value)})"
    said = said if isinf(high) else f"min({said}, {written(high)})"
    return Work("clip", (f"{said} = {written(result)}",), result)


def scale_cell(step: Step, channel: int, place: Place) -> Work:
    """A learned factor."""
    return _times("scale", at(step.x, channel, place), _learned(step.weights["weight"], channel, place))


def times_cell(step: Step, channel: int, place: Place) -> Work:
    """A constant factor."""
    return _times("scale", at(step.x, channel, place), decimal(step.numbers["factor"]))


def _times(word: str, value: Number, factor: Number) -> Work:
    return Work(word, (f"{product_of(value, factor)} = {written(value * factor)}",), value * factor)


def shift_cell(step: Step, channel: int, place: Place) -> Work:
    """A learned number that is added."""
    value, offset = at(step.x, channel, place), _learned(step.weights["bias"], channel, place)
    return _shifted("shift", in_product(value), value, offset)


def affine_cell(step: Step, channel: int, place: Place) -> Work:
    """A constant factor and a constant offset."""
    value = at(step.x, channel, place)
    factors, offsets = ([decimal(one) for one in step.numbers[name]] for name in ("factor", "offset"))
    factor = factors[channel % len(factors)]
    return _shifted("affine", product_of(value, factor), value * factor, offsets[channel % len(offsets)])


def _shifted(word: str, text: str, value: Number, offset: Number) -> Work:
    said = f"{text} + {in_product(offset)} = {written(value + offset)}"
    return Work(word, (said,), value + offset, rounding=of_numbers([value, offset]))


def _learned(numbers: Sequence[Any], channel: int, place: Place) -> Number:
    """The number of a channel, of all channels, or of a place where each has its own."""
    own = numbers[channel if len(numbers) > 1 else 0]
    for index in place:
        own = own[index] if isinstance(own, Sequence) else own
    found: Number = own
    return found


def along_cell(step: Step, channel: int, place: Place) -> Work:
    """A softmax over the numbers on one line of an axis."""
    axis = step.numbers["axis"].index(1)
    line = range(sizes_of(step.x)[axis])
    values = [at(step.x, channel, _moved(place, axis, n)) for n in line]
    return shares(values, place[axis], f"the {AXIS_NAMES[3][axis]}")


def _moved(place: Place, axis: int, to: int) -> Place:
    z, y, x = (to if own == axis else one for own, one in enumerate(place))
    return z, y, x


def logsoftmax_cell(step: Step, channel: int, place: Place) -> Work:
    """x less the logarithm of the sum of all e^x of its place."""
    return _logarithm(channels_at(step.x, place), channel)


def _logarithm(values: Sequence[Number], own: int) -> Work:
    largest = max(map(float, values))
    taken = largest if abs(largest) > LARGEST_POWER else 0.0
    less = f" - {in_product(taken)}" if taken else ""
    powers = [exp(float(value) - taken) for value in values]
    whole = taken + log(sum(powers))
    terms = [
        Term(f"e^({written(value)}{less})" if less else f"e^{in_product(value)}", power)
        for value, power in zip(values, powers, strict=True)
    ]
    result = values[own] - whole
    said = [f"the largest, {written(taken)}, is taken off each: so no power is too large"] if less else []
    said += [
        f"sum over all channels: {added(terms, sum(powers), what='powers')}",
        (
            f"{in_product(values[own])} - {f'({written(taken)} + ' if less else ''}"
            f"log({written(sum(powers))}){')' if less else ''} = {written(result)}"
        ),
    ]
    off = of_numbers([values[own], whole, largest, sqrt(len(values))])
    return Work("logsoftmax", tuple(said), result, rounding=off)


CELLS: dict[str, Callable[[Step, int, Place], Work]] = {
    **{kernel: formula_cell(kernel) for kernel in FORMULAS},
    "leaky": leaky_cell,
    "prelu": prelu_cell,
    "prelu_all": prelu_cell,
    "elu": elu_cell,
    "selu": selu_cell,
    "clip": clip_cell,
    "scale": scale_cell,
    "scale_all": scale_cell,
    "times": times_cell,
    "shift": shift_cell,
    "shift_all": shift_cell,
    "affine": affine_cell,
    "softmax_along": along_cell,
    "logsoftmax": logsoftmax_cell,
}
"""Kernel name -> how one of its numbers is worked out."""
