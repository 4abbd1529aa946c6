"""Weights as a Keras 3 file, `.weights.h5`, that the program written for a net takes: `model.load_weights(...)`.

Keras finds a layer by its class and its place among those of that class, in the order of the model; the name of each
stands in the file too.  Arrays have Keras' order of axes, [*kernel, in, out].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from cnncalc.diagnostics.extras import missing_extra
from cnncalc.dialects.keras.writing.layer_order import PlacedLayer, placed_layers
from cnncalc.graph.ir import Graph

Array = np.ndarray[Any, Any]
Stored = Iterator[tuple[str, Array]]


def write_keras_weights(graph: Graph, arrays: Mapping[str, Array], path: Path) -> None:
    """The arrays of a net, by its own names, for the program that is written for it.

    Raises InputError where h5py is not installed, or for a net that Keras cannot say.
    """
    try:
        h5py: Any = import_module("h5py")
    except ImportError:
        raise missing_extra(str(path), "h5py") from None
    with h5py.File(path, "w") as file:
        for layer in placed_layers(graph):
            file.create_group(f"{layer.path}/vars").attrs["name"] = layer.name
            for place, array in _stored(graph, layer, arrays):
                file.create_dataset(f"{layer.path}/{place}", data=np.ascontiguousarray(array))


def _stored(graph: Graph, layer: PlacedLayer, arrays: Mapping[str, Array]) -> Stored:
    """The variables of a layer: their places in its group, and their numbers."""
    if layer.kind == "Dropout":
        yield "seed_generator/vars/0", np.zeros(2, np.uint32)
    if layer.kind in _WITHOUT:
        return
    rule = _RULES.get(graph.nodes[layer.node].layer.word)
    if rule is not None:
        yield from rule(_Node(graph, layer, arrays))


class _Node:
    """A layer that is written, and the operation that it computes with its arrays."""

    def __init__(self, graph: Graph, placed: PlacedLayer, arrays: Mapping[str, Array]) -> None:
        node = graph.nodes[placed.node]
        self.kind, self.made = placed.kind, placed.made
        self.layer: Any = node.layer
        self.shapes = tuple(graph.nodes[one].output for one in node.inputs)
        owner = node if node.shares is None else graph.nodes[node.shares]
        self.arrays: dict[str, Array] = {}
        for weight in node.layer.weights(self.shapes):
            self.arrays[weight.name] = np.asarray(arrays[f"{owner.name}.{weight.name}"]).reshape(weight.shape)

    def numbered(self, *found: Array | None) -> Stored:
        """Arrays in their order, those that are there."""
        for place, array in enumerate(one for one in found if one is not None):
            yield f"vars/{place}", array

    def get(self, name: str) -> Array | None:
        """The array, where the layer has it."""
        return self.arrays.get(name)


def _kernel(array: Array) -> Array:
    """[out, in, *kernel] as [*kernel, in, out]."""
    return np.moveaxis(array, (1, 0), (-2, -1))


def _conv(node: _Node) -> Stored:
    if node.kind == "ConnectedConv":
        return node.numbered(np.moveaxis(node.arrays["weight"][:, None], (1, 0), (-2, -1)), node.get("bias"))
    if node.layer.__class__.__name__ == "FilterConv":
        return _depthwise(node)
    return node.numbered(_kernel(node.arrays["weight"]), node.get("bias"))


def _each(array: Array, channels: int, kind: str) -> Array:
    """One kernel a channel: [*kernel, in, multiplier], or with as many groups as channels [*kernel, 1, out]."""
    if kind.startswith(("Conv", "FixedFilter")):
        return _kernel(array[:, None])
    return np.moveaxis(array.reshape(channels, -1, *array.shape[1:]), (0, 1), (-2, -1))


def _depthwise(node: _Node) -> Stored:
    return node.numbered(_each(node.arrays["weight"], node.shapes[0].channels, node.kind), node.get("bias"))


def _separable(node: _Node) -> Stored:
    first = _each(node.arrays["depthwise_weight"], node.shapes[0].channels, node.kind)
    second = node.arrays["pointwise_weight"]
    second = _kernel(second.reshape(*second.shape, *(1,) * node.shapes[0].rank))
    if not node.kind.startswith("Conv"):
        return node.numbered(first, second, node.get("bias"))
    is_first = any(one.keyword == "groups" for one in node.made.arguments)
    return node.numbered(first) if is_first else node.numbered(second, node.get("bias"))


def _transposed(node: _Node) -> Stored:
    return node.numbered(_kernel(node.arrays["weight"]), node.get("bias"))


def _dense(node: _Node) -> Stored:
    return node.numbered(node.arrays["weight"].T, node.get("bias"))


def _local(node: _Node) -> Stored:
    weight, rank = node.arrays["weight"], node.shapes[0].rank
    places, (filters, channels, *window) = weight.shape[:rank], weight.shape[rank:]
    moved = np.moveaxis(weight, (rank + 1, rank), (-2, -1))
    return node.numbered(moved.reshape(*places, channels * int(np.prod(window)), filters), node.get("bias"))


def _last(array: Array | None) -> Array | None:
    """[channels, *places] as [*places, channels]."""
    return None if array is None else np.moveaxis(array, 0, -1)


def _norm(node: _Node) -> Stored:
    names = ("weight", "bias", "running_mean", "running_var")
    return node.numbered(*(_last(node.get(name)) for name in names))


def _prelu(node: _Node) -> Stored:
    slopes, rank = node.arrays["weight"], node.shapes[0].rank
    found = _last(slopes) if node.layer.slopes == "all" else slopes.reshape(*(1,) * rank, -1)
    return node.numbered(found)


def _learned(node: _Node) -> Stored:
    array = node.arrays["weight"]
    return node.numbered((np.moveaxis(array, 0, -1) if node.layer.order == "channels_first" else array)[None])


def _attention(node: _Node) -> Stored:
    heads, (key, value) = node.layer.heads, node.layer.sizes(node.shapes[0])
    sizes, names = (key, key, value), ("query_dense", "key_dense", "value_dense")
    whole, bias = node.get("in_proj_weight"), node.get("in_proj_bias")
    ends = np.cumsum([heads * size for size in sizes])[:-1]
    weights = np.split(whole, ends) if whole is not None else [node.arrays[f"{one}_proj_weight"] for one in "qkv"]
    biases = np.split(bias, ends) if bias is not None else [None] * 3
    for name, size, weight, one in zip(names, sizes, weights, biases, strict=True):
        yield f"{name}/vars/0", weight.T.reshape(-1, heads, size)
        if one is not None:
            yield f"{name}/vars/1", one.reshape(heads, size)
    out = node.arrays["out_proj.weight"]
    yield "output_dense/vars/0", out.T.reshape(heads, value, -1)
    if (last := node.get("out_proj.bias")) is not None:
        yield "output_dense/vars/1", last


_WITHOUT = frozenset(
    (
        *(f"{name}{rank}D" for name in ("ZeroPadding", "Cropping") for rank in (1, 2, 3)),
        *("Padding", "Reshape", "Permute", "Activation"),
    )
)
"""Layers that a piece has besides the one with its arrays."""

_RULES: Mapping[str, Callable[[_Node], Stored]] = {
    "conv": _conv,
    "dwconv": _depthwise,
    "sepconv": _separable,
    "upconv": _transposed,
    "dense": _dense,
    "local": _local,
    **dict.fromkeys(("bn", "ln", "gn", "instancenorm", "rmsnorm", "subsample", "scale", "shift", "layerscale"), _norm),
    "prelu": _prelu,
    "learned": _learned,
    "attention": _attention,
}
"""The word of a layer -> its variables."""
