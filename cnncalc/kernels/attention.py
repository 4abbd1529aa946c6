"""Attention as it is written in the paper: four dense layers at every place, and a softmax of products between them."""

from __future__ import annotations

import math

import numpy as np

from cnncalc.kernels.contract import Array, Inputs, Numbers, Weights, kernel


@kernel("attention")
def attention(inputs: Inputs, weights: Weights, numbers: Numbers) -> Array:
    """Queries of x[n, c, z, y, x], keys and values of it or of the next ones -> as the first one (Vaswani et al. 2017).

    `in_proj_weight` holds the rows for queries, keys and values one after the other, unless each has an array.
    """
    heads, key, value = numbers["heads"], numbers["key"], numbers["value"]
    sources = [inputs[0], inputs[min(1, len(inputs) - 1)], inputs[-1]]
    made = heads * key, heads * key, heads * value
    parts = [
        _in_heads(_dense(_places(x), weight, bias), heads)
        for x, weight, bias in zip(sources, _rows(weights, made), _biases(weights, made), strict=True)
    ]
    scores = np.matmul(parts[0] * np.asarray(1 / math.sqrt(key), inputs[0].dtype), parts[1].swapaxes(2, 3))
    if numbers["causal"]:
        scores = np.where(np.tri(scores.shape[2], scores.shape[3]) > 0, scores, -np.inf)
    weighed = np.matmul(_softmax(scores), parts[2])
    together = weighed.swapaxes(1, 2).reshape(*weighed.shape[::2], heads * value)
    out = _dense(together, weights["out_proj.weight"], weights.get("out_proj.bias"))
    return np.ascontiguousarray(out.swapaxes(1, 2)).reshape(inputs[0].shape)


def _places(x: Array) -> Array:
    """[n, places, c]."""
    return x.reshape(*x.shape[:2], -1).swapaxes(1, 2)


def _rows(weights: Weights, made: tuple[int, int, int]) -> list[Array]:
    """The weights of queries, keys and values."""
    if "in_proj_weight" in weights:
        return np.split(weights["in_proj_weight"], (made[0], made[0] + made[1]))
    return [weights[f"{name}_proj_weight"] for name in ("q", "k", "v")]


def _biases(weights: Weights, made: tuple[int, int, int]) -> list[Array] | list[None]:
    if "in_proj_bias" not in weights:
        return [None, None, None]
    return np.split(weights["in_proj_bias"], (made[0], made[0] + made[1]))


def _dense(x: Array, weight: Array, bias: Array | None) -> Array:
    """x[n, places, c] times weight[made, c]."""
    out: Array = np.matmul(x, weight.T)
    return out if bias is None else out + bias


def _in_heads(x: Array, heads: int) -> Array:
    """[n, heads, places, numbers of a head]."""
    return x.reshape(*x.shape[:2], heads, -1).swapaxes(1, 2)


def _softmax(scores: Array) -> Array:
    out: Array = np.exp(scores - scores.max(axis=-1, keepdims=True))
    out /= out.sum(axis=-1, keepdims=True)
    return out
