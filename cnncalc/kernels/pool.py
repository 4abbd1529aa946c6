"""Pools: windows that slide as a convolution's do, and take the largest, the sum or the mean of what they see.

Tap by tap over the whole map at once: for each tap of the window, one vector instruction stream combines what that
tap meets.  With `ceil` the last window may stick out at the end; what it does not find there does not exist: it is
never the largest and never counted (PyTorch's rule).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnncalc.kernels.contract import LONGEST_SUM, Array, Inputs, Numbers, Sizes, Weights, kernel
from cnncalc.kernels.sliding import Windows, padded


@kernel("maxpool")
def maxpool(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, iz, iy, ix] -> [n, c, oz, oy, ox], the largest value in each window; pads are minus infinity."""
    return _combined(np.maximum, inputs[0], numbers, -np.inf)


@kernel("sumpool")
def sumpool(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The sum of each window; pads are zeros."""
    return _combined(np.add, inputs[0], numbers, 0.0)


@kernel("avgpool")
def avgpool(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The sum of each window divided by how many of its taps lie inside the input (`countpad`: inside its pads)."""
    out = _combined(np.add, inputs[0], numbers, 0.0)
    counts = _counts(inputs[0].shape[2:], numbers)
    out /= np.maximum(counts, 1).astype(out.dtype)
    return out


@kernel("l2pool")
def l2pool(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The square root of the sum of the squares in each window."""
    out = _combined(np.add, np.square(inputs[0]), numbers, 0.0)
    return np.sqrt(out, out=out)


@kernel("subsample")
def subsample(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """weight[c] * (sum of the window) + bias[c].  Source: LeCun et al. 1998, layers S2 and S4."""
    out = _combined(np.add, inputs[0], numbers, 0.0)
    out *= weights["weight"].reshape(-1, 1, 1, 1)
    out += weights["bias"].reshape(-1, 1, 1, 1)
    return out


@kernel("global_avgpool")
def global_avgpool(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, ...] -> [n, c, 1, 1, 1], the mean of each map."""
    return np.asarray(inputs[0].mean(axis=(2, 3, 4), keepdims=True))


@kernel("global_maxpool")
def global_maxpool(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, ...] -> [n, c, 1, 1, 1], the largest value of each map."""
    return np.asarray(inputs[0].max(axis=(2, 3, 4), keepdims=True))


@kernel("adaptive_avgpool")
def adaptive_avgpool(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, ...] -> [n, c, *output]: cut into output[axis] windows of nearly equal size, the mean of each."""
    return _adapted(np.mean, inputs[0], numbers["output"])


@kernel("adaptive_maxpool")
def adaptive_maxpool(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The same windows, the largest value of each."""
    return _adapted(np.max, inputs[0], numbers["output"])


def _combined(combine: np.ufunc, x: Array, numbers: Numbers, missing: float) -> Array:
    """All values of each window combined; `missing` is what pads and places beyond the end hold."""
    windows = _windows(x.shape[2:], numbers)
    axes = zip(windows.reached, x.shape[2:], numbers["before"], numbers["after"], strict=True)
    depth, height, width = (max(reached - n - first, last) for reached, n, first, last in axes)
    x = padded(x, numbers["before"], (depth, height, width), value=missing)
    taps = windows.taps()
    long = combine is np.add and math.prod(windows.kernel) > LONGEST_SUM
    out = np.array(windows.met(x, next(taps)), np.float64 if long else x.dtype, order="C")
    for tap in taps:
        combine(out, windows.met(x, tap), out=out)
    return out.astype(x.dtype, copy=False)


def _windows(spatial: tuple[int, ...], numbers: Numbers) -> Windows:
    """The windows over the padded input; with `ceil` one more where the windows that fit leave something over."""
    before, after = numbers["before"], numbers["after"]
    extents = tuple(first + n + last for n, first, last in zip(spatial, before, after, strict=True))
    windows = Windows.over(extents, numbers)
    if not numbers["ceil"]:
        return windows
    inside = (first + n for n, first in zip(spatial, before, strict=True))
    axes = zip(windows.starts, numbers["kernel"], numbers["stride"], numbers["dilation"], extents, inside, strict=True)
    depth, height, width = (_rounded_up(*axis) for axis in axes)
    return Windows((depth, height, width), numbers["kernel"], numbers["dilation"])


def _rounded_up(
    fitting: NDArray[np.intp], kernel: int, stride: int, dilation: int, extent: int, inside: int
) -> NDArray[np.intp]:
    """The starts that fit, and the next one if the windows before it leave a part of the extent unseen.

    No window starts beyond `inside`, the input and the pad before it.
    """
    following = int(fitting[-1]) + stride if len(fitting) else 0
    seen = following - stride + dilation * (kernel - 1) + 1
    starts = np.append(fitting, following) if seen < extent else fitting
    return np.asarray(starts[starts < inside])


def _counts(spatial: tuple[int, ...], numbers: Numbers) -> NDArray[np.intp]:
    """How many taps count in each window [oz, oy, ox]: those inside the input, or inside the padded input."""
    windows = _windows(spatial, numbers)
    by_axis = []
    for axis, n in enumerate(spatial):
        before, after = numbers["before"][axis], numbers["after"][axis]
        first, end = (0, before + n + after) if numbers["countpad"] else (before, before + n)
        taps = windows.starts[axis][:, None] + windows.dilation[axis] * np.arange(windows.kernel[axis])
        by_axis.append(((taps >= first) & (taps < end)).sum(axis=1))
    depth, height, width = by_axis
    return np.asarray(depth[:, None, None] * height[:, None] * width)


def _adapted(take: Callable[..., Any], x: Array, output: Sizes) -> Array:
    """Window o of an axis runs from floor(o * n / outputs) to ceil((o + 1) * n / outputs), as in PyTorch."""
    cuts = [
        [slice(o * n // outputs, -(-(o + 1) * n // outputs)) for o in range(outputs)]
        for n, outputs in zip(x.shape[2:], output, strict=True)
    ]
    out = np.empty((*x.shape[:2], *output), x.dtype)
    for oz, z in enumerate(cuts[0]):
        for oy, y in enumerate(cuts[1]):
            for ox, columns in enumerate(cuts[2]):
                out[:, :, oz, oy, ox] = take(x[:, :, z, y, columns], axis=(2, 3, 4))
    return out
