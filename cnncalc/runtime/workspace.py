"""How much memory kernels take for themselves while they run: padded copies, columns, sums.

Upper bounds by the kernels' own ways of working, so that the memory of a run can be told before it starts.  They are
held against what is really allocated by a test.  No numpy, no kernels.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

Size = tuple[int, ...]
"""`(n, c, z, y, x)` of an array."""

COLUMNS = 2**20 // 4 * max(8, 2 * (os.cpu_count() or 1))
"""Numbers in all blocks of im2col columns at once: 2 MiB for each thread, or 8 MiB where threads share one block."""

LONGEST_SUM, LONGEST_PRODUCT = 4_096, 65_536
"""The kernels' own limits: longer sums are kept in float64, and longer products are made in parts."""

PADDED = {
    *("conv", "dwconv", "sepconv", "connected_conv", "local"),
    *("maxpool", "avgpool", "sumpool", "l2pool", "subsample"),
}
"""Kernels that slide over a padded copy of their input."""

COPIES = {
    **dict.fromkeys(("gn", "softmax", "logsoftmax", "glu", "sigmoid", "silu", "hardsigmoid", "hardswish"), 1),
    **dict.fromkeys(("ln", "rmsnorm", "l2norm", "leaky", "prelu", "prelu_all", "elu", "selu", "softplus", "mish"), 2),
    **dict.fromkeys(("hardsigmoid_sloped", "gelu_approximate", "softplus_beta", "function"), 3),
    **dict.fromkeys(("yolo", "region", "detection"), 2),
    "reshape": 1,
    "rearrange": 0,
    "matmul": 1,
    "softmax_along": 1,
    "lrn": 3,
    "upconv": 2,
}
"""Kernels that hold so many more arrays of the size of their result."""

SUMMING = ("conv", "connected_conv", "dwconv", "sepconv", "avgpool", "sumpool", "l2pool", "subsample")
"""Kernels that add one product or number after the other to a result; where these are too many, to one in float64."""

NOTHING_ELSE = {
    *(
        "relu",
        "relu6",
        "gelu",
        "tanh",
        "identity",
        "bn",
        "scale",
        "scale_all",
        "shift",
        "shift_all",
        "times",
        "affine",
        "clip",
        "add",
        "sub",
        "mul",
        "div",
        "max",
        "min",
        "avg",
        "absdiff",
        "concat",
    ),
    *("learned", "constant", "concat_along", "pad_value"),
    *("flatten", "dense", "crop", "slice", "padchannels", "shuffle", "space_to_depth", "depth_to_space"),
    *("global_avgpool", "global_maxpool", "adaptive_avgpool", "adaptive_maxpool"),
}
"""Kernels that hold what they read and what they make, and nothing else."""

MEASURED = {*PADDED, *COPIES, *NOTHING_ELSE, "pad", "upsample", "resize"}
"""Kernels whose need is known; any other is given as much again as it reads and makes."""


def shares_memory(kernel: str, numbers: Mapping[str, Any], batch: int) -> bool:
    """Whether the kernel hands on what it reads without copying it."""
    if kernel in ("flatten", "reshape"):
        return bool(numbers["order"] == "channels_first")
    if kernel == "rearrange":
        return [place for _, place in numbers["factors"]] == list(range(len(numbers["factors"])))
    return kernel == "identity" or (kernel == "slice" and batch == 1)


def workspace(kernel: str, numbers: Mapping[str, Any], inputs: Sequence[Size], output: Size) -> int:
    """How many numbers the kernel holds beside its inputs and its result."""
    if kernel not in MEASURED:
        return prod(output) + sum(map(prod, inputs))
    needed = COPIES.get(kernel, 0) * prod(output)
    if kernel in PADDED:
        needed += _padded(inputs[0], numbers)
    if kernel in ("conv", "upconv"):
        needed += _columns(numbers, inputs[0], output)
    if kernel == "dense":
        needed += _parts(inputs[0]) * prod(output)
    if kernel in SUMMING:
        needed += _long_sums(kernel, numbers, inputs[0], output)
    if kernel == "sepconv":
        needed += output[0] * inputs[0][1] * numbers["multiplier"] * prod(output[2:])
    if kernel == "local":
        needed += prod(output) + inputs[0][0] * inputs[0][1] * prod(numbers["kernel"]) * prod(output[2:])
    if kernel == "pad" and numbers["fill"] != "zeros":
        needed += prod(output)
    if kernel == "l2pool":
        needed += prod(inputs[0])
    if kernel in ("upsample", "resize"):
        needed += (1 if numbers["mode"] == "nearest" else 4) * _resized(inputs[0], output)
    return needed


def _columns(numbers: Mapping[str, Any], size: Size, output: Size) -> int:
    """One block of columns, or of stamps; a 1x1 convolution with stride 1 needs none."""
    taps: int = prod(numbers["kernel"])
    if taps == 1 and numbers["stride"] == (1, 1, 1):
        return 0
    channels, places = max(size[1], output[1]), max(prod(size[2:]), prod(output[2:]))
    return min(max(COLUMNS, channels * taps), channels * taps * places)


def _long_sums(kernel: str, numbers: Mapping[str, Any], size: Size, output: Size) -> int:
    """Results in float64 beside those that are handed out: two numbers of float32 each."""
    taps: int = prod(numbers["kernel"])
    results = prod(output)
    if kernel == "conv":
        taps *= size[1] // numbers["groups"]
    elif kernel == "connected_conv":
        taps *= max(map(len, numbers["table"]))
    elif kernel == "sepconv":
        results = output[0] * size[1] * numbers["multiplier"] * prod(output[2:])
    return 2 * results if taps > LONGEST_SUM else 0


def _parts(size: Size) -> int:
    """How many results of a dense layer are held at once: those of each part, side by side, and their sum."""
    parts = -(-prod(size[1:]) // LONGEST_PRODUCT)
    return 0 if parts == 1 else 2 * parts + 2


def _resized(size: Size, output: Size) -> int:
    """The largest map on the way: one axis after the other gets its new size, and some may become smaller."""
    return max(prod((*output[:axis], *size[axis:])) for axis in range(3, 6))


def _padded(size: Size, numbers: Mapping[str, Any]) -> int:
    """The padded copy of an input; none where there are no pads.  With `ceil` a window may stick out at the end."""
    pads = [first + last for first, last in zip(numbers["before"], numbers["after"], strict=True)]
    if numbers.get("ceil"):
        pads = [pad + stride - 1 for pad, stride in zip(pads, numbers["stride"], strict=True)]
    grown = [n + pad for n, pad in zip(size[2:], pads, strict=True)]
    return size[0] * size[1] * prod(grown) if any(pads) else 0
