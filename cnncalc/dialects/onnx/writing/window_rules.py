"""Convolutions, transposed ones and pools: pads are always stated side by side, `auto_pad` is never used."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from cnncalc.dialects.onnx.writing.layer_site import LayerSite, Numbers
from cnncalc.geometry import extent, output_size

FILLS = {"zeros": "constant", "edge": "edge", "reflect": "reflect", "wrap": "wrap"}

BEYOND = -(2**63)
"""Where a Slice ends that goes back to the first entry."""


def padded(site: LayerSite, x: str, before: Sequence[int], after: Sequence[int], fill: str = "zeros") -> str:
    """Rows added around a map."""
    if not any((*before, *after)):
        return x
    if fill == "wrap":
        site.needs(19, "Pad with mode=wrap")
    pads = site.wholes([0, 0, *before, 0, 0, *after])
    return site.put("Pad", x, pads, mode=FILLS[fill])


def _sliding(site: LayerSite, weight: str, kernel: Sequence[int], groups: int, bias: Sequence[str]) -> str:
    before, after, fill = site.axes("before"), site.axes("after"), site.numbers["fill"]
    x = site.x
    if fill != "zeros":
        x, before, after = padded(site, x, before, after, fill), (0,) * site.rank, (0,) * site.rank
    return site.put(
        "Conv",
        x,
        weight,
        *bias,
        kernel_shape=list(kernel),
        strides=list(site.axes("stride")),
        pads=[*before, *after],
        dilations=list(site.axes("dilation")),
        group=groups,
    )


def _kernel(site: LayerSite, name: str, dims: Sequence[int]) -> str:
    """The weights of a kernel, turned round where it is flipped: its last axes backwards."""
    weight = site.weight(name, dims)
    if not site.numbers.get("flip", False):
        return weight
    axes = list(range(2, 2 + site.rank))
    backwards = [-1] * site.rank
    return site.put("Slice", weight, *(site.wholes(one) for one in (backwards, [BEYOND] * site.rank, axes, backwards)))


def _conv(site: LayerSite) -> str:
    dims = site.shape_of("weight")
    return _sliding(site, _kernel(site, "weight", dims), dims[2:], site.numbers["groups"], site.bias())


def _depthwise(site: LayerSite) -> str:
    filters, *kernel = site.shape_of("weight")
    return _sliding(site, _kernel(site, "weight", (filters, 1, *kernel)), kernel, site.shape.channels, site.bias())


def _separable(site: LayerSite) -> str:
    made, *kernel = site.shape_of("depthwise_weight")
    first = _sliding(site, _kernel(site, "depthwise_weight", (made, 1, *kernel)), kernel, site.shape.channels, ())
    filters, arriving = site.shape_of("pointwise_weight")[:2]
    ones = (1,) * site.rank
    second = site.weight("pointwise_weight", (filters, arriving, *ones))
    return site.put("Conv", first, second, *site.bias(), kernel_shape=list(ones))


def _connected(site: LayerSite) -> str:
    """Kernels by a table of connections, and one of zeros where there is none."""
    table, channels = site.numbers["table"], site.shape.channels
    count, *kernel = site.shape_of("weight")
    kernel = kernel[-site.rank :]
    ones = [1] * len(kernel)
    zeros = site.floats([0.0], [1, *ones])
    empty = site.put("Expand", zeros, site.wholes([1, *kernel]))
    rows = site.put("Concat", site.weight("weight", (count, *kernel)), empty, axis=0)
    at = iter(range(count))
    place = {(own, channel): next(at) for own, seen in enumerate(table) for channel in seen}
    chosen = [place.get((own, channel), count) for own in range(len(table)) for channel in range(channels)]
    whole = site.put("Gather", rows, site.wholes(chosen), axis=0)
    weight = site.reshaped(whole, [len(table), channels, *kernel])
    return _sliding(site, weight, kernel, 1, site.bias())


def _transposed(site: LayerSite) -> str:
    dims = site.shape_of("weight")
    before, after, extra = site.axes("before"), site.axes("after"), site.axes("output_padding")
    if min((*before, *after)) < 0:
        site.refuse("ConvTranspose cuts rows off and adds none at the start")
    return site.put(
        "ConvTranspose",
        site.x,
        _kernel(site, "weight", dims),
        *site.bias(),
        kernel_shape=list(dims[2:]),
        strides=list(site.axes("stride")),
        pads=[*before, *after],
        dilations=list(site.axes("dilation")),
        output_padding=list(extra) if any(extra) else None,
        group=site.numbers["groups"],
    )


def _local(site: LayerSite) -> str:
    """Every window as a column, by a convolution that takes out each of its numbers; then a matrix for each place."""
    kernel, axes = site.axes("kernel"), site.rank
    taps, channels = prod(kernel), site.shape.channels
    ones = b"".join(struct.pack("<f", float(at == tap)) for tap in range(taps) for at in range(taps))
    one_each = site.constant(Numbers((taps, 1, *kernel), ones))
    picking = site.put("Tile", one_each, site.wholes([channels, *(1,) * (axes + 1)]))
    columns = _sliding(site, picking, kernel, channels, ())
    places, filters = prod(site.output.spatial), site.output.channels
    seen = site.turned(site.reshaped(columns, [0, channels * taps, places]), (2, 1, 0))
    made = site.put("MatMul", site.weight("weight", (places, filters, channels * taps)), seen)
    if site.has("bias"):
        made = site.put("Add", made, site.weight("bias", (places, filters, 1)))
    return site.reshaped(site.turned(made, (2, 1, 0)), site.dims(site.output))


# ---------------------------------------------------------------------- pools
def _pool(site: LayerSite, op: str, **others: Any) -> str:
    """With `ceil` where ONNX' rule makes as many outputs, else with the rows that the last windows reach."""
    after, ceil = list(site.axes("after")), _rounds_up(site)
    if ceil is None:
        after, ceil = [max(0, one) for one in reached(site)], False
    dilation = site.axes("dilation")
    return site.put(
        op,
        site.x,
        kernel_shape=list(site.axes("kernel")),
        strides=list(site.axes("stride")),
        pads=[*site.axes("before"), *after],
        dilations=list(dilation) if set(dilation) != {1} else None,
        ceil_mode=1 if ceil else None,
        **others,
    )


def _rounds_up(site: LayerSite) -> bool | None:
    """Whether the outputs are as many as ceil_mode=1 makes, and not as many as without it; None where it makes more."""
    rounded, plain = [], []
    names = ("kernel", "stride", "before", "after", "dilation")
    axes = zip(site.shape.spatial, *(site.axes(name) for name in names), strict=True)
    for n, kernel, stride, before, after, dilation in axes:
        free = n + before + after - extent(kernel, dilation)
        rounded.append(-(-free // stride) + 1)
        plain.append(output_size(n, kernel, stride, (before, after), dilation))
    if tuple(plain) == site.output.spatial:
        return False
    return True if tuple(rounded) == site.output.spatial else None


def reached(site: LayerSite) -> list[int]:
    """The rows after the map where the last window of each axis ends."""
    names = ("kernel", "stride", "before", "dilation")
    axes = zip(site.shape.spatial, site.output.spatial, *(site.axes(name) for name in names), strict=True)
    return [
        (outputs - 1) * stride + extent(kernel, dilation) - n - before
        for n, outputs, kernel, stride, before, dilation in axes
    ]


def _max_pool(site: LayerSite) -> str:
    return _pool(site, "MaxPool")


def _average_pool(site: LayerSite) -> str:
    if set(site.axes("dilation")) != {1}:
        site.needs(19, "AveragePool with dilations")
    counted = bool(site.numbers["countpad"])
    if counted and _rounds_up(site) is None:
        site.refuse("AveragePool with ceil_mode counts a window in another way")
    return _pool(site, "AveragePool", count_include_pad=1 if counted else None)


def summed(site: LayerSite) -> str:
    """The sum of each window: its mean, pads counted as zeros, times the numbers in it."""
    if set(site.axes("dilation")) != {1}:
        site.needs(19, "AveragePool with dilations")
    dilation, after = site.axes("dilation"), [max(0, one) for one in reached(site)]
    kernel = site.axes("kernel")
    mean = site.put(
        "AveragePool",
        site.x,
        kernel_shape=list(kernel),
        strides=list(site.axes("stride")),
        pads=[*site.axes("before"), *after],
        dilations=list(dilation) if set(dilation) != {1} else None,
        count_include_pad=1,
    )
    return site.put("Mul", mean, site.number(prod(kernel)))


def _lengths(site: LayerSite) -> str:
    """The root of the sum of the squares of each window."""
    dilation, after = site.axes("dilation"), [max(0, one) for one in reached(site)]
    if set(dilation) != {1}:
        site.needs(18, "LpPool with dilations")
    return site.put(
        "LpPool",
        site.x,
        kernel_shape=list(site.axes("kernel")),
        strides=list(site.axes("stride")),
        pads=[*site.axes("before"), *after],
        dilations=list(dilation) if set(dilation) != {1} else None,
        p=2,
    )


def _subsampled(site: LayerSite) -> str:
    scaled = site.put("Mul", summed(site), site.by_channel("weight"))
    return site.put("Add", scaled, site.by_channel("bias"))


def _whole(site: LayerSite, op: str) -> str:
    """One number of each map, in a row unless the axes stay."""
    made = site.put(op, site.x) if site.rank else site.x
    return made if site.output.rank else site.put("Flatten", made, axis=1)


def _adapted(site: LayerSite, op: str) -> str:
    """Windows of one size where the sizes divide; others by slices, one axis after the other."""
    output = site.axes("output")
    sizes = list(zip(site.shape.spatial, output, strict=True))
    if all(n % outputs == 0 for n, outputs in sizes):
        kernel = [n // outputs for n, outputs in sizes]
        return site.put(f"{op}Pool", site.x, kernel_shape=kernel, strides=kernel)
    x = site.x
    for axis, (n, outputs) in enumerate(sizes, 2):
        if n == outputs:
            continue
        parts = [
            site.reduced(f"Reduce{'Mean' if op == 'Average' else 'Max'}", part, [axis])
            for part in (
                site.sliced(x, [axis], [o * n // outputs], [-(-(o + 1) * n // outputs)]) for o in range(outputs)
            )
        ]
        x = site.put("Concat", *parts, axis=axis) if outputs > 1 else parts[0]
    return x


RULES: Mapping[str, Callable[[LayerSite], str]] = {
    "conv": _conv,
    "dwconv": _depthwise,
    "sepconv": _separable,
    "connected_conv": _connected,
    "upconv": _transposed,
    "local": _local,
    "maxpool": _max_pool,
    "avgpool": _average_pool,
    "sumpool": summed,
    "l2pool": _lengths,
    "subsample": _subsampled,
    "global_avgpool": lambda site: _whole(site, "GlobalAveragePool"),
    "global_maxpool": lambda site: _whole(site, "GlobalMaxPool"),
    "adaptive_avgpool": lambda site: _adapted(site, "Average"),
    "adaptive_maxpool": lambda site: _adapted(site, "Max"),
}
