"""Norms, factors and offsets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cnncalc.dialects.onnx.writing.layer_site import LayerSite


def _batch_norm(site: LayerSite) -> str:
    channels = [site.shape.channels]
    scale = site.weight("weight") if site.has("weight") else site.alike(1.0, channels)
    shift = site.weight("bias") if site.has("bias") else site.alike(0.0, channels)
    statistics = [site.weight(name) for name in ("running_mean", "running_var")]
    return site.put("BatchNormalization", site.x, scale, shift, *statistics, epsilon=_epsilon(site))


def _epsilon(site: LayerSite) -> float:
    return float(site.numbers["epsilon"])


def channels_last(site: LayerSite, x: str) -> str:
    """A map with its channels on the last axis."""
    return site.turned(x, [0, *range(2, 2 + site.rank), 1])


def channels_second(site: LayerSite, x: str) -> str:
    """The way back."""
    return site.turned(x, [0, 1 + site.rank, *range(1, 1 + site.rank)])


def _over_channels(rule: Callable[[LayerSite, str, list[int], Sequence[int]], str]) -> Callable[[LayerSite], str]:
    """The norm over the last axis, where the channels are put, or over all of an image."""

    def written(site: LayerSite) -> str:
        if site.numbers["axes"] == "channels":
            made = rule(site, channels_last(site, site.x), [-1], [site.shape.channels])
            return channels_second(site, made)
        return rule(site, site.x, list(range(1, 2 + site.rank)), [site.shape.channels, *site.shape.spatial])

    return written


def _layer_norm(site: LayerSite, x: str, axes: list[int], sizes: Sequence[int]) -> str:
    """Before opset 17 by means, in the order that PyTorch's exporter writes."""
    scale, shift = (site.weight(name, sizes) if site.has(name) else "" for name in ("weight", "bias"))
    if site.opset >= 17:
        given = [scale or site.alike(1.0, sizes), *([shift] if shift else [])]
        return site.put("LayerNormalization", x, *given, axis=axes[0], epsilon=_epsilon(site))
    centred = site.put("Sub", x, site.reduced("ReduceMean", x, axes))
    spread = site.reduced("ReduceMean", site.put("Pow", centred, site.number(2.0)), axes)
    root = site.put("Sqrt", site.put("Add", spread, site.number(_epsilon(site))))
    return _scaled(site, site.put("Div", centred, root), scale, shift)


def _scaled(site: LayerSite, x: str, scale: str, shift: str = "") -> str:
    x = site.put("Mul", x, scale) if scale else x
    return site.put("Add", x, shift) if shift else x


def _rms_norm(site: LayerSite, x: str, axes: list[int], sizes: Sequence[int]) -> str:
    """Before opset 23 by the mean of the squares."""
    scale = site.weight("weight", sizes) if site.has("weight") else ""
    if site.opset >= 23:
        given = scale or site.alike(1.0, sizes)
        return site.put("RMSNormalization", x, given, axis=axes[0], epsilon=_epsilon(site))
    squares = site.reduced("ReduceMean", site.put("Pow", x, site.number(2.0)), axes)
    root = site.put("Sqrt", site.put("Add", squares, site.number(_epsilon(site))))
    return _scaled(site, site.put("Div", x, root), scale)


def _group_norm(site: LayerSite) -> str:
    """A group for each channel is InstanceNormalization; others are that of groups seen as channels before opset 21."""
    groups, channels, epsilon = site.numbers["groups"], site.shape.channels, _epsilon(site)
    if groups == channels and site.rank:
        scale, shift = _by_vector(site, channels)
        return site.put("InstanceNormalization", site.x, scale, shift, epsilon=epsilon)
    if site.opset >= 21 and site.rank:
        scale, shift = _by_vector(site, channels)
        return site.put("GroupNormalization", site.x, scale, shift, epsilon=epsilon, num_groups=groups)
    seen = site.reshaped(site.x, [0, groups, -1])
    ones, zeros = site.alike(1.0, [groups]), site.alike(0.0, [groups])
    made = site.put("InstanceNormalization", seen, ones, zeros, epsilon=epsilon)
    back = site.reshaped(made, site.dims(site.shape))
    return _scaled(site, back, *(site.by_channel(name) if site.has(name) else "" for name in ("weight", "bias")))


def _by_vector(site: LayerSite, channels: int) -> tuple[str, str]:
    scale = site.weight("weight") if site.has("weight") else site.alike(1.0, [channels])
    return scale, site.weight("bias") if site.has("bias") else site.alike(0.0, [channels])


def _length_norm(site: LayerSite) -> str:
    """As PyTorch's exporter writes F.normalize: ONNX' own LpNormalization has no smallest length."""
    length = site.reduced("ReduceL2", site.x, [1])
    return site.put("Div", site.x, site.put("Clip", length, site.number(_epsilon(site))))


def _local_response(site: LayerSite) -> str:
    size = int(site.numbers["size"])
    if size % 2 == 0:
        site.refuse(f"LRN with an even size ({size}) looks at other neighbours")
    alpha, beta, bias = (float(site.numbers[name]) for name in ("alpha", "beta", "bias"))
    return site.put("LRN", site.x, size=size, alpha=alpha, beta=beta, bias=bias)


def _factor(site: LayerSite) -> str:
    return site.put("Mul", site.x, site.by_channel("weight"))


def _offset(site: LayerSite) -> str:
    return site.put("Add", site.x, site.by_channel("bias"))


def _times(site: LayerSite) -> str:
    return site.put("Mul", site.x, site.number(site.numbers["factor"]))


def _affine(site: LayerSite) -> str:
    made = site.x
    for op, name, nothing in (("Mul", "factor", 1.0), ("Add", "offset", 0.0)):
        numbers = site.numbers[name]
        if set(numbers) == {nothing} and not (op == "Add" and made == site.x):
            continue
        is_one = len(numbers) == 1
        many = site.number(numbers[0]) if is_one else site.floats(numbers, [len(numbers), *(1,) * site.rank])
        made = site.put(op, made, many)
    return made


RULES: Mapping[str, Callable[[LayerSite], str]] = {
    "bn": _batch_norm,
    "ln": _over_channels(_layer_norm),
    "rmsnorm": _over_channels(_rms_norm),
    "gn": _group_norm,
    "l2norm": _length_norm,
    "lrn": _local_response,
    "scale": _factor,
    "scale_all": _factor,
    "shift": _offset,
    "shift_all": _offset,
    "times": _times,
    "affine": _affine,
}
