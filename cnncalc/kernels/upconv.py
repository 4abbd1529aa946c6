"""The transposed convolution: the adjoint of a convolution, done as it is drawn, by stamping kernels on a canvas.

The stamps of a bounded block of inputs are made by one matrix product and added to the canvas tap by tap (col2im).
Source: Zeiler et al. 2010; Dumoulin and Visin 2016; PyTorch's ConvTranspose for the pads.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.sliding import Windows, add_bias, blocks, cut, in_groups, oriented, padded
from cnncalc.kernels.threads import JOBS_A_THREAD, share, spans, threads_for

BLOCK_BYTES = 2 * 2**20
"""Stamps that one thread makes at once."""


@kernel("upconv")
def upconv(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Transposed convolution: every input value puts a copy of the kernel, times itself, on a canvas `stride` apart.

    weight[C, filters/groups, kz, ky, kx].  `before` and `after` rows are then cut off the canvas; `output_padding`
    gives rows at the end back, or adds rows that no kernel reached.
    """
    x, weight, groups = inputs[0], oriented(weights["weight"], numbers), numbers["groups"]
    windows = Windows.stamped(x.shape[2:], numbers)
    canvas = np.zeros((x.shape[0], weight.shape[1] * groups, *windows.reached), x.dtype)
    threads = threads_for(x.size * math.prod(weight.shape[1:]))
    parts = spans(weight.shape[1], threads * JOBS_A_THREAD)
    jobs = [
        partial(_stamp, image, kernels[:, first:last], windows, part[first:last])
        for n in range(len(x))
        for kernels, image, part in zip(*in_groups(groups, weight, x[n], canvas[n]), strict=True)
        for first, last in parts
    ]
    share(jobs, threads)
    return add_bias(_trimmed(canvas, numbers), weights)


def _stamp(image: Array, weight: Array, windows: Windows, canvas: Array) -> None:
    """Add weight[ci, co, kz, ky, kx] * image[ci, iz, iy, ix] to canvas[co, ...], for a block of inputs at a time."""
    filters = weight.shape[1]
    matrix = np.ascontiguousarray(weight.reshape(weight.shape[0], -1).T)
    values = image.reshape(image.shape[0], -1)
    largest = max(1, BLOCK_BYTES // (matrix.shape[0] * image.itemsize))
    for block, places in blocks(windows.outputs, largest):
        sizes = [part.stop - part.start for part in block]
        by_tap = np.matmul(matrix, values[:, places]).reshape(filters, *windows.kernel, *sizes)
        for tap in windows.taps():
            windows.met(canvas, tap, block)[...] += by_tap[:, *tap]


def _trimmed(canvas: Array, numbers: Numbers) -> Array:
    """The canvas without its pads; a negative pad, and output padding beyond the canvas, add zeros."""
    ends = [last - more for last, more in zip(numbers["after"], numbers["output_padding"], strict=True)]
    first, last = (tuple(max(0, -rows) for rows in side) for side in (numbers["before"], ends))
    whole = padded(canvas, first, last)
    axes = zip(whole.shape[2:], numbers["before"], ends, strict=True)
    return np.ascontiguousarray(cut(whole, (slice(max(0, first), n - max(0, last)) for n, first, last in axes)))
