"""Layers that move numbers and compute none: flatten, reshape, rearrange, slices, pads, blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.dialects.onnx.writing.layer_site import LayerSite
from cnncalc.dialects.onnx.writing.norm_rules import channels_last
from cnncalc.dialects.onnx.writing.window_rules import padded


def _flatten(site: LayerSite) -> str:
    """With the channels last they are put there first."""
    x = site.x if site.numbers["order"] == "channels_first" else channels_last(site, site.x)
    return site.put("Flatten", x, axis=1)


def _reshape(site: LayerSite) -> str:
    if site.numbers["order"] == "channels_first":
        return site.reshaped(site.x, site.dims(site.output))
    x = site.reshaped(channels_last(site, site.x), [0, *site.output.spatial, site.output.channels])
    rank = site.output.rank
    return site.turned(x, [0, 1 + rank, *range(1, 1 + rank)])


def _rearrange(site: LayerSite) -> str:
    """The factors of the axes in another order; factors of 1 are left out."""
    factors = [(size, place) for size, place in site.numbers["factors"] if size > 1]
    places = sorted(place for _, place in factors)
    order = [1 + [place for _, place in factors].index(place) for place in places]
    x = site.reshaped(site.x, [0, *(size for size, _ in factors)])
    return site.reshaped(site.turned(x, [0, *order]), site.dims(site.output))


def _slice(site: LayerSite) -> str:
    return site.sliced(site.x, [1], [site.numbers["first"]], [site.numbers["last"]])


def _crop(site: LayerSite) -> str:
    return cropped(site, site.x, list(site.axes("before")), list(site.axes("after")), site.shape.spatial)


def cropped(site: LayerSite, x: str, before: list[int], after: list[int], sizes: tuple[int, ...]) -> str:
    """A map without some rows before and after."""
    axes = [axis for axis in range(len(sizes)) if before[axis] or after[axis]]
    if not axes:
        return x
    ends = [sizes[axis] - after[axis] for axis in axes]
    return site.sliced(x, [2 + axis for axis in axes], [before[axis] for axis in axes], ends)


def _pad(site: LayerSite) -> str:
    return padded(site, site.x, site.axes("before"), site.axes("after"), site.numbers["fill"])


def _pad_value(site: LayerSite) -> str:
    pads = site.wholes([0, 0, *site.axes("before"), 0, 0, *site.axes("after")])
    return site.put("Pad", site.x, pads, site.number(site.numbers["value"]), mode="constant")


def _pad_channels(site: LayerSite) -> str:
    places = [0] * site.rank
    ahead, after = (site.numbers[name] for name in sorted(site.numbers))
    pads = [0, ahead, *places, 0, after, *places]
    return site.put("Pad", site.x, site.wholes(pads), mode="constant")


def _shuffle(site: LayerSite) -> str:
    groups, channels = site.numbers["groups"], site.shape.channels
    x = site.reshaped(site.x, [0, groups, channels // groups, *site.shape.spatial])
    x = site.turned(x, [0, 2, 1, *range(3, 3 + site.rank)])
    return site.reshaped(x, site.dims(site.output))


def _space_to_depth(site: LayerSite) -> str:
    """ONNX' SpaceToDepth has the other order of channels alone."""
    factors, axes = site.axes("factor"), range(site.rank)
    pairs = [part for n, f in zip(site.shape.spatial, factors, strict=True) for part in (n // f, f)]
    x = site.reshaped(site.x, [0, site.shape.channels, *pairs])
    x = site.turned(x, [0, 1, *(3 + 2 * axis for axis in axes), *(2 + 2 * axis for axis in axes)])
    return site.reshaped(x, site.dims(site.output))


def _depth_to_space(site: LayerSite) -> str:
    factors, rank = site.axes("factor"), site.rank
    if rank == 2 and len(set(factors)) == 1:
        return site.put("DepthToSpace", site.x, blocksize=factors[0], mode="CRD")
    x = site.reshaped(site.x, [0, site.output.channels, *factors, *site.shape.spatial])
    x = site.turned(x, [0, 1, *(place for axis in range(rank) for place in (2 + rank + axis, 2 + axis))])
    return site.reshaped(x, site.dims(site.output))


def _identity(site: LayerSite) -> str:
    if site.layer.word != "dropout":
        return site.put("Identity", site.x)
    rate = float(getattr(site.layer, "rate", 0.5))
    if site.opset < 12:
        return site.put("Dropout", site.x, ratio=rate)
    return site.put("Dropout", site.x, site.number(rate))


RULES: Mapping[str, Callable[[LayerSite], str]] = {
    "flatten": _flatten,
    "reshape": _reshape,
    "rearrange": _rearrange,
    "slice": _slice,
    "crop": _crop,
    "pad": _pad,
    "pad_value": _pad_value,
    "padchannels": _pad_channels,
    "shuffle": _shuffle,
    "space_to_depth": _space_to_depth,
    "depth_to_space": _depth_to_space,
    "identity": _identity,
}
