"""Convolutions and pools in PyTorch: natively where its arguments can say it, else with the pads written out.

PyTorch pads both sides alike and knows no pooling beyond its own corner cases; Keras' `same`, four different sides and
pools with more padding are said by `F.pad` and an operation without pads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its customary name

from cnncalc.runtime.peers.torch_calls import Built, Call, padded

CONV = {2: F.conv2d, 3: F.conv3d}
UPCONV = {2: F.conv_transpose2d, 3: F.conv_transpose3d}
MAX_POOL = {2: F.max_pool2d, 3: F.max_pool3d}
AVG_POOL = {2: F.avg_pool2d, 3: F.avg_pool3d}
ADAPTIVE_AVG = {2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
ADAPTIVE_MAX = {2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}


def conv(call: Call) -> Built:
    """A convolution, its kernel turned round where it is flipped."""
    return _convolution(call, _oriented(call, call.weights["weight"]), call.numbers["groups"])


def connected_conv(call: Call) -> Built:
    """A convolution with zeros where no connection is."""
    weight, table = call.weights["weight"], call.numbers["table"]
    whole = weight.new_zeros(len(table), call.inputs[0].channels, *weight.shape[-call.axes :])
    whole[[co for co, row in enumerate(table) for _ in row], [ci for row in table for ci in row]] = weight.reshape(
        -1, *weight.shape[-call.axes :]
    )
    return _convolution(call, whole, 1)


def dwconv(call: Call) -> Built:
    """A convolution with a group for each channel."""
    return _convolution(call, _oriented(call, call.weights["weight"]).unsqueeze(1), call.inputs[0].channels)


def sepconv(call: Call) -> Built:
    """A depthwise convolution without bias, then a 1x1 convolution."""
    slide = _sliding(call, call.inputs[0].channels)
    mixing = call.weights["pointwise_weight"]
    tensors = {
        "depthwise": call.weights["depthwise_weight"].unsqueeze(1),
        "pointwise": mixing.reshape(*mixing.shape[:2], *[1] * call.axes),
        **({"bias": call.weights["bias"]} if "bias" in call.weights else {}),
    }

    def separable(x: Tensor, depthwise: Tensor, pointwise: Tensor, bias: Tensor | None = None) -> Tensor:
        return CONV[call.axes](slide(x, depthwise, None), pointwise, bias)

    return Built(separable, tensors)


def _convolution(call: Call, weight: Tensor, groups: int) -> Built:
    slide = _sliding(call, groups)
    return Built(lambda x, weight, bias=None: slide(x, weight, bias), {**call.weights, "weight": weight})


def _sliding(call: Call, groups: int) -> Callable[[Tensor, Tensor, Tensor | None], Tensor]:
    before, after, fill, stride, dilation = (
        call.numbers[name] for name in ("before", "after", "fill", "stride", "dilation")
    )
    operation = CONV[call.axes]
    if before == after and fill == "zeros":
        return lambda x, weight, bias: operation(x, weight, bias, stride, before, dilation, groups)
    return lambda x, weight, bias: operation(padded(x, before, after, fill), weight, bias, stride, 0, dilation, groups)


def _oriented(call: Call, weight: Tensor) -> Tensor:
    return weight.flip(tuple(range(-call.axes, 0))) if call.numbers["flip"] else weight


def upconv(call: Call) -> Built:
    """A transposed convolution; pads of two kinds are cut off the whole canvas afterwards."""
    numbers, operation = call.numbers, UPCONV[call.axes]
    before, after, more = numbers["before"], numbers["after"], numbers["output_padding"]
    stride, dilation, groups = numbers["stride"], numbers["dilation"], numbers["groups"]
    tensors = {**call.weights, "weight": _oriented(call, call.weights["weight"])}
    small = all(rows < max(pair) for rows, *pair in zip(more, stride, dilation, strict=True))
    if before == after and small and min(before) >= 0:
        return Built(
            lambda x, weight, bias=None: operation(x, weight, bias, stride, before, more, groups, dilation), tensors
        )
    starts, ends = call.negated("before"), [rows - last for rows, last in zip(more, after, strict=True)]

    def trimmed(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        canvas = padded(operation(x, weight, None, stride, 0, 0, groups, dilation), starts, ends)
        return canvas if bias is None else canvas + bias.reshape(-1, *[1] * call.axes)

    return Built(trimmed, tensors)


def local(call: Call) -> Built:
    """Every window taken out, and multiplied by the weights of its place."""
    numbers, axes = call.numbers, call.axes
    outputs = call.output.spatial if axes == call.output.rank else (1, *call.output.spatial)

    def connected(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        seen = padded(x, numbers["before"], numbers["after"], numbers["fill"])
        columns = _columns(seen, numbers, axes).permute(2, 1, 0)
        found = torch.matmul(weight.flatten(axes + 1).flatten(0, axes - 1), columns).permute(2, 1, 0)
        found = found.reshape(-1, found.shape[1], *outputs)
        return found if bias is None else found + bias.movedim(-1, 0)

    return Built(connected, call.weights)


def _columns(x: Tensor, numbers: Mapping[str, Any], axes: int) -> Tensor:
    """[n, what a window sees, places]."""
    if axes == 2:
        return F.unfold(x, numbers["kernel"], numbers["dilation"], 0, numbers["stride"])
    by_axis = zip(range(2, 5), numbers["kernel"], numbers["stride"], numbers["dilation"], strict=True)
    for axis, kernel, stride, dilation in by_axis:
        x = x.unfold(axis, dilation * (kernel - 1) + 1, stride)[..., ::dilation]
    return x.permute(0, 1, 5, 6, 7, 2, 3, 4).flatten(5).flatten(1, 4)


def maxpool(call: Call) -> Built:
    """The largest of each window; pads are minus infinity."""
    kernel, stride, dilation = (call.numbers[name] for name in ("kernel", "stride", "dilation"))
    operation, before = MAX_POOL[call.axes], call.numbers["before"]
    if _native(call):
        return Built(lambda x: operation(x, kernel, stride, before, dilation, call.numbers["ceil"]))
    after = _reached(call)
    return Built(lambda x: operation(padded(x, before, after, value=float("-inf")), kernel, stride, 0, dilation))


def avgpool(call: Call) -> Built:
    """The mean of each window, of its places inside the image or (`countpad`) inside the pads."""
    operation, numbers = AVG_POOL[call.axes], call.numbers
    before, counted = numbers["before"], numbers["countpad"]
    kernel, stride, ceil = numbers["kernel"], numbers["stride"], numbers["ceil"]
    if _native(call) and set(numbers["dilation"]) == {1}:
        return Built(lambda x: operation(x, kernel, stride, before, ceil, counted))
    total = _total(call)
    image = torch.ones(1, 1, *(1,) * (call.axes - call.inputs[0].rank), *call.inputs[0].spatial)
    if counted:
        inside = padded(image, before, numbers["after"], value=1.0)
        ends = [reached - after for reached, after in zip(_reached(call), numbers["after"], strict=True)]
        counts = _sum(call, padded(inside, [0] * call.axes, ends))
    else:
        counts = total(image)
    return Built(lambda x, counts: total(x) / counts, {"counts": counts})


def sumpool(call: Call) -> Built:
    """The sum of each window."""
    return Built(_total(call))


def l2pool(call: Call) -> Built:
    """The root of the sum of the squares."""
    total = _total(call)
    return Built(lambda x: total(x * x).sqrt())


def subsample(call: Call) -> Built:
    """A learned factor times the sum, and a bias."""
    total, shape = _total(call), (-1, *[1] * call.axes)
    return Built(lambda x, weight, bias: total(x) * weight.reshape(shape) + bias.reshape(shape), call.weights)


def global_avgpool(call: Call) -> Built:
    """The mean of each map, flat unless the axes are kept."""
    if call.output.rank:
        return Built(lambda x: ADAPTIVE_AVG[call.axes](x, 1))
    return Built(lambda x: torch.flatten(ADAPTIVE_AVG[call.axes](x, 1), 1))


def global_maxpool(call: Call) -> Built:
    """The largest of each map, flat unless the axes are kept."""
    return Built(lambda x: torch.amax(x, tuple(range(2, 2 + call.axes)), keepdim=call.output.rank > 0))


def adaptive_avgpool(call: Call) -> Built:
    """Means of windows of nearly equal size."""
    return Built(lambda x: ADAPTIVE_AVG[call.axes](x, call.numbers["output"]))


def adaptive_maxpool(call: Call) -> Built:
    """The largest of such windows."""
    return Built(lambda x: ADAPTIVE_MAX[call.axes](x, call.numbers["output"]))


def averaging(call: Call) -> Built:
    """`adaptive_avgpool` as products with a matrix on each axis: ONNX has no windows of unequal size."""
    sizes = (1,) * (call.axes - call.inputs[0].rank) + call.inputs[0].spatial
    matrices = [_averages(n, outputs) for n, outputs in zip(sizes, call.numbers["output"], strict=True)]

    def averaged(x: Tensor, **by_axis: Tensor) -> Tensor:
        for axis, matrix in zip(range(2, 2 + call.axes), by_axis.values(), strict=True):
            x = torch.matmul(x.transpose(axis, -1), matrix).transpose(axis, -1)
        return x

    return Built(averaged, {f"axis{axis}": matrix for axis, matrix in enumerate(matrices)})


def _averages(size: int, outputs: int) -> Tensor:
    """[size, outputs]: column o is the mean of floor(o * n / outputs) .. ceil((o + 1) * n / outputs)."""
    return F.adaptive_avg_pool1d(torch.eye(size).unsqueeze(0), outputs)[0]


def _native(call: Call) -> bool:
    """Whether PyTorch's own arguments say this pool: both sides alike, at most half a window."""
    numbers = call.numbers
    return numbers["before"] == numbers["after"] and all(
        2 * rows <= kernel for rows, kernel in zip(numbers["before"], numbers["kernel"], strict=True)
    )


def _reached(call: Call) -> list[int]:
    """The rows after the image (negative: of the image) where the last window ends."""
    numbers: Any = call.numbers
    sizes = (1,) * (call.axes - call.inputs[0].rank) + call.inputs[0].spatial
    outputs = (1,) * (call.axes - call.output.rank) + call.output.spatial
    axes = zip(sizes, outputs, *(numbers[name] for name in ("before", "kernel", "stride", "dilation")), strict=True)
    return [(out - 1) * stride + dilation * (k - 1) + 1 - n - before for n, out, before, k, stride, dilation in axes]


def _total(call: Call) -> Callable[[Tensor], Tensor]:
    before, after = call.numbers["before"], _reached(call)
    return lambda x: _sum(call, padded(x, before, after))


def _sum(call: Call, x: Tensor) -> Tensor:
    kernel, stride, dilation = (call.numbers[name] for name in ("kernel", "stride", "dilation"))
    if set(dilation) == {1}:
        return AVG_POOL[call.axes](x, kernel, stride) * prod(kernel)
    return CONV[call.axes](x, x.new_ones(x.shape[1], 1, *kernel), None, stride, 0, dilation, x.shape[1])
