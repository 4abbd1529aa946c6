"""What moves numbers, resizes maps or makes fewer numbers of many, in PyTorch's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnncalc.dialects.torch.writing.torch_saying import (
    NotInTorchError,
    Place,
    Said,
    alike,
    function,
    one,
    part,
    sides,
)
from cnncalc.dialects.torch.writing.torch_sliding import PADS
from cnncalc.dialects.written_code.pieces import Value
from cnncalc.geometry import Order, Shape


# ---------------------------------------------------------------------- other axes
def flatten(place: Place) -> Said:
    """In our order the channels come last, so that they are put there first; where that changes nothing, they stay."""
    layer: Any = place.layer
    if layer.order == "channels_first" or is_one_order(place.shape):
        return function("torch.flatten({x0}, 1)", chained=(part("nn.Flatten"),))
    return function(f"{_last('{x0}', place.rank)}.flatten(1)")


def is_one_order(shape: Shape) -> bool:
    """Whether the numbers of a map stand in one order, wherever its channels are."""
    return shape.channels == 1 or all(size == 1 for size in shape.spatial)


def _last(code: str, rank: int) -> str:
    """The channels as the last axis."""
    if rank == 1:
        return f"{code}.transpose(1, 2)"
    return f"{code}.permute({', '.join(map(str, (0, *range(2, rank + 2), 1)))})" if rank else code


def _second(code: str, rank: int) -> str:
    """The last axis as that of the channels."""
    if rank == 1:
        return f"{code}.transpose(1, 2)"
    return f"{code}.permute({', '.join(map(str, (0, rank + 1, *range(1, rank + 1))))})" if rank else code


def reshape(place: Place) -> Said:
    """The same numbers on other axes, the channels where the file has them."""
    layer: Any = place.layer
    output, is_first = place.output, layer.order == "channels_first"
    if not output.rank and (is_first or is_one_order(place.shape)):
        return function("torch.flatten({x0}, 1)", chained=(part("nn.Flatten"),))
    code = "{x0}" if is_first or is_one_order(place.shape) else _last("{x0}", place.rank)
    if not output.rank:
        return function(f"{code}.flatten(1)")
    order: Order = "channels_first" if is_first or is_one_order(output) else "channels_last"
    sizes = output.sizes(order)
    made = f"{code}.reshape(-1, {', '.join(f'{{v{at}}}' for at in range(len(sizes)))})"
    return function(made if order == "channels_first" else _second(made, output.rank), *sizes)


def rearrange(place: Place) -> Said:
    """The axes split into factors, in another order, and together again."""
    factors = [(size, goal) for size, goal in place.call.numbers["factors"] if size > 1]
    split = [size for size, _ in factors]
    goals = sorted(goal for _, goal in factors)
    order = [1 + [goal for _, goal in factors].index(goal) for goal in goals]
    arriving = [place.shape.channels, *place.shape.spatial]
    leaving = [place.output.channels, *place.output.spatial]
    code = "{x0}"
    if all(size > 1 for size in arriving) and split == arriving:
        pass
    elif split != [size for size in arriving if size > 1] or len(split) != len(arriving):
        code = f"{code}.reshape({_listed([-1, *split])})"
    if order != sorted(order):
        code = f"{code}.permute({_listed([0, *order])})"
    moved = [split[at - 1] for at in order]
    if moved != leaving:
        code = f"{code}.reshape({_listed([-1, *leaving])})"
    return function(code)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


# ---------------------------------------------------------------------- fewer numbers
def reduce(place: Place) -> Said:
    """One number of all along some axes; the axis of the channels stays where they are reduced."""
    layer: Any = place.layer
    gone = layer.spatial_axes(place.shape)
    over = [*([1] if "channels" in layer.axes else []), *(axis + 2 for axis in gone)]
    keeps = layer.keep or "channels" in layer.axes
    how = {"max": "amax", "min": "amin"}.get(layer.how, layer.how)
    words = [str(over[0]) if len(over) == 1 else f"({_listed(over)})"]
    if layer.how in ("var", "std") and not layer.unbiased:
        words.append("correction=0")
    if keeps:
        words.append("keepdim=True")
    code = f"{{x0}}.{how}({', '.join(words)})"
    if layer.how == "prod":
        code = "{x0}" + "".join(f".prod({axis}{', keepdim=True' if keeps else ''})" for axis in reversed(over))
    if layer.how == "norm":
        code = f"{{x0}}.square().sum({', '.join(words)}).sqrt()"
    if layer.how in ("argmax", "argmin"):
        code = f"{code}.float()"
    if keeps and not layer.keep:
        code += "".join(f".squeeze({axis + 2})" for axis in reversed(gone))
    return function(code)


# ---------------------------------------------------------------------- rows and channels
def pad(place: Place) -> Said:
    """Rows added."""
    layer: Any = place.layer
    rows = sides(place.axes("before"), place.axes("after"))
    if layer.value:
        return function(
            "F.pad({x0}, {v0}, value={v1})",
            rows,
            layer.value,
            chained=(part(f"nn.ConstantPad{place.rank}d", rows, layer.value),),
        )
    every: Value = alike(rows)
    chained = (part(f"nn.{PADS[layer.fill]}{place.rank}d", every),)
    mode = {"reflect": ', mode="reflect"', "edge": ', mode="replicate"', "wrap": ', mode="circular"'}
    return function(f"F.pad({{x0}}, {{v0}}{mode.get(layer.fill, '')})", rows, chained=chained)


def crop(place: Place) -> Said:
    """Rows cut off."""
    pairs = zip(place.axes("before"), place.axes("after"), strict=True)
    parts = [f"{first or ''}:{-last if last else ''}" for first, last in pairs]
    return function(f"{{x0}}[:, :, {', '.join(parts)}]")


def upsample(place: Place) -> Said:
    """By a factor or to a size."""
    layer: Any = place.layer
    if place.call.numbers["mode"] == "catmullrom" or getattr(layer, "is_placed", False):
        raise NotInTorchError("it has no such places to read pixels from", "leave out `start` and `step`")
    linear = {1: "linear", 2: "bilinear", 3: "trilinear"}[place.rank]
    modes = {"nearest": None, "bilinear": linear, "bicubic": "bicubic", "nearestexact": "nearest-exact"}
    if layer.mode == "bicubic" and place.rank != 2:
        raise NotInTorchError("it has cubic steps for maps of a height and a width alone", "write `bilinear`")
    words: dict[str, Value] = {"scale_factor": None, "size": None}
    if hasattr(layer, "factor"):
        factors = layer.factors(place.shape)
        words["scale_factor"] = alike(factors)
    else:
        words["size"] = tuple(place.output.spatial)
    words |= {"mode": modes[layer.mode], "align_corners": True if layer.corners else None}
    return one(part("nn.Upsample", **words))


def channel_slice(place: Place) -> Said:
    """Channels from one to another."""
    first, last = (place.call.numbers[name] for name in ("first", "last"))
    if place.output == place.shape:
        return function("{x0}")
    if not first:
        return function("{x0}[:, :{v0}]", last)
    if last == place.shape.channels:
        return function("{x0}[:, {v0}:]", first)
    return function("{x0}[:, {v0}:{v1}]", first, last)


def slice_along(place: Place) -> Said:
    """Places from one to another along an axis; of the channels too."""
    return channel_slice(place) if place.call.kernel == "slice" else crop(place)


def padchannels(place: Place) -> Said:
    """Empty channels."""
    layer: Any = place.layer
    rows = (*(0, 0) * place.rank, *layer.sides())
    return function("F.pad({x0}, {v0})", rows)


def shuffle(place: Place) -> Said:
    """PyTorch's own."""
    layer: Any = place.layer
    return one(part("nn.ChannelShuffle", layer.groups))


def exchange(place: Place) -> Said:
    """Pixel shuffle and its opposite, for equal factors of two axes; anything else is a rearrangement."""
    layer: Any = place.layer
    if place.call.kernel == "rearrange":
        return rearrange(place)
    factors = set(layer.factors(place.shape))
    if place.rank == 2 and len(factors) == 1:
        name = "PixelUnshuffle" if layer.word == "spacetodepth" else "PixelShuffle"
        return one(part(f"nn.{name}", factors.pop()))
    return _blocks(place)


def _blocks(place: Place) -> Said:
    """Blocks of any sizes: each axis split in two, and put together in the other order."""
    layer: Any = place.layer
    factors, rank = layer.factors(place.shape), place.rank
    if layer.word == "spacetodepth":
        split = [place.shape.channels, *(n for pair in zip(place.output.spatial, factors, strict=True) for n in pair)]
        order = [1, *(3 + 2 * axis for axis in range(rank)), *(2 + 2 * axis for axis in range(rank))]
    else:
        split = [place.output.channels, *factors, *place.shape.spatial]
        order = [1, *(at for axis in range(rank) for at in (2 + rank + axis, 2 + axis))]
    leaving = [place.output.channels, *place.output.spatial]
    code = f"{{x0}}.reshape({_listed([-1, *split])}).permute({_listed([0, *order])})"
    return function(f"{code}.reshape({_listed([-1, *leaving])})")


def softmax_along(place: Place) -> Said:
    """Over the places of one axis."""
    axis = 1 if place.call.kernel == "softmax" else 2 + place.axes("axis").index(1)
    return function(f"F.softmax({{x0}}, dim={axis})", chained=(part("nn.Softmax", dim=axis),))


AXES: Mapping[str, Callable[[Place], Said]] = {
    "flatten": flatten,
    "reshape": reshape,
    "rearrange": rearrange,
    "reduce": reduce,
    "pad": pad,
    "crop": crop,
    "upsample": upsample,
    "UpsampleTo": upsample,
    "SoftmaxAlong": softmax_along,
    "slice": channel_slice,
    "SliceAlong": slice_along,
    "padchannels": padchannels,
    "shuffle": shuffle,
    "spacetodepth": exchange,
    "depthtospace": exchange,
}
"""By layer word, or by the class of a variant."""
