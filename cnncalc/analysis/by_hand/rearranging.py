"""Layers that move numbers without changing them, or weigh everything against everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import floor

from cnncalc.analysis.by_hand.volumes import (
    Number,
    Place,
    Step,
    Volume,
    columns,
    flat,
    padded,
    places,
    plain,
    plane_values,
    sizes_of,
    volume,
)
from cnncalc.quantities import decimal


def in_order(x: Volume, order: str) -> list[Number]:
    """All numbers in the order in which `flatten` reads them: channel by channel, or place by place."""
    if order == "channels_first":
        return [value for plane in x for value in plane_values(plane)]
    return [value for values in columns(x).values() for value in values]


def flatten(step: Step) -> Volume:
    """All numbers in one row."""
    return flat(in_order(step.x, step.numbers["order"]))


def reshape(step: Step) -> Volume:
    """The same numbers, in the same order, in another shape."""
    values = in_order(step.x, step.numbers["order"])
    return volume(step.numbers["channels"], step.numbers["spatial"], lambda c, p: values[position_in(step, c, p)])


def position_in(step: Step, channel: int, place: Place) -> int:
    """Which number of the row, in the order of a `reshape`, comes to a place of its result."""
    depth, height, width = step.numbers["spatial"]
    channels: int = step.numbers["channels"]
    position: int = (place[0] * height + place[1]) * width + place[2]
    if step.numbers["order"] == "channels_first":
        area: int = depth * height * width
        return channel * area + position
    return position * channels + channel


def rearrange(step: Step) -> Volume:
    """Each number goes to where its factors are counted in their new order."""
    factors: Sequence[tuple[int, int]] = step.numbers["factors"]
    values = in_order(step.x, "channels_first")
    order = sorted(range(len(factors)), key=lambda factor: factors[factor][1])
    moved: list[Number] = [0] * len(values)
    for index, value in enumerate(values):
        rest, counted = index, [0] * len(factors)
        for factor in reversed(range(len(factors))):
            rest, counted[factor] = divmod(rest, factors[factor][0])
        target = 0
        for factor in order:
            target = target * factors[factor][0] + counted[factor]
        moved[target] = value
    spatial: Place = step.numbers["spatial"]

    def number(c: int, place: Place) -> Number:
        return moved[((c * spatial[0] + place[0]) * spatial[1] + place[1]) * spatial[2] + place[2]]

    return volume(step.numbers["channels"], spatial, number)


def dense(step: Step) -> Volume:
    """Each unit sums over everything."""
    values = in_order(step.x, "channels_first")
    rows = step.weights["weight"]
    biases = step.weights.get("bias") or [0] * len(rows)
    return flat(
        sum((w * v for w, v in zip(row, values, strict=True)), bias) for row, bias in zip(rows, biases, strict=True)
    )


def pad(step: Step) -> Volume:
    """The picture with a border."""
    return padded(step.x, step.numbers["before"], step.numbers["after"], step.numbers["fill"])


def pad_value(step: Step) -> Volume:
    """The picture with a border of one number."""
    value = decimal(step.numbers["value"])
    return padded(step.x, step.numbers["before"], step.numbers["after"], value=value)


def crop(step: Step) -> Volume:
    """The picture without its border."""
    sizes = sizes_of(step.x)
    before, after = step.numbers["before"], step.numbers["after"]
    depth, height, width = (n - a - b for n, a, b in zip(sizes, before, after, strict=True))
    return cut(step.x, before, (depth, height, width))


def cut(x: Volume, start: Place, sizes: Place) -> Volume:
    """The part of the picture that begins at `start`."""
    return volume(len(x), sizes, lambda c, p: x[c][p[0] + start[0]][p[1] + start[1]][p[2] + start[2]])


def upsample(step: Step) -> Volume:
    """Every axis so many times as long."""
    depth, height, width = (n * f for n, f in zip(sizes_of(step.x), step.numbers["factor"], strict=True))
    return _resized(step, (depth, height, width))


def resize(step: Step) -> Volume:
    """Every axis as long as `size` says."""
    return _resized(step, step.numbers["size"])


def _resized(step: Step, wanted: Place) -> Volume:
    """Each number is made of the pixels around its place."""
    x, near = step.x, pixels_around(step)

    def value(c: int, place: Place) -> Number:
        parts = (weight * x[c][z][y][column] for (z, y, column), weight in near(place))
        total = sum(parts)
        return total if isinstance(total, float) else plain(total)

    return volume(len(x), wanted, value)


def pixels_around(step: Step) -> Callable[[Place], Iterator[tuple[Place, Fraction]]]:
    """For a place of an enlarged map the pixels that make its number, with their weights.

    Output o of an axis lies at (o * slope + offset) / unit.
    """
    sizes, numbers = sizes_of(step.x), step.numbers
    mode: str = numbers["mode"]
    spots: Sequence[Sequence[int]] = numbers.get("places") or [
        (1, 0, f) if mode == "nearest" else (2, 1 - f, 2 * f) for f in numbers["factor"]
    ]

    def near(place: Place) -> Iterator[tuple[Place, Fraction]]:
        along = [
            _weighed(Fraction(output * slope + offset, unit), size, mode)
            for output, (slope, offset, unit), size in zip(place, spots, sizes, strict=True)
        ]
        for (z, wz), (y, wy), (column, wx) in product(*along):
            yield (z, y, column), wz * wy * wx

    return near


SHARPNESS = {"bicubic": Fraction(-3, 4), "catmullrom": Fraction(-1, 2)}
"""PyTorch's cubic, and that of TensorFlow and JAX."""


def _weighed(place: Fraction, size: int, mode: str) -> list[tuple[int, Fraction]]:
    """The pixels that make the number at a place, with their weights; the pixel at the edge goes on beyond it.

    TensorFlow's cubic leaves out the pixels beyond the edge, and makes the other weights larger.
    """
    below = floor(place)
    if mode == "nearest":
        taps = [(below, Fraction(1))]
    elif mode == "bilinear":
        taps = [(below, below + 1 - place), (below + 1, place - below)]
    else:
        taps = [(i, _cubic(abs(place - i), SHARPNESS[mode])) for i in range(below - 1, below + 3)]
    if mode == "catmullrom":
        inside = [(i, weight) for i, weight in taps if 0 <= i < size]
        whole = sum(weight for _, weight in inside)
        return [(i, weight / whole) for i, weight in inside]
    return [(min(max(i, 0), size - 1), weight) for i, weight in taps if weight]


def _cubic(distance: Fraction, a: Fraction) -> Fraction:
    """Keys 1981: one cubic up to a distance of 1, another up to 2."""
    if distance <= 1:
        return (a + 2) * distance**3 - (a + 3) * distance**2 + 1
    return a * distance**3 - 5 * a * distance**2 + 8 * a * distance - 4 * a


def channel_slice(step: Step) -> Volume:
    """Some of the channels."""
    return step.x[step.numbers["first"] : step.numbers["last"]]


def pad_channels(step: Step) -> Volume:
    """The channels with empty ones ahead of and behind them."""
    numbers, sizes = step.numbers, sizes_of(step.x)
    ahead, behind = (volume(numbers[side], sizes, lambda _, __: 0) for side in ("ahead", "behind"))
    return [*ahead, *step.x, *behind]


def shuffle(step: Step) -> Volume:
    """The first channel of every group, then the second of every group, and so on (ShuffleNet)."""
    x, each = step.x, len(step.x) // step.numbers["groups"]
    return [x[group * each + i] for i in range(each) for group in range(step.numbers["groups"])]


def space_to_depth(step: Step) -> Volume:
    """Channel c makes as many channels as its blocks have places, each of one place of every block."""
    x: Volume = step.x
    factor: Place = step.numbers["factor"]
    depth, height, width = (size // each for size, each in zip(sizes_of(x), factor, strict=True))
    corners = list(places(factor))

    def value(c: int, place: Place) -> Number:
        z, y, column = (p * f + i for p, f, i in zip(place, factor, corners[c % len(corners)], strict=True))
        return x[c // len(corners)][z][y][column]

    return volume(len(x) * len(corners), (depth, height, width), value)


def depth_to_space(step: Step) -> Volume:
    """Each block of a channel is filled from as many channels that follow each other."""
    x: Volume = step.x
    factor: Place = step.numbers["factor"]
    depth, height, width = (size * each for size, each in zip(sizes_of(x), factor, strict=True))
    corners = list(places(factor))

    def value(c: int, place: Place) -> Number:
        z, y, column = (p // f for p, f in zip(place, factor, strict=True))
        dz, dy, dx = (p % f for p, f in zip(place, factor, strict=True))
        return x[c * len(corners) + corners.index((dz, dy, dx))][z][y][column]

    return volume(len(x) // len(corners), (depth, height, width), value)
