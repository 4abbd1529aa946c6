"""Norms: batch, instance, group and layer norm, local response norm."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cnncalc.dialects.onnx.joined_axes import as_one_axis
from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.joins import reduced
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at, reshaped
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.functions import Function
from cnncalc.layers.norm import LayerNorm, LocalResponseNorm


def _batch_norm(call: NodeCall) -> Tensor:
    names = ("weight", "bias", "running_mean", "running_var")
    arrays = {name: call.weight(at, 1) for at, name in enumerate(names, 1)}
    if call.whole("training_mode", 0):
        call.refuse("BatchNormalization with training_mode=1 takes its statistics from all images together")
    tensor = channels_at(call.tensor(), 1, call.here)
    return call.layer(BatchNorm(epsilon=call.number("epsilon", 1e-5)), tensor, weights=arrays)


def _layer_norm(call: NodeCall) -> Sequence[Tensor]:
    """Over all axes from one on; the second and third result are the mean and 1 / the root of the variance."""
    tensor, scale, shift = call.map(), call.array(1), call.array(2)
    rank, epsilon = len(tensor.dims), call.number("epsilon", 1e-5)
    axis = call.axis(rank, otherwise=-1)
    weights = {"weight": scale, "bias": shift}
    if axis == 1 < rank - 1 and tensor.batch == 0:
        layer = LayerNorm(epsilon=epsilon, axes="all", scale=scale is not None, shift=shift is not None)
        made = call.layer(layer, channels_at(tensor, 1, call.here), weights=weights)
    else:
        row = as_one_axis(call, tensor, axis)
        made = call.layer(
            LayerNorm(epsilon=epsilon, scale=scale is not None, shift=shift is not None), row, weights=weights
        )
        made = reshaped(made, tensor.dims, call.here)
    return [made, *(_statistics(call, tensor, axis, epsilon) if len(call.node.outputs) > 1 else ())]


def _statistics(call: NodeCall, tensor: Tensor, axis: int, epsilon: float) -> Sequence[Tensor]:
    axes = [one for one in range(axis, len(tensor.dims)) if one != tensor.batch]
    mean, spread = (reduced(way, tensor, axes, True, call.here) for way in ("mean", "var"))
    shifted = combined("+", spread, epsilon, call.here)
    assert isinstance(shifted, Tensor)
    return mean, call.layer(Function(name="rsqrt"), shifted)


def _local_response(call: NodeCall) -> Tensor:
    layer = LocalResponseNorm(
        size=call.whole("size", 5),
        alpha=call.number("alpha", 1e-4),
        beta=call.number("beta", 0.75),
        bias=call.number("bias", 1.0),
    )
    return call.layer(layer, channels_at(call.tensor(), 1, call.here))


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor | Sequence[Tensor]]] = {
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "LRN": _local_response,
}
