"""Attention by its definition, place by place and head by head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import Any

from cnncalc.analysis.by_hand.volumes import Number, Place, Step, Volume, columns, sizes_of, volume

Vectors = list[list[Number]]


def attention(step: Step) -> Volume:
    """Each place asks; the values of all places, weighed by how well their keys fit, go through the last layer."""
    x, numbers, weights = step.inputs, step.numbers, step.weights
    sources = [x[0], x[min(1, len(x) - 1)], x[-1]]
    sizes = [numbers["heads"] * numbers[size] for size in ("key", "key", "value")]
    parts = [
        [_dense(place, rows, bias) for place in columns(source).values()]
        for source, (rows, bias) in zip(sources, _layers(weights, sizes), strict=True)
    ]
    made: Vectors = []
    for asking in range(len(parts[0])):
        together: list[Number] = []
        for head in range(numbers["heads"]):
            read = asking + 1 if numbers["causal"] else len(parts[1])
            shares = _shares(parts, asking, head, numbers["key"], read)
            own = slice(head * numbers["value"], (head + 1) * numbers["value"])
            values = [one[own] for one in parts[2][:read]]
            together += [sum(s * v for s, v in zip(shares, line, strict=True)) for line in zip(*values, strict=True)]
        made.append(_dense(together, weights["out_proj.weight"], weights.get("out_proj.bias")))
    places = dict(zip(columns(x[0]), made, strict=True))

    def value(c: int, place: Place) -> Number:
        return places[place][c]

    return volume(len(x[0]), sizes_of(x[0]), value)


def _layers(weights: Mapping[str, Any], sizes: Sequence[int]) -> list[tuple[Any, Any]]:
    """The rows and biases of queries, keys and values."""
    ends = [sum(sizes[: i + 1]) for i in range(3)]
    own = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    bias = weights.get("in_proj_bias")
    whole = weights.get("in_proj_weight")
    rows = [whole[part] if whole else weights[f"{name}_proj_weight"] for name, part in zip("qkv", own, strict=True)]
    return [(row, bias[part] if bias else None) for row, part in zip(rows, own, strict=True)]


def _dense(x: Sequence[Number], rows: Vectors, bias: Sequence[Number] | None) -> list[Number]:
    return [
        sum((w * v for w, v in zip(row, x, strict=True)), add)
        for row, add in zip(rows, bias or [0] * len(rows), strict=True)
    ]


def _shares(parts: list[Vectors], asking: int, head: int, key: int, read: int) -> list[Number]:
    """How much each place counts for one that asks: the softmax of the products of its question with their keys."""
    own = slice(head * key, (head + 1) * key)
    question = parts[0][asking][own]
    scores = [float(sum(a * b for a, b in zip(question, one[own], strict=True))) / sqrt(key) for one in parts[1][:read]]
    powers = [exp(score - max(scores)) for score in scores]
    return [power / sum(powers) for power in powers]
