"""The plain convolution: by columns and BLAS where it is wide, by loops over connections where it is narrow.

Wide: what each output sees is copied into the column of a matrix (im2col, a bounded block of outputs at a time) and
multiplied by the weights.  Where few filters share a channel that copy costs more than it saves.  `conv_direct` is all
loops, for nets that a person checks by hand.  Source: LeCun et al. 1998; Chellapilla et al. 2006 (im2col).
"""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.connections import connected
from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights
from cnncalc.kernels.sliding import BLOCK_BYTES, Windows, add_bias, blocks, in_groups, oriented, padded

FEWEST_FILTERS = 8
"""With fewer filters on the same channels, the loops are faster than copying columns."""


def conv(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, ci, iz, iy, ix] -> [n, co, oz, oy, ox]: weight[co, ci, kz, ky, kx] times what it meets, summed, + bias[co].

    weight[filters, C/groups, kz, ky, kx]: filters and channels fall into `groups` separate convolutions.  `flip` turns
    the kernel by 180 degrees; `fill` says what the pads hold.
    """
    weight = oriented(weights["weight"], numbers)
    pointwise = weight.shape[2:] == (1, 1, 1)
    if weight.shape[0] // numbers["groups"] < FEWEST_FILTERS and not pointwise:
        return conv_direct(inputs, weights, numbers)
    x = padded(inputs[0], numbers["before"], numbers["after"], numbers["fill"])
    windows = Windows.over(x.shape[2:], numbers)
    out = np.empty((x.shape[0], weight.shape[0], *windows.outputs), x.dtype)
    for n in range(x.shape[0]):
        for kernels, image, result in zip(*in_groups(numbers["groups"], weight, x[n], out[n]), strict=True):
            _multiply(image, kernels, windows, result)
    return add_bias(out, weights)


def conv_direct(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The same as `conv`, by nothing but multiply-and-add loops in the order of the formula."""
    weight = oriented(weights["weight"], numbers)
    filters, seen = weight.shape[:2]
    per_group = filters // numbers["groups"]
    table = [range(co // per_group * seen, (co // per_group + 1) * seen) for co in range(filters)]
    return connected(inputs[0], weight.reshape(-1, *weight.shape[2:]), table, weights, numbers)


def connected_conv(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """A convolution whose filter co sees only the channels table[co].

    weight[connections, kz, ky, kx], filter by filter, channel by channel.  Source: LeCun et al. 1998, table I.
    """
    weight = weights["weight"]
    return connected(inputs[0], weight.reshape(-1, *weight.shape[-3:]), numbers["table"], weights, numbers)


def _multiply(image: Array, weight: Array, windows: Windows, out: Array) -> None:
    """out[co, oz, oy, ox] = weight[co, ci, kz, ky, kx] times the columns of image[ci, iz, iy, ix], block by block."""
    matrix, result = weight.reshape(weight.shape[0], -1), out.reshape(out.shape[0], -1)
    if windows.kernel == (1, 1, 1) and windows.outputs == image.shape[1:]:
        np.matmul(matrix, image.reshape(image.shape[0], -1), out=result)
        return
    rows = matrix.shape[1]
    largest = max(1, BLOCK_BYTES // (rows * image.itemsize))
    buffer = np.empty(rows * min(largest, result.shape[1]), image.dtype)
    for block, places in blocks(windows.outputs, largest):
        sizes = [part.stop - part.start for part in block]
        columns = buffer[: rows * (places.stop - places.start)]
        by_tap = columns.reshape(image.shape[0], *windows.kernel, *sizes)
        for tap in windows.taps():
            by_tap[:, *tap] = windows.met(image, tap, block)
        np.matmul(matrix, columns.reshape(rows, -1), out=result[:, places])
