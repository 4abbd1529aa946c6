"""Our kernels by name, said in PyTorch's operations.

Each builder turns one kernel call (numbers and weights, cut to the axes of the net) into a function of tensors.  Where
PyTorch has the very operation it is used with its own arguments (symmetric pads, ceil_mode, count_include_pad), so that
comparing results compares the meaning of those words too; windows are in `torch_windows`, joins in
`torch_joins`, what moves numbers or makes fewer of them in `torch_moves`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its customary name

from cnncalc.runtime.peers import torch_detectors as detectors
from cnncalc.runtime.peers import torch_functions as functions
from cnncalc.runtime.peers import torch_moves as moves
from cnncalc.runtime.peers import torch_windows as windows
from cnncalc.runtime.peers.torch_calls import Built, Call
from cnncalc.runtime.peers.torch_joins import JOINS

__all__ = ["BUILDERS", "EXPORTABLE", "Built", "Call"]


def _plain(function: Callable[[Tensor], Tensor]) -> Callable[[Call], Built]:
    """An operation without numbers or weights."""
    return lambda _call: Built(function)


def _dense(call: Call) -> Built:
    return Built(lambda x, weight, bias=None: F.linear(torch.flatten(x, 1), weight, bias), call.weights)


def _bn(call: Call) -> Built:
    def normalised(
        x: Tensor, running_mean: Tensor, running_var: Tensor, weight: Any = None, bias: Any = None
    ) -> Tensor:
        return F.batch_norm(x, running_mean, running_var, weight, bias, training=False, eps=call.numbers["epsilon"])

    return Built(normalised, call.weights)


def _ln(call: Call) -> Built:
    epsilon, over_channels = call.numbers["epsilon"], call.numbers["axes"] == "channels"

    def normalised(x: Tensor, weight: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        if not over_channels:
            factors, offsets = (None if own is None else own.reshape(x.shape[1:]) for own in (weight, bias))
            return F.layer_norm(x, x.shape[1:], factors, offsets, epsilon)
        last = F.layer_norm(x.movedim(1, -1), x.shape[1:2], weight, bias, epsilon)
        return last.movedim(-1, 1)

    return Built(normalised, call.weights)


def _rmsnorm(call: Call) -> Built:
    epsilon, over_channels = call.numbers["epsilon"], call.numbers["axes"] == "channels"

    def normalised(x: Tensor, weight: Tensor | None = None) -> Tensor:
        if not over_channels:
            return F.rms_norm(x, x.shape[1:], None if weight is None else weight.reshape(x.shape[1:]), epsilon)
        return F.rms_norm(x.movedim(1, -1), x.shape[1:2], weight, epsilon).movedim(-1, 1)

    return Built(normalised, call.weights)


def _l2norm(call: Call) -> Built:
    return Built(partial(F.normalize, dim=1, eps=call.numbers["epsilon"]))


def _gn(call: Call) -> Built:
    groups, epsilon = call.numbers["groups"], call.numbers["epsilon"]

    def normalised(x: Tensor, weight: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        return F.group_norm(x, groups, weight, bias, epsilon)

    return Built(normalised, call.weights)


def _lrn(call: Call) -> Built:
    size, alpha, beta, bias = (call.numbers[name] for name in ("size", "alpha", "beta", "bias"))
    return Built(lambda x: F.local_response_norm(x, size, alpha, beta, bias))


def _scale(call: Call) -> Built:
    return Built(lambda x, weight: x * _by_channel(x, weight), call.weights)


def _shift(call: Call) -> Built:
    return Built(lambda x, bias: x + _by_channel(x, bias), call.weights)


def _by_channel(x: Tensor, weight: Tensor) -> Tensor:
    """A number for each channel, or for all, as it meets a map; one for each number is as it should be."""
    return weight.reshape(-1, *[1] * (x.ndim - 2)) if weight.ndim == 1 else weight.reshape(x.shape[1:])


def _affine(call: Call) -> Built:
    factor, offset = (torch.tensor(call.numbers[name]) for name in ("factor", "offset"))
    return Built(lambda x: x * _by_channel(x, factor.to(x.dtype)) + _by_channel(x, offset.to(x.dtype)))


def _clip(call: Call) -> Built:
    return Built(partial(torch.clamp, min=call.numbers["low"], max=call.numbers["high"]))


def _softplus_beta(call: Call) -> Built:
    return Built(partial(F.softplus, beta=call.numbers["beta"]))


def _hardsigmoid_sloped(call: Call) -> Built:
    slope = call.numbers["slope"]
    return Built(lambda x: torch.clamp(slope * x + 0.5, 0, 1))


def _function(call: Call) -> Built:
    own = [value for key, value in call.numbers.items() if key != "name"]
    return Built(lambda x: functions.FUNCTIONS[call.numbers["name"]](x, *own))


def _times(call: Call) -> Built:
    factor = call.numbers["factor"]
    return Built(lambda x: x * factor)


def _leaky(call: Call) -> Built:
    return Built(partial(F.leaky_relu, negative_slope=call.numbers["slope"]))


def _elu(call: Call) -> Built:
    return Built(partial(F.elu, alpha=call.numbers["slope"]))


def _prelu(call: Call) -> Built:
    return Built(lambda x, weight: torch.where(x < 0, x * _by_channel(x, weight), x), call.weights)


BUILDERS: Mapping[str, Callable[[Call], Built]] = {
    "conv": windows.conv,
    "connected_conv": windows.connected_conv,
    "dwconv": windows.dwconv,
    "sepconv": windows.sepconv,
    "upconv": windows.upconv,
    "local": windows.local,
    "maxpool": windows.maxpool,
    "avgpool": windows.avgpool,
    "sumpool": windows.sumpool,
    "l2pool": windows.l2pool,
    "subsample": windows.subsample,
    "global_avgpool": windows.global_avgpool,
    "global_maxpool": windows.global_maxpool,
    "adaptive_avgpool": windows.adaptive_avgpool,
    "adaptive_maxpool": windows.adaptive_maxpool,
    "dense": _dense,
    "reduce": moves.reduced,
    "softmax_along": moves.softmax_along,
    "concat_along": moves.concat_along,
    "attention": moves.attention,
    "matmul": moves.matmul,
    "learned": moves.learned,
    "constant": moves.constant,
    "rearrange": moves.rearrange,
    "flatten": moves.flatten,
    "reshape": moves.reshape,
    "bn": _bn,
    "ln": _ln,
    "gn": _gn,
    "rmsnorm": _rmsnorm,
    "l2norm": _l2norm,
    "lrn": _lrn,
    "scale": _scale,
    "scale_all": _scale,
    "shift": _shift,
    "shift_all": _shift,
    "times": _times,
    "affine": _affine,
    "clip": _clip,
    "function": _function,
    "relu": _plain(F.relu),
    "relu6": _plain(F.relu6),
    "leaky": _leaky,
    "prelu": _prelu,
    "prelu_all": _prelu,
    "elu": _elu,
    "selu": _plain(F.selu),
    "gelu": _plain(F.gelu),
    "silu": _plain(F.silu),
    "hardswish": _plain(F.hardswish),
    "hardsigmoid": _plain(F.hardsigmoid),
    "hardsigmoid_sloped": _hardsigmoid_sloped,
    "gelu_approximate": _plain(partial(F.gelu, approximate="tanh")),
    "sigmoid": _plain(torch.sigmoid),
    "tanh": _plain(torch.tanh),
    "softplus": _plain(F.softplus),
    "softplus_beta": _softplus_beta,
    "mish": _plain(F.mish),
    "softmax": _plain(partial(F.softmax, dim=1)),
    "logsoftmax": _plain(partial(F.log_softmax, dim=1)),
    "glu": _plain(partial(F.glu, dim=1)),
    "identity": _plain(lambda x: x),
    "yolo": detectors.yolo,
    "region": detectors.region,
    "detection": detectors.detection,
    "pad": moves.pad,
    "pad_value": moves.pad_value,
    "crop": moves.crop,
    "upsample": moves.upsample,
    "resize": moves.resize,
    "slice": moves.channel_slice,
    "padchannels": moves.pad_channels,
    "shuffle": moves.shuffle,
    "space_to_depth": moves.space_to_depth,
    "depth_to_space": moves.depth_to_space,
    **JOINS,
}
"""Every kernel that a layer's `kernel_call` names."""

EXPORTABLE = {**BUILDERS, "adaptive_avgpool": windows.averaging}
"""The same in operations that ONNX has too."""
