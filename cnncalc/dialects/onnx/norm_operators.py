"""Norms: batch, instance, group and layer norm, local response norm."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.norm import LayerNorm, LocalResponseNorm


def _batch_norm(call: NodeCall) -> Tensor:
    names = ("weight", "bias", "running_mean", "running_var")
    arrays = {name: call.weight(at, 1) for at, name in enumerate(names, 1)}
    if call.whole("training_mode", 0):
        call.refuse("BatchNormalization with training_mode=1 takes its statistics from all images together")
    tensor = channels_at(call.tensor(), 1, call.here)
    return call.layer(BatchNorm(epsilon=call.number("epsilon", 1e-5)), tensor, weights=arrays)


def _layer_norm(call: NodeCall) -> Tensor:
    """Over the last axis, or over all but the images."""
    tensor, scale, shift = call.map(), call.array(1), call.array(2)
    rank = len(tensor.dims)
    axis = call.axis(rank, otherwise=-1)
    if axis == rank - 1:
        tensor, axes = channels_at(tensor, axis, call.here), "channels"
    elif axis == 1 and tensor.batch == 0:
        axes = "all"
    else:
        call.refuse(f"a layer norm over {rank - axis} axes of {tensor.text} is read by no layer here")
    layer = LayerNorm(epsilon=call.number("epsilon", 1e-5), axes=axes, scale=scale is not None, shift=shift is not None)
    return call.layer(layer, tensor, weights={"weight": scale, "bias": shift})


def _local_response(call: NodeCall) -> Tensor:
    layer = LocalResponseNorm(
        size=call.whole("size", 5),
        alpha=call.number("alpha", 1e-4),
        beta=call.number("beta", 0.75),
        bias=call.number("bias", 1.0),
    )
    return call.layer(layer, channels_at(call.tensor(), 1, call.here))


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor]] = {
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "LRN": _local_response,
}
