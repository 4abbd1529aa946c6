"""Operators that show the same numbers on other axes: Reshape, Flatten, Transpose, Squeeze, Unsqueeze, Expand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod

from cnncalc.dialects.onnx.constant_arrays import Array, known_array
from cnncalc.dialects.onnx.node_call import NodeCall, Value
from cnncalc.dialects.traced.trace import Tensor
from cnncalc.dialects.traced.views import expanded, permuted, reshaped, squeezed, unsqueezed


def _reshape(call: NodeCall) -> Value:
    """0 keeps a size, -1 is what is left; the number of images that the file states is that of one image here."""
    tensor, wanted = call.map(), call.wholes("shape", 1)
    if wanted is None:
        raise call.fault("Reshape has no sizes")
    if not call.whole("allowzero", 0):
        if any(size == 0 and axis >= len(tensor.dims) for axis, size in enumerate(wanted)):
            raise call.fault(f"Reshape keeps more axes than {tensor.text} has")
        wanted = tuple(tensor.dims[axis] if size == 0 else size for axis, size in enumerate(wanted))
    return reshaped(tensor, one_image(call, tensor, wanted), call.here)


def one_image(call: NodeCall, tensor: Tensor, wanted: Sequence[int]) -> tuple[int, ...]:
    """The sizes for one image where the file states them for several."""
    sizes = tuple(wanted)
    if call.images > 1 and sizes[:1] == (call.images,) and tensor.batch == 0:
        return (1, *sizes[1:])
    return sizes


def _flatten(call: NodeCall) -> Value:
    tensor = call.map()
    axis = call.whole("axis", 1)
    rank = len(tensor.dims)
    if not -rank <= axis <= rank:
        raise call.fault(f"there is no axis {axis} in a tensor with {rank}")
    axis = axis % rank if axis < 0 else axis
    return reshaped(tensor, (prod(tensor.dims[:axis]), prod(tensor.dims[axis:])), call.here)


def _transpose(call: NodeCall) -> Value:
    tensor = call.map()
    order = call.wholes("perm") or tuple(reversed(range(len(tensor.dims))))
    return permuted(tensor, order, call.here)


def _squeeze(call: NodeCall) -> Value:
    tensor = call.map()
    axes = call.axes(len(tensor.dims), 1)
    if axes is not None and any(tensor.dims[axis] != 1 for axis in axes):
        raise call.fault(f"Squeeze takes away axes of size 1, and {tensor.text} arrives")
    return squeezed(tensor, axes, call.here)


def _unsqueeze(call: NodeCall) -> Value:
    tensor = call.map()
    named = call.wholes("axes", 1) or ()
    axes = call.axes(len(tensor.dims) + len(named), 1)
    for axis in sorted(axes or ()):
        tensor = unsqueezed(tensor, axis, call.here)
    return tensor


def _expand(call: NodeCall) -> Value:
    tensor, wanted = call.tensor(), call.wholes("shape", 1)
    if wanted is None:
        raise call.fault("Expand has no sizes")
    wanted = (1,) * (len(tensor.dims) - len(wanted)) + one_image(call, tensor, wanted)
    behind = (1,) * (len(wanted) - len(tensor.dims)) + tensor.dims
    sizes = [old if new == 1 else new for old, new in zip(behind, wanted, strict=True)]
    return expanded(tensor, sizes, call.here)


def _shape(call: NodeCall) -> Value:
    """The sizes are numbers that are known."""
    last = call.wholes("end")
    dims = call.map().dims[slice(call.whole("start", 0), last[0] if last else None)]
    return known_array(call.node.outputs[0], (len(dims),), dims, is_whole=True)


def _size(call: NodeCall) -> Array:
    return known_array(call.node.outputs[0], (), (prod(call.map().dims),), is_whole=True)


OPERATORS: Mapping[str, Callable[[NodeCall], Value]] = {
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Transpose": _transpose,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Expand": _expand,
    "Shape": _shape,
    "Size": _size,
}
