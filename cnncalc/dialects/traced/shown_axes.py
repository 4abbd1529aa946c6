"""The axes of an operation's result in the order in which its framework shows those of another tensor.

How a tensor is kept is in `trace.py`; no operation is made here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.geometry import Shape

if TYPE_CHECKING:
    from cnncalc.dialects.traced.trace import Tensor


def shown_axes(shape: Shape, like: Tensor) -> tuple[tuple[int, ...], int | None, int | None]:
    """The sizes of a result in the order of axes of `like`, and its axes of images and channels."""
    if shape.rank != len(like.spatial):
        return (1, shape.channels, *shape.spatial), 0, 1
    dims, spatial = list(like.dims), iter(shape.spatial)
    for axis in range(len(dims)):
        if axis == like.channels:
            dims[axis] = shape.channels
        elif axis != like.batch:
            dims[axis] = next(spatial)
    return tuple(dims), like.batch, like.channels
