"""Kernels against the exact interpreter that works out small nets by definition: two halves that share no code.

The interpreter counts in fractions and knows no arrays; the kernels slide over floats.  One row of the table is one
kernel with its numbers and the shapes of its inputs and weights.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
import pytest

from cnncalc.analysis.by_hand import DEFINITIONS, by_definition
from cnncalc.kernels import KERNELS
from cnncalc.layers.base import KernelCall
from cnncalc.layers.functions import FUNCTIONS

ONES, NONE = (1, 1, 1), (0, 0, 0)
PLAIN = {"kernel": (1, 3, 3), "stride": ONES, "dilation": ONES, "before": NONE, "after": NONE}
LOPSIDED = {**PLAIN, "stride": (1, 2, 3), "dilation": (1, 2, 1), "before": (0, 1, 2), "after": (0, 2, 0)}
DEEP = {"kernel": (2, 1, 3), "stride": (2, 1, 1), "dilation": ONES, "before": (1, 0, 0), "after": (0, 0, 1)}
POOL = {"kernel": (1, 3, 2), "stride": (1, 2, 2), "dilation": ONES, "before": (0, 1, 0), "after": (0, 1, 1)}
FLAT, MAP, VOLUME = (7, 1, 1, 1), (4, 1, 6, 7), (4, 3, 3, 5)
AFFINE = {"weight": (4,), "bias": (4,)}
SOME = (AFFINE, {"weight": (4,)}, {"bias": (4,)}, {})
MODES = ("nearest", "bilinear")
ELEMENTWISE = ("add", "sub", "mul", "div", "max", "min", "avg", "absdiff")
SPREAD = ([MAP, (1, 1, 6, 7)], [(4, 1, 1, 1), (1, 1, 6, 7)], [(4, 1, 1, 7), (4, 1, 6, 1)], [(1, 1, 1, 1), MAP])
"""A gate a place, a factor a channel and a gate a place, a row and a column, a number for all."""
OWN_NUMBERS = {"exponent": 3.0, "slope": 0.7, "limit": 0.8, "value": -20.0}
TABLE = ((0, 1), (1, 2, 3), (0, 3))

CASES = [
    *[
        ("conv", {**window, "groups": groups, "fill": fill, "flip": flip}, [x], {"weight": weight, "bias": (filters,)})
        for window, x in ((PLAIN, MAP), (LOPSIDED, MAP), (DEEP, VOLUME))
        for groups, filters in ((1, 3), (1, 8), (2, 6))
        for fill, flip in (("zeros", False), ("edge", True), ("reflect", False), ("wrap", True))
        for weight in [(filters, 4 // groups, *window["kernel"])]
    ],
    ("connected_conv", {**LOPSIDED, "fill": "zeros", "table": TABLE}, [MAP], {"weight": (7, 1, 3, 3), "bias": (3,)}),
    ("dwconv", {**LOPSIDED, "fill": "wrap", "multiplier": 2, "flip": True}, [MAP], {"weight": (8, 1, 3, 3)}),
    (
        "sepconv",
        {**LOPSIDED, "fill": "edge", "multiplier": 2},
        [MAP],
        {"depthwise_weight": (8, 1, 3, 3), "pointwise_weight": (3, 8), "bias": (3,)},
    ),
    ("local", {**PLAIN, "fill": "zeros"}, [MAP], {"weight": (1, 4, 5, 2, 4, 1, 3, 3), "bias": (1, 4, 5, 2)}),
    *[
        (
            "upconv",
            {**window, "output_padding": extra, "groups": groups, "flip": flip},
            [x],
            {"weight": (4, 3, *window["kernel"]), "bias": (3 * groups,)},
        )
        for window, x in ((PLAIN, MAP), (LOPSIDED, MAP), (DEEP, VOLUME))
        for groups, flip, extra in ((1, False, NONE), (2, True, (0, 0, 1)))
    ],
    *[
        (name, {**POOL, "ceil": ceil, "countpad": countpad}, [MAP], AFFINE if name == "subsample" else {})
        for name in ("maxpool", "avgpool", "sumpool", "l2pool", "subsample")
        for ceil, countpad in ((False, False), (True, False), (True, True))
    ],
    *[
        (name, {**POOL, "dilation": (1, 2, 3), "ceil": ceil, "countpad": ceil}, [MAP], {})
        for name in ("maxpool", "avgpool", "sumpool", "l2pool")
        for ceil in (False, True)
    ],
    ("global_avgpool", {}, [VOLUME], {}),
    ("global_maxpool", {}, [VOLUME], {}),
    ("adaptive_avgpool", {"output": (1, 4, 3)}, [MAP], {}),
    ("adaptive_maxpool", {"output": (2, 2, 3)}, [VOLUME], {}),
    *[
        (
            "reduce",
            {"how": how, "channels": channels, "over": over, "left": left, "unbiased": how == "var"},
            [VOLUME],
            {},
        )
        for how in ("mean", "sum", "max", "min", "prod", "var", "std", "norm")
        for channels, over, left in (
            (True, (False, False, False), (3, 3, 5)),
            (False, (False, True, False), (1, 3, 5)),
            (False, (True, False, True), (1, 3, 1)),
            (True, (True, True, True), (1, 1, 1)),
        )
    ],
    *[
        ("reduce", {"how": how, "channels": channels, "over": over, "left": left, "unbiased": False}, [VOLUME], {})
        for how in ("argmax", "argmin")
        for channels, over, left in ((True, (False,) * 3, (3, 3, 5)), (False, (False, True, False), (3, 1, 5)))
    ],
    ("rearrange", {"factors": ((4, 2), (3, 0), (3, 1), (5, 3)), "channels": 9, "spatial": (1, 4, 5)}, [VOLUME], {}),
    ("rearrange", {"factors": ((2, 1), (2, 3), (6, 0), (7, 2)), "channels": 6, "spatial": (2, 7, 2)}, [MAP], {}),
    ("matmul", {"transpose": False}, [(3, 2, 4, 5), (6, 2, 4, 3)], {}),
    ("matmul", {"transpose": True}, [(3, 2, 4, 5), (3, 1, 4, 7)], {}),
    *[
        ("learned", {"order": order, "spatial": (1, 2, 5), "images": 1}, [], {"weight": shape})
        for order, shape in (("channels_last", (1, 2, 5, 3)), ("channels_first", (3, 1, 2, 5)))
    ],
    ("constant", {"channels": 3, "spatial": (1, 2, 2), "value": 0.1, "images": 1, "dtype": "float64"}, [], {}),
    *[("softmax_along", {"axis": axis}, [VOLUME], {}) for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1))],
    *[("concat_along", {"axis": (0, 1, 0)}, maps, {}) for maps in ([MAP, (4, 1, 2, 7)], [(4, 1, 1, 7), MAP, MAP])],
    *[
        (
            "attention",
            {"heads": 2, "key": 3, "value": 2, "causal": causal},
            [(4, 1, 2, 3)],
            {"in_proj_weight": (16, 4), "out_proj.weight": (4, 4), **more},
        )
        for causal, more in ((False, {"in_proj_bias": (16,), "out_proj.bias": (4,)}), (True, {}))
    ],
    (
        "attention",
        {"heads": 1, "key": 2, "value": 5, "causal": False},
        [(4, 1, 2, 3), (3, 1, 1, 4), (2, 1, 1, 4)],
        {"q_proj_weight": (2, 4), "k_proj_weight": (2, 3), "v_proj_weight": (5, 2), "out_proj.weight": (4, 5)},
    ),
    *[("flatten", {"order": order}, [VOLUME], {}) for order in ("channels_first", "channels_last")],
    *[
        ("reshape", {"channels": 6, "spatial": (2, 3, 5), "order": order}, [VOLUME], {})
        for order in ("channels_first", "channels_last")
    ],
    ("dense", {}, [FLAT], {"weight": (5, 7), "bias": (5,)}),
    ("dense", {}, [FLAT], {"weight": (5, 7)}),
    *[("bn", {"epsilon": 0.5}, [MAP], {**learned, "running_mean": (4,), "running_var": (4,)}) for learned in SOME],
    *[
        (name, {"epsilon": 0.5, "axes": "channels"}, [MAP], learned)
        for name, learned in (*(("ln", some) for some in SOME), ("rmsnorm", {"weight": (4,)}), ("rmsnorm", {}))
    ],
    ("ln", {"epsilon": 0.5, "axes": "all"}, [MAP], {"weight": MAP, "bias": MAP}),
    ("ln", {"epsilon": 0.5, "axes": "all"}, [MAP], {"bias": MAP}),
    ("rmsnorm", {"epsilon": 0.5, "axes": "all"}, [MAP], {"weight": MAP}),
    *[("gn", {"epsilon": 0.5, "groups": groups}, [MAP], learned) for groups in (2, 4) for learned in SOME],
    *[("l2norm", {"epsilon": epsilon}, [MAP], {}) for epsilon in (1e-12, 3.0)],
    *[("lrn", {"size": size, "alpha": 0.5, "beta": 0.75, "bias": 2.0}, [MAP], {}) for size in (2, 3)],
    *[
        (name, {}, [MAP], {})
        for name in (
            "relu",
            "relu6",
            "selu",
            "gelu",
            "silu",
            "hardswish",
            "hardsigmoid",
            "sigmoid",
            "tanh",
            "logsoftmax",
            "glu",
        )
    ],
    *[(name, {}, [MAP], {}) for name in ("mish", "softmax", "identity")],
    ("leaky", {"slope": 0.25}, [MAP], {}),
    ("elu", {"slope": 0.5}, [MAP], {}),
    *[
        ("yolo", {"boxes": boxes, "all": whole, "stretch": stretch}, [(14, 1, 2, 3)], {})
        for boxes, whole, stretch in ((1, False, 1.0), (2, True, 2.0), (2, False, 1.05))
    ],
    *[("region", {"boxes": 2, "softmax": softmax}, [(16, 1, 3, 2)], {}) for softmax in (False, True)],
    ("detection", {"cells": 4, "classes": 3}, [(32, 1, 1, 1)], {}),
    ("softplus", {}, [MAP], {}),
    ("softplus_beta", {"beta": 2.0}, [MAP], {}),
    ("hardsigmoid_sloped", {"slope": 0.2}, [MAP], {}),
    ("gelu_approximate", {}, [MAP], {}),
    *[
        (name, {}, [MAP], {weight: shape})
        for name, weight in (("prelu", "weight"), ("scale", "weight"), ("shift", "bias"))
        for shape in ((4,), (1,))
    ],
    *[
        (f"{name}_all", {}, [MAP], {weight: MAP})
        for name, weight in (("prelu", "weight"), ("scale", "weight"), ("shift", "bias"))
    ],
    ("affine", {"factor": (0.5,), "offset": (-1.0,)}, [MAP], {}),
    ("affine", {"factor": (1.0, 2.0, -0.1, 1 / 255), "offset": (0.0, 0.25, 1.0, -3.0)}, [MAP], {}),
    *[("clip", {"low": low, "high": high}, [MAP], {}) for low, high in ((-1.0, 0.5), (0.1, inf), (-inf, 1.0))],
    *[
        ("function", {"name": name, **{option: OWN_NUMBERS[option] for option in known.options}}, [MAP], {})
        for name, known in FUNCTIONS.items()
    ],
    *[("function", {"name": "pow", "exponent": exponent}, [MAP], {}) for exponent in (2.0, 0.5, -1.0, -0.5, 20.0)],
    *[("times", {"factor": factor}, [MAP], {}) for factor in (0.17, 1 / 255)],
    *[
        ("pad", {"before": (0, 1, 2), "after": (0, 3, 0), "fill": fill}, [MAP], {})
        for fill in ("zeros", "edge", "reflect", "wrap")
    ],
    ("pad_value", {"before": (0, 1, 2), "after": (0, 3, 0), "value": -0.1}, [MAP], {}),
    ("crop", {"before": (0, 1, 2), "after": (0, 3, 0)}, [MAP], {}),
    *[("upsample", {"factor": (1, 2, 3), "mode": mode}, [MAP], {}) for mode in MODES],
    *[
        ("resize", {"size": (2, 9, 5), "mode": mode, "places": ((1, 0, 2), *places)}, [MAP], {})
        for mode in ("nearest", "bilinear", "bicubic", "catmullrom")
        for places in (((2, 0, 3), (7, 0, 5)), ((4, -1, 6), (7, 1, 5)), ((5, 0, 8), (3, 0, 2)))
    ],
    ("resize", {"size": (2, 3, 9), "mode": "bilinear", "places": ((1, 0, 1),) * 3}, [MAP], {}),
    ("slice", {"first": 1, "last": 3}, [MAP], {}),
    ("padchannels", {"ahead": 1, "behind": 2}, [MAP], {}),
    ("shuffle", {"groups": 2}, [MAP], {}),
    *[("space_to_depth", {"factor": factor}, [(3, 2, 6, 4)], {}) for factor in ((1, 2, 2), (2, 3, 1))],
    *[("depth_to_space", {"factor": factor}, [(12, 2, 3, 2)], {}) for factor in ((1, 2, 2), (2, 3, 1))],
    *[(name, {"crop": False}, [MAP, MAP, MAP], {}) for name in ("add", "mul", "max", "min", "avg", "concat")],
    *[(name, {"crop": False}, [MAP, MAP], {}) for name in ("sub", "div", "absdiff")],
    *[(name, {"crop": True}, [MAP, (4, 1, 3, 4)], {}) for name in (*ELEMENTWISE, "concat")],
    *[(name, {"crop": False}, maps, {}) for name in ELEMENTWISE for maps in SPREAD],
    *[(name, {"crop": True}, [(4, 1, 1, 1), MAP], {}) for name in ELEMENTWISE],
    *[(f"{name}_padded", {}, [(4, 1, 1, 1), MAP], {}) for name in ELEMENTWISE if name != "div"],
    *[
        (f"{name}_padded", {}, maps, {})
        for name in (*ELEMENTWISE, "concat")
        if name != "div"
        for maps in ([MAP, (4, 1, 3, 4)], [(4, 1, 3, 9), MAP])
    ],
    ("mul_padded", {}, [(4, 1, 1, 1), MAP, (4, 1, 3, 4)], {}),
    ("mul", {"crop": False}, [MAP, (4, 1, 1, 1)], {}),
    ("mul", {"crop": True}, [(4, 1, 1, 1), MAP, (4, 1, 3, 4)], {}),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}{index}" for index, case in enumerate(CASES)])
def test_kernel_agrees_with_the_exact_definition(case):
    name, numbers, inputs, weights = case
    rng = np.random.default_rng(7)
    whole = [rng.integers(-4, 5, shape) for shape in inputs]
    owned = {key: rng.integers(-3, 4, shape) for key, shape in weights.items()}
    if "running_var" in owned:
        owned["running_var"] = abs(owned["running_var"])
    fractions = [np.vectorize(lambda v: Fraction(int(v), 2), otypes=[object])(x) for x in whole]
    stated = {key: array.tolist() for key, array in owned.items()}
    wanted = by_definition(KernelCall(name, numbers), [x.tolist() for x in fractions], stated)
    floats = [x[None] / 2 for x in whole]
    found = KERNELS[name](floats, {key: array * 1.0 for key, array in owned.items()}, numbers)
    np.testing.assert_allclose(found[0], np.array(wanted, np.float64), rtol=1e-12, atol=1e-14)


NOT_WORKED_OUT = {
    "conv_direct",
}
"""Kernels without a definition: `values` of their layers are known by running them only."""


def test_every_definition_has_a_case_and_what_has_none_is_listed():
    assert set(DEFINITIONS) == {case[0] for case in CASES}
    assert set(KERNELS) - set(DEFINITIONS) == NOT_WORKED_OUT
