"""Fully connected layers: one matrix product for all images, its units shared among the threads.

A single image makes it a product of a matrix with a vector, which reads each weight once: its speed is the memory's.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.threads import JOBS_A_THREAD, share, spans, threads_for


@kernel("dense")
def dense(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, 1, 1, 1] -> [n, units, 1, 1, 1]: weight[units, c] times x, + bias[units]."""
    weight = weights["weight"].reshape(weights["weight"].shape[0], -1)
    x = inputs[0].reshape(inputs[0].shape[0], -1)
    out = np.empty((x.shape[0], weight.shape[0]), x.dtype)
    threads = threads_for(x.shape[0] * weight.size)
    parts = spans(weight.shape[0], threads * JOBS_A_THREAD)
    share([partial(np.matmul, x, weight[first:last].T, out[:, first:last]) for first, last in parts], threads)
    if "bias" in weights:
        out += weights["bias"]
    return out.reshape(*out.shape, 1, 1, 1)
