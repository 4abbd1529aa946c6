"""Convolutions by their definition: each output is a sum over the taps of one window.

Written to be read and to be right, not to be fast.  How many outputs there are is found by sliding the window, not
by the formula that predicts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count, takewhile
from typing import Any

from cnncalc.analysis.by_hand.volumes import Number, Place, Step, Volume, padded, places, sizes_of, volume

Numbers = Mapping[str, Any]
Weights = Mapping[str, Any]


def starts(size: int, span: int, stride: int, pads: tuple[int, int], ceil: bool) -> list[int]:
    """Where the windows start on a padded axis: all that end on it.

    With `ceil` one more that starts inside but ends outside, where the one before does not reach the end.
    """
    whole = size + sum(pads)

    def fits(start: int) -> bool:
        return start + span <= whole or (ceil and start - stride + span < whole and start < size + pads[0])

    return list(takewhile(fits, count(0, stride)))


def window_starts(numbers: Numbers, sizes: Place) -> list[list[int]]:
    """The starts of the windows along depth, height and width."""
    return [
        starts(
            size,
            numbers["dilation"][axis] * (numbers["kernel"][axis] - 1) + 1,
            numbers["stride"][axis],
            (numbers["before"][axis], numbers["after"][axis]),
            numbers.get("ceil", False),
        )
        for axis, size in enumerate(sizes)
    ]


def taps(numbers: Numbers) -> list[tuple[Place, Place]]:
    """Every tap of the kernel: its place in the kernel and its distance from the window's start."""
    dz, dy, dx = numbers["dilation"]
    return [((z, y, x), (z * dz, y * dy, x * dx)) for z, y, x in places(numbers["kernel"])]


def turned(kernel: list[list[list[Number]]]) -> list[list[list[Number]]]:
    """The kernel turned by 180 degrees."""
    return [[row[::-1] for row in rows[::-1]] for rows in kernel[::-1]]


def _correlated(
    channels: Volume, kernels: Volume, offsets: list[tuple[Place, Place]], start: Place, bias: Number
) -> Number:
    """One output: the sum over channels and taps of input times weight."""
    z0, y0, x0 = start
    total = bias
    for plane, kernel in zip(channels, kernels, strict=True):
        for (kz, ky, kx), (z, y, x) in offsets:
            total += plane[z0 + z][y0 + y][x0 + x] * kernel[kz][ky][kx]
    return total


Filter = tuple[Sequence[int], Volume]
"""For one map that comes out the channels that it sees, and its kernel for each of them."""

Filters = Sequence[Filter]


def _slid(x: Volume, filters: Filters, bias: Sequence[Number], numbers: Numbers) -> Volume:
    """One map for each filter."""
    grid, offsets = window_starts(numbers, sizes_of(x)), taps(numbers)
    wide = padded(x, numbers["before"], numbers["after"], numbers.get("fill", "zeros"))
    seen = [([wide[c] for c in channels], kernels) for channels, kernels in filters]

    def output(f: int, place: Place) -> Number:
        start = (grid[0][place[0]], grid[1][place[1]], grid[2][place[2]])
        return _correlated(*seen[f], offsets, start, bias[f])

    return volume(len(filters), (len(grid[0]), len(grid[1]), len(grid[2])), output)


def biases(weights: Weights, count: int, name: str = "bias") -> Sequence[Number]:
    """The biases; zeros where there are none."""
    found: Sequence[Number] = weights.get(name) or [0] * count
    return found


def conv_filter(step: Step, f: int) -> Filter:
    """A filter sees the channels of its group."""
    kernels = step.weights["weight"]
    group_filters, group_channels = len(kernels) // step.numbers["groups"], len(step.x) // step.numbers["groups"]
    first = f // group_filters * group_channels
    own = [turned(kernel) for kernel in kernels[f]] if step.numbers["flip"] else kernels[f]
    return range(first, first + group_channels), own


def connected_filter(step: Step, f: int) -> Filter:
    """A filter sees the channels that the table gives it; kernels stand filter by filter."""
    table = step.numbers["table"]
    first = sum(map(len, table[:f]))
    return table[f], [step.weights["weight"][first + n] for n in range(len(table[f]))]


def channel_filter(step: Step, f: int) -> Filter:
    """Every channel by itself: output c * multiplier + m is channel c under its kernel m."""
    kernel = step.weights["weight"][f]
    return (f // step.numbers["multiplier"],), [turned(kernel) if step.numbers.get("flip") else kernel]


def conv(step: Step) -> Volume:
    """Each filter sums over the channels of its group."""
    filters = [conv_filter(step, f) for f in range(len(step.weights["weight"]))]
    return _slid(step.x, filters, biases(step.weights, len(filters)), step.numbers)


def connected_conv(step: Step) -> Volume:
    """Each filter sums over the channels that the table gives it."""
    filters = [connected_filter(step, f) for f in range(len(step.numbers["table"]))]
    return _slid(step.x, filters, biases(step.weights, len(filters)), step.numbers)


def dwconv(step: Step) -> Volume:
    """Every channel by itself."""
    filters = [channel_filter(step, f) for f in range(len(step.weights["weight"]))]
    return _slid(step.x, filters, biases(step.weights, len(filters)), step.numbers)


def sepconv(step: Step) -> Volume:
    """A depthwise convolution without bias, then a 1x1 convolution."""
    middle = dwconv(step._replace(weights={"weight": step.weights["depthwise_weight"]}))
    mixing = step.weights["pointwise_weight"]
    bias = biases(step.weights, len(mixing))
    return volume(
        len(mixing),
        sizes_of(middle),
        lambda f, p: sum((w * plane[p[0]][p[1]][p[2]] for w, plane in zip(mixing[f], middle, strict=True)), bias[f]),
    )


def local(step: Step) -> Volume:
    """A convolution whose every position has its own weights and its own bias."""
    x, kernels, offset = step.x, step.weights["weight"], step.weights.get("bias")
    grid, offsets = window_starts(step.numbers, sizes_of(x)), taps(step.numbers)
    wide = padded(x, step.numbers["before"], step.numbers["after"], step.numbers.get("fill", "zeros"))

    def output(f: int, place: Place) -> Number:
        z, y, column = place
        bias = offset[z][y][column][f] if offset else 0
        start = (grid[0][z], grid[1][y], grid[2][column])
        return _correlated(wide, kernels[z][y][column][f], offsets, start, bias)

    return volume(len(kernels[0][0][0]), (len(grid[0]), len(grid[1]), len(grid[2])), output)


def upconv(step: Step) -> Volume:
    """Each input stamps its multiple of the kernel onto the output, `stride` apart; the pads are then cut off."""
    x, kernels = step.x, step.weights["weight"]
    group_filters, group_channels = len(kernels[0]), len(x) // step.numbers["groups"]
    filters = group_filters * step.numbers["groups"]
    bias = biases(step.weights, filters)
    sheet = volume(filters, _stamped_sizes(step.numbers, sizes_of(x)), lambda f, _: bias[f])
    for c, plane in enumerate(x):
        for m, kernel in enumerate(kernels[c]):
            target = sheet[c // group_channels * group_filters + m]
            _stamp(plane, turned(kernel) if step.numbers["flip"] else kernel, target, step.numbers)
    return sheet


def _stamped_sizes(numbers: Numbers, sizes: Place) -> Place:
    """From the first tap of the first stamp to the last tap of the last one, less the pads, plus `output_padding`."""
    depth, height, width = (
        (size - 1) * stride + dilation * (kernel - 1) + 1 - before - after + extra
        for size, stride, dilation, kernel, before, after, extra in zip(
            sizes,
            *(numbers[name] for name in ("stride", "dilation", "kernel", "before", "after", "output_padding")),
            strict=True,
        )
    )
    return depth, height, width


def _stamp(plane: Any, kernel: Any, target: Any, numbers: Numbers) -> None:
    stride, before, offsets = numbers["stride"], numbers["before"], taps(numbers)
    depth, height, width = len(target), len(target[0]), len(target[0][0])
    for place in places((len(plane), len(plane[0]), len(plane[0][0]))):
        value = plane[place[0]][place[1]][place[2]]
        for (kz, ky, kx), offset in offsets:
            z, y, x = (p * s + o - b for p, s, o, b in zip(place, stride, offset, before, strict=True))
            if 0 <= z < depth and 0 <= y < height and 0 <= x < width:
                target[z][y][x] += value * kernel[kz][ky][kx]
