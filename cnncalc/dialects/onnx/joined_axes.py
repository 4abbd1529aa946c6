"""Several axes of a tensor seen as one, for norms and softmax that ONNX puts to all axes from one on."""

from __future__ import annotations

from math import prod

from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at, reshaped


def as_one_axis(call: NodeCall, tensor: Tensor, axis: int) -> Tensor:
    """The axes from one on as one, which is the channels; refuses that of the images among them."""
    if axis == tensor.batch and call.images == 1:
        axis += 1
    if tensor.batch is not None and tensor.batch >= axis:
        call.refuse(f"{call.node.op} over all images together is no part of a net")
    last = len(tensor.dims) - 1
    if axis < last:
        tensor = reshaped(tensor, (*tensor.dims[:axis], prod(tensor.dims[axis:])), call.here)
    return channels_at(tensor, min(axis, last), call.here)
