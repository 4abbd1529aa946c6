"""Fully connected layers: one matrix product for all images, its units shared among the threads.

A single image makes it a product of a matrix with a vector, which reads each weight once: its speed is the memory's.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.threads import JOBS_A_THREAD, share, spans, threads_for

LONGEST_PRODUCT = 65_536
"""Numbers of one product of BLAS, at most: of a million near-equal ones it is 2e-5 off."""


@kernel("dense")
def dense(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, 1, 1, 1] -> [n, units, 1, 1, 1]: weight[units, c] times x, + bias[units]."""
    weight = weights["weight"].reshape(weights["weight"].shape[0], -1)
    x = inputs[0].reshape(inputs[0].shape[0], -1)
    columns = spans(x.shape[1], -(-x.shape[1] // LONGEST_PRODUCT))
    parts = [_product(x[:, first:last], weight[:, first:last]) for first, last in columns]
    out = parts[0] if len(parts) == 1 else np.sum(parts, axis=0, dtype=np.float64).astype(x.dtype)
    if "bias" in weights:
        out += weights["bias"]
    return out.reshape(*out.shape, 1, 1, 1)


def _product(x: Array, weight: Array) -> Array:
    """x[n, c] times weight[units, c]."""
    out = np.empty((x.shape[0], weight.shape[0]), x.dtype)
    threads = threads_for(x.shape[0] * weight.size)
    parts = spans(weight.shape[0], threads * JOBS_A_THREAD)
    share([partial(np.matmul, x, weight[first:last].T, out[:, first:last]) for first, last in parts], threads)
    return out
