"""Convolution connection by connection: each input plane that an output plane sees is a loop of its own.

A plain, grouped, depthwise or table-connected convolution is a list of connections (input plane, output plane,
kernel); one compiled loop serves them all.  It is what a person would do by hand, with the output row innermost so
that the compiler can work on many places at once: 25-30 GFLOP/s a core on depthwise layers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnncalc.kernels.contract import LONGEST_SUM, Array, Numbers, Sizes, Weights
from cnncalc.kernels.jit import jit
from cnncalc.kernels.sliding import Windows, add_bias, padded, writable
from cnncalc.kernels.threads import over_planes


def connected(x: Array, taps: Array, table: Sequence[Sequence[int]], weights: Weights, numbers: Numbers) -> Array:
    """The convolution whose filter co sees the channels table[co]; taps[connection, kz, ky, kx], filter by filter."""
    x = padded(x, numbers["before"], numbers["after"], numbers["fill"])
    outputs = Windows.over(x.shape[2:], numbers).outputs
    long = max(map(len, table)) * int(np.prod(taps.shape[1:])) > LONGEST_SUM
    out = np.zeros((x.shape[0], len(table), *outputs), np.float64 if long else x.dtype)
    add_bias(out, weights)
    source = np.array([ci for channels in table for ci in channels], np.int64)
    first = np.cumsum([0, *map(len, table)], dtype=np.int64)
    work = x.shape[0] * taps.size * int(np.prod(outputs))
    loops = writable(x), writable(taps), source, first, numbers["stride"], numbers["dilation"], out
    over_planes(add_connections, x.shape[0] * len(table), work, *loops)
    return out.astype(x.dtype, copy=False)


@jit
def add_connections(
    start: int,
    stop: int,
    x: Array,
    taps: Array,
    source: NDArray[np.int64],
    first: NDArray[np.int64],
    stride: Sizes,
    dilation: Sizes,
    out: Array,
) -> None:
    """Add every connection's products to the planes start .. stop of out[n, co, oz, oy, ox].

    Connection j, for first[co] <= j < first[co + 1], joins input plane ci = source[j] of x[n, ci, iz, iy, ix] (padded)
    to co by the weights taps[j, kz, ky, kx].
    """
    _, filters, depth, height, width = out.shape
    for plane in range(start, stop):
        n, co = plane // filters, plane % filters
        for oz in range(depth):
            for oy in range(height):
                row = out[n, co, oz, oy]
                for j in range(first[co], first[co + 1]):
                    ci = source[j]
                    for kz in range(taps.shape[1]):
                        iz = oz * stride[0] + kz * dilation[0]
                        for ky in range(taps.shape[2]):
                            iy = oy * stride[1] + ky * dilation[1]
                            for kx in range(taps.shape[3]):
                                weight = taps[j, kz, ky, kx]
                                seen = x[n, ci, iz, iy, kx * dilation[2] :]
                                if stride[2] == 1:  # the compiler turns only this loop into vector instructions
                                    for ox in range(width):
                                        row[ox] += weight * seen[ox]
                                else:
                                    for ox in range(width):
                                        row[ox] += weight * seen[ox * stride[2]]
