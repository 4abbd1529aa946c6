"""Layers that move numbers without changing them, or weigh everything against everything."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

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
    values, channel_by_channel = in_order(step.x, step.numbers["order"]), step.numbers["order"] == "channels_first"
    channels: int = step.numbers["channels"]
    depth, height, width = step.numbers["spatial"]
    area = depth * height * width

    def value(c: int, place: Place) -> Number:
        position = (place[0] * height + place[1]) * width + place[2]
        index: int = c * area + position if channel_by_channel else position * channels + c
        return values[index]

    return volume(channels, (depth, height, width), value)


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
    return _enlarged(step.x, (depth, height, width), step.numbers["mode"])


def resize(step: Step) -> Volume:
    """Every axis as long as `size` says."""
    return _enlarged(step.x, step.numbers["size"], step.numbers["mode"])


def _enlarged(x: Volume, wanted: Place, mode: str) -> Volume:
    """Nearest repeats every number; bilinear weighs the two neighbours by their distance, pixel centres at a half."""
    sizes = sizes_of(x)

    def weighed(axis: int, output: int) -> list[tuple[int, Fraction]]:
        n, m = sizes[axis], wanted[axis]
        return [(output * n // m, Fraction(1))] if mode == "nearest" else _linear(output, Fraction(m, n), n)

    def value(c: int, place: Place) -> Number:
        near = [weighed(axis, output) for axis, output in enumerate(place)]
        parts = (wz * wy * wx * x[c][z][y][column] for (z, wz), (y, wy), (column, wx) in product(*near))
        total = sum(parts)
        return total if isinstance(total, float) else plain(total)

    return volume(len(x), wanted, value)


def _linear(output: int, factor: Fraction, size: int) -> list[tuple[int, Fraction]]:
    """The neighbours of the place (output + 1/2) / factor - 1/2, held at the border, with their weights."""
    place = max(Fraction(0), (output + Fraction(1, 2)) / factor - Fraction(1, 2))
    low = min(int(place), size - 1)
    share = place - low if low < size - 1 else Fraction(0)
    return [(low, 1 - share), (min(low + 1, size - 1), share)]


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
