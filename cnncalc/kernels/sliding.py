"""Windows that really slide: pads are written, the window is moved along while it fits, and its places are counted.

No output size is computed here.  A shape that a kernel returns is thereby a measurement, which can confirm or refute
the floor formula of `cnncalc.geometry`, a module that no kernel knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnncalc.kernels.contract import Array, Numbers, Sizes, Weights

Block = tuple[slice, slice, slice]
"""A range of output places on each axis."""

EVERYWHERE: Block = (slice(None), slice(None), slice(None))


def padded(x: Array, before: Sequence[int], after: Sequence[int], fill: str = "zeros", value: float = 0.0) -> Array:
    """x[n, c, z, y, x] with rows added on the spatial axes; x itself when there are none to add.

    `fill`: "zeros" (or another constant `value`), "edge" (aa|abc|cc), "reflect" (cb|abc|ba), "wrap" (bc|abc|ab).
    """
    if not any(before) and not any(after):
        return x
    if fill == "zeros":
        spatial = tuple(n + first + last for n, first, last in zip(x.shape[2:], before, after, strict=True))
        result = np.full((*x.shape[:2], *spatial), value, x.dtype)
        cut(result, (slice(first, first + n) for n, first in zip(x.shape[2:], before, strict=True)))[...] = x
        return result
    modes: dict[str, Any] = {"mode": fill}
    return np.pad(x, ((0, 0), (0, 0), *zip(before, after, strict=True)), **modes)


def cut(x: Array, spatial: Iterable[slice]) -> Array:
    """A view of a part of x[..., z, y, x]."""
    index: tuple[Any, ...] = (..., *spatial)
    part: Array = x[index]
    return part


class Windows:
    """Where a window stands on each axis of a padded input: `starts` are the indices of its first tap.

    Output o of an axis reads starts[o] + k * dilation for every tap k of the kernel.
    """

    def __init__(self, starts: tuple[NDArray[np.intp], ...], kernel: Sizes, dilation: Sizes) -> None:
        self.starts = starts
        self.kernel = kernel
        self.dilation = dilation

    @classmethod
    def over(cls, spatial: tuple[int, ...], numbers: Numbers) -> Windows:
        """Every window that fits into an input of these sizes, pads included."""
        axes = zip(spatial, numbers["kernel"], numbers["stride"], numbers["dilation"], strict=True)
        return cls(tuple(_starts(*axis) for axis in axes), numbers["kernel"], numbers["dilation"])

    @classmethod
    def stamped(cls, spatial: tuple[int, ...], numbers: Numbers) -> Windows:
        """The places where a transposed convolution puts its kernel: one for each input, `stride` apart."""
        axes = zip(spatial, numbers["stride"], strict=True)
        return cls(tuple(np.arange(n) * s for n, s in axes), numbers["kernel"], numbers["dilation"])

    @property
    def outputs(self) -> Sizes:
        """How many windows there are on each axis."""
        depth, height, width = (len(starts) for starts in self.starts)
        return depth, height, width

    @property
    def reached(self) -> Sizes:
        """How long each axis must be for the last tap of the last window to lie inside."""
        axes = zip(self.starts, self.kernel, self.dilation, strict=True)
        depth, height, width = (int(s[-1]) + d * (k - 1) + 1 if len(s) else 0 for s, k, d in axes)
        return depth, height, width

    def taps(self) -> Iterator[Sizes]:
        """Every tap (kz, ky, kx) of the kernel, row by row."""
        kz, ky, kx = map(range, self.kernel)
        return product(kz, ky, kx)

    def met(self, x: Array, tap: Sizes, block: Block = EVERYWHERE) -> Array:
        """A view of x[..., z, y, x]: the value that this tap meets in each window of the block, [..., oz, oy, ox]."""
        axes = zip(self.starts, tap, self.dilation, block, strict=True)
        return cut(x, (_places(starts[part] + k * d) for starts, k, d, part in axes))


def _starts(size: int, kernel: int, stride: int, dilation: int) -> NDArray[np.intp]:
    candidates = np.arange(0, size, stride)
    return candidates[candidates + dilation * (kernel - 1) < size]


def _places(indices: NDArray[np.intp]) -> slice:
    if len(indices) == 0:
        return slice(0, 0)
    step = int(indices[1] - indices[0]) if len(indices) > 1 else 1
    return slice(int(indices[0]), int(indices[-1]) + 1, step)


def blocks(outputs: Sizes, largest: int) -> Iterator[tuple[Block, slice]]:
    """Cut all output places into blocks of at most `largest` neighbours.

    Yields the block by axis, and the same places as one slice of the flattened (oz, oy, ox): a block takes whole
    planes, or else whole rows of one plane, or else a piece of one row.
    """
    depth, height, width = outputs
    x_step = max(1, min(width, largest))
    y_step = max(1, min(height, largest // x_step)) if x_step == width else 1
    z_step = max(1, min(depth, largest // (x_step * y_step))) if x_step == width and y_step == height else 1
    for z in range(0, depth, z_step):
        for y in range(0, height, y_step):
            for x in range(0, width, x_step):
                ends = min(z + z_step, depth), min(y + y_step, height), min(x + x_step, width)
                first = (z * height + y) * width + x
                count = (ends[0] - z) * (ends[1] - y) * (ends[2] - x)
                yield (slice(z, ends[0]), slice(y, ends[1]), slice(x, ends[2])), slice(first, first + count)


def oriented(weight: Array, numbers: Numbers) -> Array:
    """The kernel as it is applied: with `flip` turned by 180 degrees on its three spatial axes."""
    return np.ascontiguousarray(weight[..., ::-1, ::-1, ::-1]) if numbers["flip"] else weight


def in_groups(groups: int, *arrays: Array) -> list[list[Array]]:
    """Each array cut into `groups` equal parts of its first axis."""
    return [np.split(array, groups) for array in arrays]


def add_bias(out: Array, weights: Weights) -> Array:
    """out[n, co, ...] with the bias[co], where there is one, added in place."""
    if "bias" in weights:
        out += weights["bias"].reshape(-1, 1, 1, 1)
    return out


def writable(array: Any) -> Array:
    """The array as compiled loops know it: contiguous and writable, so that one compiled version serves all."""
    return np.require(array, requirements=["C", "W"])
