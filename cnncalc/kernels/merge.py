"""Where branches meet: sums, products, and maps laid behind one another."""

from __future__ import annotations

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel
from cnncalc.kernels.sliding import cut


@kernel("add")
def add(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The sum of the inputs x[n, c, z, y, x], place by place."""
    return _folded(np.add, _fitted(inputs, numbers))


@kernel("mul")
def mul(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The product of the inputs; a flat vector or a 1x1 map is spread over all places of the others."""
    whole = iter(_fitted([x for x in inputs if not _spreads(x)], numbers))
    return _folded(np.multiply, [x if _spreads(x) else next(whole) for x in inputs])


@kernel("concat")
def concat(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """The channels of the inputs behind one another, in the order of the inputs."""
    return np.concatenate(_fitted(inputs, numbers), axis=1)


def _folded(combine: np.ufunc, maps: list[Array]) -> Array:
    out: Array = maps[0]
    for other in maps[1:]:
        out = combine(out, other)
    return out if len(maps) > 1 else out.copy()


def _spreads(x: Array) -> bool:
    """Whether it has one place only, so that it meets every place of the others."""
    return x.shape[2:] == (1, 1, 1)


def _fitted(inputs: Inputs, numbers: Numbers) -> list[Array]:
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
