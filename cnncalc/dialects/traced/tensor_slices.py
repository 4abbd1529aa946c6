"""Parts of tensors: `x[:, :3]`, `x[..., ::2]`, `split`, `chunk`.

A stretch of channels is a slice, a stretch of rows a crop, every n-th row a pool that looks at one place.  A part of a
view is taken from what is behind it where the axis shown counts along one axis there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cnncalc.dialects.traced.stated_arrays import as_read
from cnncalc.dialects.traced.storage import Region
from cnncalc.dialects.traced.trace import Tensor, View
from cnncalc.dialects.traced.views import axis_of, unsqueezed, whole_sizes, without
from cnncalc.geometry import Padding
from cnncalc.layers.base import Layer
from cnncalc.layers.channels import Slice
from cnncalc.layers.pool import MaxPool
from cnncalc.layers.resizing import Crop
from cnncalc.python.program_error import PythonFault
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
    found = _stretches(tensor, [one for one in keys if one is not None], here)
    axis = 0
    for one in keys:
        if one is None:
            found = unsqueezed(found, axis, here)
        elif not isinstance(one, slice):
            found, axis = without(found, {axis}, here), axis - 1
        axis += 1
    return found


def _stretches(tensor: Tensor, keys: list[Any], here: Reading) -> Tensor:
    """The stretches of all axes that are named, in order; an entry is a stretch of one."""
    wanted = {axis: _stretch_of(tensor, axis, one, here) for axis, one in enumerate(keys)}
    cut = {axis: kept for axis, kept in wanted.items() if len(kept) < tensor.dims[axis]}
    if tensor.spread_from is None and tensor.view is None and not tensor.is_constant and cut:
        return _as_part(tensor, _cut(tensor, cut, here), cut)
    for axis, kept in cut.items():
        tensor = stretch(tensor, axis, slice(kept.start, kept.stop, kept.step), here)
    return replace(tensor)


def _stretch_of(tensor: Tensor, axis: int, key: Any, here: Reading) -> range:
    """The entries of an axis that a slice or a number means."""
    size = tensor.dims[axis]
    if not isinstance(key, slice):
        if not -size <= key < size:
            images = "; reading follows one image" if axis == tensor.batch else ""
            message = f"there is no entry {key} on an axis of {size}{images}"
            raise PythonFault("no-such-axis", message, here.span, notes=(f"the tensor is {tensor.text}",))
        return range(key % size, key % size + 1)
    if key.step is not None and key.step < 1:
        raise PythonFault("python-error", f"a tensor has no step of {key.step}", here.span)
    start, stop, step = key.indices(size)
    if start >= stop:
        message = f"nothing is left of axis {axis} of {tensor.text}"
        raise PythonFault("crop-too-large", message, here.span, notes=(f"from {start} up to, not including, {stop}",))
    return range(start, stop, step)


def _refuse_other_keys(key: Any, here: Reading) -> None:
    for one in (key.start, key.stop, key.step) if isinstance(key, slice) else (key,):
        if isinstance(one, Unknown):
            raise one.needed("this part of a tensor", here.span)
        if isinstance(one, Tensor):
            raise PythonFault("data-dependent", "which part this is depends on the numbers in a tensor", here.span)
        if one is not None and one is not Ellipsis and type(one) is not int:
            raise PythonFault("no-such-layer", "no layer here picks entries by a list of places", here.span)


def picked(tensor: Tensor, axis: Any, index: int, here: Reading) -> Tensor:
    """One entry of an axis, which goes."""
    at = axis_of(tensor, axis, here)
    kept = _stretch_of(tensor, at, index, here)
    return without(stretch(tensor, at, slice(kept.start, kept.stop), here), {at}, here)


def stretch(tensor: Tensor, axis: Any, wanted: slice, here: Reading) -> Tensor:
    """A slice of one axis."""
    at = axis_of(tensor, axis, here)
    kept = _stretch_of(tensor, at, wanted, here)
    if len(kept) == tensor.dims[at]:
        return replace(tensor)
    return _as_part(tensor, _shorter(tensor, at, kept, here), {at: kept})


def _as_part(tensor: Tensor, made: Tensor, cut: Mapping[int, range]) -> Tensor:
    """What is cut out of a tensor as a view of its numbers; the first axis that is cut tells which they are."""
    axis, entries = next(iter(cut.items()))
    region = Region(tensor.dims, axis, entries) if tensor.in_order else tensor.region
    made = tensor.viewed_as(made)
    made.region, made.in_order = region, False
    return made


def _shorter(tensor: Tensor, at: int, kept: range, here: Reading) -> Tensor:
    """The tensor with these entries of an axis."""
    tensor = as_read(tensor, here)
    if tensor.is_constant:
        return _of_constant(tensor, (*tensor.dims[:at], len(kept), *tensor.dims[at + 1 :]))
    if tensor.spread_from is not None:
        tensor = tensor.trace.settled(tensor, here)
    if tensor.view is None:
        return _cut(tensor, {at: kept}, here)
    behind = _behind(tensor, tensor.view, at, kept, here)
    return behind or _shorter(tensor.trace.settled(tensor, here), at, kept, here)


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


def _cut(tensor: Tensor, kept: Mapping[int, range], here: Reading) -> Tensor:
    """These entries of axes that the operation's result has itself."""
    for layer in _cutting(tensor, kept, here):
        tensor = tensor.trace.layer(layer, (tensor,), here)
    return tensor


def _cutting(tensor: Tensor, kept: Mapping[int, range], here: Reading) -> Iterator[Layer]:
    """The layers that leave these entries: a slice of the channels, a crop, a pool that looks at every n-th place."""
    if tensor.channels is not None and tensor.channels in kept:
        channels = kept[tensor.channels]
        if channels.step != 1:
            raise PythonFault("no-such-layer", f"no layer here picks every {channels.step}th channel", here.span)
        yield Slice(channels=(channels.start, channels.stop))
    whole = [kept.get(axis, range(tensor.dims[axis])) for axis in tensor.spatial]
    sides = tuple((one.start, tensor.dims[axis] - one.stop) for one, axis in zip(whole, tensor.spatial, strict=True))
    if any(map(any, sides)):
        yield Crop(padding=Padding("explicit", sides))
    if any(one.step > 1 for one in whole):
        steps = tuple(one.step for one in whole)
        yield MaxPool(kernel_size=(1,), stride=steps[:1] if len(set(steps)) == 1 else steps)


def _behind(tensor: Tensor, view: View, axis: int, kept: range, here: Reading) -> Tensor | None:
    """The part taken from what is behind a view; None where the axis does not count along a whole axis there."""
    if len(view.axes[axis]) != 1:
        return None
    digit = view.axes[axis][0]
    if digit.stride * digit.size != view.dims[digit.axis] or (kept.step > 1 and digit.stride > 1):
        return None
    result = Tensor(tensor.trace, view.dims, view.batch, view.channels, tensor.operation)
    entries = range(kept.start * digit.stride, kept.stop * digit.stride, kept.step)
    cut = _cut(result, {digit.axis: entries}, here)
    left = digit._replace(size=len(kept))
    axes = tuple(((left,) if left.size > 1 else ()) if at == axis else one for at, one in enumerate(view.axes))
    dims = tuple(len(kept) if at == axis else size for at, size in enumerate(tensor.dims))
    return replace(tensor, dims=dims, operation=cut.operation, view=view._replace(dims=cut.dims, axes=axes))
