"""Kernels that move numbers, resize maps, or bring many numbers together, said in PyTorch's operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial, reduce
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its customary name

from cnncalc.geometry import Shape
from cnncalc.layers.sampling import Align, Sampling, sampling
from cnncalc.runtime.peers.torch_calls import Built, Call, padded


def flatten(call: Call) -> Built:
    """All numbers in one row."""
    if call.numbers["order"] == "channels_first":
        return Built(lambda x: torch.flatten(x, 1))
    return Built(lambda x: torch.flatten(x.movedim(1, -1), 1))


def reshape(call: Call) -> Built:
    """The same numbers on other axes."""
    spatial, channels = call.numbers["spatial"] if call.output.rank else (), call.numbers["channels"]
    if call.numbers["order"] == "channels_first":
        return Built(lambda x: torch.flatten(x, 1).reshape(-1, channels, *spatial))
    if not spatial:
        return flatten(call)
    return Built(lambda x: x.movedim(1, -1).reshape(-1, *spatial, channels).movedim(-1, 1))


def rearrange(call: Call) -> Built:
    """The factors of the axes in another order."""
    factors = call.numbers["factors"]
    places = [place for _, place in factors]
    split, order = [size for size, _ in factors], [1 + places.index(place) for place in range(len(places))]
    sizes = (call.output.channels, *(spatial_of(call.output, call.axes) if call.output.rank else ()))
    return Built(lambda x: x.reshape(-1, *split).permute(0, *order).reshape(-1, *sizes))


def reduced(call: Call) -> Built:
    """One number of all along some axes."""
    how, gone = call.numbers["how"], (call.numbers["channels"], *call.numbers["over"])
    axes = [axis for axis, over in enumerate(gone, start=1) if over]
    sizes = (call.output.channels, *(spatial_of(call.output, call.axes) if call.output.rank else ()))
    words: dict[str, Any] = {"dim": axes, "keepdim": True}
    if how in ("var", "std"):
        words["correction"] = int(call.numbers["unbiased"])
    if how == "prod":
        return Built(lambda x: reduce(lambda made, axis: torch.prod(made, axis, True), axes, x).reshape(-1, *sizes))
    if how in ("argmax", "argmin"):
        place = getattr(torch, how)
        return Built(lambda x: place(x, axes[0], True).to(x.dtype).reshape(-1, *sizes))
    ways: dict[str, Callable[..., Tensor]] = {"mean": torch.mean, "sum": torch.sum, "max": torch.amax}
    ways |= {"min": torch.amin, "var": torch.var, "std": torch.std, "norm": torch.norm}
    return Built(lambda x: ways[how](x, **words).reshape(-1, *sizes))


def pad(call: Call) -> Built:
    """Rows added."""
    before, after, fill = (call.numbers[name] for name in ("before", "after", "fill"))
    return Built(lambda x: padded(x, before, after, fill))


def pad_value(call: Call) -> Built:
    """Rows of one number added."""
    before, after, value = (call.numbers[name] for name in ("before", "after", "value"))
    return Built(lambda x: padded(x, before, after, value=value))


def crop(call: Call) -> Built:
    """Rows cut off."""
    before, after = call.negated("before"), call.negated("after")
    return Built(lambda x: padded(x, before, after))


def upsample(call: Call) -> Built:
    """Every axis so many times as long."""
    linear = "bilinear" if call.axes == 2 else "trilinear"
    factors = [float(factor) for factor in call.numbers["factor"]]
    if call.numbers["mode"] == "nearest":
        return Built(partial(F.interpolate, scale_factor=factors, mode="nearest"))
    return Built(partial(F.interpolate, scale_factor=factors, mode=linear, align_corners=False))


def resize(call: Call) -> Built:
    """PyTorch's own words for it, axis by axis where it has none for all together (a cubic in three dimensions)."""
    mode, places = call.numbers["mode"], call.numbers["places"][-call.axes :]
    sizes = list(zip(spatial_of(call.inputs[0], call.axes), call.numbers["size"][-call.axes :], strict=True))
    if not _has_a_word(mode, places, sizes):
        return _placed(call)
    centred = any(offset for _, offset, _ in places)
    cubic = mode in ("bicubic", "catmullrom")
    words: dict[str, Any] = {"mode": "nearest-exact" if centred else "nearest"}
    if mode != "nearest":
        words = {"mode": "bicubic" if cubic else "bilinear" if call.axes == 2 else "trilinear"}
        words |= {"align_corners": not centred, "antialias": mode == "catmullrom"}
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


def _has_a_word(mode: str, places: Sequence[tuple[int, int, int]], sizes: Sequence[tuple[int, int]]) -> bool:
    """Whether PyTorch's interpolate can say where the outputs lie, on all axes in one way."""
    axes = list(zip(places, sizes, strict=True))
    aligned: tuple[Align, ...] = ("middles", "starts") if mode == "nearest" else ("centres", "corners")
    return any(
        all(Sampling(*place) in _aligned(align, pair, Fraction(place[0], place[2])) for place, pair in axes)
        for align in aligned
    )


def _aligned(align: Align, sizes: tuple[int, int], scale: Fraction) -> list[Sampling]:
    """What interpolate does with a size, or with a factor that makes this size."""
    by_factor = [sampling(*sizes, align, scale)] if scale and int(sizes[0] / scale) == sizes[1] else []
    return [sampling(*sizes, align), *by_factor]


def _placed(call: Call) -> Built:
    """Axis by axis by grid_sample, which is given the place of each output: -1 is the first pixel, 1 the last."""
    mode, sizes = call.numbers["mode"], call.numbers["size"][-call.axes :]
    places = call.numbers["places"][-call.axes :]

    def placed(x: Tensor) -> Tensor:
        for axis, (size, (slope, offset, unit)) in enumerate(zip(sizes, places, strict=True), 2):
            rows, last = x.movedim(axis, -1), max(1, x.shape[axis] - 1)
            pixels = (torch.arange(size, dtype=torch.float64) * slope + offset) / unit
            across = 2 * (pixels.floor().clamp(0, last) if mode == "nearest" else pixels) / last - 1
            grid = torch.stack((across, torch.zeros_like(across)), -1)[None, None].to(x.dtype)
            words = {"mode": mode, "padding_mode": "border", "align_corners": True}
            made = F.grid_sample(rows.reshape(1, -1, 1, rows.shape[-1]), grid, **words)
            x = made.reshape(*rows.shape[:-1], -1).movedim(-1, axis)
        return x

    return Built(placed)


def channel_slice(call: Call) -> Built:
    """Some of the channels."""
    first, last = call.numbers["first"], call.numbers["last"]
    return Built(lambda x: x[:, first:last])


def pad_channels(call: Call) -> Built:
    """Empty channels ahead and behind."""
    ahead, behind = call.numbers["ahead"], call.numbers["behind"]
    return Built(lambda x: F.pad(x, (*[0, 0] * (x.ndim - 2), ahead, behind)))


def shuffle(call: Call) -> Built:
    """The channels of the groups dealt out anew."""
    groups = call.numbers["groups"]
    return Built(lambda x: x.unflatten(1, (groups, x.shape[1] // groups)).transpose(1, 2).flatten(1, 2))


def space_to_depth(call: Call) -> Built:
    """Blocks of places as channels."""
    factor = call.numbers["factor"]
    if call.axes == 2 and len(set(factor)) == 1:
        return Built(partial(F.pixel_unshuffle, downscale_factor=factor[0]))
    pairs = [part for n, f in zip(spatial_of(call.inputs[0], call.axes), factor, strict=True) for part in (n // f, f)]
    places = range(2, 2 + 2 * call.axes)
    order = (0, 1, *places[1::2], *places[::2])
    sizes = (call.output.channels, *pairs[::2])
    return Built(lambda x: x.reshape(*x.shape[:2], *pairs).permute(order).reshape(-1, *sizes))


def depth_to_space(call: Call) -> Built:
    """Channels as blocks of places."""
    factor = call.numbers["factor"]
    if call.axes == 2 and len(set(factor)) == 1:
        return Built(partial(F.pixel_shuffle, upscale_factor=factor[0]))
    split = (call.output.channels, *factor, *spatial_of(call.inputs[0], call.axes))
    order = (0, 1, *(place for axis in range(call.axes) for place in (2 + call.axes + axis, 2 + axis)))
    sizes = (call.output.channels, *spatial_of(call.output, call.axes))
    return Built(lambda x: x.reshape(-1, *split).permute(order).reshape(-1, *sizes))


def softmax_along(call: Call) -> Built:
    """Along one spatial axis."""
    return Built(partial(F.softmax, dim=2 + call.numbers["axis"].index(1)))


def concat_along(call: Call) -> Built:
    """Maps one after the other along one spatial axis."""
    axis = 2 + call.numbers["axis"].index(1)
    return Built(lambda *maps: torch.cat(maps, axis))


def attention(call: Call) -> Built:
    """Four dense layers, and PyTorch's own product of queries, keys and values between them."""
    heads, causal = call.numbers["heads"], call.numbers["causal"]
    sizes = [heads * call.numbers[name] for name in ("key", "key", "value")]
    tensors = {name.replace(".", "_"): tensor for name, tensor in call.weights.items()}

    def attended(*maps: Tensor, out_proj_weight: Tensor, out_proj_bias: Any = None, **reading: Tensor) -> Tensor:
        sources = [maps[0], maps[min(1, len(maps) - 1)], maps[-1]]
        whole, bias = reading.get("in_proj_weight"), reading.get("in_proj_bias")
        rows = whole.split(sizes) if whole is not None else [reading[f"{name}_proj_weight"] for name in "qkv"]
        biases = bias.split(sizes) if bias is not None else (None, None, None)
        seen = [x.flatten(2).mT if x.ndim > 2 else x[:, None] for x in sources]
        made = [F.linear(x, weight, more) for x, weight, more in zip(seen, rows, biases, strict=True)]
        q, k, v = (one.unflatten(2, (heads, -1)).transpose(1, 2) for one in made)
        weighed = F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2).flatten(2)
        return F.linear(weighed, out_proj_weight, out_proj_bias).mT.reshape(maps[0].shape)

    return Built(attended, tensors)


def matmul(call: Call) -> Built:
    """Two maps as matrices, a row for each place of the last axis."""
    turned = call.numbers["transpose"]

    def multiplied(*maps: Tensor) -> Tensor:
        whole = [x.reshape(*x.shape, *[1] * (2 + call.axes - x.ndim)).movedim(1, -1) for x in maps]
        made = torch.matmul(whole[0], whole[1].mT if turned else whole[1]).movedim(-1, 1)
        return made if call.output.rank else torch.flatten(made, 1)

    return Built(multiplied)


def learned(call: Call) -> Built:
    """A learned array, the same for every image."""
    last = call.numbers["order"] == "channels_last"
    sizes = (1, call.output.channels, *(spatial_of(call.output, call.axes) if call.output.rank else ()))
    return Built(lambda *, weight: (weight.movedim(-1, 0) if last else weight).reshape(sizes), call.weights)


def constant(call: Call) -> Built:
    """One number everywhere."""
    sizes = (1, call.output.channels, *(spatial_of(call.output, call.axes) if call.output.rank else ()))
    return Built(lambda *, given: given, {"given": torch.full(sizes, call.numbers["value"])})


def spatial_of(shape: Shape, axes: int) -> tuple[int, ...]:
    """The sizes of a map in a net with so many axes."""
    return (1,) * (axes - shape.rank) + tuple(shape.spatial)
