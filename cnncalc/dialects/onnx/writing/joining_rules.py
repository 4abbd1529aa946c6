"""Where branches meet, and matrices: joins, dense layers, matrix products, attention, numbers that no image decides."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import reduce

from cnncalc.dialects.onnx.writing.layer_site import LayerSite, Numbers
from cnncalc.dialects.onnx.writing.moving_rules import cropped
from cnncalc.dialects.onnx.writing.window_rules import padded
from cnncalc.geometry import Shape


def _met(site: LayerSite, word: str) -> list[str]:
    """The maps as they meet: cut or padded to one size, flat vectors with axes of size 1."""
    rank = max(shape.rank for shape in site.inputs)
    is_spread = word != "concat"
    whole = [shape for shape in site.inputs if not (is_spread and math.prod(shape.spatial) == 1)]
    return [
        _fitted(site, x, shape, whole, rank) if shape in whole else _with_axes(site, x, shape, rank)
        for x, shape in zip(site.reads, site.inputs, strict=True)
    ]


def _with_axes(site: LayerSite, x: str, shape: Shape, rank: int) -> str:
    return x if shape.rank == rank else site.reshaped(x, [0, shape.channels, *(1,) * rank])


def _fitted(site: LayerSite, x: str, shape: Shape, whole: list[Shape], rank: int) -> str:
    """The middle of a map as large as the smallest, or the map amid zeros as large as the largest."""
    if not rank:
        return x
    sizes = list(zip(*(one.spatial for one in whole), strict=True))
    if site.numbers.get("crop"):
        offsets = [(n - min(axis)) // 2 for n, axis in zip(shape.spatial, sizes, strict=True)]
        rest = [n - min(axis) - first for n, axis, first in zip(shape.spatial, sizes, offsets, strict=True)]
        return cropped(site, x, offsets, rest, shape.spatial)
    if site.kernel.endswith("_padded"):
        before = [(max(axis) - n) // 2 for n, axis in zip(shape.spatial, sizes, strict=True)]
        after = [max(axis) - n - first for n, axis, first in zip(shape.spatial, sizes, before, strict=True)]
        return padded(site, x, before, after)
    return x


def _folded(op: str) -> Callable[[LayerSite, list[str]], str]:
    return lambda site, maps: reduce(lambda made, one: site.put(op, made, one), maps)


def _mean(site: LayerSite, maps: list[str]) -> str:
    return site.put("Div", _folded("Add")(site, maps), site.number(len(maps)))


def _distance(site: LayerSite, maps: list[str]) -> str:
    return site.put("Abs", site.put("Sub", *maps))


def _joined(word: str, combine: Callable[[LayerSite, list[str]], str]) -> Callable[[LayerSite], str]:
    return lambda site: combine(site, _met(site, word))


JOINS: Mapping[str, Callable[[LayerSite, list[str]], str]] = {
    "add": _folded("Add"),
    "sub": _folded("Sub"),
    "mul": _folded("Mul"),
    "div": _folded("Div"),
    "max": lambda site, maps: site.put("Max", *maps),
    "min": lambda site, maps: site.put("Min", *maps),
    "avg": lambda site, maps: site.put("Mean", *maps),
    "absdiff": _distance,
    "concat": lambda site, maps: site.put("Concat", *maps, axis=1),
}


def _concat_along(site: LayerSite) -> str:
    return site.put("Concat", *site.reads, axis=2 + site.axes("axis").index(1))


# ---------------------------------------------------------------------- matrices
def _dense(site: LayerSite) -> str:
    return site.put("Gemm", site.x, site.weight("weight"), *site.bias(), transB=1)


def _rows(site: LayerSite, x: str, shape: Shape, rank: int) -> str:
    """A map as matrices, a row for each place of its last axis."""
    x = site.reshaped(x, [0, shape.channels, *(1,) * (rank - shape.rank), *shape.spatial]) if shape.rank < rank else x
    return site.turned(x, [0, *range(2, 2 + rank), 1])


def _matmul(site: LayerSite) -> str:
    rank = max(1, *(shape.rank for shape in site.inputs))
    left, right = (_rows(site, x, shape, rank) for x, shape in zip(site.reads, site.inputs, strict=True))
    if site.numbers["transpose"]:
        right = site.turned(right, [*range(rank), rank + 1, rank])
    made = site.turned(site.put("MatMul", left, right), [0, 1 + rank, *range(1, 1 + rank)])
    return made if site.output.rank == rank else site.reshaped(made, site.dims(site.output))


def _attention(site: LayerSite) -> str:
    """Dense layers at every place, heads side by side, and a softmax of the products between them."""
    heads = site.numbers["heads"]
    sizes = [heads * site.numbers[name] for name in ("key", "key", "value")]
    sources = [(site.reads[at], site.inputs[at]) for at in (0, min(1, len(site.reads) - 1), -1)]
    parts = []
    for at, (name, size, (x, shape)) in enumerate(zip("qkv", sizes, sources, strict=True)):
        places = [0, shape.channels, math.prod(shape.spatial)]
        seen = x if shape.rank == 1 else site.reshaped(x, places)
        made = site.put("MatMul", site.turned(seen, [0, 2, 1]), _projection(site, name, sizes, at))
        if site.has("in_proj_bias"):
            first = sum(sizes[:at])
            made = site.put("Add", made, site.sliced(site.weight("in_proj_bias"), [0], [first], [first + size]))
        parts.append(site.turned(site.reshaped(made, [0, places[2], heads, size // heads]), [0, 2, 1, 3]))
    query, keys, values = parts
    query = site.put("Mul", query, site.number(1 / math.sqrt(site.numbers["key"])))
    scores = site.put("MatMul", query, site.turned(keys, [0, 1, 3, 2]))
    if site.numbers["causal"]:
        scores = site.put("Add", scores, _future(site, *(math.prod(shape.spatial) for _, shape in sources[:2])))
    together = site.turned(site.put("MatMul", site.put("Softmax", scores, axis=3), values), [0, 2, 1, 3])
    row = site.reshaped(together, [0, math.prod(site.shape.spatial), sizes[2]])
    out = site.put("MatMul", row, site.put("Transpose", site.weight("out_proj.weight"), perm=[1, 0]))
    if site.has("out_proj.bias"):
        out = site.put("Add", out, site.weight("out_proj.bias"))
    out = site.turned(out, [0, 2, 1])
    return out if site.rank == 1 else site.reshaped(out, site.dims(site.output))


def _projection(site: LayerSite, name: str, sizes: list[int], at: int) -> str:
    if site.has(f"{name}_proj_weight"):
        rows = site.weight(f"{name}_proj_weight")
    else:
        first = sum(sizes[:at])
        rows = site.sliced(site.weight("in_proj_weight"), [0], [first], [first + sizes[at]])
    return site.put("Transpose", rows, perm=[1, 0])


def _future(site: LayerSite, rows: int, columns: int) -> str:
    """Minus infinity where a key comes after the query."""
    numbers = [0.0 if column <= row else -math.inf for row in range(rows) for column in range(columns)]
    return site.floats(numbers, [rows, columns])


# ---------------------------------------------------------------------- numbers that no image decides
def _learned(site: LayerSite) -> str:
    """The same for every image: repeated as often as there are images; shared, it is the one that has them."""
    owner = site.graph.nodes[site.node.shares] if site.node.shares is not None else None
    if owner is not None and owner.layer == site.layer:
        return site.put("Identity", owner.name)
    output = site.output
    if site.numbers["order"] == "channels_last" and output.rank:
        weight = site.weight("weight", (1, *output.spatial, output.channels))
        weight = site.turned(weight, [0, 1 + output.rank, *range(1, 1 + output.rank)])
    else:
        weight = site.weight("weight", (1, output.channels, *output.spatial))
    return _for_each_image(site, weight)


def _constant(site: LayerSite) -> str:
    value = site.number(site.numbers["value"])
    return _for_each_image(site, site.reshaped(value, (1,) * (2 + site.output.rank)))


def _for_each_image(site: LayerSite, x: str) -> str:
    sizes = site.put("Shape", site.sheet.inputs[0])
    images = site.put("Gather", sizes, site.constant(Numbers((1,), b"\0" * 8, is_whole=True)), axis=0)
    wanted = site.put("Concat", images, site.wholes([site.output.channels, *site.output.spatial]), axis=0)
    return site.put("Expand", x, wanted)


RULES: Mapping[str, Callable[[LayerSite], str]] = {
    **{word: _joined(word, combine) for word, combine in JOINS.items()},
    **{f"{word}_padded": _joined(word, combine) for word, combine in JOINS.items() if word != "div"},
    "concat_along": _concat_along,
    "dense": _dense,
    "matmul": _matmul,
    "attention": _attention,
    "learned": _learned,
    "constant": _constant,
}
