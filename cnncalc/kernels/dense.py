"""Fully connected layers: one matrix product for all images.

A single image makes it a product of a matrix with a vector, which reads each weight once: its speed is the memory's.
"""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights


def dense(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, 1, 1, 1] -> [n, units, 1, 1, 1]: weight[units, c] times x, + bias[units]."""
    x = inputs[0]
    weight = weights["weight"].reshape(weights["weight"].shape[0], -1)
    out: Array = np.matmul(x.reshape(x.shape[0], -1), weight.T)
    if "bias" in weights:
        out += weights["bias"]
    return out.reshape(*out.shape, 1, 1, 1)
