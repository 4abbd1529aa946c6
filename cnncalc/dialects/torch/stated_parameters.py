"""Weights whose numbers a program states: `conv.weight = nn.Parameter(torch.tensor([[...]]))`."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import isfinite, prod
from typing import Any

from cnncalc.dialects.traced.trace import Module, Tensor
from cnncalc.layers.base import Layer, NamedMatrix
from cnncalc.matrices import Matrix

_FIELDS = {"weight": "weights_given", "bias": "bias_given"}
"""An array -> what our layer has it in."""


def with_stated_arrays(layer: Layer, owner: Module | None) -> Layer:
    """The layer with the numbers that the arrays of its module begin with, where the program says all of them."""
    if owner is None:
        return layer
    given: dict[str, Any] = {}
    for name, field in _FIELDS.items():
        array: Any = owner.names.get(name)
        values = _stated(array)
        if values is not None and hasattr(layer, field):
            given[field] = NamedMatrix(f"{name}{len(array.trace.operations)}", Matrix(((values,),)))
    return replace(layer, **given) if given else layer  # type: ignore[type-var]  # every layer is a dataclass


def _stated(array: Any) -> tuple[Fraction, ...] | None:
    """Its numbers, where they are known one by one."""
    values = array.constant.values if isinstance(array, Tensor) and array.constant is not None else None
    if not isinstance(values, tuple) or len(values) != prod(array.dims) or not all(map(isfinite, values)):
        return None
    return tuple(map(Fraction, values))
