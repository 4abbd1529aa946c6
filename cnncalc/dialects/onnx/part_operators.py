"""Operators that take tensors apart and put them together: Concat, Split, Slice, Gather."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cnncalc.dialects.onnx.node_call import NodeCall, Value
from cnncalc.dialects.traced.joins import concatenated
from cnncalc.dialects.traced.tensor_slices import picked, split, stretch
from cnncalc.dialects.traced.trace import Tensor
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
    if not len(starts) == len(axes) == len(steps) or max(axes, default=0) >= rank or 0 in steps:
        raise call.fault("Slice needs an axis and a step for each start")
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        if step < 0:
            size = tensor.dims[axis]
            tensor = _entries(call, tensor, axis, range(size)[start:end:step])
        elif axis != tensor.batch or call.images == 1:
            tensor = stretch(tensor, axis, slice(start, end, step), call.here)
        elif range(call.images)[start:end] != range(call.images):
            call.refuse("Slice leaves out some of the images")
    return tensor


def _gather(call: NodeCall) -> Value:
    """Entries of an axis: one, a stretch, or several stretches one after the other."""
    tensor, entries = call.map(), call.array(1)
    axis = call.axis(len(tensor.dims), otherwise=0)
    if entries is None:
        raise call.fault("Gather has no entries")
    wanted = [int(one) for one in call.known(entries)]
    whole = tensor.dims[axis]
    wrong = next((one for one in wanted if not -whole <= one < whole), None)
    if wrong is not None:
        raise call.fault(f"there is no entry {wrong} on an axis of {whole}")
    wanted = [one % whole for one in wanted]
    if not entries.dims:
        return picked(tensor, axis, wanted[0], call.here)
    made = _entries(call, tensor, axis, wanted)
    if len(entries.dims) == 1:
        return made
    return reshaped(made, (*made.dims[:axis], *entries.dims, *made.dims[axis + 1 :]), call.here)


def _entries(call: NodeCall, tensor: Tensor, axis: int, entries: Sequence[int]) -> Tensor:
    """These entries of an axis in this order: stretches of neighbours, put one after the other."""
    if not entries:
        raise call.fault(f"{call.node.op} leaves nothing of {tensor.text}")
    if axis == tensor.batch and (call.images > 1 or len(entries) > 1):
        call.refuse(f"{call.node.op} chooses among the images")
    if len(entries) > MOST_ENTRIES:
        call.refuse(f"{call.node.op} takes {len(entries):,} entries of an axis, and at most {MOST_ENTRIES:,} are read")
    starts = [at for at, one in enumerate(entries) if not at or one != entries[at - 1] + 1]
    if len(starts) > MOST_STRETCHES:
        call.refuse(f"{call.node.op} takes {len(starts)} stretches of an axis, and at most {MOST_STRETCHES} are read")
    ends = [*starts[1:], len(entries)]
    runs = [slice(entries[start], entries[end - 1] + 1) for start, end in zip(starts, ends, strict=True)]
    return concatenated([stretch(tensor, axis, run, call.here) for run in runs], axis, call.here)


MOST_ENTRIES, MOST_STRETCHES = 100_000, 64
"""Entries of an axis that are taken, and stretches of them that are put together, at most."""

OPERATORS: Mapping[str, Callable[[NodeCall], Value | Sequence[Value]]] = {
    "Concat": _concat,
    "Split": _split_up,
    "Slice": _slice_of,
    "Gather": _gather,
}
