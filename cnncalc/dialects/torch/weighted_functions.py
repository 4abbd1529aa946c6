"""Functions that are given their weights: `F.conv2d(x, self.weight)`, `F.linear`, `F.layer_norm` and their kind.

The weights must be parameters of the program as they are; whose they are decides their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from cnncalc.dialects.torch.function_calls import Function, FunctionCall
from cnncalc.dialects.torch.padding_calls import pad
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at
from cnncalc.graph.pasted.torch_calls import LAYERS
from cnncalc.layers.norm import L2Norm
from cnncalc.python.program_error import PythonFault


def _weight(call: FunctionCall, name: str = "weight") -> Tensor:
    weight = call.tensor(name)
    if not weight.is_constant:
        raise PythonFault("not-read-here", f"the weights of this {call.name} come from the image", call.here.span)
    return weight


def _conv(call: FunctionCall, axes: int, is_transposed: bool = False) -> Any:
    weight, bias = _weight(call), call.value("bias")
    if len(weight.dims) != axes + 2:
        message = f"the weights of {call.name} have {axes + 2} axes, and these are {weight.text}"
        raise PythonFault("shapes-differ", message, call.here.span)
    groups = call.value("groups")
    first, second, *kernel = weight.dims
    named: dict[str, Any] = {name: call.value(name) for name in ("stride", "padding", "dilation", "groups")}
    named |= {"kernel_size": tuple(kernel), "bias": bias is not None}
    known = groups if type(groups) is int else 1
    if is_transposed:
        named |= {"in_channels": first, "out_channels": second * known, "output_padding": call.value("output_padding")}
    else:
        named |= {"in_channels": second * known, "out_channels": first}
    kind = f"ConvTranspose{axes}d" if is_transposed else f"Conv{axes}d"
    return call.layer(kind, LAYERS[kind], call.tensor("input"), owner=call.weights_owner(weight, bias), **named)


def _linear(call: FunctionCall) -> Any:
    weight, bias = _weight(call), call.value("bias")
    if len(weight.dims) != 2:
        raise PythonFault(
            "shapes-differ", f"the weights of linear have 2 axes, and these are {weight.text}", call.here.span
        )
    named = {"in_features": weight.dims[1], "out_features": weight.dims[0], "bias": bias is not None}
    return call.layer("Linear", LAYERS["Linear"], call.tensor("input"), owner=call.weights_owner(weight, bias), **named)


def _normalised(call: FunctionCall, kind: str) -> Any:
    """A norm whose scale and shift are given, or absent."""
    tensor, weight, bias = call.tensor("input"), call.value("weight"), call.value("bias")
    owner = call.weights_owner(weight, bias)
    if weight is None and bias is not None:
        raise PythonFault("not-read-here", f"{call.name} with a shift and no scale is not read here", call.here.span)
    named: dict[str, Any] = {"eps": call.value("eps")}
    if kind == "LayerNorm":
        named |= {"normalized_shape": call.value("normalized_shape"), "elementwise_affine": weight is not None}
        named |= {"bias": bias is not None}
    else:
        named |= {"num_groups": call.value("num_groups"), "num_channels": tensor.dims[1], "affine": weight is not None}
    return call.layer(kind, LAYERS[kind], tensor, owner=owner, **named)


def _instance_norm(call: FunctionCall) -> Any:
    tensor = call.tensor("input")
    if any(call.value(name) is not None for name in ("weight", "bias")):
        raise PythonFault("not-read-here", "instance_norm with weights is not read here", call.here.span)
    kind = f"InstanceNorm{len(tensor.dims) - 2}d"
    if kind not in LAYERS:
        raise PythonFault("shapes-differ", f"instance_norm works on maps, and {tensor.text} arrives", call.here.span)
    return call.layer(kind, LAYERS[kind], tensor, num_features=tensor.dims[1], eps=call.value("eps"))


def _prelu(call: FunctionCall) -> Any:
    weight = _weight(call)
    owner = call.weights_owner(weight)
    return call.layer(
        "PReLU", LAYERS["PReLU"], call.tensor("input"), owner=owner, num_parameters=weight.dims[0] if weight.dims else 1
    )


def _length(call: FunctionCall) -> Any:
    """`F.normalize`: vectors of length 1."""
    if call.value("p") not in (2, 2.0):
        raise PythonFault(
            "no-such-layer", f"no layer here divides by a norm of order {call.value('p')}", call.here.span
        )
    tensor = channels_at(call.tensor("input"), call.value("dim"), call.here)
    return tensor.trace.layer(L2Norm(epsilon=float(call.value("eps"))), (tensor,), call.here)


_CONV = "input weight bias=None stride=1 padding=0 dilation=1 groups=1"
_TRANSPOSED = "input weight bias=None stride=1 padding=0 output_padding=0 groups=1 dilation=1"

WEIGHTED: Mapping[str, Function] = {
    **{f"conv{axes}d": Function(_CONV, partial(_conv, axes=axes)) for axes in (1, 2, 3)},
    **{
        f"conv_transpose{axes}d": Function(_TRANSPOSED, partial(_conv, axes=axes, is_transposed=True))
        for axes in (1, 2, 3)
    },
    "linear": Function("input weight bias=None", _linear),
    "layer_norm": Function(
        "input normalized_shape weight=None bias=None eps=1e-5 cudnn_enable=True",
        partial(_normalised, kind="LayerNorm"),
    ),
    "group_norm": Function("input num_groups weight=None bias=None eps=1e-5", partial(_normalised, kind="GroupNorm")),
    "instance_norm": Function(
        "input running_mean=None running_var=None weight=None bias=None use_input_stats=True momentum=0.1 eps=1e-5",
        _instance_norm,
    ),
    "prelu": Function("input weight", _prelu),
    "normalize": Function("input p=2.0 dim=1 eps=1e-12 out=None", _length),
    "pad": Function("input pad mode='constant' value=None", pad),
}
"""By the name in `torch.nn.functional`."""
