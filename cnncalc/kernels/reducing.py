"""One number of all along some axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel

WAYS: Mapping[str, Callable[..., Any]] = {
    **{"mean": np.mean, "sum": np.sum, "max": np.max, "min": np.min},
    **{"prod": np.prod, "var": np.var, "std": np.std, "argmax": np.argmax, "argmin": np.argmin},
}
"""All but the largest, the smallest and their places are worked out in float64, so that a long axis loses nothing."""


@kernel("reduce")
def reduce(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """x[n, c, z, y, x] -> [n, c or 1, *left]: all numbers along some axes as one, by the way that `how` names.

    `channels`: the channels are among the axes; `over`: which of the spatial axes are.
    """
    x, how, unbiased = inputs[0], numbers["how"], numbers["unbiased"]
    axes = tuple(axis for axis, gone in enumerate((numbers["channels"], *numbers["over"]), start=1) if gone)
    options: dict[str, Any] = {"axis": axes, "keepdims": True}
    if how in ("argmax", "argmin"):
        out = WAYS[how](x, axis=axes[0], keepdims=True)
    elif how in ("max", "min"):
        out = WAYS[how](x, **options)
    elif how == "norm":
        out = np.sqrt(np.sum(np.square(x), dtype=np.float64, **options))
    elif how in ("var", "std"):
        out = WAYS[how](x, dtype=np.float64, ddof=int(unbiased), **options)
    else:
        out = WAYS[how](x, dtype=np.float64, **options)
    found: Array = out.astype(x.dtype).reshape(*out.shape[:2], *numbers["left"])
    return found
