"""Parts of tensors: `x[:, :3]`, `x[..., ::2]`, `split`, `chunk`.

A stretch of channels is a slice, a stretch of rows a crop, every n-th row a pool that looks at one place.  A part of a
view is taken from what is behind it where the axis shown counts along one axis there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cnncalc.dialects.traced.trace import Tensor, View
from cnncalc.dialects.traced.views import axis_of, unsqueezed, whole_sizes, without
from cnncalc.geometry import Padding
from cnncalc.layers.base import Layer
from cnncalc.layers.channels import Slice
from cnncalc.layers.pool import MaxPool
from cnncalc.layers.resizing import Crop
from cnncalc.python.faults import PythonFault
from cnncalc.python.values import Reading, Unknown


def part(tensor: Tensor, key: Any, here: Reading) -> Tensor:
    """`tensor[key]`."""
    keys = list(key) if isinstance(key, tuple) else [key]
    for one in keys:
        _refuse_other_keys(one, here)
    named = sum(one is not None and one is not Ellipsis for one in keys)
    if named > len(tensor.dims):
        message = f"{named} axes are named, and a tensor of {tensor.text} has {len(tensor.dims)}"
        raise PythonFault("no-such-axis", message, here.span)
    if Ellipsis in keys:
        at = keys.index(Ellipsis)
        keys[at : at + 1] = [slice(None)] * (len(tensor.dims) - named)
    found, axis = replace(tensor), 0
    for one in keys:
        if one is None:
            found = unsqueezed(found, axis, here)
        elif isinstance(one, slice):
            found = stretch(found, axis, one, here)
        else:
            found, axis = picked(found, axis, one, here), axis - 1
        axis += 1
    return found


def _refuse_other_keys(key: Any, here: Reading) -> None:
    for one in (key.start, key.stop, key.step) if isinstance(key, slice) else (key,):
        if isinstance(one, Unknown):
            raise one.needed("this part of a tensor", here.span)
        if isinstance(one, Tensor):
            raise PythonFault("data-dependent", "which part this is depends on the numbers in a tensor", here.span)
        if one is not None and one is not Ellipsis and type(one) is not int:
            raise PythonFault("no-such-layer", "no layer here picks entries by a list of places", here.span)


def picked(tensor: Tensor, axis: int, index: int, here: Reading) -> Tensor:
    """One entry of an axis, which goes."""
    size = tensor.dims[axis]
    if not -size <= index < size:
        images = "; reading follows one image" if axis == tensor.batch else ""
        message = f"there is no entry {index} on an axis of {size}{images}"
        raise PythonFault("no-such-axis", message, here.span, notes=(f"the tensor is {tensor.text}",))
    index %= size
    return without(stretch(tensor, axis, slice(index, index + 1), here), {axis}, here)


def stretch(tensor: Tensor, axis: Any, wanted: slice, here: Reading) -> Tensor:
    """A slice of one axis."""
    at = axis_of(tensor, axis, here)
    size = tensor.dims[at]
    if wanted.step is not None and wanted.step < 1:
        raise PythonFault("python-error", f"a tensor has no step of {wanted.step}", here.span)
    start, stop, step = wanted.indices(size)
    count = len(range(start, stop, step))
    if count == 0:
        message = f"nothing is left of axis {at} of {tensor.text}"
        raise PythonFault("crop-too-large", message, here.span, notes=(f"from {start} up to, not including, {stop}",))
    if count == size:
        return replace(tensor)
    dims = (*tensor.dims[:at], count, *tensor.dims[at + 1 :])
    if tensor.is_constant:
        return _of_constant(tensor, dims)
    if tensor.spread_from is not None:
        tensor = tensor.trace.settled(tensor, here)
    if tensor.view is None:
        return _cut(tensor, at, range(start, stop, step), here)
    behind = _behind(tensor, tensor.view, at, range(start, stop, step), here)
    return behind or stretch(tensor.trace.settled(tensor, here), at, wanted, here)


def split(tensor: Tensor, sizes: Any, axis: Any, here: Reading) -> tuple[Tensor, ...]:
    """Pieces of so many entries each, the last one smaller where it does not come out even; or of these sizes."""
    at = axis_of(tensor, axis, here)
    whole = tensor.dims[at]
    if isinstance(sizes, (tuple, list)):
        wanted = whole_sizes(sizes, here)
        if sum(wanted) != whole or min(wanted, default=0) < 0:
            message = f"the pieces have {sum(wanted)} entries together, and the axis has {whole}"
            raise PythonFault("reshape-does-not-fit", message, here.span, notes=(f"the tensor is {tensor.text}",))
    else:
        (each,) = whole_sizes((sizes,), here)
        if each < 1:
            raise PythonFault("python-error", f"pieces of {each} entries are none", here.span)
        here.charge(whole // each)
        wanted = tuple(min(each, whole - start) for start in range(0, whole, each))
    starts = [sum(wanted[:index]) for index in range(len(wanted))]
    return tuple(
        stretch(tensor, at, slice(start, start + size), here) for start, size in zip(starts, wanted, strict=True)
    )


def chunked(tensor: Tensor, count: Any, axis: Any, here: Reading) -> tuple[Tensor, ...]:
    """So many pieces of equal size; the last one may be smaller."""
    (pieces,) = whole_sizes((count,), here)
    if pieces < 1:
        raise PythonFault("python-error", f"{pieces} pieces are none", here.span)
    return split(tensor, -(-tensor.dims[axis_of(tensor, axis, here)] // pieces), axis, here)


def _of_constant(tensor: Tensor, dims: tuple[int, ...]) -> Tensor:
    constant = tensor.constant
    if constant is not None and isinstance(constant.values, tuple):
        constant = constant._replace(values=None)
    return Tensor(tensor.trace, dims, None, None, constant=constant)


def _cut(tensor: Tensor, axis: int, kept: range, here: Reading) -> Tensor:
    """The entries `kept` of an axis that the operation's result has itself."""
    size = tensor.dims[axis]
    if axis in (tensor.channels, tensor.batch):
        if kept.step != 1:
            raise PythonFault("no-such-layer", f"no layer here picks every {kept.step}th channel", here.span)
        return tensor.trace.layer(Slice(channels=(kept.start, kept.stop)), (tensor,), here)
    layers: list[Layer] = []
    after = size - kept.stop
    if kept.step == 1 or kept.start or after:
        sides = tuple((kept.start, after) if each == axis else (0, 0) for each in tensor.spatial)
        layers.append(Crop(padding=Padding("explicit", sides)))
    if kept.step > 1:
        stride = tuple(kept.step if each == axis else 1 for each in tensor.spatial)
        layers.append(MaxPool(kernel_size=(1,), stride=stride))
    for layer in layers:
        tensor = tensor.trace.layer(layer, (tensor,), here)
    return tensor


def _behind(tensor: Tensor, view: View, axis: int, kept: range, here: Reading) -> Tensor | None:
    """The part taken from what is behind a view; None where the axis does not count along a whole axis there."""
    if len(view.axes[axis]) != 1:
        return None
    digit = view.axes[axis][0]
    if digit.stride * digit.size != view.dims[digit.axis] or (kept.step > 1 and digit.stride > 1):
        return None
    result = Tensor(tensor.trace, view.dims, view.batch, view.channels, tensor.operation)
    entries = range(kept.start * digit.stride, kept.stop * digit.stride, kept.step)
    cut = _cut(result, digit.axis, entries, here)
    left = digit._replace(size=len(kept))
    axes = tuple(((left,) if left.size > 1 else ()) if at == axis else one for at, one in enumerate(view.axes))
    dims = tuple(len(kept) if at == axis else size for at, size in enumerate(tensor.dims))
    return replace(tensor, dims=dims, operation=cut.operation, view=view._replace(dims=cut.dims, axes=axes))
