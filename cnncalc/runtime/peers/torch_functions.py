"""`function NAME` said in PyTorch's own functions, by name, with their own arguments in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its customary name


def _squareplus(x: Tensor) -> Tensor:
    return (x + torch.sqrt(x * x + 4)) / 2


_SAME_NAME = (
    *("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "square", "abs", "neg", "sign"),
    *("reciprocal", "sin", "cos", "tan", "asin", "acos", "atan"),
    *("sinh", "cosh", "asinh", "acosh", "atanh", "erf", "floor", "ceil", "round"),
)

FUNCTIONS: Mapping[str, Callable[..., Tensor]] = {
    **{name: getattr(torch, name) for name in _SAME_NAME},
    "pow": torch.pow,
    "softsign": F.softsign,
    "logsigmoid": F.logsigmoid,
    "celu": F.celu,
    "squareplus": _squareplus,
    "tanhshrink": F.tanhshrink,
    "softshrink": F.softshrink,
    "hardshrink": F.hardshrink,
    "threshold": F.threshold,
}
"""Every name that `cnncalc.layers.functions` has."""
