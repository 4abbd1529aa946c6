"""Operators that change each number alone: activations and functions, and those that change nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cnncalc.dialects.onnx.joined_axes import as_one_axis
from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.onnx.onnx_records import FLOATS
from cnncalc.dialects.onnx.shortest_numbers import shortest
from cnncalc.dialects.traced.joins import layer_called
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at, reshaped
from cnncalc.layers.functions import Function
from cnncalc.layers.gated import GELU
from cnncalc.layers.pointwise import Affine
from cnncalc.layers.reducing import Reduce
from cnncalc.layers.sloped import Clip, HardSigmoid

ROUNDED = 1e-6
"""How far a slope of float32 is from 1/6 at most."""


def with_channels(tensor: Tensor, call: NodeCall) -> Tensor:
    """The tensor with some axis of channels, for what works on each number alone."""
    return tensor if tensor.channels is not None else channels_at(tensor, len(tensor.dims) - 1, call.here)


def pointwise(call: NodeCall, word: str, **numbers: tuple[str, float]) -> Tensor:
    """A layer of that word; `numbers` are its arguments by the attributes that say them, with ONNX' own defaults."""
    arguments: dict[str, Any] = {
        name: call.number(attribute, otherwise) for name, (attribute, otherwise) in numbers.items()
    }
    return call.layer(layer_called(word, call.here, **arguments), with_channels(call.map(), call))


def _function(call: NodeCall, name: str) -> Tensor:
    """A function of each number that is no layer of its own."""
    return call.layer(Function(name=name), with_channels(call.map(), call))


def _clip(call: NodeCall) -> Tensor:
    """The limits are attributes before opset 11 and inputs since."""
    low, high = (call.numbers(name, at) for name, at in (("min", 1), ("max", 2)))
    limits = [shortest(one[0]) if one else None for one in (low, high)]
    limits = [None if one is not None and abs(one) > 3e38 else one for one in limits]
    if limits[0] is not None and limits[1] is not None and limits[0] > limits[1]:
        limits[0] = limits[1]
    tensor = with_channels(call.map(), call)
    if limits == [None, None]:
        return tensor.apart()
    if limits == [0.0, None]:
        return call.layer(layer_called("relu", call.here), tensor)
    if limits == [0.0, 6.0]:
        return call.layer(layer_called("relu6", call.here), tensor)
    return call.layer(Clip(low=limits[0], high=limits[1]), tensor)


def _swish(call: NodeCall) -> Tensor:
    """`x * sigmoid(alpha * x)`."""
    if call.number("alpha", 1.0) != 1.0:
        call.refuse("Swish is read with alpha=1")
    return pointwise(call, "silu")


def _gelu(call: NodeCall) -> Tensor:
    is_tanh = call.text("approximate", "none") == "tanh"
    return call.layer(GELU(approximate=is_tanh), with_channels(call.map(), call))


def _hard_sigmoid(call: NodeCall) -> Tensor:
    """ONNX' own slope is 0.2, PyTorch's 1/6."""
    slope, shift = call.number("alpha", 0.2), call.number("beta", 0.5)
    if abs(shift - 0.5) > ROUNDED:
        tensor = call.layer(Affine(factor=(slope,), offset=(shift,)), with_channels(call.map(), call))
        return call.layer(Clip(low=0.0, high=1.0), tensor)
    sixth = abs(slope - 1 / 6) < ROUNDED
    return call.layer(HardSigmoid(slope=None if sixth else slope), with_channels(call.map(), call))


def _softmax(call: NodeCall, word: str) -> Tensor:
    """Along one axis; before opset 13 along all axes from that one on together."""
    tensor = call.map()
    rank = len(tensor.dims)
    old = call.opset < 13
    axis = call.axis(rank, otherwise=1 if old else -1)
    layer = layer_called(word, call.here)
    if old and any(size != 1 for size in tensor.dims[axis + 1 :]):
        return reshaped(call.layer(layer, as_one_axis(call, tensor, axis)), tensor.dims, call.here)
    return call.layer(layer, channels_at(tensor, axis, call.here))


def _dropout(call: NodeCall) -> Tensor:
    """Nothing is left out where a network is used; a second result, what is left out, has no layer."""
    if call.whole("training_mode", 0, 2) and call.number("ratio", 0.5, 1):
        call.refuse("Dropout with training_mode=1 leaves out numbers at random")
    return call.map().apart()


def _cast(call: NodeCall) -> Tensor:
    """To other floats it changes nothing; whole numbers are made of whole ones alone."""
    tensor = call.map()
    layer = call.trace.operations[tensor.operation].layer
    is_whole = isinstance(layer, Function) and layer.name in ("floor", "ceil", "round", "sign")
    is_whole = is_whole or (isinstance(layer, Reduce) and layer.how in ("argmax", "argmin"))
    if call.whole("to", 1) not in FLOATS and not is_whole:
        call.refuse("Cast to whole numbers cuts off what comes after the point, and no layer here does that")
    return tensor.apart()


def _unchanged(call: NodeCall) -> Tensor:
    """The result is what arrives."""
    return call.tensor().apart()


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor]] = {
    **{
        op: partial(pointwise, word=word)
        for op, word in (
            *(("Relu", "relu"), ("Sigmoid", "sigmoid"), ("Tanh", "tanh"), ("Softplus", "softplus"), ("Mish", "mish")),
            ("HardSwish", "hardswish"),
        )
    },
    "LeakyRelu": partial(pointwise, word="leaky", slope=("alpha", 0.01)),
    "Elu": partial(pointwise, word="elu", slope=("alpha", 1.0)),
    **{
        op: partial(_function, name=op.lower())
        for op in ("Exp", "Log", "Sqrt", "Abs", "Neg", "Sign", "Reciprocal", "Sin", "Cos", "Tan", "Atan", "Erf")
    },
    "Softsign": partial(_function, name="softsign"),
    "Swish": _swish,
    "Gelu": _gelu,
    "HardSigmoid": _hard_sigmoid,
    "Clip": _clip,
    "Softmax": partial(_softmax, word="softmax"),
    "LogSoftmax": partial(_softmax, word="logsoftmax"),
    "Identity": _unchanged,
    "Dropout": _dropout,
    "Cast": _cast,
}
