"""Activations with numbers of their own, and functions of each number that are seldom met."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import prod

from cnncalc.dialects.onnx.activation_operators import with_channels
from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at
from cnncalc.layers.activation import SELU
from cnncalc.layers.functions import Function
from cnncalc.layers.pointwise import Scale
from cnncalc.layers.sloped import ELU, PReLU

ALPHA, GAMMA = 1.67326319217681884765625, 1.05070102214813232421875
"""ONNX' own numbers of Selu, which are those of its paper in float32."""

ROUNDED = 1e-5
"""How far a number of float32 is from the one that is meant, at most."""


def _function(call: NodeCall, name: str, **numbers: float) -> Tensor:
    return call.layer(Function(name=name, **numbers), with_channels(call.map(), call))


def _selu(call: NodeCall) -> Tensor:
    """`gamma * elu(x)` with slope alpha, where they are not the numbers of the paper."""
    alpha, gamma = call.number("alpha", ALPHA), call.number("gamma", GAMMA)
    tensor = with_channels(call.map(), call)
    if abs(alpha - ALPHA) < ROUNDED and abs(gamma - GAMMA) < ROUNDED:
        return call.layer(SELU(), tensor)
    return call.layer(Scale(factor=gamma), call.layer(ELU(slope=alpha), tensor))


def _celu(call: NodeCall) -> Tensor:
    return _function(call, "celu", slope=call.number("alpha", 1.0))


def _thresholded(call: NodeCall) -> Tensor:
    return _function(call, "threshold", limit=call.number("alpha", 1.0), value=0.0)


def _shrink(call: NodeCall) -> Tensor:
    """Towards 0 by `bias` outside of -lambd to lambd, 0 inside: hard with bias 0, soft with bias lambd."""
    limit, bias = call.number("lambd", 0.5), call.number("bias", 0.0)
    if bias not in (0.0, limit):
        call.refuse(f"Shrink is read with bias=0 or bias=lambd, and this one has {bias:g} and {limit:g}")
    return _function(call, "softshrink" if bias else "hardshrink", limit=limit)


def _prelu(call: NodeCall) -> Tensor:
    """Its slopes are one for all, one for each entry of an axis, or one for each number of an image."""
    tensor, slopes = call.map(), call.weight(1)
    sizes = (1,) * (len(tensor.dims) - len(slopes.dims)) + slopes.dims
    if call.opset < 7 and len(slopes.dims) == 1 < len(tensor.dims):
        sizes = (1, slopes.count, *(1,) * (len(tensor.dims) - 2))
    wide = [axis for axis, size in enumerate(sizes) if size != 1]
    if len(sizes) != len(tensor.dims) or any(sizes[axis] != tensor.dims[axis] for axis in wide):
        call.refuse(f"PRelu has {slopes.text} slopes, and {tensor.text} arrives")
    if not wide:
        return call.layer(PReLU(slopes="shared"), with_channels(tensor, call), weights={"weight": slopes})
    if len(wide) == 1:
        return call.layer(PReLU(), channels_at(tensor, wide[0], call.here), weights={"weight": slopes})
    if prod(sizes) != prod(tensor.dims) or tensor.batch not in (0, None):
        call.refuse(f"PRelu has {slopes.text} slopes, and {tensor.text} arrives")
    first = channels_at(tensor, 0 if tensor.batch is None else 1, call.here)
    return call.layer(PReLU(slopes="all"), first, weights={"weight": slopes})


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor]] = {
    "Selu": _selu,
    "Celu": _celu,
    "ThresholdedRelu": _thresholded,
    "Shrink": _shrink,
    "PRelu": _prelu,
    **{
        op: partial(_function, name=op.lower())
        for op in ("Floor", "Ceil", "Round", "Asin", "Acos", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh")
    },
}
