"""Operators with windows: convolutions, transposed ones, pools."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import seen_as
from cnncalc.geometry import NO_ROWS, SAME, VALID, Padding, Sizes, extent
from cnncalc.layers.conv import Conv
from cnncalc.layers.functions import Function
from cnncalc.layers.global_pool import GlobalAvgPool, GlobalMaxPool
from cnncalc.layers.pool import AvgPool, L2Pool, MaxPool, SumPool
from cnncalc.layers.upconv import UpConv

_AUTO_PADS = {"SAME_UPPER": SAME, "SAME_LOWER": Padding("same_lower"), "VALID": VALID}


def mapped(call: NodeCall, least: int = 1) -> Tensor:
    """The first input as images, channels and at least so many axes of a map, in this order."""
    tensor = call.map()
    rank = len(tensor.dims) - 2
    if not least <= rank <= 3:
        call.refuse(f"{call.node.op} works on images with channels and 1 to 3 axes of a map, and {tensor.text} arrives")
    return seen_as(tensor, 0, 1, call.here)


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


def _groups(call: NodeCall) -> int:
    groups = call.whole("group", 1)
    if groups < 1:
        raise call.fault(f"`group` of {call.node.op} should be at least 1, not {groups}")
    return groups


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
        groups=_groups(call),
        bias=bias is not None,
    )
    return call.layer(layer, tensor, weights={"weight": weight, "bias": bias})


def _check_kernel(call: NodeCall, kernel: Sizes) -> None:
    stated = call.wholes("kernel_shape")
    if stated is not None and stated != kernel:
        raise call.fault(f"`kernel_shape` is {stated}, and the weights have {kernel}")


def _conv_transpose(call: NodeCall) -> Tensor:
    tensor = mapped(call)
    rank, groups = len(tensor.dims) - 2, _groups(call)
    weight, bias = call.weight(1, rank + 2), call.array(2)
    _check_kernel(call, weight.dims[2:])
    extra, padding = call.wholes("output_padding"), _padding(call, rank)
    if padding.is_nothing:
        padding = _without_more_rows(call, weight.dims[2:])
    if call.wholes("output_shape") is not None:
        padding, extra = _fitted(call, tensor, weight.dims[2:])
    layer = UpConv(
        filters=weight.dims[1] * groups,
        kernel_size=weight.dims[2:],
        stride=_sizes(call, "strides", rank),
        padding=padding,
        output_padding=_short(extra) if extra and any(extra) else None,
        dilation=_sizes(call, "dilations", rank),
        groups=groups,
        bias=bias is not None,
    )
    return call.layer(layer, tensor, weights={"weight": weight, "bias": bias})


def _without_more_rows(call: NodeCall, kernel: Sizes) -> Padding:
    """No pads; the word `valid` would add rows where the steps are longer than the kernel."""
    strides, dilations = (call.wholes(name) or (1,) * len(kernel) for name in ("strides", "dilations"))
    axes = zip(strides, kernel, dilations, strict=False)
    return NO_ROWS if any(stride > extent(taps, dilation) for stride, taps, dilation in axes) else VALID


def _fitted(call: NodeCall, tensor: Tensor, kernel: Sizes) -> tuple[Padding, Sizes]:
    """The rows cut off, or added at the end, so that the result has the sizes that are stated."""
    rank, wanted = len(kernel), (call.wholes("output_shape") or ())[-len(kernel) :]
    extra = call.wholes("output_padding") or (0,) * rank
    strides, dilations = (call.wholes(name) or (1,) * rank for name in ("strides", "dilations"))
    if not len(wanted) == len(extra) == len(strides) == len(dilations) == rank:
        raise call.fault(f"`output_shape` of ConvTranspose should be {rank} numbers")
    sides, added = [], []
    axes = zip(tensor.dims[2:], kernel, strides, dilations, extra, wanted, strict=True)
    for size, taps, stride, dilation, more, result in axes:
        surplus = (size - 1) * stride + dilation * (taps - 1) + 1 + more - result
        small, large = max(0, surplus) // 2, max(0, surplus) - max(0, surplus) // 2
        sides.append((small, large) if call.text("auto_pad") == "SAME_UPPER" else (large, small))
        added.append(more + max(0, -surplus))
    return Padding("explicit", tuple(sides)), tuple(added)


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
    """The root of the sum of squares; another power than 2 is taken apart: |x| ^ p, its sum, the root of that."""
    tensor, power = mapped(call), call.whole("p", 2)
    rank = len(tensor.dims) - 2
    if power < 1:
        raise call.fault(f"`p` of LpPool should be at least 1, not {power}")
    pool = L2Pool if power == 2 else SumPool
    layer = pool(
        kernel_size=_kernel(call, rank),
        stride=_sizes(call, "strides", rank),
        padding=_padding(call, rank),
        dilation=_sizes(call, "dilations", rank),
        ceil=bool(call.whole("ceil_mode", 0)),
    )
    if power == 2:
        return call.layer(layer, tensor)
    tensor = call.layer(Function(name="abs"), tensor)
    if power == 1:
        return call.layer(layer, tensor)
    summed = call.layer(layer, call.layer(Function(name="pow", exponent=float(power)), tensor))
    return call.layer(Function(name="pow", exponent=1 / power), summed)


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
