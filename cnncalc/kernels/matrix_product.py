"""Products of matrices that both come from lines."""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel


@kernel("matmul")
def matmul(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """a[n, k, z, y, x] times b[n, m, z, y, k], or b[n, k, z, y, m] with `transpose` -> [n, m, z, y, x].

    A matrix has a row for each place x and a column for each channel; z and y are as many products.
    """
    left, right = (np.moveaxis(x, 1, -1) for x in inputs)
    if numbers["transpose"]:
        right = right.swapaxes(-1, -2)
    return np.ascontiguousarray(np.moveaxis(np.matmul(left, right), -1, 1))
