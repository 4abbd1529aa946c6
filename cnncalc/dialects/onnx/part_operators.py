"""Operators that take tensors apart and put them together: Concat, Split, Slice, Gather, Pad, reductions, Resize."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from cnncalc.dialects.onnx.node_call import NodeCall, Value
from cnncalc.dialects.traced.joins import concatenated, reduced
from cnncalc.dialects.traced.parts import picked, split, stretch
from cnncalc.dialects.traced.views import reshaped


def _concat(call: NodeCall) -> Value:
    tensors = [call.tensor(at) for at in range(len(call.inputs))]
    return concatenated(tensors, call.axis(len(tensors[0].dims)), call.here)


def _split_up(call: NodeCall) -> Sequence[Value]:
    tensor = call.map()
    axis, sizes = call.axis(len(tensor.dims), otherwise=0), call.wholes("split", 1)
    pieces = len(call.node.outputs)
    if sizes is None:
        return split(tensor, -(-tensor.dims[axis] // pieces), axis, call.here)
    return split(tensor, list(sizes), axis, call.here)


def _slice_of(call: NodeCall) -> Value:
    tensor = call.map()
    rank = len(tensor.dims)
    starts, ends = call.wholes("starts", 1), call.wholes("ends", 2)
    if starts is None or ends is None or len(starts) != len(ends):
        raise call.fault("Slice needs as many starts as ends")
    axes = call.axes(rank, 3)
    axes = tuple(range(len(starts))) if axes is None else axes
    steps = call.wholes("steps", 4) or (1,) * len(starts)
    if not len(starts) == len(axes) == len(steps) or max(axes, default=0) >= rank:
        raise call.fault("Slice needs an axis and a step for each start")
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        if step < 1:
            call.refuse(f"Slice with a step of {step} turns an axis round, and no layer here does that")
        if axis != tensor.batch or call.images == 1:
            tensor = stretch(tensor, axis, slice(start, end, step), call.here)
    return tensor


def _gather(call: NodeCall) -> Value:
    """One entry of an axis, or a stretch of entries; all of them in order are a view, as PyTorch's `as_strided` is."""
    tensor, entries = call.map(), call.array(1)
    axis = call.axis(len(tensor.dims), otherwise=0)
    if entries is None:
        raise call.fault("Gather has no entries")
    known = [int(one) for one in call.known(entries)]
    whole = tensor.dims[axis]
    if any(not -whole <= one < whole for one in known):
        raise call.fault(f"there is no entry {known[0]} on an axis of {whole}")
    known = [one % whole for one in known]
    if known == list(range(whole)) and entries.dims:
        return reshaped(tensor, (*tensor.dims[:axis], *entries.dims, *tensor.dims[axis + 1 :]), call.here)
    if not entries.dims:
        return picked(tensor, axis, known[0], call.here)
    if len(entries.dims) != 1 or not known or known != list(range(known[0], known[0] + len(known))):
        call.refuse("Gather picks entries in another order, and no layer here does that")
    return stretch(tensor, axis, slice(known[0], known[-1] + 1), call.here)


def _reduce(call: NodeCall, word: str) -> Value:
    tensor = call.map()
    axes = call.axes(len(tensor.dims), 1)
    keep = bool(call.whole("keepdims", 1))
    if axes == () or (axes is None and call.whole("noop_with_empty_axes", 0)):
        return tensor.apart()
    chosen = None if axes is None else list(axes)
    if chosen is None and tensor.batch is not None:
        chosen = [axis for axis in range(len(tensor.dims)) if axis != tensor.batch or call.images == 1]
    return reduced(word, tensor, chosen, keep, call.here)


OPERATORS: Mapping[str, Callable[[NodeCall], Value | Sequence[Value]]] = {
    "Concat": _concat,
    "Split": _split_up,
    "Slice": _slice_of,
    "Gather": _gather,
    **{f"Reduce{name}": partial(_reduce, word=name.lower()) for name in ("Mean", "Max", "Min", "Sum", "Prod")},
}
