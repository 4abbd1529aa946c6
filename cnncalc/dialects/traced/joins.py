"""Several tensors as one, and fewer axes: joins number by number with spreading, concat, stack, reductions.

Sizes fit each other as in NumPy: axes are compared from the last one on, and one of size 1 is spread.  The layers judge
themselves what they spread; what they refuse is a fault of the program at the place of the call.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from cnncalc.dialects.traced.known_numbers import made_of
from cnncalc.dialects.traced.stated_arrays import as_operation, as_read
from cnncalc.dialects.traced.trace import Constant, Tensor
from cnncalc.dialects.traced.views import axes_of, axis_of, seen_as, unsqueezed, without
from cnncalc.geometry import AXIS_NAMES
from cnncalc.layers.adaptive_pool import AdaptiveAvgPool, AdaptiveMaxPool
from cnncalc.layers.base import Layer
from cnncalc.layers.global_pool import GlobalAvgPool, GlobalMaxPool
from cnncalc.layers.joining import Concat
from cnncalc.layers.reducing import Reduce
from cnncalc.layers.registry import LAYERS, layer_class
from cnncalc.python.program_error import PythonFault
from cnncalc.python.values import Reading, Unknown


def layer_called(word: str, here: Reading, variant: str = "", **arguments: Any) -> Layer:
    """The layer of that word; raises PythonFault where there is none."""
    if word not in LAYERS or (variant and variant not in dict(LAYERS[word].variants)):
        written = f"{word} {variant}=" if variant else word
        raise PythonFault("no-such-layer", f"no layer here does what `{written}` would", here.span)
    return layer_class(word, variant)(**arguments)


def axis_name(tensor: Tensor, axis: int) -> str:
    """The axis as our words call it: `channels`, `width`."""
    names = AXIS_NAMES.get(len(tensor.spatial), ())
    return dict(zip(tensor.spatial, names, strict=False)).get(axis, "channels")


def joined(word: str, tensors: Sequence[Any], here: Reading) -> Tensor:
    """The tensors combined number by number by a layer (`add`, `sub`, `mul`, `max`, `avg` ...), spread to one size."""
    found = known(tensors, here)
    dims = found[0].dims
    for one in found[1:]:
        dims = spread_sizes(dims, one.dims, here)
    found = tuple(one.spread_from or one for one in found)
    images = [one for one in found if not one.is_constant]
    if not images:
        return _constant(found, dims, is_kept=word in ("max", "min", "avg"))
    wide = max(images, key=lambda one: (len(one.dims), prod(one.dims)))
    if len(wide.dims) < len(dims):
        wide = aligned(wide, wide.seen((1,) * len(dims), None, len(dims) - 1), here)
    like = Tensor(wide.trace, dims, wide.batch, wide.channels, wide.operation)
    read = tuple(_read(as_operation(aligned(one, like, here), like, here)) for one in found)
    return wide.trace.layer(layer_called(word, here), read, here, like=like)


def aligned(tensor: Tensor, like: Tensor, here: Reading) -> Tensor:
    """The tensor with as many axes as `like`, in the same roles."""
    for _ in range(len(like.dims) - len(tensor.dims)):
        tensor = unsqueezed(tensor, 0, here)
    if tensor.is_constant or (tensor.batch, tensor.channels) == (like.batch, like.channels):
        return tensor
    return seen_as(tensor, like.batch, like.channels, here)


def _read(tensor: Tensor) -> Tensor:
    """A flat vector itself where it is seen as a map of one place: every join spreads it."""
    view = tensor.view
    if view is None or tensor.channels is None or view.channels is None or view.behind.spatial:
        return tensor
    channels = view.behind.channels
    if prod(tensor.dims) != channels or tensor.dims[tensor.channels] != channels:
        return tensor
    return Tensor(tensor.trace, view.dims, view.batch, view.channels, tensor.operation)


def spread_sizes(left: tuple[int, ...], right: tuple[int, ...], here: Reading) -> tuple[int, ...]:
    """The sizes of what two tensors make together; raises PythonFault where they do not fit each other."""
    rank = max(len(left), len(right))
    first, second = (1,) * (rank - len(left)) + left, (1,) * (rank - len(right)) + right
    for axis, (one, other) in enumerate(zip(first, second, strict=True)):
        if one != other and 1 not in (one, other):
            texts = ["x".join(map(str, sizes)) for sizes in (left, right)]
            message = f"tensors of {texts[0]} and {texts[1]} do not fit each other"
            raise PythonFault("shapes-differ", message, here.span, notes=(f"axis {axis} is {one} and {other}",))
    return tuple(map(max, first, second))


def concatenated(tensors: Sequence[Any], axis: Any, here: Reading) -> Tensor:
    """The tensors one after the other along an axis."""
    found = known(tensors, here)
    if all(one.is_constant for one in found):
        found = (as_read(found[0], here), *found[1:])
    first = next((one for one in found if not one.is_constant), found[0])
    at = axis_of(first, axis, here)
    for one in found:
        rest = [sizes[:at] + sizes[at + 1 :] for sizes in (first.dims, one.dims)]
        if len(one.dims) != len(first.dims) or rest[0] != rest[1]:
            message = f"{first.text} and {one.text} cannot be put together along axis {at}"
            notes = ("all other axes must have the same sizes",)
            raise PythonFault("shapes-differ", message, here.span, notes=notes)
    dims = (*first.dims[:at], sum(one.dims[at] for one in found), *first.dims[at + 1 :])
    if first.is_constant:
        return _constant(found, dims, is_kept=True)
    if len(found) == 1:
        return first.apart()
    found = tuple(_spread_alone(one, first) for one in found)
    if at == first.batch:
        message = "tensors one after the other along the axis of images make several images of one"
        raise PythonFault("image-in-several-rows", message, here.span, help="channels are on axis 1: dim=1")
    channels = at if any(one.channels == at for one in found) or first.channels is None else first.channels
    like = seen_as(first, first.batch, channels, here)
    placed = tuple(
        as_operation(one, like, here) if one.is_constant else seen_as(one, first.batch, channels, here) for one in found
    )
    layer = Concat() if at == channels else layer_called("concat", here, "axis", axis=axis_name(like, at))
    return first.trace.layer(layer, placed, here, like=like)


def _spread_alone(tensor: Tensor, like: Tensor) -> Tensor:
    """A parameter that is repeated only along the images, of which there is one, is the parameter itself."""
    small = tensor.spread_from
    is_same = small is not None and small.is_constant and small.dims == tensor.dims[: len(small.dims)]
    return small if small is not None and is_same and len(small.dims) == len(like.dims) else tensor


def stacked(tensors: Sequence[Any], axis: Any, here: Reading) -> Tensor:
    """The tensors one after the other along a new axis."""
    found = known(tensors, here)
    at = axis % (len(found[0].dims) + 1) if type(axis) is int else axis
    return concatenated([unsqueezed(one, at, here) for one in found], at, here)


def reduced(word: str, tensor: Tensor, axes: Any, keep: bool, here: Reading, *, unbiased: bool = False) -> Tensor:
    """The `mean`, `max`, `sum` ... over one or several axes; all for None.  `unbiased` is for var and std."""
    every = set(range(len(tensor.dims)) if axes is None else axes_of(tensor, axes, here))
    dims = tuple(1 if axis in every else size for axis, size in enumerate(tensor.dims) if keep or axis not in every)
    tensor = as_read(tensor, here)
    if tensor.is_constant:
        return _constant((tensor,), dims, is_kept=word in ("mean", "max", "min"))
    if tensor.batch in every:
        raise PythonFault("not-read-here", f"the {word} over all images is no part of a net", here.span)
    if all(tensor.dims[axis] == 1 for axis in every) and word in _OF_ONE:
        return (tensor if keep else without(tensor, every, here)).apart()
    tensor = tensor.trace.settled(tensor, here)
    made = tensor.trace.layer(_reducing(word, tensor, every, keep, unbiased), (tensor,), here)
    kept = [axis for axis in range(len(tensor.dims)) if keep or axis not in every]
    batch, channels = (kept.index(role) if role in kept else None for role in (tensor.batch, tensor.channels))
    return Tensor(tensor.trace, dims, batch, channels, made.operation)


_OF_ONE = frozenset(("mean", "max", "min", "sum", "prod"))
"""What leaves a single number as it is."""

_POOLS = {"mean": (GlobalAvgPool, AdaptiveAvgPool), "max": (GlobalMaxPool, AdaptiveMaxPool)}


def _reducing(word: str, tensor: Tensor, gone: set[int], keep: bool, unbiased: bool) -> Layer:
    """A pool where one does it, else a reduction along the named axes."""
    if word in _POOLS and gone <= set(tensor.spatial):
        whole, adaptive = _POOLS[word]
        if gone == set(tensor.spatial):
            return whole(keep=keep)
        if keep:
            return adaptive(output_size=tuple(1 if axis in gone else tensor.dims[axis] for axis in tensor.spatial))
    names = dict(zip(tensor.spatial, AXIS_NAMES[len(tensor.spatial)], strict=True))
    axes = tuple(names.get(axis, "channels") for axis in sorted(gone))
    return Reduce(how=word, axes=axes, keep=keep, unbiased=unbiased)


def known(tensors: Sequence[Any], here: Reading) -> tuple[Tensor, ...]:
    """The tensors, of which there is at least one; raises PythonFault for what is none."""
    for one in tensors:
        if isinstance(one, Unknown):
            raise one.needed("this tensor", here.span)
        if not isinstance(one, Tensor):
            raise PythonFault("python-error", "a tensor is expected here", here.span)
    if not tensors:
        raise PythonFault("python-error", "at least one tensor is needed here", here.span)
    return tuple(tensors)


def _constant(tensors: Sequence[Tensor], dims: tuple[int, ...], *, is_kept: bool) -> Tensor:
    """What is made of constants: one number where all are that number and it `is_kept`."""
    first = tensors[0]
    held = {type(one.constant.values) is tuple or one.constant.values for one in tensors if one.constant is not None}
    alike = held.pop() if is_kept and len(held) == 1 else None
    made = Constant(made_of(first.constant), values=alike if type(alike) in (int, float) else None)
    return Tensor(first.trace, dims, None, None, constant=made)
