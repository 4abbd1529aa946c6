"""Where branches meet: numbers combined place by place, and maps laid behind one another.

Place by place, what has size 1 along an axis (or one channel) meets every place of it, as numpy spreads it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Kernel, Numbers, Weights, kernel
from cnncalc.kernels.sliding import cut, padded


@kernel("add")
def add(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The sum of the inputs x[n, c, z, y, x], place by place."""
    return _folded(np.add, _fitted(inputs, numbers))


@kernel("mul")
def mul(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The product of the inputs."""
    return _folded(np.multiply, _fitted(inputs, numbers))


@kernel("div")
def div(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The first input divided by the second."""
    return _folded(np.divide, _fitted(inputs, numbers))


@kernel("concat")
def concat(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The channels of the inputs behind one another, in the order of the inputs."""
    return np.concatenate(_cropped(inputs, numbers), axis=1)


@kernel("sub")
def sub(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The first input without the second."""
    return _folded(np.subtract, _fitted(inputs, numbers))


@kernel("max")
def maximum(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The largest of the inputs at each place; NaN where one of them is NaN."""
    return _folded(np.maximum, _fitted(inputs, numbers))


@kernel("min")
def minimum(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The smallest of the inputs at each place; NaN where one of them is NaN."""
    return _folded(np.minimum, _fitted(inputs, numbers))


@kernel("avg")
def average(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The mean of the inputs at each place."""
    out = _folded(np.add, _fitted(inputs, numbers))
    out /= len(inputs)
    return out


@kernel("absdiff")
def absolute_difference(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """How far apart the two inputs are at each place."""
    out = _folded(np.subtract, _fitted(inputs, numbers))
    return np.abs(out, out=out)


def _over_padded(join: Kernel) -> Kernel:
    """The join over its inputs amid zeros, all as large as the largest on every axis; the odd row stands at the end.

    What has one place is spread by all joins but `concat`, and not padded.
    """

    def padded_join(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
        """The join of the inputs, each amid zeros up to the largest size."""
        largest = [max(sizes) for sizes in zip(*(x.shape[2:] for x in inputs), strict=True)]
        grown = [x if join is not concat and _spreads(x) else _amid_zeros(x, largest) for x in inputs]
        return join(grown, weights, {"crop": False})

    return padded_join


kernel("add_padded")(_over_padded(add))
kernel("sub_padded")(_over_padded(sub))
kernel("mul_padded")(_over_padded(mul))
kernel("max_padded")(_over_padded(maximum))
kernel("min_padded")(_over_padded(minimum))
kernel("avg_padded")(_over_padded(average))
kernel("absdiff_padded")(_over_padded(absolute_difference))
kernel("concat_padded")(_over_padded(concat))


def _amid_zeros(x: Array, sizes: Sequence[int]) -> Array:
    pads = [(size - n) // 2 for n, size in zip(x.shape[2:], sizes, strict=True)]
    rest = [size - n - pad for n, size, pad in zip(x.shape[2:], sizes, pads, strict=True)]
    return padded(x, (pads[0], pads[1], pads[2]), (rest[0], rest[1], rest[2]))


def _folded(combine: np.ufunc, maps: list[Array]) -> Array:
    out: Array = maps[0]
    for other in maps[1:]:
        out = combine(out, other)
    return out if len(maps) > 1 else out.copy()


def _spreads(x: Array) -> bool:
    """Whether it has one place only, so that it meets every place of the others."""
    return x.shape[2:] == (1, 1, 1)


def _fitted(inputs: Inputs, numbers: Numbers) -> list[Array]:
    """The inputs as `crop` leaves them; what has one place is spread, so that it stays as it is."""
    whole = iter(_cropped([x for x in inputs if not _spreads(x)], numbers))
    return [x if _spreads(x) else next(whole) for x in inputs]


def _cropped(inputs: Inputs, numbers: Numbers) -> list[Array]:
    """With `crop` the middle of each map, as large as the smallest on every axis; the odd row goes at the end.

    Source: Ronneberger et al. 2015 (U-Net), "copy and crop".
    """
    if not numbers["crop"]:
        return list(inputs)
    smallest = [min(sizes) for sizes in zip(*(x.shape[2:] for x in inputs), strict=True)]
    return [cut(x, map(_middle, x.shape[2:], smallest)) for x in inputs]


def _middle(size: int, small: int) -> slice:
    offset = (size - small) // 2
    return slice(offset, offset + small)
