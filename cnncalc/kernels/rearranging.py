"""Numbers in the order of other axes."""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel


@kernel("rearrange")
def rearrange(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, z, y, x] seen as [n, *factors], these in another order, and read as [n, channels, *spatial].

    `factors`: (size, place) of each; the factor at place 0 of the result counts slowest.
    """
    x, factors = inputs[0], numbers["factors"]
    places = [place for _, place in factors]
    split = x.reshape(x.shape[0], *(size for size, _ in factors))
    turned = split.transpose(0, *(1 + places.index(place) for place in range(len(places))))
    return np.ascontiguousarray(turned).reshape(x.shape[0], numbers["channels"], *numbers["spatial"])
