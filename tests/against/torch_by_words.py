"""A second translation to PyTorch, from what the lines say: layers' arguments as written, sizes worked out here anew.

It knows neither `cnncalc.geometry` nor `cnncalc.runtime.peers`, nor any `kernel_call`: what is wrong there cannot be
wrong here too.  Maps are `[n, c, *spatial]` with as many spatial axes as the net has; everything in float64.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")
F = torch.nn.functional
Tensor = torch.Tensor

Layer = Any
Weights = Mapping[str, Any]
Word = Callable[[Layer, Weights, Any], Any]

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
UPCONV = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
FILLS = {"zeros": "constant", "edge": "replicate", "reflect": "reflect", "wrap": "circular"}


def axes(value: Sequence[int], rank: int) -> list[int]:
    return list(value) * rank if len(value) == 1 else list(value)


def pads_of(padding: Any, sizes: Sequence[int], kernel: list[int], stride: list[int], dilation: list[int]) -> list[Any]:
    """Rows before and after, on each axis."""
    found = []
    for axis, (n, k, s, d) in enumerate(zip(sizes, kernel, stride, dilation, strict=True)):
        reach = d * (k - 1)
        missing = max(0, (-(-n // s) - 1) * s + reach + 1 - n)
        known = {
            "valid": (0, 0),
            "full": (reach, reach),
            "causal": (reach, 0),
            "half": (reach // 2, reach // 2),
            "same": (missing // 2, missing - missing // 2),
            "same_lower": (missing - missing // 2, missing // 2),
        }
        sides = padding.sides
        found.append(known[padding.mode] if padding.mode != "explicit" else sides[axis if len(sides) > 1 else 0])
    return found


def padded(x: Any, pads: Sequence[tuple[int, int]], fill: str = "zeros", value: float = 0.0) -> Any:
    """Negative rows are cut off; other fills go axis by axis, since PyTorch has them for some ranks only."""
    if fill == "zeros":
        return F.pad(x, [rows for pair in reversed(list(pads)) for rows in pair], value=value)
    for axis, (before, after) in enumerate(pads, 2):
        n = x.shape[axis]
        places = torch.arange(-before, n + after)
        if fill == "edge":
            places = places.clamp(0, n - 1)
        elif fill == "wrap":
            places = places % n
        else:
            places = places.abs()
            places = torch.where(places >= n, 2 * (n - 1) - places, places)
        x = x.index_select(axis, places)
    return x


def yolo(layer: Layer, w: Weights, x: Any) -> Any:
    """As ultralytics and Darknet write it: y = x.sigmoid(), xy * stretch - (stretch - 1) / 2."""
    each = 5 + layer.classes
    found = []
    for channel in range(x.shape[1]):
        number, y = channel % each, torch.sigmoid(x[:, channel])
        stretch = layer.stretch or (2 if layer.style == "v5" else 1)
        if number < 2:
            y = y * stretch - (stretch - 1) / 2
        elif number < 4 and layer.style == "v3":
            y = x[:, channel]
        found.append(y)
    return torch.stack(found, 1)


def region(layer: Layer, w: Weights, x: Any) -> Any:
    found = []
    for box in x.split(5 + layer.classes, 1):
        classes = torch.softmax(box[:, 5:], 1) if layer.softmax else torch.sigmoid(box[:, 5:])
        found += [torch.sigmoid(box[:, :2]), box[:, 2:4], torch.sigmoid(box[:, 4:5]), classes]
    return torch.cat(found, 1)


def detection(layer: Layer, w: Weights, x: Any) -> Any:
    first = layer.side**2 * layer.classes
    cells = [torch.softmax(cell, 1) if layer.softmax else cell for cell in x[:, :first].split(layer.classes, 1)]
    return torch.cat([*cells, x[:, first:]], 1)


def slid(layer: Layer, x: Any) -> tuple[Any, list[int], list[int]]:
    """(what a convolution reads, strides, dilations)."""
    rank = x.ndim - 2
    stride, dilation = axes(layer.stride, rank), axes(getattr(layer, "dilation", (1,)), rank)
    kernel = kernel_of(layer, rank)
    return padded(x, pads_of(layer.padding, x.shape[2:], kernel, stride, dilation), layer.fill), stride, dilation


def kernel_of(layer: Layer, rank: int) -> list[int]:
    if hasattr(layer, "kernel_size"):
        return axes(layer.kernel_size, rank)
    matrix = layer.filter.matrix
    return [matrix.channels, matrix.rows, matrix.columns][3 - rank :]


def turned(layer: Layer, weight: Any, rank: int) -> Any:
    return weight.flip(tuple(range(-rank, 0))) if layer.flip else weight


def conv(layer: Layer, w: Weights, x: Any) -> Any:
    rank, (seen, stride, dilation) = x.ndim - 2, slid(layer, x)
    if hasattr(layer, "connect"):
        table = layer.connect.matrix.planes[0]
        rows = table if len(table) == x.shape[1] else list(zip(*table, strict=True))
        whole, used = torch.zeros(layer.filters, x.shape[1], *kernel_of(layer, rank), dtype=x.dtype), 0
        for column in range(layer.filters):
            for channel in range(x.shape[1]):
                if rows[channel][column]:
                    whole[column, channel] = w["weight"].reshape(-1, *whole.shape[2:])[used]
                    used += 1
        return CONV[rank](seen, whole, w.get("bias"), stride, 0, dilation)
    weight = turned(layer, w["weight"], rank)
    if hasattr(layer, "filter"):
        return CONV[rank](seen, weight[:, None], None, stride, 0, dilation, x.shape[1])
    return CONV[rank](seen, weight, w.get("bias"), stride, 0, dilation, layer.groups)


def dwconv(layer: Layer, w: Weights, x: Any) -> Any:
    rank, (seen, stride, dilation) = x.ndim - 2, slid(layer, x)
    return CONV[rank](seen, turned(layer, w["weight"], rank)[:, None], w.get("bias"), stride, 0, dilation, x.shape[1])


def sepconv(layer: Layer, w: Weights, x: Any) -> Any:
    rank, (seen, stride, dilation) = x.ndim - 2, slid(layer, x)
    middle = CONV[rank](seen, w["depthwise_weight"][:, None], None, stride, 0, dilation, x.shape[1])
    mixing = w["pointwise_weight"]
    return CONV[rank](middle, mixing.reshape(*mixing.shape, *[1] * rank), w.get("bias"))


def upconv(layer: Layer, w: Weights, x: Any) -> Any:
    rank = x.ndim - 2
    kernel, stride, dilation = kernel_of(layer, rank), axes(layer.stride, rank), axes(layer.dilation, rank)
    weight, groups = turned(layer, w["weight"], rank), getattr(layer, "groups", x.shape[1])
    canvas = UPCONV[rank](x, weight, None, stride, 0, 0, groups, dilation)
    extra = None if layer.output_padding is None else axes(layer.output_padding, rank)
    pads = []
    for axis, (n, k, s, d) in enumerate(zip(x.shape[2:], kernel, stride, dilation, strict=True)):
        span, more = d * (k - 1) + 1, extra[axis] if extra else 0
        whole = (n - 1) * s + span
        if layer.padding.mode == "explicit":
            sides = layer.padding.sides
            before, after = sides[axis if len(sides) > 1 else 0]
            size = whole - before - after + more
        elif layer.padding.mode == "same":
            before, size = (
                (max(0, span - s) // 2, n * s)
                if extra is None
                else (span // 2, (n - 1) * s + span - 2 * (span // 2) + more)
            )
        elif layer.padding.mode == "valid":
            before, size = 0, whole + (more if extra else max(0, s - span))
        else:
            before, size = span - 1, whole - 2 * (span - 1) + more
        pads.append((-before, size + before - whole))
    made = padded(canvas, pads)
    return made + w["bias"].reshape(-1, *[1] * rank) if "bias" in w else made


def windows(layer: Layer, x: Any, value: float) -> tuple[Any, Any]:
    """([n, c, *outputs, *kernel] of a pool, and the same of ones inside the picture and, with `countpad`, its pads)."""
    rank = x.ndim - 2
    kernel = axes(layer.kernel_size, rank)
    stride = kernel if layer.stride is None else axes(layer.stride, rank)
    dilation = axes(layer.dilation, rank)
    spans = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    pads = pads_of(layer.padding, x.shape[2:], kernel, stride, dilation)
    sides = []
    for n, k, s, (before, after) in zip(x.shape[2:], spans, stride, pads, strict=True):
        outputs = (n + before + after - k) // s + 1
        if layer.ceil:
            outputs = -(-(n + before + after - k) // s) + 1
            outputs -= (outputs - 1) * s >= n + before
        sides.append((before, (outputs - 1) * s + k - n - before))
    ones = torch.ones(1, 1, *x.shape[2:], dtype=x.dtype)
    if getattr(layer, "countpad", False):
        ones = padded(ones, pads, value=1.0)
        rest = [(0, end - after) for (_, after), (_, end) in zip(pads, sides, strict=True)]
        ones = padded(ones, rest)
    else:
        ones = padded(ones, sides)
    found = []
    for each in (padded(x, sides, value=value), ones):
        for axis, (k, s, d) in enumerate(zip(spans, stride, dilation, strict=True), 2):
            each = each.unfold(axis, k, s)[..., ::d]  # noqa: PLW2901
        found.append(each.flatten(2 + rank))
    return found[0], found[1]


def mean_pool(layer: Layer, w: Weights, x: Any) -> Any:
    found, counted = windows(layer, x, 0.0)
    return found.sum(-1) / counted.sum(-1)


def local(layer: Layer, w: Weights, x: Any) -> Any:
    rank, (seen, stride, _) = x.ndim - 2, slid(layer, x)
    for axis, (k, s) in enumerate(zip(kernel_of(layer, rank), stride, strict=True), 2):
        seen = seen.unfold(axis, k, s)
    outputs = seen.shape[2 : 2 + rank]
    columns = seen.flatten(2, 1 + rank).flatten(3)  # [n, c, places, taps]
    weight = w["weight"].flatten(0, rank - 1).flatten(3)  # [places, filters, c, taps]
    found = torch.einsum("ncpt,pfct->nfp", columns, weight)
    if "bias" in w:
        found = found + w["bias"].flatten(0, rank - 1).T
    return found.reshape(*found.shape[:2], *outputs)


def adaptive(largest: bool) -> Word:
    names = {1: ("1d",), 2: ("2d",), 3: ("3d",)}

    def pool(layer: Layer, w: Weights, x: Any) -> Any:
        rank = x.ndim - 2
        operation = getattr(F, f"adaptive_{'max' if largest else 'avg'}_pool{names[rank][0]}")
        return operation(x, axes(layer.output_size, rank))

    return pool


def kept(layer: Layer, x: Any, made: Any) -> Any:
    return made.reshape(*made.shape, *[1] * (x.ndim - 2)) if layer.keep else made


def reduced(layer: Layer, w: Weights, x: Any) -> Any:
    """Channels that are reduced leave one; the other axes go, or stay with `keep`."""
    rank = x.ndim - 2
    place = {name: axis for axis, name in enumerate(("depth", "height", "width")[3 - rank :], 2)} | {"channels": 1}
    dims = [place[name] for name in layer.axes]
    ways = {
        "mean": torch.mean,
        "sum": torch.sum,
        "max": torch.amax,
        "min": torch.amin,
        "norm": torch.linalg.vector_norm,
    }
    if layer.how in ("var", "std"):
        spread = torch.var if layer.how == "var" else torch.std
        x = spread(x, dims, correction=int(layer.unbiased), keepdim=True)
    elif layer.how in ("argmax", "argmin"):
        x = getattr(torch, layer.how)(x, dims[0], keepdim=True).to(x.dtype)
    elif layer.how == "prod":
        for dim in dims:
            x = torch.prod(x, dim, keepdim=True)
    else:
        x = ways[layer.how](x, dim=dims, keepdim=True)
    for dim in sorted(dims, reverse=True):
        x = x if dim == 1 or layer.keep else x.squeeze(dim)
    return x


def rearranged(layer: Layer, w: Weights, x: Any) -> Any:
    """By view, permute and view, the channels being where the pattern has them."""
    last = layer.order == "channels_last"
    sides = [[axis.strip("() ") for axis in re.findall(r"\([^)]*\)|\S+", side)] for side in layer.pattern.split("->")]
    parts = [[part.split("=") for part in axis.split() if part != "1"] for axis in sides[0]]
    sizes = x.movedim(1, -1).shape[1:] if last else x.shape[1:]
    names, split = [], []
    for axis, size in zip(parts, sizes, strict=True):
        stated = torch.Size(int(part[1]) for part in axis if len(part) > 1).numel()
        names += [part[0] for part in axis]
        split += [int(part[1]) if len(part) > 1 else size // stated for part in axis]
    right = [[part for part in axis.split() if part != "1"] for axis in sides[1]]
    seen = (x.movedim(1, -1) if last else x).reshape(-1, *split)
    seen = seen.permute(0, *(1 + names.index(part) for axis in right for part in axis))
    known = dict(zip(names, split, strict=True))
    made = seen.reshape(-1, *(torch.Size(known[part] for part in axis).numel() for axis in right))
    return made.movedim(-1, 1) if last else made


def axis_named(layer: Layer, x: Any) -> int:
    names = ("channels", *("depth", "height", "width")[5 - x.ndim :])
    return 1 + names.index(getattr(layer, "axis", "channels"))


def sliced(layer: Layer, w: Weights, x: Any) -> Any:
    first, last = layer.places if hasattr(layer, "places") else layer.channels
    return x.narrow(axis_named(layer, x), first, last - first)


def flat(x: Any, order: str) -> Any:
    return (x.movedim(1, -1) if order == "channels_last" and x.ndim > 2 else x).flatten(1)


def reshape(layer: Layer, w: Weights, x: Any) -> Any:
    numbers = flat(x, layer.order)
    found = numbers.reshape(-1, *layer.size)
    return found.movedim(-1, 1) if layer.order == "channels_last" else found


def by_channel(x: Any, weight: Any) -> Any:
    return weight.reshape(-1, *[1] * (x.ndim - 2))


def layer_norm(layer: Layer, w: Weights, x: Any) -> Any:
    if layer.axes == "all":
        return F.layer_norm(x, x.shape[1:], w.get("weight"), w.get("bias"), layer.epsilon)
    return F.layer_norm(x.movedim(1, -1), x.shape[1:2], w.get("weight"), w.get("bias"), layer.epsilon).movedim(-1, 1)


def mean_square_norm(layer: Layer, w: Weights, x: Any) -> Any:
    if layer.axes == "all":
        return F.rms_norm(x, x.shape[1:], w.get("weight"), layer.epsilon)
    return F.rms_norm(x.movedim(1, -1), x.shape[1:2], w.get("weight"), layer.epsilon).movedim(-1, 1)


def group_norm(layer: Layer, w: Weights, x: Any) -> Any:
    """Written out: PyTorch's own refuses a single number."""
    grouped = x.unflatten(1, (getattr(layer, "groups", x.shape[1]), -1)).flatten(2)
    variance, mean = torch.var_mean(grouped, 2, correction=0, keepdim=True)
    made = ((grouped - mean) / (variance + layer.epsilon).sqrt()).reshape(x.shape)
    made = made * by_channel(x, w["weight"]) if "weight" in w else made
    return made + by_channel(x, w["bias"]) if "bias" in w else made


def response_norm(layer: Layer, w: Weights, x: Any) -> Any:
    """Written out: PyTorch's own takes no flat vectors."""
    squares = F.pad((x * x).movedim(1, -1), (layer.size // 2, (layer.size - 1) // 2))
    sums = squares.unfold(-1, layer.size, 1).sum(-1).movedim(-1, 1)
    return x / (layer.bias + layer.alpha / layer.size * sums) ** layer.beta


def upsample(layer: Layer, w: Weights, x: Any) -> Any:
    """One axis after the other, each as the width of a picture that is one pixel high."""
    to_size = hasattr(layer, "size")
    if to_size and layer.is_placed:
        return placed(layer, x)
    mode = {"catmullrom": "bicubic", "nearestexact": "nearest-exact"}.get(layer.mode, layer.mode)
    words = {"mode": mode, "antialias": layer.mode == "catmullrom"}
    if mode in ("bilinear", "bicubic"):
        words["align_corners"] = layer.corners
    for axis, each in enumerate(axes(layer.size if to_size else layer.factor, x.ndim - 2), 2):
        size = {"size": (1, each)} if to_size else {"scale_factor": (1.0, float(each))}
        rows = x.movedim(axis, -1)
        if to_size and mode == "nearest":  # PyTorch multiplies by a rounded share, and is one pixel off now and then
            made = rows[..., torch.arange(each) * rows.shape[-1] // each]
        else:
            made = F.interpolate(rows.reshape(1, -1, 1, rows.shape[-1]), **words, **size)
        x = made.reshape(*rows.shape[:-1], -1).movedim(-1, axis)
    return x


def placed(layer: Layer, x: Any) -> Any:
    """Each axis by a matrix that has a row for each output: linear functions of the pixels, as PyTorch mixes them."""
    for axis, size in enumerate(axes(layer.size, x.ndim - 2), 2):
        n = x.shape[axis]
        start, step = (
            numbers[axis - 2 if len(numbers) > 1 else 0] for numbers in (layer.start or (0,), layer.step or (0,))
        )
        at = start + torch.arange(size, dtype=torch.float64) * (step or n / size) + 1e-9
        if layer.mode in ("nearest", "nearestexact"):
            weights = torch.nn.functional.one_hot(at.floor().clamp(0, n - 1).long(), n).double()
        else:
            far = (at[:, None] - torch.arange(-3, n + 3)).abs()
            a = -0.75
            near = ((a + 2) * far - (a + 3)) * far**2 + 1
            cubic = torch.where(far <= 1, near, torch.where(far < 2, ((far - 5) * far + 8) * far * a - 4 * a, 0 * far))
            wide = (1 - far).clamp(0) if layer.mode == "bilinear" else cubic
            weights = wide[:, 3:-3]
            weights[:, 0] += wide[:, :3].sum(1)
            weights[:, -1] += wide[:, -3:].sum(1)
        x = (x.movedim(axis, -1) @ weights.T.to(x.dtype)).movedim(-1, axis)
    return x


def to_depth(layer: Layer, w: Weights, x: Any) -> Any:
    """As F.pixel_unshuffle: the channels of a block follow their own channel."""
    rank, factor = x.ndim - 2, axes(layer.factor, x.ndim - 2)
    for axis, count in reversed(list(enumerate(factor, 2))):
        x = x.unflatten(axis, (-1, count))
    inner = [3 + 2 * axis for axis in range(rank)]
    outer = [2 + 2 * axis for axis in range(rank)]
    block = (*inner, 1) if layer.place_first else (1, *inner)
    return x.permute(0, *block, *outer).flatten(1, 1 + rank)


def to_space(layer: Layer, w: Weights, x: Any) -> Any:
    rank, factor = x.ndim - 2, axes(layer.factor, x.ndim - 2)
    x = x.unflatten(1, (*factor, -1)).movedim(1 + rank, 1) if layer.place_first else x.unflatten(1, (-1, *factor))
    order = [place for axis in range(rank) for place in (2 + rank + axis, 2 + axis)]
    x = x.permute(0, 1, *order)
    for axis in range(rank):
        x = x.flatten(2 + axis, 3 + axis)
    return x


def border(sign: int) -> Word:
    def put(layer: Layer, w: Weights, x: Any) -> Any:
        rank, sides = x.ndim - 2, layer.padding.sides
        rows = [sides[axis if len(sides) > 1 else 0] for axis in range(rank)]
        pairs = [(sign * a, sign * b) for a, b in rows]
        if getattr(layer, "value", 0):
            return F.pad(x, [side for pair in pairs[::-1] for side in pair], value=layer.value)
        return padded(x, pairs, getattr(layer, "fill", "zeros"))

    return put


def pad_channels(layer: Layer, w: Weights, x: Any) -> Any:
    (ahead, behind), *_ = layer.channels.sides
    return torch.cat([x.new_zeros(len(x), ahead, *x.shape[2:]), x, x.new_zeros(len(x), behind, *x.shape[2:])], 1)


def own(x: Any, weight: Any) -> Any:
    """A learned number for each channel, one for all, or one for each number."""
    return by_channel(x, weight) if weight.ndim == 1 else weight


def times(layer: Layer, w: Weights, x: Any) -> Any:
    return x * own(x, w["weight"]) if "weight" in w else x * float(layer.factor)


def with_constants(layer: Layer, w: Weights, x: Any) -> Any:
    factor, offset = (torch.tensor(numbers, dtype=x.dtype) for numbers in (layer.factor, layer.offset))
    return by_channel(x, factor) * x + by_channel(x, offset)


def named_function(layer: Layer, w: Weights, x: Any) -> Any:
    """Of PyTorch's own names where it has them."""
    if layer.name == "squareplus":
        return (x + (x**2 + 4).sqrt()) / 2
    if layer.name == "pow":
        return x**layer.exponent
    own_numbers = {
        "celu": ("slope",),
        "softshrink": ("limit",),
        "hardshrink": ("limit",),
        "threshold": ("limit", "value"),
    }
    numbers = [getattr(layer, option) for option in own_numbers.get(layer.name, ())]
    return (getattr(torch, layer.name, None) or getattr(F, layer.name))(x, *numbers)


def plain(function: Callable[[Any], Any]) -> Word:
    return lambda layer, w, x: function(x)


WORDS: Mapping[str, Word] = {
    "conv": conv,
    "dwconv": dwconv,
    "sepconv": sepconv,
    "upconv": upconv,
    "local": local,
    "maxpool": lambda layer, w, x: windows(layer, x, float("-inf"))[0].amax(-1),
    "sumpool": lambda layer, w, x: windows(layer, x, 0.0)[0].sum(-1),
    "avgpool": mean_pool,
    "l2pool": lambda layer, w, x: windows(layer, x, 0.0)[0].square().sum(-1).sqrt(),
    "subsample": lambda layer, w, x: (
        windows(layer, x, 0.0)[0].sum(-1) * by_channel(x, w["weight"]) + by_channel(x, w["bias"])
    ),
    "gap": lambda layer, w, x: kept(layer, x, x.flatten(2).mean(2)),
    "gmp": lambda layer, w, x: kept(layer, x, x.flatten(2).amax(2)),
    "adaptavg": adaptive(largest=False),
    "adaptmax": adaptive(largest=True),
    "reduce": reduced,
    "rearrange": rearranged,
    "flatten": lambda layer, w, x: flat(x, layer.order),
    "reshape": reshape,
    "dense": lambda layer, w, x: F.linear(x, w["weight"], w.get("bias")),
    "bn": lambda layer, w, x: F.batch_norm(
        x, w["running_mean"], w["running_var"], w.get("weight"), w.get("bias"), eps=layer.epsilon
    ),
    "ln": layer_norm,
    "gn": group_norm,
    "instancenorm": group_norm,
    "rmsnorm": mean_square_norm,
    "l2norm": lambda layer, w, x: F.normalize(x, dim=1, eps=layer.epsilon),
    "lrn": response_norm,
    "relu": plain(F.relu),
    "relu6": plain(F.relu6),
    "leaky": lambda layer, w, x: F.leaky_relu(x, layer.slope),
    "elu": lambda layer, w, x: F.elu(x, layer.slope),
    "selu": plain(F.selu),
    "gelu": lambda layer, w, x: F.gelu(x, approximate="tanh" if layer.approximate else "none"),
    "silu": plain(F.silu),
    "hardswish": plain(F.hardswish),
    "hardsigmoid": lambda layer, w, x: F.hardsigmoid(x) if layer.slope is None else (x * layer.slope + 0.5).clamp(0, 1),
    "sigmoid": plain(torch.sigmoid),
    "tanh": plain(torch.tanh),
    "softmax": lambda layer, w, x: torch.softmax(x, axis_named(layer, x)),
    "logsoftmax": plain(lambda x: torch.log_softmax(x, 1)),
    "softplus": lambda layer, w, x: torch.logaddexp(x * layer.beta, torch.zeros_like(x)) / layer.beta,
    "mish": plain(F.mish),
    "prelu": lambda layer, w, x: x.clamp(min=0) + own(x, w["weight"]) * x.clamp(max=0),
    "clip": lambda layer, w, x: x.clamp(layer.low, layer.high),
    "glu": lambda layer, w, x: F.glu(x, 1),
    "yolo": yolo,
    "region": region,
    "detection": detection,
    "function": named_function,
    "shift": lambda layer, w, x: x + own(x, w["bias"]),
    "affine": with_constants,
    "scale": times,
    "layerscale": times,
    "dropout": plain(lambda x: x),
    "identity": plain(lambda x: x),
    "pad": border(1),
    "crop": border(-1),
    "upsample": upsample,
    "slice": sliced,
    "padchannels": pad_channels,
    "shuffle": lambda layer, w, x: x.unflatten(1, (layer.groups, -1)).transpose(1, 2).flatten(1, 2),
    "spacetodepth": to_depth,
    "depthtospace": to_space,
}
"""Layers of one input."""


def fitted(layer: Layer, maps: Sequence[Any]) -> list[Any]:
    """The middles of maps, as large as the smallest on each axis, or with `pad` all amid zeros, as the largest."""
    padding = getattr(layer, "pad", False)
    if not padding and not layer.crop:
        return list(maps)
    sizes = [(max if padding else min)(each) for each in zip(*(x.shape[2:] for x in maps), strict=True)]
    found = []
    for x in maps:
        before = [
            (size - n) // 2 if padding else -((n - size) // 2) for size, n in zip(sizes, x.shape[2:], strict=True)
        ]
        sides = [(b, size - n - b) for b, size, n in zip(before, sizes, x.shape[2:], strict=True)]
        found.append(padded(x, sides) if sides else x)
    return found


def elementwise(function: Callable[[Any], Any]) -> Callable[[Layer, Sequence[Any]], Any]:
    """A function of the maps laid behind one another on a new first axis; those of one place are spread."""

    def joined(layer: Layer, maps: Sequence[Any]) -> Any:
        rank = max(x.ndim for x in maps)
        whole = iter(fitted(layer, [x for x in maps if x.shape[2:].numel() > 1]))
        met = [next(whole) if x.shape[2:].numel() > 1 else x.reshape(*x.shape[:2], *[1] * (rank - 2)) for x in maps]
        return function(torch.stack(torch.broadcast_tensors(*met)))

    return joined


def joined(layer: Layer, maps: Sequence[Any]) -> Any:
    if hasattr(layer, "axis"):
        return torch.cat(list(maps), axis_named(layer, maps[0]))
    return torch.cat(fitted(layer, maps), 1)


def multiplied(layer: Layer, maps: Sequence[Any]) -> Any:
    """A row for each place of the last axis, a column for each channel; a vector is one row."""
    left, right = (x.movedim(1, -1) if x.ndim > 2 else x.unsqueeze(1) for x in maps)
    made = left @ (right.transpose(-1, -2) if layer.transpose else right)
    flat = maps[0].ndim == 2 and maps[1].ndim < 4
    return made.squeeze(1) if flat else made.movedim(-1, 1)


def attended(layer: Layer, maps: Sequence[Any], w: Weights) -> Any:
    """Written out with einsum; every axis but the channels is the sequence."""
    rows = [x.flatten(2).transpose(1, 2) if x.ndim > 2 else x.unsqueeze(1) for x in maps]
    sources = [rows[0], rows[min(1, len(rows) - 1)], rows[-1]]
    key = layer.key or maps[0].shape[1] // layer.heads
    sizes = [layer.heads * key, layer.heads * key, layer.heads * (layer.value or key)]
    whole = w.get("in_proj_weight")
    own = whole.split(sizes) if whole is not None else [w[f"{name}_proj_weight"] for name in "qkv"]
    biases = w["in_proj_bias"].split(sizes) if layer.bias else (0, 0, 0)
    q, k, v = (
        (x @ weight.T + bias).unflatten(2, (layer.heads, -1))
        for x, weight, bias in zip(sources, own, biases, strict=True)
    )
    scores = torch.einsum("nqhd,nkhd->nhqk", q, k) / key**0.5
    if layer.causal:
        scores = scores.masked_fill(~torch.ones(scores.shape[2:], dtype=torch.bool).tril(), float("-inf"))
    made = torch.einsum("nhqk,nkhd->nqhd", scores.softmax(-1), v).flatten(2)
    out = made @ w["out_proj.weight"].T + (w["out_proj.bias"] if layer.bias else 0)
    return out.transpose(1, 2).reshape(maps[0].shape)


JOINS: Mapping[str, Callable[[Layer, Sequence[Any]], Any]] = {
    "add": elementwise(lambda maps: maps.sum(0)),
    "sub": elementwise(lambda maps: maps[0] - maps[1]),
    "max": elementwise(lambda maps: maps.amax(0)),
    "min": elementwise(lambda maps: maps.amin(0)),
    "avg": elementwise(lambda maps: maps.mean(0)),
    "absdiff": elementwise(lambda maps: (maps[0] - maps[1]).abs()),
    "mul": elementwise(lambda maps: maps.prod(0)),
    "div": elementwise(lambda maps: maps[0] / maps[1]),
    "matmul": multiplied,
    "concat": joined,
}
"""Layers of several inputs."""


def said_to_torch(layer: Layer, weights: Weights, maps: Sequence[Any]) -> Any:
    """What PyTorch makes of these maps."""
    with torch.inference_mode():
        if layer.word == "attention":
            return attended(layer, maps, weights)
        return JOINS[layer.word](layer, maps) if layer.word in JOINS else WORDS[layer.word](layer, weights, maps[0])
