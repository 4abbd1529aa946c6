"""Where branches meet, said in PyTorch's operations: maps cut, padded or spread to one size, then combined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from math import prod

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its customary name

from cnncalc.geometry import Shape
from cnncalc.runtime.peers.torch_calls import Built, Call
from cnncalc.runtime.peers.torch_moves import spatial_of


def _together(combine: Callable[..., Tensor]) -> Callable[[Call], Built]:
    """A join that takes all its maps, cut to one size, at once; what has one place is spread, but in `concat`."""

    def built(call: Call) -> Built:
        fit = _fitting(call, [shape for shape in call.inputs if not _spreads(combine, shape.spatial)])
        met = _met(call, combine, fit)
        return Built(lambda *maps: combine([met(x) for x in maps]))

    return built


def _amid_zeros(combine: Callable[..., Tensor]) -> Callable[[Call], Built]:
    """The same of maps that are padded to the largest size."""

    def built(call: Call) -> Built:
        whole = [shape for shape in call.inputs if not _spreads(combine, shape.spatial)]
        largest = [max(sizes) for sizes in zip(*(spatial_of(shape, call.axes) for shape in whole), strict=True)]

        def grown(x: Tensor) -> Tensor:
            missing = [most - n for n, most in zip(x.shape[2:], largest, strict=True)]
            return F.pad(x, [rows for more in missing[::-1] for rows in (more // 2, more - more // 2)])

        met = _met(call, combine, grown)
        return Built(lambda *maps: combine([met(x) for x in maps]))

    return built


def _met(call: Call, combine: Callable[..., Tensor], fit: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """How a map comes to its place in a join: what is spread gets the axes of the others, the rest is fitted."""
    axes = call.axes if any(shape.rank for shape in call.inputs) else 0

    def met(x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:2], *[1] * axes) if _spreads(combine, x.shape[2:]) else fit(x)

    return met


def _spreads(combine: Callable[..., Tensor], sizes: Sequence[int]) -> bool:
    return combine is not _beside and prod(sizes) == 1


def _sum(maps: list[Tensor]) -> Tensor:
    return reduce(torch.add, maps)


def _product(maps: list[Tensor]) -> Tensor:
    return reduce(torch.mul, maps)


def _mean(maps: list[Tensor]) -> Tensor:
    return reduce(torch.add, maps) / len(maps)


def _largest(maps: list[Tensor]) -> Tensor:
    return reduce(torch.maximum, maps)


def _smallest(maps: list[Tensor]) -> Tensor:
    return reduce(torch.minimum, maps)


def _quotient(maps: list[Tensor]) -> Tensor:
    return maps[0] / maps[1]


def _difference(maps: list[Tensor]) -> Tensor:
    return maps[0] - maps[1]


def _distance(maps: list[Tensor]) -> Tensor:
    return (maps[0] - maps[1]).abs()


def _beside(maps: list[Tensor]) -> Tensor:
    return torch.cat(maps, 1)


_COMBINED: Mapping[str, Callable[..., Tensor]] = {
    "add": _sum,
    "sub": _difference,
    "mul": _product,
    "div": _quotient,
    "max": _largest,
    "min": _smallest,
    "avg": _mean,
    "absdiff": _distance,
    "concat": _beside,
}


def _fitting(call: Call, shapes: Sequence[Shape]) -> Callable[[Tensor], Tensor]:
    """With `crop` the middle of a map, as large as the smallest of these shapes."""
    if not call.numbers["crop"] or not any(shape.rank for shape in shapes):
        return lambda x: x
    smallest = [min(sizes) for sizes in zip(*(spatial_of(shape, call.axes) for shape in shapes), strict=True)]

    def middle(x: Tensor) -> Tensor:
        firsts = [(n - small) // 2 for n, small in zip(x.shape[2:], smallest, strict=True)]
        return x[(..., *[slice(first, first + small) for first, small in zip(firsts, smallest, strict=True)])]

    return middle


JOINS: Mapping[str, Callable[[Call], Built]] = {
    **{name: _together(combine) for name, combine in _COMBINED.items()},
    **{f"{name}_padded": _amid_zeros(combine) for name, combine in _COMBINED.items() if name != "div"},
}
"""Every kernel of a join."""
