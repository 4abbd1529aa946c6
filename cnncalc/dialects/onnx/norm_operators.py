"""Norms: batch, instance, group and layer norm, local response norm."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at
from cnncalc.layers.batch_norm import BatchNorm
from cnncalc.layers.norm import LocalResponseNorm


def _batch_norm(call: NodeCall) -> Tensor:
    names = ("weight", "bias", "running_mean", "running_var")
    arrays = {name: call.weight(at, 1) for at, name in enumerate(names, 1)}
    if call.whole("training_mode", 0):
        call.refuse("BatchNormalization with training_mode=1 takes its statistics from all images together")
    tensor = channels_at(call.tensor(), 1, call.here)
    return call.layer(BatchNorm(epsilon=call.number("epsilon", 1e-5)), tensor, weights=arrays)


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
    "LRN": _local_response,
}
