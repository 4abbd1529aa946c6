"""Norms over the places of an image, over trailing axes by their length or mean square: what `norm_operators` lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.onnx.joined_axes import as_one_axis
from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.onnx.window_operators import mapped
from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.joins import reduced
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at, reshaped
from cnncalc.layers.functions import Function
from cnncalc.layers.norm import GroupNorm, InstanceNorm, L2Norm, RMSNorm
from cnncalc.layers.sloped import Clip

SHORTEST = 1e-12
"""The smallest length that is divided by: ONNX leaves what has no length as it is."""


def _instance_norm(call: NodeCall) -> Tensor:
    tensor = mapped(call)
    layer = InstanceNorm(epsilon=call.number("epsilon", 1e-5))
    return call.layer(layer, tensor, weights={"weight": call.weight(1, 1), "bias": call.weight(2, 1)})


def _group_norm(call: NodeCall) -> Tensor:
    """Before opset 21 a factor and an offset for each group, since then for each channel."""
    tensor, groups = mapped(call), call.whole("num_groups", 0)
    arrays = {"weight": call.weight(1, 1), "bias": call.weight(2, 1)}
    channels = tensor.dims[1]
    if groups < 1 or channels % groups:
        raise call.fault(f"GroupNormalization has {groups} groups for {channels:,} channels")
    for name, array in arrays.items():
        if array.count == groups != channels:
            each = array.reshaped((groups, 1)).spread((groups, channels // groups))
            arrays[name] = each.reshaped((channels,))
    return call.layer(GroupNorm(groups=groups, epsilon=call.number("epsilon", 1e-5)), tensor, weights=arrays)


def _rms_norm(call: NodeCall) -> Tensor:
    """Over the axes from one on: seen as one axis, which is the channels."""
    tensor, scale = call.map(), call.weight(1)
    rank = len(tensor.dims)
    axis = call.axis(rank, otherwise=-1)
    row = as_one_axis(call, tensor, axis)
    made = call.layer(RMSNorm(epsilon=call.number("epsilon", 1e-5)), row, weights={"weight": scale})
    return reshaped(made, tensor.dims, call.here)


def _length_norm(call: NodeCall) -> Tensor:
    """Along one axis by the root of the squares (p=2) or the sum of what is without its sign (p=1)."""
    tensor = call.map()
    axis, power = call.axis(len(tensor.dims), otherwise=-1), call.whole("p", 2)
    tensor = channels_at(tensor, axis, call.here)
    if power == 2:
        return call.layer(L2Norm(epsilon=SHORTEST), tensor)
    if power != 1:
        raise call.fault(f"`p` of LpNormalization is 1 or 2, not {power}")
    length = reduced("sum", call.layer(Function(name="abs"), tensor), (axis,), True, call.here)
    made = combined("/", tensor, call.layer(Clip(low=SHORTEST), length), call.here)
    assert isinstance(made, Tensor)
    return made


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor]] = {
    "InstanceNormalization": _instance_norm,
    "GroupNormalization": _group_norm,
    "RMSNormalization": _rms_norm,
    "LpNormalization": _length_norm,
}
