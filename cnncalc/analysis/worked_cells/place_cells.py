"""One number of a normalisation, a dense layer, an activation or a join: no window slides here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, prod, sqrt

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.pooling import mean
from cnncalc.analysis.by_hand.rearranging import in_order
from cnncalc.analysis.by_hand.volumes import Place, Step, columns, plane_values, sizes_of
from cnncalc.analysis.worked_cells.one_number import Seen, Window, Work, added, in_product, product_of, written
from cnncalc.analysis.worked_cells.pool_cells import listed
from cnncalc.analysis.worked_cells.sliding_cells import biased


def at(x: Volume, channel: int, place: Place) -> Number:
    """One number of a volume."""
    z, y, column = place
    return x[channel][z][y][column]


def dense_cell(step: Step, channel: int, _: Place) -> Work:
    """Everything that arrives times the weights of one unit."""
    values, row = in_order(step.x, "channels_first"), step.weights["weight"][channel]
    bias = biased(step, len(step.weights["weight"]))[channel]
    terms = [product_of(v, w) for v, w in zip(values, row, strict=True)]
    terms += [f"{in_product(bias)} (bias)"] if bias is not None else []
    result = sum((w * v for w, v in zip(row, values, strict=True)), bias or 0)
    window = Window("", [[Seen(v) for v in values]], [row], columns=range(len(values)), rows=range(1))
    return Work("dense", (added(terms, result),), result, drawn=(window,))


def flatten_cell(step: Step, channel: int, _: Place) -> Work:
    """Which number of the map stands at one place of the row."""
    depth, height, width = sizes_of(step.x)
    if step.numbers["order"] == "channels_first":
        c, position = divmod(channel, depth * height * width)
    else:
        position, c = divmod(channel, len(step.x))
    z, y, x = position // (height * width), position // width % height, position % width
    which_slice = f"slice {z + 1}, " if depth > 1 else ""
    result = at(step.x, c, (z, y, x))
    where = f"channel {c + 1}, {which_slice}row {y + 1}, column {x + 1}"
    return Work("flatten", (f"{where} of what arrives = {written(result)}",), result)


def norm_cell(step: Step, channel: int, place: Place) -> Work:
    """Batch norm: by the mean and the variance that the channel remembers."""
    value, numbers = at(step.x, channel, place), step.weights
    middle, variance = numbers["running_mean"][channel], numbers["running_var"][channel]
    epsilon = step.numbers["epsilon"]
    even = (value - middle) / sqrt(variance + epsilon)
    first = f"({written(value)} - {in_product(middle)}) / sqrt({written(variance)} + {epsilon:g}) = {written(even)}"
    return _scaled("bn", step, channel, even, (f"mean {written(middle)}, variance {written(variance)}", first))


def _scaled(word: str, step: Step, channel: int, even: Number, said: tuple[str, ...]) -> Work:
    """Times the learned factor, plus the learned offset, where there are any."""
    weight, bias = step.weights.get("weight"), step.weights.get("bias")
    if weight is None and bias is None:
        return Work(word, said, even)
    factor = 1 if weight is None else weight[channel]
    offset = 0 if bias is None else bias[channel]
    result = even * factor + offset
    text = f"{product_of(even, factor)} + {in_product(offset)} = {written(result)}"
    return Work(word, (*said, text), result)


def over_channels_cell(
    word: str, normal: Callable[[list[Number], Number, float], tuple[tuple[str, ...], Number]]
) -> Callable[[Step, int, Place], Work | None]:
    """The cell of a normalisation over the channels of each place; None for one over the whole image."""

    def cell(step: Step, channel: int, place: Place) -> Work | None:
        if step.numbers["axes"] == "all":
            return None
        values = columns(step.x)[place]
        said, even = normal(values, values[channel], step.numbers["epsilon"])
        return _scaled(word, step, channel, even, said)

    return cell


def group_cell(step: Step, channel: int, place: Place) -> Work:
    """Over all places of a group of channels."""
    each = len(step.x) // step.numbers["groups"]
    first = channel // each * each
    values = [v for plane in step.x[first : first + each] for v in plane_values(plane)]
    said, even = by_variance(values, at(step.x, channel, place), step.numbers["epsilon"])
    return _scaled("gn", step, channel, even, said)


def by_variance(values: list[Number], value: Number, epsilon: float) -> tuple[tuple[str, ...], Number]:
    """(value - mean) / sqrt(variance + epsilon)."""
    middle = mean(values, len(values))
    variance = mean([(one - middle) ** 2 for one in values], len(values))
    even = (value - middle) / sqrt(variance + epsilon)
    return (
        f"numbers: {listed(values)}",
        f"mean = {written(middle)}, variance = {written(variance)}",
        f"({written(value)} - {in_product(middle)}) / sqrt({written(variance)} + {epsilon:g}) = {written(even)}",
    ), even


def by_mean_square(values: list[Number], value: Number, epsilon: float) -> tuple[tuple[str, ...], Number]:
    """value / sqrt(mean of the squares + epsilon)."""
    square = mean([one * one for one in values], len(values))
    even = value / sqrt(square + epsilon)
    return (
        f"numbers: {listed(values)}",
        f"mean of the squares = {written(square)}",
        f"{in_product(value)} / sqrt({written(square)} + {epsilon:g}) = {written(even)}",
    ), even


def length_cell(step: Step, channel: int, place: Place) -> Work:
    """Over the length of the channels of a place."""
    values = columns(step.x)[place]
    length = sqrt(sum(v * v for v in values))
    result = values[channel] / max(length, step.numbers["epsilon"])
    squares = added([f"{in_product(v)}^2" for v in values])
    said = (
        f"length = sqrt({squares}) = {written(length)}",
        f"{in_product(values[channel])} / {written(length)} = {written(result)}",
    )
    return Work("l2norm", said, result)


def lrn_cell(step: Step, channel: int, place: Place) -> Work:
    """x / (bias + alpha / size * sum of squares)^beta, over the channels beside it."""
    numbers, around = step.numbers, columns(step.x)[place]
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
            f"channels {first + 1} to {last}: {added([f'{in_product(v)}^2' for v in near], squares)}",
            f"{in_product(around[channel])} / ({bias} + {alpha} / {size} * {written(squares)})^{beta}"
            f" = {written(result)}",
        ),
        result,
    )


def softmax_cell(step: Step, channel: int, place: Place) -> Work:
    """e^x over the sum of all e^x of its place."""
    values = columns(step.x)[place]
    largest = max(values)
    powers = [exp(v - largest) for v in values]
    result = powers[channel] / sum(powers)
    terms = added([f"e^{in_product(v)}" for v in values])
    return Work("softmax", (f"e^{in_product(values[channel])} / ({terms}) = {written(result)}",), result)


def rectified_cell(step: Step, channel: int, place: Place) -> Work:
    """max(0, x)."""
    value = at(step.x, channel, place)
    result = max(value, 0)
    return Work("relu", (f"max(0, {written(value)}) = {written(result)}",), result)


JOINS: dict[str, tuple[str, Callable[[Sequence[Number]], Number]]] = {
    "add": (" + ", sum),
    "mul": (" * ", prod),
    "max": (", ", max),
    "min": (", ", min),
    "sub": (" - ", lambda values: values[0] - values[1]),
}


def join_cell(word: str) -> Callable[[Step, int, Place], Work | None]:
    """The numbers of all inputs at one place, joined; None where the inputs are not alike in size."""
    sign, join = JOINS[word]

    def cell(step: Step, channel: int, place: Place) -> Work | None:
        if len({(len(x), len(x[0]), len(x[0][0]), len(x[0][0][0])) for x in step.inputs}) > 1:
            return None
        values = [at(x, channel, place) for x in step.inputs]
        result = join(values)
        said = sign.join(map(in_product if sign.strip() != "," else written, values))
        if sign == ", ":
            said = f"{word}({said})"
        return Work(word, (f"{said} = {written(result)}",), result)

    return cell
