"""Arrays that are the same for every image; nothing arrives here, so the plan says how many `images` there are."""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel


@kernel("learned")
def learned(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """weight[c, z, y, x], or with `order` channels_last weight[z, y, x, c] -> [images, c, *spatial]."""
    weight = weights["weight"]
    if numbers["order"] == "channels_last":
        weight = np.moveaxis(weight, -1, 0)
    own = weight.reshape(1, -1, *numbers["spatial"])
    return np.repeat(own, numbers["images"], axis=0)


@kernel("constant")
def constant(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The same number everywhere: [images, channels, *spatial], of the type the plan names."""
    shape = (numbers["images"], numbers["channels"], *numbers["spatial"])
    return np.full(shape, numbers["value"], numbers["dtype"])
