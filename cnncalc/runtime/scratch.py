"""How much memory kernels take for themselves while they run: padded copies, columns, sums.

Upper bounds by the kernels' own ways of working, so that the memory of a run can be told before it starts.  They are
held against what is really allocated by a test.  No numpy, no kernels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

Size = tuple[int, ...]
"""`(n, c, z, y, x)` of an array."""

COLUMNS = 4 * 2**20 // 4
"""Numbers in one block of im2col columns."""

WINDOWED = {
    "conv",
    "dwconv",
    "sepconv",
    "connected_conv",
    "local",
    "maxpool",
    "avgpool",
    "sumpool",
    "l2pool",
    "subsample",
}
"""Kernels that slide over a padded copy of their input."""

COPIES = {"lrn": 3, "ln": 2, "gn": 2, "softmax": 2, "upsample": 2}
"""Kernels that hold so many more arrays of the size of their result."""


def shares_memory(kernel: str, numbers: Mapping[str, Any]) -> bool:
    """Whether the kernel hands on what it reads without copying it."""
    if kernel in ("flatten", "reshape"):
        return bool(numbers["order"] == "channels_first")
    return kernel in ("identity", "slice", "crop")


def scratch(kernel: str, numbers: Mapping[str, Any], inputs: Sequence[Size], output: Size) -> int:
    """How many numbers the kernel holds beside its inputs and its result."""
    needed = COPIES.get(kernel, 0) * prod(output)
    if kernel in WINDOWED:
        needed += _padded(inputs[0], numbers)
    if kernel in ("conv", "upconv", "sepconv"):
        needed += max(COLUMNS, inputs[0][1] * prod(numbers["kernel"]))
    if kernel == "sepconv":
        needed += output[0] * inputs[0][1] * numbers["multiplier"] * prod(output[2:])
    if kernel == "local":
        needed += prod(output) + inputs[0][0] * inputs[0][1] * prod(numbers["kernel"]) * prod(output[2:])
    if kernel == "upconv":
        needed += 2 * prod(output)
    return needed


def _padded(size: Size, numbers: Mapping[str, Any]) -> int:
    """The padded copy of an input; none where there are no pads."""
    pads = [first + last for first, last in zip(numbers["before"], numbers["after"], strict=True)]
    grown = [n + pad for n, pad in zip(size[2:], pads, strict=True)]
    return size[0] * size[1] * prod(grown) if any(pads) else 0
