"""The numbers that a written program gives its weights to start from, read again as weights that a net states."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from cnncalc.dialects.keras.own_layers.filter_classes import INLINE, STATED, flat
from cnncalc.layers.base import Layer, NamedMatrix
from cnncalc.layers.conv import Conv
from cnncalc.layers.dense import Dense
from cnncalc.layers.depthwise import DepthwiseConv
from cnncalc.layers.upconv import UpConv
from cnncalc.matrices import Matrix
from cnncalc.python.objects import Class, Instance

_ROLES = {"kernel_initializer": "weights_given", "depthwise_initializer": "weights_given"}
_BIAS = "bias_initializer"


@cache
def _tree() -> str:
    return ast.dump(ast.parse(STATED).body[0])


def is_stated(cls: Class) -> bool:
    """Whether it is exactly our class of numbers to start from."""
    return cls.name == "Stated" and cls.node is not None and ast.dump(cls.node) == _tree()


def stated_in(keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a layer that say its numbers: which weights they are, and the lists of numbers."""
    return {
        name: value.names.get("numbers")
        for name, value in keywords.items()
        if isinstance(value, Instance) and value.cls is not None and is_stated(value.cls)
    }


def with_stated(layer: Layer, stated: Mapping[str, Any]) -> Layer:
    """The layer with these numbers, in the order in which it has its weights; raises TypeError for other values."""
    for name, numbers in stated.items():
        if name == _BIAS and isinstance(layer, (Conv, Dense, DepthwiseConv, UpConv)):
            layer = replace(layer, bias_given=_row(numbers))
        elif name in _ROLES and isinstance(layer, DepthwiseConv) and layer.multiplier > 1:
            layer = replace(layer, weights_given=_row(list(zip(*numbers, strict=True))))
        elif name in _ROLES and isinstance(layer, (Conv, Dense, DepthwiseConv, UpConv)):
            layer = replace(layer, weights_given=_row(numbers))
    return layer


def _row(numbers: Any) -> NamedMatrix:
    return NamedMatrix(INLINE, Matrix(((tuple(flat(numbers)),),)))
