"""Views of tensors: reshape, flatten, permute, squeeze, expand, and another axis as the channels.

None of them computes anything: the digits of the axes are kept (`digits.py`), and operations are made of them only when
a layer reads the tensor.  Sizes are those that the framework shows, so that its own order of flattening comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

from cnncalc.dialects.traced.digits import Digits, merged, plain, regrouped
from cnncalc.dialects.traced.stated_arrays import as_read, is_parameter
from cnncalc.dialects.traced.trace import MOST_NUMBERS, Tensor, View
from cnncalc.geometry import Order
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading, Unknown

MOST_AXES = 12
"""Axes of one tensor, however it is seen."""


def axis_of(tensor: Tensor, axis: Any, here: Reading) -> int:
    """The axis counted from 0, which may be given from the end; raises PythonFault where there is none."""
    if isinstance(axis, Unknown):
        raise axis.needed("this axis", here.span)
    if type(axis) is not int or not -len(tensor.dims) <= axis < len(tensor.dims):
        message = f"there is no axis {axis!r} in a tensor of {tensor.text}"
        raise PythonFault("no-such-axis", message, here.span, help=f"its axes are 0 to {len(tensor.dims) - 1}")
    return axis % len(tensor.dims)


def axes_of(tensor: Tensor, axes: Any, here: Reading) -> tuple[int, ...]:
    """One axis or several, each counted from 0; raises PythonFault where one is named twice."""
    named = axes if isinstance(axes, (tuple, list)) else (axes,)
    found = tuple(axis_of(tensor, axis, here) for axis in named)
    if len(set(found)) != len(found):
        raise PythonFault("no-such-axis", f"an axis is named twice in {tuple(named)}", here.span)
    return found


def whole_sizes(sizes: Sequence[Any], here: Reading) -> tuple[int, ...]:
    """The sizes as whole numbers; raises PythonFault for what is none, is not known, or is out of bounds."""
    for size in sizes:
        if isinstance(size, Unknown):
            raise size.needed("a size of this tensor", here.span)
        if isinstance(size, Tensor):
            raise PythonFault("data-dependent", "a size depends on the numbers in a tensor", here.span)
        if type(size) is not int:
            advice = "`//` divides whole numbers" if isinstance(size, float) else ""
            raise PythonFault("python-error", f"a size is {size!r}, not a whole number", here.span, help=advice)
    if len(sizes) > MOST_AXES or prod(map(abs, sizes)) > MOST_NUMBERS:
        raise PythonFault("python-bound", f"no tensor of {_text(sizes)} is read", here.span)
    return tuple(sizes)


def reshaped(tensor: Tensor, sizes: Sequence[Any], here: Reading) -> Tensor:
    """The same numbers in row-major order on other axes; one size may be -1."""
    dims = _filled(tensor, whole_sizes(sizes, here), here)
    if dims == tensor.dims:
        return _same(tensor)
    if tensor.is_constant:
        return tensor.seen(dims, None, None)
    tensor = _whole(tensor, here)
    axes = regrouped(_axes(tensor), dims)
    if axes is None:
        axes = regrouped(_axes(_as_row(tensor, here)), dims)
        tensor = _as_row(tensor, here)
    assert axes is not None
    return _seen(tensor, dims, axes, _images(tensor, dims, axes, here), here)


def flattened(tensor: Tensor, start: Any, end: Any, here: Reading) -> Tensor:
    """The axes from `start` to `end`, both included, as one."""
    if not tensor.dims:
        return reshaped(tensor, (1,), here)
    first, last = axis_of(tensor, start, here), axis_of(tensor, end, here)
    if first > last:
        raise PythonFault("no-such-axis", f"axis {first} does not come before axis {last}", here.span)
    numbers = prod(tensor.dims)
    if tensor.batch == first == 0 and last == len(tensor.dims) - 1 and numbers > tensor.dims[0]:
        message = f"{tensor.text} flattened from axis 0 puts all images into one row"
        notes = (f"two images would become {2 * numbers:,} numbers in a row, not 2 rows of {numbers:,}",)
        raise PythonFault("image-in-several-rows", message, here.span, notes=notes, help="write torch.flatten(x, 1)")
    dims = (*tensor.dims[:first], prod(tensor.dims[first : last + 1]), *tensor.dims[last + 1 :])
    return reshaped(tensor, dims, here)


def permuted(tensor: Tensor, axes: Sequence[Any], here: Reading) -> Tensor:
    """The axes in another order; those of a map only change their roles."""
    order = axes_of(tensor, tuple(axes), here)
    if len(order) != len(tensor.dims):
        message = f"{len(order)} axes are named, and a tensor of {tensor.text} has {len(tensor.dims)}"
        raise PythonFault("no-such-axis", message, here.span)
    dims = tuple(tensor.dims[axis] for axis in order)
    long = [axis for axis in order if tensor.dims[axis] != 1]
    if is_parameter(tensor) and long == sorted(long):
        return tensor.seen(dims, None, None)
    tensor = as_read(tensor, here)
    if tensor.is_constant:
        return _other_order(tensor, dims)
    tensor = _whole(tensor, here)
    batch, channels = (None if role is None else order.index(role) for role in (tensor.batch, tensor.channels))
    axes_behind = _axes(tensor)
    found = _viewed(tensor, dims, tuple(axes_behind[axis] for axis in order), (batch, channels), here)
    return replace(found, in_order=found.in_order and long == sorted(long))


def transposed(tensor: Tensor, one: Any, other: Any, here: Reading) -> Tensor:
    """Two axes exchanged."""
    order = list(range(len(tensor.dims)))
    first, second = axis_of(tensor, one, here), axis_of(tensor, other, here)
    order[first], order[second] = order[second], order[first]
    return permuted(tensor, order, here)


def squeezed(tensor: Tensor, axes: Any, here: Reading) -> Tensor:
    """Without the axes of size 1 among these, all for None; the axis of images stays where none is named."""
    if axes is None:
        gone = {axis for axis, size in enumerate(tensor.dims) if size == 1 and axis != tensor.batch}
    else:
        gone = {axis for axis in axes_of(tensor, axes, here) if tensor.dims[axis] == 1}
    return without(tensor, gone, here)


def without(tensor: Tensor, gone: set[int], here: Reading) -> Tensor:
    """The tensor without these axes of size 1."""
    if not gone:
        return _same(tensor)
    kept = [axis for axis in range(len(tensor.dims)) if axis not in gone]
    dims = tuple(tensor.dims[axis] for axis in kept)
    if tensor.is_constant:
        return tensor.seen(dims, None, None)
    tensor = _whole(tensor, here)
    axes = _axes(tensor)
    batch, channels = (kept.index(role) if role in kept else None for role in (tensor.batch, tensor.channels))
    return _viewed(tensor, dims, tuple(axes[axis] for axis in kept), (batch, channels), here)


def unsqueezed(tensor: Tensor, axis: Any, here: Reading) -> Tensor:
    """With a new axis of size 1 before the axis that is named."""
    rank = len(tensor.dims) + 1
    if type(axis) is not int or not -rank <= axis < rank or rank > MOST_AXES:
        raise PythonFault("no-such-axis", f"no axis can be put at {axis!r} of {tensor.text}", here.span)
    at = axis % rank
    dims = (*tensor.dims[:at], 1, *tensor.dims[at:])
    if tensor.is_constant:
        return tensor.seen(dims, None, None)
    tensor = _whole(tensor, here)
    axes = _axes(tensor)
    batch, channels = (None if role is None else role + (role >= at) for role in (tensor.batch, tensor.channels))
    if channels is None:
        channels = at
    return _viewed(tensor, dims, (*axes[:at], (), *axes[at:]), (batch, channels), here)


def expanded(tensor: Tensor, sizes: Sequence[Any], here: Reading) -> Tensor:
    """Every number of an axis of size 1 shown as often as `sizes` say; -1 keeps an axis, new axes come first."""
    wanted = whole_sizes(sizes, here)
    for _ in range(len(wanted) - len(tensor.dims)):
        tensor = unsqueezed(tensor, 0, here)
    dims = tuple(old if new == -1 else new for old, new in zip(tensor.dims, wanted, strict=False))
    fits = all(old in (1, new) for old, new in zip(tensor.dims, dims, strict=False))
    if len(dims) != len(tensor.dims) or not fits or min(dims, default=1) < 1:
        raise PythonFault("reshape-does-not-fit", f"{tensor.text} cannot be repeated as {_text(wanted)}", here.span)
    if dims == tensor.dims:
        return _same(tensor)
    return replace(tensor.seen(dims, tensor.batch, tensor.channels), spread_from=tensor.spread_from or _same(tensor))


def channels_at(tensor: Tensor, axis: Any, here: Reading) -> Tensor:
    """The tensor with this axis as its channels, as a Linear on the last axis and a Conv on the second one want it."""
    at = axis_of(tensor, axis, here)
    if tensor.channels == at or tensor.is_constant:
        return tensor
    if tensor.batch == at:
        message = f"axis {at} of {tensor.text} holds the images, and the channels are expected there"
        raise PythonFault("not-read-here", message, here.span)
    tensor = _whole(tensor, here)
    return _viewed(tensor, tensor.dims, _axes(tensor), (tensor.batch, at), here)


def seen_as(tensor: Tensor, batch: int | None, channels: int | None, here: Reading) -> Tensor:
    """The tensor with other axes as its images and its channels; that of the images must have size 1."""
    if (tensor.batch, tensor.channels) == (batch, channels):
        return tensor
    if batch is not None and tensor.dims[batch] != 1:
        message = f"axis {batch} of {tensor.text} should hold the images, and there is one image"
        raise PythonFault("not-read-here", message, here.span)
    tensor = _whole(tensor, here)
    return _viewed(tensor, tensor.dims, _axes(tensor), (batch, channels), here)


def as_output(tensor: Tensor, order: Order, here: Reading) -> Tensor:
    """What a model gives, its axes where the program has them: a permute at the end is an operation there.

    Within a net axes only have roles; at its end the first axis behind the images holds the channels, or in `order`
    channels_last the last one, whatever the program thinks of them.
    """
    batch = tensor.batch
    if batch is None and len(tensor.dims) > 1 and tensor.dims[0] == 1:
        batch = 0
    others = [axis for axis in range(len(tensor.dims)) if axis != batch]
    channels = next(iter(others[:1] if order == "channels_first" else others[-1:]), None)
    return tensor.trace.settled(seen_as(_whole(tensor, here), batch, channels, here), here)


def current(tensor: Tensor, here: Reading) -> Tensor:
    """The tensor itself, after what was written in place through other views of its numbers.

    Raises PythonFault where that was a part of them, or came in another order.
    """
    later = tensor.storage.later(tensor)
    if later:
        last = later[-1].tensor
        if not (tensor.in_order and last.in_order):
            raise PythonFault(
                "not-read-here",
                f"the numbers of this tensor of {tensor.text} were changed in place through a view of a part of them, "
                "or of another order",
                here.span,
                help="write the change so that it makes a new tensor: `y = y.relu()`, not `y.relu_()`",
            )
        tensor.becomes(seen_as(reshaped(last, tensor.dims, here), tensor.batch, tensor.channels, here))
    tensor.version = len(tensor.storage.writes)
    return tensor


# ---------------------------------------------------------------------- sizes
def _text(sizes: Sequence[Any]) -> str:
    return "x".join(map(str, sizes)) or "no axes"


def _filled(tensor: Tensor, sizes: tuple[int, ...], here: Reading) -> tuple[int, ...]:
    """The sizes with the number that -1 stands for."""
    numbers = prod(tensor.dims)
    rest = prod(size for size in sizes if size != -1)
    if sizes.count(-1) == 1 and rest > 0 and numbers % rest == 0:
        sizes = tuple(numbers // rest if size == -1 else size for size in sizes)
    if min(sizes, default=1) < 1 or prod(sizes) != numbers:
        notes = (f"{_product(tensor.dims)} = {numbers:,}", f"{_product(sizes)} = {prod(sizes):,}")
        if -1 in sizes:
            notes = (notes[0], f"{numbers:,} / {rest:,} leaves a remainder of {numbers % rest:,}" if rest > 0 else "")
        message = f"{tensor.text} = {numbers:,} numbers cannot be seen as {_text(sizes)}"
        raise PythonFault("reshape-does-not-fit", message, here.span, notes=tuple(filter(None, notes)))
    return sizes


def _product(sizes: Sequence[int]) -> str:
    return " * ".join(f"{size:,}" for size in sizes) or "1"


# ---------------------------------------------------------------------- digits and roles
def _same(tensor: Tensor) -> Tensor:
    return replace(tensor)


def _whole(tensor: Tensor, here: Reading) -> Tensor:
    """A tensor that shows every number once."""
    return tensor.trace.settled(tensor, here) if tensor.spread_from is not None else tensor


def _axes(tensor: Tensor) -> tuple[Digits, ...]:
    return tensor.view.axes if tensor.view is not None else plain(tensor.dims)


def _as_row(tensor: Tensor, here: Reading) -> Tensor:
    """All numbers of an image in one row, in the order shown: what is then seen may cut anywhere."""
    dims = (1, prod(tensor.dims))
    row = _seen(tensor, dims, ((), merged(sum(_axes(tensor), ()))), 0, here)
    return tensor.trace.settled(row, here)


def _images(tensor: Tensor, dims: tuple[int, ...], axes: tuple[Digits, ...], here: Reading) -> int | None:
    """The axis of images after a reshape; raises PythonFault where the numbers of one image come into several rows.

    Rows may be the places of one image (`view(-1, channels)`), never pieces of its channels.
    """
    if dims and dims[0] == 1:
        return 0
    if len(dims) == 2 and tensor.batch == 0:
        channels = () if tensor.channels is None else _axes(tensor)[tensor.channels]
        if merged(axes[1]) != merged(channels) or not channels:
            numbers = prod(tensor.dims)
            message = f"{tensor.text} seen as {_text(dims)} makes {dims[0]} rows of one image"
            notes = (f"one image has {_product(tensor.dims[1:])} = {numbers:,} numbers, and a row {dims[1]:,}",)
            advice = f"write {numbers} for {dims[1]}, or flatten with `x.flatten(1)`"
            raise PythonFault("image-in-several-rows", message, here.span, notes=notes, help=advice)
    return None


def _seen(tensor: Tensor, dims: tuple[int, ...], axes: tuple[Digits, ...], batch: int | None, here: Reading) -> Tensor:
    """A view with roles that the digits tell: the axis of all channels where there is one, else the usual one."""
    channels = () if tensor.channels is None else _axes(tensor)[tensor.channels]
    others = [axis for axis in range(len(dims)) if axis != batch]
    same = [axis for axis in others if channels and merged(axes[axis]) == merged(channels)]
    was_last = len(tensor.dims) > 2 and tensor.channels == len(tensor.dims) - 1
    usual = others[-1:] if was_last or tensor.trace.methods.channels_stand_last else others[:1]
    role = next(iter(same or usual), None)
    return _viewed(tensor, dims, axes, (batch, role), here)


def _viewed(
    tensor: Tensor,
    dims: tuple[int, ...],
    axes: tuple[Digits, ...],
    roles: tuple[int | None, int | None],
    here: Reading,
) -> Tensor:
    """The tensor with these axes; `roles` are that of the images and that of the channels.

    It is plain again where its axes are the named axes of what is behind, in their order.
    """
    old = tensor.view
    if old is None:
        old = View(tensor.dims, tensor.batch, tensor.channels, (), here.span, here.trail, ())
    view = old._replace(axes=axes, span=here.span, trail=here.trail, entered=tuple(tensor.trace.entered))
    batch, channels = roles
    found = replace(tensor, dims=dims, batch=batch, channels=channels, view=view)
    if _is_plain(found, view):
        found.view = None
    return found


def _is_plain(tensor: Tensor, view: View) -> bool:
    """Whether the axes shown are those of the result, one by one, in an order that leaves its named axes alone."""
    shown, whole = (tensor.channels, *tensor.spatial), plain(view.dims)
    return len(view.named) == len(shown) and all(
        (1 if at is None else tensor.dims[at]) == (1 if axis is None else view.dims[axis])
        and (() if at is None else view.axes[at]) == (() if axis is None else whole[axis])
        for at, axis in zip(shown, view.named, strict=True)
    )


def _other_order(tensor: Tensor, dims: tuple[int, ...]) -> Tensor:
    """A constant with its axes in another order: the places of its numbers are no longer known."""
    constant = tensor.constant
    if constant is not None and isinstance(constant.values, tuple):
        constant = constant._replace(values=None)
    return replace(tensor, dims=dims, batch=None, channels=None, constant=constant, in_order=False)
