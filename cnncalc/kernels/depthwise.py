"""Depthwise and separable convolutions: each channel by itself, then perhaps a 1x1 convolution that mixes them.

Source: Chollet 2017 (Xception); Howard et al. 2017 (MobileNet).
"""

from __future__ import annotations

from cnncalc.kernels.connections import connected
from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.conv import conv
from cnncalc.kernels.sliding import oriented

POINTWISE: Numbers = {
    **dict.fromkeys(("kernel", "stride", "dilation"), (1, 1, 1)),
    **dict.fromkeys(("before", "after"), (0, 0, 0)),
    "groups": 1,
    "fill": "zeros",
    "flip": False,
}
"""The numbers of a 1x1 convolution."""


@kernel("dwconv")
def dwconv(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Each channel by itself: x[n, c, ...] -> [n, c * multiplier + m, ...]; weight[C * multiplier, kz, ky, kx]."""
    weight = oriented(weights["weight"], numbers)
    table = [(co // numbers["multiplier"],) for co in range(weight.shape[0])]
    return connected(inputs[0], weight, table, weights, numbers)


@kernel("sepconv")
def sepconv(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """A depthwise convolution without bias, then a 1x1 convolution with bias, as Keras' SeparableConv.

    depthwise_weight[C * multiplier, kz, ky, kx]; pointwise_weight[filters, C * multiplier].
    """
    middle = dwconv(inputs, {"weight": weights["depthwise_weight"]}, {**numbers, "flip": False})
    mixing = {**weights, "weight": weights["pointwise_weight"].reshape(-1, middle.shape[1], 1, 1, 1)}
    return conv([middle], mixing, POINTWISE)
