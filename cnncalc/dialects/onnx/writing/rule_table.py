"""Which rule writes which kernel: the tables of all kinds as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.onnx.writing import (
    activation_rules,
    detecting_rules,
    joining_rules,
    moving_rules,
    norm_rules,
    reducing_rules,
    resizing_rules,
    window_rules,
)
from cnncalc.dialects.onnx.writing.layer_site import LayerSite

RULES: Mapping[str, Callable[[LayerSite], str]] = {
    **window_rules.RULES,
    **activation_rules.RULES,
    **norm_rules.RULES,
    **moving_rules.RULES,
    **joining_rules.RULES,
    **resizing_rules.RULES,
    **reducing_rules.RULES,
    **detecting_rules.RULES,
}
"""The name of a kernel, as `layer.kernel_call` gives it -> what writes it."""

READ_AS_THEY_ARE: Mapping[str, int] = {
    **dict.fromkeys(
        (
            *("conv", "dwconv", "upconv", "maxpool", "avgpool", "l2pool", "dense", "bn", "lrn"),
            *("relu", "relu6", "leaky", "elu", "selu", "sigmoid", "tanh", "softplus", "clip", "softmax", "logsoftmax"),
            *("hardsigmoid", "hardsigmoid_sloped", "prelu", "times", "slice", "pad", "pad_value", "padchannels"),
            *("add", "sub", "mul", "div", "max", "min", "avg", "concat", "concat_along", "upsample"),
        ),
        1,
    ),
    **{"silu": 2, "hardswish": 2, "mish": 3, "gelu": 5, "ln": 3},
    **{"flatten": 2, "resize": 4},
}
"""A kernel whose operators the reader reads one by one as the same layer, and how many they are at most.

All others say beside their operators which layer they are.
"""
