"""One number of a normalisation: over which numbers the mean and the variance are, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any

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


def everything(x: Volume) -> list[Number]:
    """All numbers, channel by channel."""
    return [value for plane in x for value in plane_values(plane)]


def norm_cell(step: Step, channel: int, place: Place) -> Work:
    """Batch norm: by the mean and the variance that the channel remembers."""
    value, numbers = at(step.x, channel, place), step.weights
    middle, variance = numbers["running_mean"][channel], numbers["running_var"][channel]
    epsilon = step.numbers["epsilon"]
    even = (value - middle) / sqrt(variance + epsilon)
    first = f"({written(value)} - {in_product(middle)}) / sqrt({written(variance)} + {epsilon:g}) = {written(even)}"
    return _scaled("bn", step, (channel,), even, (f"mean {written(middle)}, variance {written(variance)}", first))


def _scaled(word: str, step: Step, own: tuple[int, ...], even: Number, said: tuple[str, ...]) -> Work:
    """Times the learned factor, plus the learned offset, where there are any; `own` is where they stand."""
    weight, bias = step.weights.get("weight"), step.weights.get("bias")
    if weight is None and bias is None:
        return Work(word, said, even)
    factor = 1 if weight is None else _learned(weight, own)
    offset = 0 if bias is None else _learned(bias, own)
    result = even * factor + offset
    text = f"{product_of(even, factor)} + {in_product(offset)} = {written(result)}"
    return Work(word, (*said, text), result)


def _learned(numbers: Any, own: tuple[int, ...]) -> Number:
    """The number for a channel, or for a place where each has its own; a vector's numbers have channels alone."""
    for index in own:
        numbers = numbers[index] if isinstance(numbers, Sequence) else numbers
    found: Number = numbers[0] if isinstance(numbers, Sequence) else numbers
    return found


def over_channels_cell(
    word: str, normal: Callable[[list[Number], Number, float], tuple[tuple[str, ...], Number]]
) -> Callable[[Step, int, Place], Work]:
    """The cell of a normalisation over the channels of each place, or over the whole image."""

    def cell(step: Step, channel: int, place: Place) -> Work:
        over_all = step.numbers["axes"] == "all"
        values = everything(step.x) if over_all else channels_at(step.x, place)
        said, even = normal(values, at(step.x, channel, place), step.numbers["epsilon"])
        return _scaled(word, step, (channel, *place) if over_all else (channel,), even, said)

    return cell


def group_cell(step: Step, channel: int, place: Place) -> Work:
    """Over all places of a group of channels."""
    each = len(step.x) // step.numbers["groups"]
    first = channel // each * each
    values = [v for c in range(first, first + each) for v in plane_values(step.x[c])]
    said, even = by_variance(values, at(step.x, channel, place), step.numbers["epsilon"])
    return _scaled("gn", step, (channel,), even, said)


def by_variance(values: list[Number], value: Number, epsilon: float) -> tuple[tuple[str, ...], Number]:
    """(value - mean) / sqrt(variance + epsilon)."""
    middle = mean(values, len(values))
    variance = mean([(one - middle) ** 2 for one in values], len(values))
    even = (value - middle) / sqrt(variance + epsilon)
    squares = added([Term(f"({written(one)} - {in_product(middle)})^2", (one - middle) ** 2) for one in values])
    return (
        f"mean = {_mean_of(values, middle)}",
        f"variance = ({squares}) / {len(values):,} = {written(variance)}",
        f"({written(value)} - {in_product(middle)}) / sqrt({written(variance)} + {epsilon:g}) = {written(even)}",
    ), even


def _mean_of(values: list[Number], middle: Number) -> str:
    return f"({added([*map(number_term, values)], what='numbers')}) / {len(values):,} = {written(middle)}"


def by_mean_square(values: list[Number], value: Number, epsilon: float) -> tuple[tuple[str, ...], Number]:
    """value / sqrt(mean of the squares + epsilon)."""
    square = mean([one * one for one in values], len(values))
    even = value / sqrt(square + epsilon)
    squares = added([*map(square_term, values)])
    return (
        f"mean of the squares = ({squares}) / {len(values):,} = {written(square)}",
        f"{in_product(value)} / sqrt({written(square)} + {epsilon:g}) = {written(even)}",
    ), even


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
            f"{in_product(around[channel])} / ({bias} + {alpha} / {size} * {written(squares)})^{beta}"
            f" = {written(result)}",
        ),
        result,
    )
