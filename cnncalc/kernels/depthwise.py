"""Depthwise and separable convolutions: each channel by itself, then perhaps a 1x1 convolution that mixes them.

Source: Chollet 2017 (Xception); Howard et al. 2017 (MobileNet).
"""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.connections import connected
from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights
from cnncalc.kernels.sliding import add_bias, oriented


def dwconv(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Each channel by itself: x[n, c, ...] -> [n, c * multiplier + m, ...]; weight[C * multiplier, kz, ky, kx]."""
    weight = oriented(weights["weight"], numbers)
    table = [(co // numbers["multiplier"],) for co in range(weight.shape[0])]
    return connected(inputs[0], weight, table, weights, numbers)


def sepconv(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """A depthwise convolution without bias, then a 1x1 convolution with bias, as Keras' SeparableConv.

    depthwise_weight[C * multiplier, kz, ky, kx]; pointwise_weight[filters, C * multiplier].
    """
    middle = dwconv(inputs, {"weight": weights["depthwise_weight"]}, {**numbers, "flip": False})
    weight = weights["pointwise_weight"].reshape(-1, middle.shape[1])
    out = np.empty((middle.shape[0], weight.shape[0], *middle.shape[2:]), middle.dtype)
    np.matmul(weight, middle.reshape(*middle.shape[:2], -1), out=out.reshape(*out.shape[:2], -1))
    return add_bias(out, weights)
