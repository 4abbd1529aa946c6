"""Reductions along axes: Reduce*, ArgMax and ArgMin; what is more than one layer is put together of several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from cnncalc.dialects.onnx.activation_operators import with_channels
from cnncalc.dialects.onnx.node_call import NodeCall
from cnncalc.dialects.traced.arithmetic import combined
from cnncalc.dialects.traced.joins import reduced
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.layers.functions import Function


def _axes(call: NodeCall, tensor: Tensor) -> tuple[int, ...] | None:
    """The axes of which one number is made; None for no axis at all.

    All axes mean those of one image where the file does not say that there are several.
    """
    rank = len(tensor.dims)
    axes = call.axes(rank, 1)
    if axes:
        return axes
    if call.whole("noop_with_empty_axes", 0):
        return None
    if tensor.batch is not None and call.images > 1:
        call.refuse(
            f"{call.node.op} of all axes makes one number of {call.images} images, and each image stays alone here"
        )
    return tuple(axis for axis in range(rank) if axis != tensor.batch)


def _reduce(call: NodeCall, way: str, before: Sequence[str] = (), after: Sequence[str] = ()) -> Tensor:
    """`before` and `after` are functions of each number around the reduction."""
    tensor = call.map()
    axes, keep = _axes(call, tensor), bool(call.whole("keepdims", 1))
    made = _functions(call, tensor, before)
    if axes is not None:
        made = reduced(way, made, axes, keep, call.here)
    return _functions(call, made, after) if before or after or axes else made.apart()


def _functions(call: NodeCall, tensor: Tensor, names: Sequence[str]) -> Tensor:
    for name in names:
        tensor = call.layer(Function(name=name), with_channels(tensor, call))
    return tensor


def _log_sum_exp(call: NodeCall) -> Tensor:
    """`largest + log(sum(exp(x - largest)))`, so that nothing overflows."""
    tensor = call.map()
    axes, keep = _axes(call, tensor), bool(call.whole("keepdims", 1))
    if axes is None:
        return tensor.apart()
    largest = reduced("max", tensor, axes, True, call.here)
    grown = _functions(call, combined("-", tensor, largest, call.here), ["exp"])
    summed = _functions(call, reduced("sum", grown, axes, keep, call.here), ["log"])
    made = combined("+", summed, largest if keep else reduced("max", tensor, axes, False, call.here), call.here)
    assert isinstance(made, Tensor)
    return made


def _place(call: NodeCall, way: str) -> Tensor:
    """The place of the largest or the smallest number along one axis, the first of several."""
    tensor = call.map()
    axis, keep = call.axis(len(tensor.dims), otherwise=0), bool(call.whole("keepdims", 1))
    if call.whole("select_last_index", 0):
        call.refuse(f"{call.node.op} with select_last_index=1 takes the last of several, and the layer here the first")
    return reduced(way, tensor, (axis,), keep, call.here)


OPERATORS: Mapping[str, Callable[[NodeCall], Tensor]] = {
    **{f"Reduce{name}": partial(_reduce, way=name.lower()) for name in ("Mean", "Max", "Min", "Sum", "Prod")},
    "ReduceL1": partial(_reduce, way="sum", before=("abs",)),
    "ReduceL2": partial(_reduce, way="norm"),
    "ReduceSumSquare": partial(_reduce, way="sum", before=("square",)),
    "ReduceLogSum": partial(_reduce, way="sum", after=("log",)),
    "ReduceLogSumExp": _log_sum_exp,
    "ArgMax": partial(_place, way="argmax"),
    "ArgMin": partial(_place, way="argmin"),
}
