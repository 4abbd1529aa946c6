"""Kernels that move numbers and compute none, and the resizing of maps.

What can be a view of the input is one: identity, and flatten and reshape with the channels first.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

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


@kernel("pad_value")
def pad_value(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Rows added on every side, all of them `value`."""
    return padded(inputs[0], numbers["before"], numbers["after"], value=numbers["value"])


@kernel("crop")
def crop(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Rows cut off on every side."""
    axes = zip(inputs[0].shape[2:], numbers["before"], numbers["after"], strict=True)
    return np.ascontiguousarray(cut(inputs[0], (slice(before, n - after) for n, before, after in axes)))


@kernel("upsample")
def upsample(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Every axis `factor` times as long: values repeated (nearest), or mixed of two neighbours (bilinear).

    Output o lies at (o + 1/2) / factor - 1/2, and beyond the edge its pixel goes on (PyTorch's align_corners=False).
    """
    x = inputs[0]
    for axis, factor in enumerate(numbers["factor"], start=2):
        if factor > 1 and numbers["mode"] == "nearest":
            x = np.repeat(x, factor, axis)
        elif factor > 1:
            halves = 2 * np.arange(factor * x.shape[axis]) + 1 - factor
            x = _mixed(x, axis, halves, 2 * factor, numbers["mode"])
    return x


@kernel("resize")
def resize(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Every axis as long as `size` says; `places` (slope, offset, unit): o lies at (o * slope + offset) / unit.

    `mode`: the pixel below that place (nearest), or the mix of the two or four around it (bilinear, bicubic, and
    catmullrom, which leaves out what lies beyond the edge; the others repeat the pixel at the edge).
    """
    x = inputs[0]
    for axis, (size, (slope, offset, unit)) in enumerate(zip(numbers["size"], numbers["places"], strict=True), start=2):
        if (slope, offset, unit) != (1, 0, 1) or size != x.shape[axis]:
            x = _mixed(x, axis, np.arange(size) * slope + offset, unit, numbers["mode"])
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


SHARPNESS = {"bicubic": -0.75, "catmullrom": -0.5}
"""The a of the cubic kernel (Keys 1981): PyTorch's, and that of TensorFlow, JAX and most programs for pictures."""


def _mixed(x: Array, axis: int, places: NDArray[np.intp], unit: int, mode: str) -> Array:
    """Output o of an axis is mixed of the pixels around places[o] / unit."""
    taps = resize_taps(x.shape[axis], places, unit, mode)
    if len(taps) == 1:
        return np.take(x, taps[0][0], axis)
    along = [1] * x.ndim
    along[axis] = -1
    parts = (np.take(x, i, axis) * w.astype(x.dtype).reshape(along) for i, w in taps)
    return reduce(np.add, parts)


def resize_taps(
    n: int, places: NDArray[np.intp], unit: int, mode: str
) -> list[tuple[NDArray[np.intp], NDArray[np.float64]]]:
    """Of which of n pixels the outputs at places[o] / unit are mixed, and the share of each: (pixels[o], shares[o])."""
    below = places // unit
    share = (places - below * unit) / unit
    if mode == "nearest":
        taps = [(below, np.ones(len(places)))]
    elif mode == "bilinear":
        taps = [(below, 1 - share), (below + (share > 0), share)]
    else:
        taps = [(below + tap, _cubic(abs(share - tap), SHARPNESS[mode])) for tap in (-1, 0, 1, 2)]
    if mode == "catmullrom":
        inside = [np.where((index >= 0) & (index < n), weight, 0.0) for index, weight in taps]
        taps = [(index, weight / sum(inside)) for (index, _), weight in zip(taps, inside, strict=True)]
    return [(np.clip(index, 0, n - 1), weight) for index, weight in taps]


def _cubic(distance: NDArray[np.float64], a: float) -> NDArray[np.float64]:
    """The weight of a pixel at this distance: a cubic up to 1, another one up to 2."""
    near = ((a + 2) * distance - (a + 3)) * distance * distance + 1
    far = ((distance - 5) * distance + 8) * distance * a - 4 * a
    return np.where(distance <= 1, near, far)
