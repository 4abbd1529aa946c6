"""Counts multiply-accumulates by going through a kernel's loops, with a counter in the place of the product.

This is the other half of a confirmation: the analysis has formulas, and here nothing is multiplied; every loop over
an axis is there, taken from the sizes of the arrays that the kernel really had.  Padding counts as if multiplied
(what papers and frameworks count); a transposed convolution counts every stamp of every input value, pads included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cnncalc.kernels.contract import Numbers, Sizes
from cnncalc.kernels.jit import jit

Shape = tuple[int, ...]


def count_macs(
    kernel: str,
    numbers: Numbers,
    input_shapes: Sequence[Shape],
    weight_shapes: Mapping[str, Shape],
    output_shape: Shape,
) -> int:
    """How many multiply-accumulates a kernel did on inputs [n, c, z, y, x]; 0 for kernels that have none.

    `weight_shapes` are those of the weights that the kernel got (spatial axes lifted to three), `output_shape` that of
    the array which it returned.
    """
    counter = COUNTERS.get(kernel)
    return 0 if counter is None else counter(numbers, tuple(input_shapes[0]), weight_shapes, tuple(output_shape))


def _count_conv(numbers: Numbers, x: Shape, weights: Mapping[str, Shape], out: Shape) -> int:
    _, seen, *taps = weights["weight"]
    return int(count_windows(out[0], out[1], _sizes(out[2:]), seen, _sizes(taps)))


def _count_dwconv(numbers: Numbers, x: Shape, weights: Mapping[str, Shape], out: Shape) -> int:
    return int(count_windows(out[0], out[1], _sizes(out[2:]), 1, _sizes(weights["weight"][-3:])))


def _count_sepconv(numbers: Numbers, x: Shape, weights: Mapping[str, Shape], out: Shape) -> int:
    middle, *taps = weights["depthwise_weight"]
    places = _sizes(out[2:])
    mixed = count_windows(out[0], out[1], places, middle, (1, 1, 1))
    return int(count_windows(out[0], middle, places, 1, _sizes(taps)) + mixed)


def _count_connected(numbers: Numbers, x: Shape, weights: Mapping[str, Shape], out: Shape) -> int:
    seen = np.array([len(channels) for channels in numbers["table"]], np.int64)
    return int(count_connections(out[0], seen, _sizes(out[2:]), _sizes(weights["weight"][-3:])))


def _count_local(numbers: Numbers, x: Shape, weights: Mapping[str, Shape], out: Shape) -> int:
    filters, seen, *taps = weights["weight"][-5:]
    return int(count_windows(out[0], filters, _sizes(out[2:]), seen, _sizes(taps)))


def _count_upconv(numbers: Numbers, x: Shape, weights: Mapping[str, Shape], out: Shape) -> int:
    _, made, *taps = weights["weight"]
    return int(count_stamps(x[0], x[1], _sizes(x[2:]), made, _sizes(taps)))


def _count_dense(numbers: Numbers, x: Shape, weights: Mapping[str, Shape], out: Shape) -> int:
    return int(count_products(out[0], out[1], int(np.prod(x[1:]))))


def _sizes(axes: Sequence[int]) -> Sizes:
    depth, height, width = axes
    return depth, height, width


@jit
def count_windows(images: int, filters: int, places: Sizes, seen: int, taps: Sizes) -> int:
    """The loops of a convolution in which every filter sees `seen` channels."""
    count = 0
    for _n in range(images):
        for _co in range(filters):
            for _oz in range(places[0]):
                for _oy in range(places[1]):
                    for _ox in range(places[2]):
                        for _ci in range(seen):
                            for _kz in range(taps[0]):
                                for _ky in range(taps[1]):
                                    for _kx in range(taps[2]):
                                        count += 1
    return count


@jit
def count_connections(images: int, seen: NDArray[np.int64], places: Sizes, taps: Sizes) -> int:
    """The loops of a convolution in which filter co sees seen[co] channels."""
    count = 0
    for _n in range(images):
        for co in range(len(seen)):
            for _oz in range(places[0]):
                for _oy in range(places[1]):
                    for _ox in range(places[2]):
                        for _ci in range(seen[co]):
                            for _kz in range(taps[0]):
                                for _ky in range(taps[1]):
                                    for _kx in range(taps[2]):
                                        count += 1
    return count


@jit
def count_stamps(images: int, channels: int, places: Sizes, made: int, taps: Sizes) -> int:
    """The loops of a transposed convolution: every input value puts `made` kernels on the canvas."""
    count = 0
    for _n in range(images):
        for _ci in range(channels):
            for _iz in range(places[0]):
                for _iy in range(places[1]):
                    for _ix in range(places[2]):
                        for _co in range(made):
                            for _kz in range(taps[0]):
                                for _ky in range(taps[1]):
                                    for _kx in range(taps[2]):
                                        count += 1
    return count


@jit
def count_products(images: int, units: int, values: int) -> int:
    """The loops of a dense layer."""
    count = 0
    for _n in range(images):
        for _unit in range(units):
            for _value in range(values):
                count += 1
    return count


Counter = Callable[[Numbers, Shape, Mapping[str, Shape], Shape], int]

COUNTERS: dict[str, Counter] = {
    "conv": _count_conv,
    "conv_direct": _count_conv,
    "connected_conv": _count_connected,
    "dwconv": _count_dwconv,
    "sepconv": _count_sepconv,
    "local": _count_local,
    "upconv": _count_upconv,
    "dense": _count_dense,
}
"""The kernels that multiply and accumulate; every other one is counted by kinds of operations in the analysis."""
