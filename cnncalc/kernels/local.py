"""Locally connected layers: a convolution that shares no weights between places, one small product a place."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.sliding import Windows, padded
from cnncalc.kernels.threads import share, spans, threads_for


@kernel("local")
def local(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """A convolution with weights of its own at every place.

    weight[oz, oy, ox, filters, C, kz, ky, kx], bias[oz, oy, ox, filters].
    """
    x = padded(inputs[0], numbers["before"], numbers["after"], numbers["fill"])
    windows = Windows.over(x.shape[2:], numbers)
    filters, places = weights["weight"].shape[3], math.prod(windows.outputs)
    columns = np.empty((*x.shape[:2], *windows.kernel, *windows.outputs), x.dtype)
    for tap in windows.taps():
        columns[:, :, *tap] = windows.met(x, tap)
    seen = columns.reshape(x.shape[0], -1, places).transpose(2, 1, 0)
    matrices = weights["weight"].reshape(places, filters, -1)
    out = np.empty((places, filters, x.shape[0]), x.dtype)
    threads = threads_for(x.shape[0] * matrices.size)
    share([partial(np.matmul, matrices[a:b], seen[a:b], out[a:b]) for a, b in spans(places, threads)], threads)
    if "bias" in weights:
        out += weights["bias"].reshape(places, filters, 1)
    return np.ascontiguousarray(out.transpose(2, 1, 0)).reshape(x.shape[0], filters, *windows.outputs)
