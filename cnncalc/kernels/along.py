"""What others do over the channels, along one spatial axis: `axis` marks it among depth, height and width."""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel


@kernel("softmax_along")
def softmax_along(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """exp(x) / (sum of exp(x)) along the axis; the largest is subtracted first, against overflow."""
    x, axis = inputs[0], 2 + numbers["axis"].index(1)
    out: Array = np.exp(x - x.max(axis=axis, keepdims=True))
    out /= out.sum(axis=axis, keepdims=True, dtype=np.float64).astype(x.dtype)
    return out


@kernel("concat_along")
def concat_along(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The inputs one after the other along the axis."""
    return np.concatenate(inputs, axis=2 + numbers["axis"].index(1))
