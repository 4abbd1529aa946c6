"""Our kernels by name, said in PyTorch's operations.

Each builder turns one kernel call (numbers and weights, cut to the axes of the net) into a function of tensors.  Where
PyTorch has the very operation it is used with its own arguments (symmetric pads, ceil_mode, count_include_pad), so that
comparing results compares the meaning of those words too; windows are in `torch_windows`.
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
from cnncalc.runtime.peers import torch_windows as windows
from cnncalc.runtime.peers.torch_calls import Built, Call, padded

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


def _flatten(call: Call) -> Built:
    if call.numbers["order"] == "channels_first":
        return Built(lambda x: torch.flatten(x, 1))
    return Built(lambda x: torch.flatten(x.movedim(1, -1), 1))


def _reduce(call: Call) -> Built:
    how, gone = call.numbers["how"], (call.numbers["channels"], *call.numbers["over"])
    axes = [axis for axis, over in enumerate(gone, start=1) if over]
    sizes = (call.output.channels, *(_spatial(call.output, call.axes) if call.output.rank else ()))
    words: dict[str, Any] = {"dim": axes, "keepdim": True}
    if how in ("var", "std"):
        words["correction"] = int(call.numbers["unbiased"])
    if how == "prod":
        return Built(lambda x: reduce(lambda made, axis: torch.prod(made, axis, True), axes, x).reshape(-1, *sizes))
    ways: dict[str, Callable[..., Tensor]] = {"mean": torch.mean, "sum": torch.sum, "max": torch.amax}
    ways |= {"min": torch.amin, "var": torch.var, "std": torch.std, "norm": torch.norm}
    return Built(lambda x: ways[how](x, **words).reshape(-1, *sizes))


def _rearrange(call: Call) -> Built:
    factors = call.numbers["factors"]
    places = [place for _, place in factors]
    split, order = [size for size, _ in factors], [1 + places.index(place) for place in range(len(places))]
    sizes = (call.output.channels, *(_spatial(call.output, call.axes) if call.output.rank else ()))
    return Built(lambda x: x.reshape(-1, *split).permute(0, *order).reshape(-1, *sizes))


def _reshape(call: Call) -> Built:
    spatial, channels = call.numbers["spatial"] if call.output.rank else (), call.numbers["channels"]
    if call.numbers["order"] == "channels_first":
        return Built(lambda x: torch.flatten(x, 1).reshape(-1, channels, *spatial))
    if not spatial:
        return _flatten(call)
    return Built(lambda x: x.movedim(1, -1).reshape(-1, *spatial, channels).movedim(-1, 1))


def _pad(call: Call) -> Built:
    before, after, fill = (call.numbers[name] for name in ("before", "after", "fill"))
    return Built(lambda x: padded(x, before, after, fill))


def _crop(call: Call) -> Built:
    before, after = call.negated("before"), call.negated("after")
    return Built(lambda x: padded(x, before, after))


def _upsample(call: Call) -> Built:
    linear = "bilinear" if call.axes == 2 else "trilinear"
    factors = [float(factor) for factor in call.numbers["factor"]]
    if call.numbers["mode"] == "nearest":
        return Built(partial(F.interpolate, scale_factor=factors, mode="nearest"))
    return Built(partial(F.interpolate, scale_factor=factors, mode=linear, align_corners=False))


def _resize(call: Call) -> Built:
    """PyTorch's own words for it, axis by axis where it has none for all together (a cubic in three dimensions)."""
    mode, places = call.numbers["mode"], call.numbers["places"][-call.axes :]
    centred = any(offset for _, offset, _ in places)
    cubic = mode in ("bicubic", "catmullrom")
    words: dict[str, Any] = {"mode": "nearest-exact" if centred else "nearest"}
    if mode != "nearest":
        words = {"mode": "bicubic" if cubic else "bilinear" if call.axes == 2 else "trilinear"}
        words |= {"align_corners": not centred, "antialias": mode == "catmullrom"}
    sizes = list(zip(_spatial(call.inputs[0], call.axes), call.numbers["size"], strict=True))
    if (centred or mode == "nearest") and any(
        slope * m != n * unit for (slope, _, unit), (n, m) in zip(places, sizes, strict=True)
    ):
        words["scale_factor"] = [unit / slope for slope, _, unit in places]
    else:
        words["size"] = [m for _, m in sizes]
    if call.axes == 2 or not cubic:
        return Built(partial(F.interpolate, **words))

    def one_by_one(x: Tensor) -> Tensor:
        for axis in range(2, 5):
            size = {name: [1, values[axis - 2]] for name, values in words.items() if isinstance(values, list)}
            rows = x.movedim(axis, -1)
            made = F.interpolate(rows.reshape(1, -1, 1, rows.shape[-1]), **{**words, **size})
            x = made.reshape(*rows.shape[:-1], -1).movedim(-1, axis)
        return x

    return Built(one_by_one)


def _slice(call: Call) -> Built:
    first, last = call.numbers["first"], call.numbers["last"]
    return Built(lambda x: x[:, first:last])


def _pad_channels(call: Call) -> Built:
    ahead, behind = call.numbers["ahead"], call.numbers["behind"]
    return Built(lambda x: F.pad(x, (*[0, 0] * (x.ndim - 2), ahead, behind)))


def _shuffle(call: Call) -> Built:
    groups = call.numbers["groups"]
    return Built(lambda x: x.unflatten(1, (groups, x.shape[1] // groups)).transpose(1, 2).flatten(1, 2))


def _space_to_depth(call: Call) -> Built:
    factor = call.numbers["factor"]
    if call.axes == 2 and len(set(factor)) == 1:
        return Built(partial(F.pixel_unshuffle, downscale_factor=factor[0]))
    pairs = [part for n, f in zip(_spatial(call.inputs[0], call.axes), factor, strict=True) for part in (n // f, f)]
    places = range(2, 2 + 2 * call.axes)
    order = (0, 1, *places[1::2], *places[::2])
    sizes = (call.output.channels, *pairs[::2])
    return Built(lambda x: x.reshape(*x.shape[:2], *pairs).permute(order).reshape(-1, *sizes))


def _depth_to_space(call: Call) -> Built:
    factor = call.numbers["factor"]
    if call.axes == 2 and len(set(factor)) == 1:
        return Built(partial(F.pixel_shuffle, upscale_factor=factor[0]))
    split = (call.output.channels, *factor, *_spatial(call.inputs[0], call.axes))
    order = (0, 1, *(place for axis in range(call.axes) for place in (2 + call.axes + axis, 2 + axis)))
    sizes = (call.output.channels, *_spatial(call.output, call.axes))
    return Built(lambda x: x.reshape(-1, *split).permute(order).reshape(-1, *sizes))


def _spatial(shape: Shape, axes: int) -> tuple[int, ...]:
    return (1,) * (axes - shape.rank) + tuple(shape.spatial)


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
        largest = [max(sizes) for sizes in zip(*(_spatial(shape, call.axes) for shape in whole), strict=True)]

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
    smallest = [min(sizes) for sizes in zip(*(_spatial(shape, call.axes) for shape in shapes), strict=True)]

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
    "reduce": _reduce,
    "rearrange": _rearrange,
    "flatten": _flatten,
    "reshape": _reshape,
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
    "pad": _pad,
    "crop": _crop,
    "upsample": _upsample,
    "resize": _resize,
    "slice": _slice,
    "padchannels": _pad_channels,
    "shuffle": _shuffle,
    "space_to_depth": _space_to_depth,
    "depth_to_space": _depth_to_space,
    **{name: _together(combine) for name, combine in _JOINS.items()},
    **{f"{name}_padded": _amid_zeros(combine) for name, combine in _JOINS.items() if name != "div"},
}
"""Every kernel that a layer's `kernel_call` names."""

EXPORTABLE = {**BUILDERS, "adaptive_avgpool": windows.averaging}
"""The same in operations that ONNX has too."""
