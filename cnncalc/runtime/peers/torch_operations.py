"""Our kernels by name, said in PyTorch's operations.

Each builder turns one kernel call (numbers and weights, cut to the axes of the net) into a function of tensors.  Where
PyTorch has the very operation it is used with its own arguments (symmetric pads, ceil_mode, count_include_pad), so that
comparing results compares the meaning of those words too; windows are in `torch_windows`, what
moves numbers or makes fewer of them in `torch_moves`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from math import prod
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its customary name

from cnncalc.geometry import Shape
from cnncalc.runtime.peers import torch_moves as moves
from cnncalc.runtime.peers import torch_windows as windows
from cnncalc.runtime.peers.torch_calls import Built, Call
from cnncalc.runtime.peers.torch_moves import spatial_of

__all__ = ["BUILDERS", "EXPORTABLE", "Built", "Call"]


def _plain(function: Callable[[Tensor], Tensor]) -> Callable[[Call], Built]:
    """An operation without numbers or weights."""
    return lambda _call: Built(function)


def _dense(call: Call) -> Built:
    return Built(lambda x, weight, bias=None: F.linear(torch.flatten(x, 1), weight, bias), call.weights)


def _bn(call: Call) -> Built:
    def normalised(
        x: Tensor, running_mean: Tensor, running_var: Tensor, weight: Any = None, bias: Any = None
    ) -> Tensor:
        return F.batch_norm(x, running_mean, running_var, weight, bias, training=False, eps=call.numbers["epsilon"])

    return Built(normalised, call.weights)


def _ln(call: Call) -> Built:
    epsilon, over_channels = call.numbers["epsilon"], call.numbers["axes"] == "channels"

    def normalised(x: Tensor, weight: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        if not over_channels:
            factors, offsets = (None if own is None else own.reshape(x.shape[1:]) for own in (weight, bias))
            return F.layer_norm(x, x.shape[1:], factors, offsets, epsilon)
        last = F.layer_norm(x.movedim(1, -1), x.shape[1:2], weight, bias, epsilon)
        return last.movedim(-1, 1)

    return Built(normalised, call.weights)


def _rmsnorm(call: Call) -> Built:
    epsilon, over_channels = call.numbers["epsilon"], call.numbers["axes"] == "channels"

    def normalised(x: Tensor, weight: Tensor | None = None) -> Tensor:
        if not over_channels:
            return F.rms_norm(x, x.shape[1:], None if weight is None else weight.reshape(x.shape[1:]), epsilon)
        return F.rms_norm(x.movedim(1, -1), x.shape[1:2], weight, epsilon).movedim(-1, 1)

    return Built(normalised, call.weights)


def _l2norm(call: Call) -> Built:
    return Built(partial(F.normalize, dim=1, eps=call.numbers["epsilon"]))


def _gn(call: Call) -> Built:
    groups, epsilon = call.numbers["groups"], call.numbers["epsilon"]

    def normalised(x: Tensor, weight: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        return F.group_norm(x, groups, weight, bias, epsilon)

    return Built(normalised, call.weights)


def _lrn(call: Call) -> Built:
    size, alpha, beta, bias = (call.numbers[name] for name in ("size", "alpha", "beta", "bias"))
    return Built(lambda x: F.local_response_norm(x, size, alpha, beta, bias))


def _scale(call: Call) -> Built:
    return Built(lambda x, weight: x * weight.reshape(-1, *[1] * (x.ndim - 2)), call.weights)


def _times(call: Call) -> Built:
    factor = call.numbers["factor"]
    return Built(lambda x: x * factor)


def _leaky(call: Call) -> Built:
    return Built(partial(F.leaky_relu, negative_slope=call.numbers["slope"]))


def _elu(call: Call) -> Built:
    return Built(partial(F.elu, alpha=call.numbers["slope"]))


def _prelu(call: Call) -> Built:
    return Built(F.prelu, call.weights)


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


_JOINS: Mapping[str, Callable[..., Tensor]] = {
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


BUILDERS: Mapping[str, Callable[[Call], Built]] = {
    "conv": windows.conv,
    "connected_conv": windows.connected_conv,
    "dwconv": windows.dwconv,
    "sepconv": windows.sepconv,
    "upconv": windows.upconv,
    "local": windows.local,
    "maxpool": windows.maxpool,
    "avgpool": windows.avgpool,
    "sumpool": windows.sumpool,
    "l2pool": windows.l2pool,
    "subsample": windows.subsample,
    "global_avgpool": windows.global_avgpool,
    "global_maxpool": windows.global_maxpool,
    "adaptive_avgpool": windows.adaptive_avgpool,
    "adaptive_maxpool": windows.adaptive_maxpool,
    "dense": _dense,
    "reduce": moves.reduced,
    "softmax_along": moves.softmax_along,
    "concat_along": moves.concat_along,
    "matmul": moves.matmul,
    "learned": moves.learned,
    "constant": moves.constant,
    "rearrange": moves.rearrange,
    "flatten": moves.flatten,
    "reshape": moves.reshape,
    "bn": _bn,
    "ln": _ln,
    "gn": _gn,
    "rmsnorm": _rmsnorm,
    "l2norm": _l2norm,
    "lrn": _lrn,
    "scale": _scale,
    "times": _times,
    "relu": _plain(F.relu),
    "relu6": _plain(F.relu6),
    "leaky": _leaky,
    "prelu": _prelu,
    "elu": _elu,
    "selu": _plain(F.selu),
    "gelu": _plain(F.gelu),
    "silu": _plain(F.silu),
    "hardswish": _plain(F.hardswish),
    "hardsigmoid": _plain(F.hardsigmoid),
    "sigmoid": _plain(torch.sigmoid),
    "tanh": _plain(torch.tanh),
    "softplus": _plain(F.softplus),
    "mish": _plain(F.mish),
    "softmax": _plain(partial(F.softmax, dim=1)),
    "identity": _plain(lambda x: x),
    "pad": moves.pad,
    "crop": moves.crop,
    "upsample": moves.upsample,
    "resize": moves.resize,
    "slice": moves.channel_slice,
    "padchannels": moves.pad_channels,
    "shuffle": moves.shuffle,
    "space_to_depth": moves.space_to_depth,
    "depth_to_space": moves.depth_to_space,
    **{name: _together(combine) for name, combine in _JOINS.items()},
    **{f"{name}_padded": _amid_zeros(combine) for name, combine in _JOINS.items() if name != "div"},
}
"""Every kernel that a layer's `kernel_call` names."""

EXPORTABLE = {**BUILDERS, "adaptive_avgpool": windows.averaging}
"""The same in operations that ONNX has too."""
