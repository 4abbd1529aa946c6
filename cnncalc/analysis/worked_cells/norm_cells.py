"""One number of a normalisation: over which numbers the mean and the variance are, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any, NamedTuple

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.pooling import mean
from cnncalc.analysis.by_hand.volumes import Place, Step, channels_at, plane_values
from cnncalc.analysis.worked_cells.one_number import (
    Term,
    Work,
    added,
    in_product,
    number_term,
    product_of,
    square_term,
    written,
)
from cnncalc.analysis.worked_cells.place_cells import at
from cnncalc.analysis.worked_cells.rounding import of_numbers


def everything(x: Volume) -> list[Number]:
    """All numbers, channel by channel."""
    return [value for plane in x for value in plane_values(plane)]


def norm_cell(step: Step, channel: int, place: Place) -> Work:
    """Batch norm: by the mean and the variance that the channel remembers."""
    value, numbers = at(step.x, channel, place), step.weights
    middle, variance = numbers["running_mean"][channel], numbers["running_var"][channel]
    epsilon = step.numbers["epsilon"]
    even = (value - middle) / sqrt(variance + epsilon)
    off = of_numbers([value, middle]) / sqrt(variance + epsilon)
    first = f"({written(value)} - {in_product(middle)}) / sqrt({written(variance)} + {epsilon:g}) = {written(even)}"
    said = (f"mean {written(middle)}, variance {written(variance)}", first)
    return _scaled("bn", step, (channel,), Even(said, even, off))


class Even(NamedTuple):
    """A number made even with the others, in words and by itself; `rounding` as that of a `Work`."""

    said: tuple[str, ...]
    result: Number
    rounding: float


def _scaled(word: str, step: Step, own: tuple[int, ...], found: Even) -> Work:
    """Times the learned factor, plus the learned offset, where there are any; `own` is where they stand."""
    said, even, off = found
    weight, bias = step.weights.get("weight"), step.weights.get("bias")
    if weight is None and bias is None:
        return Work(word, said, even, rounding=off)
    factor = 1 if weight is None else _learned(weight, own)
    offset = 0 if bias is None else _learned(bias, own)
    result = even * factor + offset
    text = f"{product_of(even, factor)} + {in_product(offset)} = {written(result)}"
    return Work(word, (*said, text), result, rounding=off * abs(float(factor)) + of_numbers([even * factor, offset]))


def _learned(numbers: Any, own: tuple[int, ...]) -> Number:
    """The number for a channel, or for a place where each has its own; a vector's numbers have channels alone."""
    for index in own:
        numbers = numbers[index] if isinstance(numbers, Sequence) else numbers
    found: Number = numbers[0] if isinstance(numbers, Sequence) else numbers
    return found


def over_channels_cell(
    word: str, normal: Callable[[list[Number], Number, float], Even]
) -> Callable[[Step, int, Place], Work]:
    """The cell of a normalisation over the channels of each place, or over the whole image."""

    def cell(step: Step, channel: int, place: Place) -> Work:
        over_all = step.numbers["axes"] == "all"
        values = everything(step.x) if over_all else channels_at(step.x, place)
        even = normal(values, at(step.x, channel, place), step.numbers["epsilon"])
        return _scaled(word, step, (channel, *place) if over_all else (channel,), even)

    return cell


def group_cell(step: Step, channel: int, place: Place) -> Work:
    """Over all places of a group of channels."""
    each = len(step.x) // step.numbers["groups"]
    first = channel // each * each
    values = [v for c in range(first, first + each) for v in plane_values(step.x[c])]
    even = by_variance(values, at(step.x, channel, place), step.numbers["epsilon"])
    return _scaled("gn", step, (channel,), even)


def by_variance(values: list[Number], value: Number, epsilon: float) -> Even:
    """(value - mean) / sqrt(variance + epsilon).

    How far the mean is rounded moves every difference from it, and by those the variance too: at most as much again
    for each standard deviation that the number is away from the mean.
    """
    middle = mean(values, len(values))
    variance = mean([(one - middle) ** 2 for one in values], len(values))
    even = (value - middle) / sqrt(variance + epsilon)
    off = of_numbers([value, middle]) / sqrt(variance + epsilon) * (1 + abs(even))
    squares = added([Term(f"({written(one)} - {in_product(middle)})^2", (one - middle) ** 2) for one in values])
    said = (
        f"mean = {_mean_of(values, middle)}",
        f"variance = ({squares}) / {len(values):,} = {written(variance)}",
        f"({written(value)} - {in_product(middle)}) / sqrt({written(variance)} + {epsilon:g}) = {written(even)}",
    )
    return Even(said, even, off)


def _mean_of(values: list[Number], middle: Number) -> str:
    return f"({added([*map(number_term, values)], what='numbers')}) / {len(values):,} = {written(middle)}"


def by_mean_square(values: list[Number], value: Number, epsilon: float) -> Even:
    """value / sqrt(mean of the squares + epsilon)."""
    square = mean([one * one for one in values], len(values))
    even = value / sqrt(square + epsilon)
    squares = added([*map(square_term, values)])
    said = (
        f"mean of the squares = ({squares}) / {len(values):,} = {written(square)}",
        f"{in_product(value)} / sqrt({written(square)} + {epsilon:g}) = {written(even)}",
    )
    return Even(said, even, 0.0)


def length_cell(step: Step, channel: int, place: Place) -> Work:
    """Over the length of the channels of a place."""
    values = channels_at(step.x, place)
    length = sqrt(sum(v * v for v in values))
    result = values[channel] / max(length, step.numbers["epsilon"])
    squares = added([*map(square_term, values)], what="squares")
    said = (
        f"length = sqrt({squares}) = {written(length)}",
        f"{in_product(values[channel])} / {written(length)} = {written(result)}",
    )
    return Work("l2norm", said, result)


def lrn_cell(step: Step, channel: int, place: Place) -> Work:
    """x / (bias + alpha / size * sum of squares)^beta, over the channels beside it."""
    numbers, around = step.numbers, channels_at(step.x, place)
    size, first = numbers["size"], max(0, channel - numbers["size"] // 2)
    near = around[first : channel - size // 2 + size]
    squares = sum(v * v for v in near)
    power = (numbers["bias"] + numbers["alpha"] / size * float(squares)) ** numbers["beta"]
    result = around[channel] / power
    bias, alpha, beta = (f"{numbers[name]:g}" for name in ("bias", "alpha", "beta"))
    last = first + len(near)
    return Work(
        "lrn",
        (
            f"channels {first + 1} to {last}: {added([*map(square_term, near)], squares)}",
            (
                f"{in_product(around[channel])} / ({bias} + {alpha} / {size} * {written(squares)})^{beta}"
                f" = {written(result)}"
            ),
        ),
        result,
    )
