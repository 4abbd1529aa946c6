"""Our arrays as Keras holds them: kernels with their channels last, the weights of a layer in Keras' order."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.runtime.weights import Weights

from .comparing import Array


def kernel(array: Array) -> Array:
    """[filters, C, *k] -> [*k, C, filters]; a transposed one's [C, filters, *k] -> [*k, filters, C]."""
    return np.moveaxis(array, (1, 0), (-2, -1))


def depthwise(array: Array, channels: int) -> Array:
    """[C * multiplier, *k] -> [*k, C, multiplier]."""
    return np.moveaxis(array.reshape(channels, -1, *array.shape[1:]), (0, 1), (-2, -1))


def in_keras_order(node: Any, weights: Weights) -> list[Array]:
    """A node's arrays as Keras' layer of that kind holds them."""
    word, channels = node.node.layer.word, node.inputs[0].channels
    own = {weight.name: weights.arrays[f"{node.node.name}.{weight.name}"] for weight in node.weights}
    if word == "bn":
        return [own[name] for name in ("weight", "bias", "running_mean", "running_var") if name in own]
    if word in ("ln", "gn", "instancenorm", "rmsnorm"):
        return [own[name] for name in ("weight", "bias") if name in own]
    if word == "prelu":
        slopes = own["weight"]
        return [kernel_free(slopes, node.output.rank)]
    if word == "dense":
        return [own["weight"].T, *([own["bias"]] if "bias" in own else [])]
    if word == "attention":
        return attention(own, [size for _, _, size in node.node.layer.projections(tuple(node.inputs))[:3]])
    if word == "sepconv":
        mixing = own["pointwise_weight"].T.reshape(*[1] * node.output.rank, -1, node.output.channels)
        return [depthwise(own["depthwise_weight"], channels), mixing, *([own["bias"]] if "bias" in own else [])]
    first = depthwise(own["weight"], channels) if word == "dwconv" else kernel(own["weight"])
    return [first, *([own["bias"]] if "bias" in own else [])]


def attention(own: dict[str, Array], sizes: list[int]) -> list[Array]:
    """Kernel and bias for questions, keys, values and the output; `sizes`: the rows of the first three."""
    cuts = [sizes[0], sizes[0] + sizes[1]]
    whole = own.get("in_proj_weight")
    kernels = [own[f"{name}_proj_weight"] for name in "qkv"] if whole is None else np.split(whole, cuts)
    kernels.append(own["out_proj.weight"])
    if "in_proj_bias" not in own:
        return [one.T for one in kernels]
    biases = [*np.split(own["in_proj_bias"], cuts), own["out_proj.bias"]]
    return [array for pair in zip(kernels, biases, strict=True) for array in (pair[0].T, pair[1])]


def kernel_free(slopes: Array, rank: int) -> Array:
    """Slopes [C], [1] or [C, *spatial] -> [*spatial, C] with ones where they are shared."""
    return slopes.reshape(*[1] * rank, -1) if slopes.ndim == 1 else np.moveaxis(slopes, 0, -1)


def channels_last(array: Array, rank: int) -> Array:
    """Our `[n, c, z, y, x]` as `[n, *spatial, c]`."""
    return np.moveaxis(array.reshape(*array.shape[:2], *array.shape[5 - rank :]), 1, -1)
