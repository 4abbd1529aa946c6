"""The plain convolution: by columns and BLAS where it is wide, by loops over connections where it is narrow.

Wide: what each output sees is copied into the column of a matrix (im2col, a bounded block of outputs at a time) and
multiplied by the weights.  Where few filters share a channel that copy costs more than it saves.  `conv_direct` is all
loops, for nets that a person checks by hand.  Source: LeCun et al. 1998; Chellapilla et al. 2006 (im2col).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from cnncalc.kernels.connections import connected
from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.sliding import Block, Windows, add_bias, blocks, cut, in_groups, oriented, padded
from cnncalc.kernels.threads import JOBS_A_THREAD, share, spans, threads_for

BLOCK_BYTES = 2 * 2**20
"""Columns that one thread makes at once: they stay in its cache until BLAS has read them."""

SHARED_BLOCK_BYTES = 4 * BLOCK_BYTES
"""Columns made at once where threads share the filters."""

FEWEST_FILTERS = 8
"""With fewer filters on the same channels, the loops are faster than copying columns."""

FEWEST_PLACES = 256
"""With fewer output places for each thread, threads share the filters: BLAS wants long rows."""


@kernel("conv")
def conv(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, ci, iz, iy, ix] -> [n, co, oz, oy, ox]: weight[co, ci, kz, ky, kx] times what it meets, summed, + bias[co].

    weight[filters, C/groups, kz, ky, kx]: filters and channels fall into `groups` separate convolutions.  `flip` turns
    the kernel by 180 degrees; `fill` says what the pads hold.
    """
    weight, groups = oriented(weights["weight"], numbers), numbers["groups"]
    if weight.shape[0] // groups < FEWEST_FILTERS and weight.shape[2:] != (1, 1, 1):
        return conv_direct(inputs, weights, numbers)
    x = padded(inputs[0], numbers["before"], numbers["after"], numbers["fill"])
    windows = Windows.over(x.shape[2:], numbers)
    out = np.empty((x.shape[0], weight.shape[0], *windows.outputs), x.dtype)
    matrices = np.split(weight.reshape(weight.shape[0], -1), groups)
    products = [part for n in range(len(x)) for part in zip(matrices, *in_groups(groups, x[n], out[n]), strict=True)]
    places = math.prod(windows.outputs)
    threads = threads_for(places * weight.size * len(x))
    if places * len(products) < threads * FEWEST_PLACES:
        _share_filters(products, windows, threads)
    else:
        _share_places(products, windows, threads)
    return add_bias(out, weights)


@kernel("conv_direct")
def conv_direct(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The same as `conv`, by nothing but multiply-and-add loops in the order of the formula."""
    weight = oriented(weights["weight"], numbers)
    filters, seen = weight.shape[:2]
    per_group = filters // numbers["groups"]
    table = [range(co // per_group * seen, (co // per_group + 1) * seen) for co in range(filters)]
    return connected(inputs[0], weight.reshape(-1, *weight.shape[2:]), table, weights, numbers)


@kernel("connected_conv")
def connected_conv(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """A convolution whose filter co sees only the channels table[co].

    weight[connections, kz, ky, kx], filter by filter, channel by channel.  Source: LeCun et al. 1998, table I.
    """
    weight = weights["weight"]
    return connected(inputs[0], weight.reshape(-1, *weight.shape[-3:]), numbers["table"], weights, numbers)


Product = tuple[Array, Array, Array]
"""An image, or a group of its channels: weights[co, (ci, kz, ky, kx)], image[ci, iz, iy, ix], out[co, oz, oy, ox]."""


def _share_places(products: list[Product], windows: Windows, threads: int) -> None:
    """Multiply in blocks of output places; each job makes its own columns."""
    places = math.prod(windows.outputs)
    even = -(-places * len(products) // (threads * JOBS_A_THREAD))

    def jobs() -> Iterator[Callable[[], None]]:
        for matrix, image, out in products:
            result = out.reshape(out.shape[0], -1)
            most = max(1, min(even, BLOCK_BYTES // (matrix.shape[1] * image.itemsize)))
            for block, part in blocks(windows.outputs, most):
                yield partial(_multiply, matrix, image, windows, block, result[:, part])

    share(jobs(), threads)


def _share_filters(products: list[Product], windows: Windows, threads: int) -> None:
    """Make the columns first, then multiply them by a span of filters in each job."""
    for matrix, image, out in products:
        result = out.reshape(out.shape[0], -1)
        most = max(1, SHARED_BLOCK_BYTES // (matrix.shape[1] * image.itemsize))
        for block, part in blocks(windows.outputs, most):
            columns = _columns(image, windows, block)
            rows = spans(matrix.shape[0], threads)
            share([partial(np.matmul, matrix[a:b], columns, result[a:b, part]) for a, b in rows], threads)


def _multiply(matrix: Array, image: Array, windows: Windows, block: Block, result: Array) -> None:
    np.matmul(matrix, _columns(image, windows, block), out=result)


def _columns(image: Array, windows: Windows, block: Block) -> Array:
    """columns[(ci, kz, ky, kx), (oz, oy, ox)]: what each output of the block sees of image[ci, iz, iy, ix]."""
    if windows.kernel == (1, 1, 1) and windows.outputs == image.shape[1:]:
        return cut(image, block).reshape(image.shape[0], -1)
    sizes = [part.stop - part.start for part in block]
    columns = np.empty((image.shape[0], *windows.kernel, *sizes), image.dtype)
    for tap in windows.taps():
        columns[:, *tap] = windows.met(image, tap, block)
    return columns.reshape(-1, math.prod(sizes))
