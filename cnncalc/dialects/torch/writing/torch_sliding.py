"""Windows that slide, in PyTorch's layers: convolutions, their transposes, pools.

PyTorch pads both sides of an axis alike; rows that differ are added by a pad of its own in front.  A pool whose last
window reaches over the edge is one that rounds up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cnncalc.dialects.torch.writing.torch_saying import (
    NotInTorchError,
    Place,
    Said,
    Usual,
    alike,
    function,
    one,
    part,
    sides,
    unless,
)
from cnncalc.dialects.torch.writing.torch_stated import with_fixed_filters
from cnncalc.dialects.written_code.pieces import Made, Plain, Value
from cnncalc.geometry import output_size

MODES = {"zeros": "zeros", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}
PADS = {"zeros": "ZeroPad", "reflect": "ReflectionPad", "edge": "ReplicationPad", "wrap": "CircularPad"}


def conv(place: Place) -> Said:
    """PyTorch's own."""
    layer: Any = place.layer
    return _convolution(place, layer.filters, layer.groups, layer.bias)


def filter_conv(place: Place) -> Said:
    """Each channel by itself, with the numbers of the filter."""
    channels = place.shape.channels
    return with_fixed_filters(place, _convolution(place, channels, channels, False, only_zeros=True))


def filter_upconv(place: Place) -> Said:
    """The same, enlarging."""
    return with_fixed_filters(place, upconv(place))


def dwconv(place: Place) -> Said:
    """A group for each channel."""
    layer: Any = place.layer
    return _convolution(place, place.output.channels, place.shape.channels, layer.bias)


def sepconv(place: Place) -> Said:
    """A depthwise convolution, then one of 1x1."""
    layer: Any = place.layer
    middle = place.shape.channels * layer.multiplier
    first = _convolution(place, middle, place.shape.channels, False)
    second = part(f"nn.Conv{place.rank}d", middle, layer.filters, 1, bias=unless(layer.bias, True))
    parts = (first.made[0]._replace(name="depthwise"), second._replace(name="pointwise"))
    return Said(f"{{m1}}({first.code})", parts, first.values, (*first.chained[:-1], *parts))


def _convolution(place: Place, filters: int, groups: int, bias: bool, *, only_zeros: bool = False) -> Said:
    """`only_zeros`: other rows than zeros are added by a pad before it."""
    _refuse_turned(place)
    rank, fill = place.rank, place.call.numbers["fill"]
    before, after = place.axes("before"), place.axes("after")
    words: dict[str, Value | Usual] = {"stride": unless(alike(place.axes("stride")), 1)}
    padding, added = _pads(place)
    if only_zeros and fill != "zeros" and any((*before, *after)):
        padding, added = Usual(0), True
    words["padding"] = padding
    words["dilation"] = unless(alike(place.axes("dilation")), 1)
    words |= {"groups": unless(groups, 1), "bias": unless(bias, True)}
    words["padding_mode"] = unless("zeros" if added else MODES[fill], "zeros")
    made = part(f"nn.Conv{rank}d", place.shape.channels, filters, alike(place.axes("kernel")), **words)
    if not added:
        return one(made)
    mode = MODES[fill]
    code = "{m0}(F.pad({x0}, {v0}" + (f', mode="{mode}"' if fill != "zeros" else "") + "))"
    rows = sides(before, after)
    return Said(code, (made,), (rows,), (part(f"nn.{PADS[fill]}{rank}d", rows), made))


def _pads(place: Place) -> tuple[Value | Usual, bool]:
    """The `padding` of a layer, and whether rows are added before it instead."""
    before, after = place.axes("before"), place.axes("after")
    if before == after:
        return unless(alike(before), 0), False
    return Usual(0), True


def _refuse_turned(place: Place) -> None:
    if place.call.numbers.get("flip"):
        raise NotInTorchError("its convolutions do not turn the kernel", "leave out `flip`, and turn the weights")


def upconv(place: Place) -> Said:
    """What is cut off differently on two sides is cut off by a pad of fewer than no rows."""
    layer: Any = place.layer
    _refuse_turned(place)
    before, after, more = place.axes("before"), place.axes("after"), place.axes("output_padding")
    stride, dilation = place.axes("stride"), place.axes("dilation")
    cut = tuple(max(0, min(pair)) for pair in zip(before, after, strict=True))
    made = part(
        f"nn.ConvTranspose{place.rank}d",
        place.shape.channels,
        place.output.channels,
        alike(place.axes("kernel")),
        stride=unless(alike(stride), 1),
        padding=unless(alike(cut), 0),
        output_padding=unless(alike(more), 0),
        groups=unless(place.call.numbers["groups"], 1),
        bias=unless(getattr(layer, "bias", False), True),
        dilation=unless(alike(dilation), 1),
    )
    if any(rows >= max(pair) for rows, *pair in zip(more, stride, dilation, strict=True)):
        raise NotInTorchError(
            "an output padding is less than the stride or the dilation", "write a `pad` on the line after it"
        )
    first = [mine - rows for mine, rows in zip(cut, before, strict=True)]
    last = [mine - rows for mine, rows in zip(cut, after, strict=True)]
    if not any(first) and not any(last):
        return one(made)
    if any(rows > 0 for rows in (*first, *last)):
        raise NotInTorchError(
            "a transposed convolution adds no rows around its result", "write a `pad` on the line after it"
        )
    rows = sides(first, last)
    return Said("F.pad({m0}({x0}), {v0})", (made,), (rows,), (made, part(f"nn.ZeroPad{place.rank}d", rows)))


# ---------------------------------------------------------------------- pools
def maxpool(place: Place) -> Said:
    """The largest; where PyTorch's own pads do not do, rows of minus infinity are added."""
    words: dict[str, Value | Usual] = {"dilation": unless(alike(place.axes("dilation")), 1)}
    found = _native(place)
    if found is not None:
        return one(_pool(place, "nn.MaxPool", found, words))
    made = _pool(place, "nn.MaxPool", ((0,) * place.rank, False), words)
    rows, lowest = sides(place.axes("before"), _reached(place)), Plain('float("-inf")')
    added = part(f"nn.ConstantPad{place.rank}d", rows, lowest)
    return Said("{m0}(F.pad({x0}, {v0}, value={v1}))", (made,), (rows, lowest), (added, made))


def _reached(place: Place) -> tuple[int, ...]:
    """The rows after the map up to the end of the last window."""
    names = ("before", "kernel", "stride", "dilation")
    axes = zip(place.shape.spatial, place.output.spatial, *map(place.axes, names), strict=True)
    return tuple(max(0, (out - 1) * s + d * (k - 1) + 1 - n - rows) for n, out, rows, k, s, d in axes)


def avgpool(place: Place) -> Said:
    """The mean of the places inside, or with `countpad` of all that a window covers."""
    _refuse_dilated(place)
    counts = place.call.numbers["countpad"]
    found = _native(place, both_sides=counts)
    if found is not None:
        padded = any(found[0])
        return one(_pool(place, "nn.AvgPool", found, {"count_include_pad": unless(counts or not padded, True)}))
    if counts:
        return _amid_zeros(place, _pool(place, "nn.AvgPool", ((0,) * place.rank, False), {}))
    raise NotInTorchError(
        "a pool pads at most half a window, as much before as after", "pad less, or write a `pad` on the line before"
    )


def sumpool(place: Place) -> Said:
    """A mean that is divided by 1."""
    _refuse_dilated(place)
    if place.rank == 1:
        raise NotInTorchError("it has no sum of a window along one axis", "write `avgpool`, then `scale` by its size")
    found = _native(place, both_sides=True) or _native(place._replace())
    if found is not None:
        return one(_pool(place, "nn.AvgPool", found, {"divisor_override": 1}))
    raise NotInTorchError("a pool pads at most half a window, as much before as after", "pad less")


def l2pool(place: Place) -> Said:
    """PyTorch's has no pads of its own."""
    _refuse_dilated(place)
    kernel, stride = place.axes("kernel"), place.axes("stride")
    made = part(
        f"nn.LPPool{place.rank}d",
        2,
        alike(kernel),
        stride=Usual(alike(stride)) if stride == kernel else alike(stride),
        ceil_mode=unless(place.call.numbers["ceil"], False),
    )
    return _amid_zeros(place, made)


def _amid_zeros(place: Place, made: Made) -> Said:
    before, after = place.axes("before"), place.axes("after")
    if not any(before) and not any(after):
        return one(made)
    rows = sides(before, after)
    return Said("{m0}(F.pad({x0}, {v0}))", (made,), (rows,), (part(f"nn.ZeroPad{place.rank}d", rows), made))


def _pool(place: Place, name: str, found: tuple[Sequence[int], bool], words: Mapping[str, Value | Usual]) -> Made:
    kernel, stride = place.axes("kernel"), place.axes("stride")
    pads, up = found
    return part(
        f"{name}{place.rank}d",
        alike(kernel),
        stride=Usual(alike(stride)) if stride == kernel else alike(stride),
        padding=unless(alike(pads), 0),
        ceil_mode=unless(up, False),
        **words,
    )


def _native(place: Place, *, both_sides: bool = False) -> tuple[Sequence[int], bool] | None:
    """The pads and the rounding with which PyTorch has the same windows; None where it cannot have them.

    Rows after the map count as nothing where a last window may reach over the edge, unless `both_sides` must be alike.
    """
    before, kernel = place.axes("before"), place.axes("kernel")
    if any(2 * rows > size for rows, size in zip(before, kernel, strict=True)):
        return None
    asked = place.call.numbers["ceil"]
    if before == place.axes("after"):
        return before, asked
    if both_sides:
        return None
    axes = list(zip(place.shape.spatial, kernel, place.axes("stride"), before, place.axes("dilation"), strict=True))
    for up in (False, True):
        sizes = tuple(output_size(n, k, s, (rows, rows), d, ceil_mode=up) for n, k, s, rows, d in axes)
        if sizes == place.output.spatial:
            return before, up
    return None


def _refuse_dilated(place: Place) -> None:
    if set(place.axes("dilation")) != {1}:
        raise NotInTorchError("only its MaxPool has a dilation", "leave out `dilation`")


def global_pool(place: Place) -> Said:
    """Flat, unless the axes are kept."""
    name = "Avg" if place.layer.word == "gap" else "Max"
    pool = part(f"nn.Adaptive{name}Pool{place.rank}d", 1)
    if place.output.rank:
        return one(pool)
    axes = alike(tuple(range(2, 2 + place.rank))) if place.rank == 1 else tuple(range(2, 2 + place.rank))
    method = "mean" if name == "Avg" else "amax"
    return function(f"{{x0}}.{method}({{v0}})", axes, chained=(pool, part("nn.Flatten")))


def adaptive(place: Place) -> Said:
    """Windows of nearly equal size."""
    name = "Avg" if place.layer.word == "adaptavg" else "Max"
    return one(part(f"nn.Adaptive{name}Pool{place.rank}d", alike(place.output.spatial)))


SLIDING: Mapping[str, Callable[[Place], Said]] = {
    "conv": conv,
    "FilterConv": filter_conv,
    "FilterUpConv": filter_upconv,
    "dwconv": dwconv,
    "sepconv": sepconv,
    "upconv": upconv,
    "maxpool": maxpool,
    "avgpool": avgpool,
    "sumpool": sumpool,
    "l2pool": l2pool,
    "gap": global_pool,
    "gmp": global_pool,
    "adaptavg": adaptive,
    "adaptmax": adaptive,
}
"""By layer word, or by the class of a variant."""
