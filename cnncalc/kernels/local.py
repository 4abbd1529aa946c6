"""Locally connected layers: a convolution that shares no weights between places."""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights
from cnncalc.kernels.sliding import Windows, padded


def local(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """A convolution with weights of its own at every place.

    weight[oz, oy, ox, filters, C, kz, ky, kx], bias[oz, oy, ox, filters].
    """
    x = padded(inputs[0], numbers["before"], numbers["after"], numbers["fill"])
    windows = Windows.over(x.shape[2:], numbers)
    filters = weights["weight"].shape[3]
    places = int(np.prod(windows.outputs))
    columns = np.empty((x.shape[0], x.shape[1], *windows.kernel, *windows.outputs), x.dtype)
    for tap in windows.taps():
        columns[:, :, *tap] = windows.met(x, tap)
    seen = columns.reshape(x.shape[0], -1, places).transpose(2, 1, 0)
    out = np.matmul(weights["weight"].reshape(places, filters, -1), seen)
    if "bias" in weights:
        out += weights["bias"].reshape(places, filters, 1)
    return np.ascontiguousarray(out.transpose(2, 1, 0)).reshape(x.shape[0], filters, *windows.outputs)
