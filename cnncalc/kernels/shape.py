"""Kernels that move numbers and compute none, and the enlarging of maps.

What can be a view of the input is one: identity, and flatten and reshape with the channels first.
"""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.sliding import cut, padded


@kernel("identity")
def identity(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The input itself; dropout at inference too."""
    return inputs[0]


@kernel("flatten")
def flatten(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, z, y, x] -> [n, all, 1, 1, 1], in the order of the file: channels_first (c, z, y, x) or channels_last."""
    return _flat(inputs[0], numbers["order"]).reshape(inputs[0].shape[0], -1, 1, 1, 1)


@kernel("reshape")
def reshape(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The same numbers, read and written in the order of the file, as [n, channels, *spatial]."""
    flat = _flat(inputs[0], numbers["order"])
    if numbers["order"] == "channels_first":
        return flat.reshape(-1, numbers["channels"], *numbers["spatial"])
    last = flat.reshape(-1, *numbers["spatial"], numbers["channels"])
    return np.ascontiguousarray(np.moveaxis(last, -1, 1))


@kernel("pad")
def pad(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Rows added on every side; `fill` says what they hold: zeros, edge, reflect, wrap."""
    return padded(inputs[0], numbers["before"], numbers["after"], numbers["fill"])


@kernel("crop")
def crop(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Rows cut off on every side."""
    axes = zip(inputs[0].shape[2:], numbers["before"], numbers["after"], strict=True)
    return np.ascontiguousarray(cut(inputs[0], (slice(before, n - after) for n, before, after in axes)))


@kernel("upsample")
def upsample(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Every axis `factor` times as long: values repeated (nearest), or drawn between their neighbours (bilinear)."""
    x = inputs[0]
    for axis, factor in enumerate(numbers["factor"], start=2):
        if factor > 1:
            nearest = numbers["mode"] == "nearest"
            x = np.repeat(x, factor, axis) if nearest else _drawn_between(x, factor * x.shape[axis], axis)
    return x


@kernel("resize")
def resize(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Every axis as long as `size` says: output o reads floor(o * n / size) (nearest), or is drawn between two."""
    x = inputs[0]
    for axis, size in enumerate(numbers["size"], start=2):
        n = x.shape[axis]
        if n != size and numbers["mode"] == "nearest":
            x = np.take(x, np.arange(size) * n // size, axis)
        elif n != size:
            x = _drawn_between(x, size, axis)
    return x


@kernel("slice")
def slice_channels(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The channels first .. last, `last` not included."""
    return np.ascontiguousarray(inputs[0][:, numbers["first"] : numbers["last"]])


@kernel("padchannels")
def pad_channels(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The channels with empty ones ahead of and behind them."""
    return np.pad(inputs[0], ((0, 0), (numbers["ahead"], numbers["behind"]), (0, 0), (0, 0), (0, 0)))


@kernel("shuffle")
def shuffle(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The channels dealt out anew: `groups` rows of C / groups, read by columns (ShuffleNet, Zhang et al. 2018)."""
    x = inputs[0]
    rows = x.reshape(x.shape[0], numbers["groups"], -1, *x.shape[2:])
    return np.ascontiguousarray(rows.swapaxes(1, 2)).reshape(x.shape)


@kernel("space_to_depth")
def space_to_depth(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Blocks of `factor` places dealt out to channels: channel c of place (i, j) of a block becomes c * block + place.

    The order of PyTorch's pixel_unshuffle.
    """
    x = inputs[0]
    n, channels, *sizes = x.shape
    blocks = [part for size, factor in zip(sizes, numbers["factor"], strict=True) for part in (size // factor, factor)]
    dealt = x.reshape(n, channels, *blocks).transpose(0, 1, 3, 5, 7, 2, 4, 6)
    return np.ascontiguousarray(dealt).reshape(n, -1, *blocks[::2])


@kernel("depth_to_space")
def depth_to_space(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The way back: channel c * block + place goes to that place of channel c's block (pixel shuffle)."""
    x, factor = inputs[0], numbers["factor"]
    n, _, *sizes = x.shape
    laid = x.reshape(n, -1, *factor, *sizes).transpose(0, 1, 5, 2, 6, 3, 7, 4)
    whole = (size * each for size, each in zip(sizes, factor, strict=True))
    return np.ascontiguousarray(laid).reshape(n, laid.shape[1], *whole)


def _flat(x: Array, order: str) -> Array:
    """[n, all], with the channels as the slowest or as the fastest axis."""
    ordered = x if order == "channels_first" else np.moveaxis(x, 1, -1)
    return ordered.reshape(x.shape[0], -1)


def _drawn_between(x: Array, size: int, axis: int) -> Array:
    """Linear interpolation on one axis with half-pixel centres: place o lies at (o + 1/2) * n / size - 1/2.

    Beyond the first and the last pixel their values hold (PyTorch's align_corners=False, Keras' UpSampling2D).  A place
    that falls on a pixel reads that one alone.
    """
    n = x.shape[axis]
    places = (2 * np.arange(size) + 1) * n - size  # in units of 1 / (2 * size)
    left, right = places // (2 * size), -(-places // (2 * size))
    along = [1] * x.ndim
    along[axis] = -1
    share = (places / (2 * size) - left).astype(x.dtype).reshape(along)
    lower, upper = (np.take(x, np.clip(index, 0, n - 1), axis) for index in (left, right))
    out: Array = lower * (1 - share) + upper * share
    return out
