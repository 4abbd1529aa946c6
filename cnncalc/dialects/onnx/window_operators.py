"""Operators with windows: convolutions, transposed ones, pools."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import channels_at
from cnncalc.geometry import SAME, VALID, Padding, Sizes
from cnncalc.layers.conv import Conv
from cnncalc.layers.global_pool import GlobalAvgPool, GlobalMaxPool
from cnncalc.layers.pool import AvgPool, L2Pool, MaxPool
from cnncalc.layers.upconv import UpConv

_AUTO_PADS = {"SAME_UPPER": SAME, "SAME_LOWER": Padding("same_lower"), "VALID": VALID}


def mapped(call: NodeCall, least: int = 1) -> Tensor:
    """The first input as images, channels and at least so many axes of a map."""
    tensor = call.tensor()
    rank = len(tensor.dims) - 2
    if not least <= rank <= 3:
        call.refuse(f"{call.node.op} works on images with channels and 1 to 3 axes of a map, and {tensor.text} arrives")
    return channels_at(tensor, 1, call.here)


def _short(sizes: Sizes) -> Sizes:
    return sizes[:1] if len(set(sizes)) == 1 else sizes


def _sizes(call: NodeCall, name: str, rank: int, otherwise: int = 1) -> Sizes:
    """One size for each axis of the map."""
    found = call.wholes(name) or (otherwise,) * rank
    if len(found) != rank or min(found) < 1:
        raise call.fault(f"`{name}` of {call.node.op} should be {rank} numbers of at least 1")
    return _short(found)


def _padding(call: NodeCall, rank: int) -> Padding:
    """Rows before all axes, then behind them; or a word."""
    word = call.text("auto_pad", "NOTSET")
    if word in _AUTO_PADS:
        return _AUTO_PADS[word]
    pads = call.wholes("pads") or (0,) * (2 * rank)
    if len(pads) != 2 * rank or min(pads) < 0:
        raise call.fault(f"`pads` of {call.node.op} should be {2 * rank} numbers of at least 0")
    sides = tuple(zip(pads[:rank], pads[rank:], strict=True))
    if not any(pads):
        return VALID
    return Padding("explicit", sides[:1] if len(set(sides)) == 1 else sides)


def _conv(call: NodeCall) -> Tensor:
    tensor = mapped(call)
    rank = len(tensor.dims) - 2
    weight, bias = call.weight(1, rank + 2), call.array(2)
    _check_kernel(call, weight.dims[2:])
    layer = Conv(
        filters=weight.dims[0],
        kernel_size=weight.dims[2:],
        stride=_sizes(call, "strides", rank),
        padding=_padding(call, rank),
        dilation=_sizes(call, "dilations", rank),
        groups=call.whole("group", 1),
        bias=bias is not None,
    )
    return call.layer(layer, tensor, weights={"weight": weight, "bias": bias})


def _check_kernel(call: NodeCall, kernel: Sizes) -> None:
    stated = call.wholes("kernel_shape")
    if stated is not None and stated != kernel:
        raise call.fault(f"`kernel_shape` is {stated}, and the weights have {kernel}")


def _conv_transpose(call: NodeCall) -> Tensor:
    tensor = mapped(call)
    rank, groups = len(tensor.dims) - 2, call.whole("group", 1)
    weight, bias = call.weight(1, rank + 2), call.array(2)
    _check_kernel(call, weight.dims[2:])
    extra = call.wholes("output_padding")
    layer = UpConv(
        filters=weight.dims[1] * groups,
        kernel_size=weight.dims[2:],
        stride=_sizes(call, "strides", rank),
        padding=_padding(call, rank),
        output_padding=_short(extra) if extra and any(extra) else None,
        dilation=_sizes(call, "dilations", rank),
        groups=groups,
        bias=bias is not None,
    )
    if call.wholes("output_shape") is not None:
        call.refuse("ConvTranspose with a stated output_shape is not read here", "state its pads")
    return call.layer(layer, tensor, weights={"weight": weight, "bias": bias})


def _max_pool(call: NodeCall) -> Tensor:
    tensor = mapped(call)
    rank = len(tensor.dims) - 2
    if sum(map(bool, call.node.outputs)) > 1:
        call.refuse("the places of the maxima, a second result of MaxPool, are read by no layer here")
    layer = MaxPool(
        kernel_size=_kernel(call, rank),
        stride=_sizes(call, "strides", rank),
        padding=_padding(call, rank),
        dilation=_sizes(call, "dilations", rank),
        ceil=bool(call.whole("ceil_mode", 0)),
    )
    return call.layer(layer, tensor)


def _kernel(call: NodeCall, rank: int) -> Sizes:
    if call.wholes("kernel_shape") is None:
        raise call.fault(f"{call.node.op} has no `kernel_shape`")
    sizes = _sizes(call, "kernel_shape", rank)
    return sizes * rank if len(sizes) == 1 else sizes


def _average_pool(call: NodeCall) -> Tensor:
    tensor = mapped(call)
    rank = len(tensor.dims) - 2
    layer = AvgPool(
        kernel_size=_kernel(call, rank),
        stride=_sizes(call, "strides", rank),
        padding=_padding(call, rank),
        dilation=_sizes(call, "dilations", rank),
        ceil=bool(call.whole("ceil_mode", 0)),
        countpad=bool(call.whole("count_include_pad", 0)),
    )
    return call.layer(layer, tensor)


def _power_pool(call: NodeCall) -> Tensor:
    tensor = mapped(call)
    rank = len(tensor.dims) - 2
    if call.whole("p", 2) != 2:
        call.refuse(f"LpPool is read with p=2, the root of the sum of squares, and this one has {call.whole('p', 2)}")
    layer = L2Pool(kernel_size=_kernel(call, rank), stride=_sizes(call, "strides", rank), padding=_padding(call, rank))
    return call.layer(layer, tensor)


def _global_average(call: NodeCall) -> Tensor:
    return call.layer(GlobalAvgPool(keep=True), mapped(call))


def _global_max(call: NodeCall) -> Tensor:
    return call.layer(GlobalMaxPool(keep=True), mapped(call))


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor]] = {
    "Conv": _conv,
    "ConvTranspose": _conv_transpose,
    "MaxPool": _max_pool,
    "AveragePool": _average_pool,
    "LpPool": _power_pool,
    "GlobalAveragePool": _global_average,
    "GlobalMaxPool": _global_max,
}
