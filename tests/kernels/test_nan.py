"""A NaN in one input value comes out at every place that depends on it, and nowhere else.

`run --verify` proves receptive fields in this way, so that no kernel may swallow a NaN or spread one.
"""

from __future__ import annotations

import numpy as np
import pytest

from cnncalc.kernels import KERNELS
from cnncalc.layers.functions import FUNCTIONS

ONES, NONE = (1, 1, 1), (0, 0, 0)
WINDOW = {"kernel": (1, 3, 3), "stride": (1, 2, 1), "dilation": ONES, "before": (0, 1, 1), "after": (0, 1, 2)}
NUMBERS = {**WINDOW, "groups": 2, "fill": "zeros", "flip": False, "multiplier": 2, "output_padding": (0, 1, 0)}
NUMBERS |= {"table": ((0, 1), (1, 2), (0, 3), (2, 3)), "ceil": True, "countpad": True, "slope": 0.1, "epsilon": 1e-5}
NUMBERS |= {"order": "channels_last", "axes": "channels", "size": 3, "alpha": 1.0, "beta": 0.75, "bias": 1.0}
NUMBERS |= {"crop": False, "output": (1, 3, 2), "channels": 4, "spatial": (1, 7, 6), "factor": (1, 2, 3)}
NUMBERS |= {"mode": "bilinear", "first": 0, "last": 3, "ahead": 1, "behind": 2}
NUMBERS |= {"transpose": True, "images": 1, "value": 0.5, "dtype": "float64"}
OWN = {"upconv": {"ceil": False}, "times": {"factor": 0.17}}
OWN |= {"rearrange": {"factors": ((2, 3), (2, 0), (7, 2), (6, 1)), "channels": 2, "spatial": (6, 7, 2)}}
OWN |= {name: {"axis": (0, 0, 1)} for name in ("softmax_along", "concat_along")}
OWN |= {"attention": {"heads": 2, "key": 2, "value": 2, "causal": False}}
OWN |= {"reduce": {"how": "sum", "channels": True, "over": (False, True, False), "left": (1, 1, 6), "unbiased": False}}
OWN |= {
    "affine": {"factor": (2.0,), "offset": (1.0,)},
    "clip": {"low": -1.0, "high": 1.0},
    "softplus_beta": {"beta": 2.0},
}
OWN |= {"function": {"name": "softsign"}}
OWN |= {"yolo": {"boxes": 1, "all": True, "stretch": 2.0}, "region": {"boxes": 1, "softmax": False}}
OWN |= {"detection": {"cells": 2, "classes": 2}}
OWN |= {"resize": {"size": (1, 9, 11), "mode": "nearest", "places": ((1, 0, 1), (7, 0, 9), (6, 0, 11))}}
OWN |= {"space_to_depth": {"factor": (1, 7, 3)}, "depth_to_space": {"factor": (1, 2, 2)}}
"""Kernel -> numbers of its own, where those of all others mean something else."""
PLACES = (1, 4, 6)
CHANNELS = dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (4,))
NUMBER_BY_NUMBER = dict.fromkeys(("weight", "bias"), (4, 1, 7, 6))
WEIGHTS = {
    "conv": {"weight": (16, 2, 1, 3, 3), "bias": (16,)},
    "conv_direct": {"weight": (6, 2, 1, 3, 3), "bias": (6,)},
    "dwconv": {"weight": (8, 1, 3, 3)},
    "sepconv": {"depthwise_weight": (8, 1, 3, 3), "pointwise_weight": (3, 8)},
    "connected_conv": {"weight": (8, 1, 3, 3)},
    "upconv": {"weight": (4, 3, 1, 3, 3)},
    "local": {"weight": (1, 4, 7, 3, 4, 1, 3, 3)},
    "dense": {"weight": (5, 4 * 42)},
    "learned": {"weight": (1, 7, 6, 4)},
    **dict.fromkeys(("bn", "ln", "gn", "rmsnorm", "scale", "shift", "prelu", "subsample"), CHANNELS),
    **dict.fromkeys(("scale_all", "shift_all", "prelu_all"), NUMBER_BY_NUMBER),
    "attention": {"in_proj_weight": (12, 4), "out_proj.weight": (4, 4)},
}
LIKE = {"maxpool": "sumpool", "l2pool": "sumpool", "subsample": "sumpool"}
LIKE |= {"global_maxpool": "global_avgpool", "adaptive_maxpool": "adaptive_avgpool"}
ELEMENTWISE = ["relu", "relu6", "leaky", "elu", "selu", "gelu", "silu", "hardswish", "hardsigmoid", "sigmoid", "tanh"]
ELEMENTWISE += ["softplus", "mish", "prelu", "scale", "times", "bn", "identity", "shift", "affine", "clip", "function"]
ELEMENTWISE += ["yolo", "region"]
ELEMENTWISE += ["prelu_all", "scale_all", "shift_all", "gelu_approximate", "softplus_beta", "hardsigmoid_sloped"]
JOINS = ["add", "sub", "mul", "div", "max", "min", "avg", "absdiff"]
ELEMENTWISE += [*JOINS, *(f"{name}_padded" for name in JOINS if name != "div")]
OTHERS = {
    "logsoftmax": lambda hit: hit.any(axis=1, keepdims=True) | np.zeros_like(hit),
    "glu": lambda hit: hit[:, :2] | hit[:, 2:],
    "detection": lambda hit: np.repeat([[False, True]], 2, axis=1).reshape(1, 4, 1, 1, 1) & hit.any(1, keepdims=True),
    "softmax": lambda hit: hit.any(axis=1, keepdims=True) | np.zeros_like(hit),
    "softmax_along": lambda hit: hit.any(axis=4, keepdims=True) | np.zeros_like(hit),
    "concat_along": lambda hit: np.concatenate([hit, np.zeros_like(hit)], axis=4),
    "attention": lambda hit: np.ones_like(hit, bool),
    "ln": lambda hit: hit.any(axis=1, keepdims=True) | np.zeros_like(hit),
    "rmsnorm": lambda hit: hit.any(axis=1, keepdims=True) | np.zeros_like(hit),
    "l2norm": lambda hit: hit.any(axis=1, keepdims=True) | np.zeros_like(hit),
    "gn": lambda hit: np.repeat([[False, True]], 2, axis=1).reshape(1, 4, 1, 1, 1) | np.zeros_like(hit),
    "lrn": lambda hit: np.stack([hit[:, max(0, c - 1) : c + 2].any(axis=1) for c in range(4)], axis=1),
    "concat_padded": lambda hit: np.concatenate([hit, np.zeros_like(hit)], axis=1),
    "concat": lambda hit: np.concatenate([hit, np.zeros_like(hit)], axis=1),
    "crop": lambda hit: hit[..., 1:-1, 1:-2],
}
"""Kernel -> which outputs depend on the hit input; channel 2 is hit, so of two groups the second."""


def run(name, x, dtype):
    weights = {key: np.ones(shape, dtype) for key, shape in WEIGHTS.get(name, {}).items()}
    if name == "dense":
        x = x.reshape(1, -1, 1, 1, 1)
    inputs = (
        [x, np.ones_like(x)] if name.removesuffix("_padded") in (*JOINS, "concat", "concat_along", "matmul") else [x]
    )
    return KERNELS[name](inputs, weights, NUMBERS | OWN.get(name, {}))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", sorted(KERNELS))
def test_nan_comes_out_where_it_belongs_and_nowhere_else(name, dtype):
    for place in ((0, 0, 0), (0, 3, 2), (0, 6, 5)):
        hit = np.zeros((1, 4, 1, 7, 6), dtype)
        hit[(0, 2, *place)] = 1
        spoilt = np.where(hit > 0, np.nan, np.ones_like(hit)).astype(dtype)
        if name in ELEMENTWISE:
            wanted = hit > 0
        elif name in OTHERS:
            wanted = OTHERS[name](hit > 0)
        else:
            wanted = depends(LIKE.get(name, name), hit, dtype)
        np.testing.assert_array_equal(np.isnan(run(name, spoilt, dtype)), wanted)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nan_comes_out_of_every_function_of_a_number_at_its_own_place(name):
    x = np.array([0.5, np.nan, 0.25]).reshape(1, 3, 1, 1, 1) + (name == "acosh")
    numbers = {"name": name, "exponent": 2.0, "slope": 1.0, "limit": 0.5, "value": -20.0}
    assert np.isnan(KERNELS["function"]([x], {}, numbers)).ravel().tolist() == [False, True, False]


def depends(name, hit, dtype):
    """A kernel that only adds up or moves passes a single 1 to exactly the outputs that read it."""
    return run(name, hit, dtype) != run(name, np.zeros_like(hit), dtype)


def test_nan_beats_a_larger_number_that_comes_before_or_after():
    window = {"kernel": (1, 1, 3), "stride": (1, 1, 3), "dilation": ONES, "before": NONE, "after": NONE, "ceil": False}
    for values in ([9.0, 1.0, np.nan], [np.nan, 1.0, 9.0], [1.0, np.nan, 9.0]):
        x = np.array(values).reshape(1, 1, 1, 1, 3)
        assert np.isnan(KERNELS["maxpool"]([x], {}, window)).all()
        assert np.isnan(KERNELS["global_maxpool"]([x], {}, {})).all()
        assert np.isnan(KERNELS["softmax"]([x.reshape(1, 3, 1, 1, 1)], {}, {})).all()


def test_a_weight_of_zero_still_reads_its_input():
    """0 * NaN = NaN: the proof of a receptive field does not depend on the values of the weights."""
    x = np.full((1, 1, 1, 3, 3), np.nan)
    numbers = {**NUMBERS, "stride": ONES, "before": NONE, "after": NONE, "groups": 1}
    for name, filters in (("conv", 8), ("conv_direct", 1)):
        assert np.isnan(KERNELS[name]([x], {"weight": np.zeros((filters, 1, 1, 3, 3))}, numbers)).all()
