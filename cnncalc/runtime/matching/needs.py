"""What a net wants from a file: its lines with weights, in the order of the net.

A separable convolution is two of them here, and attention's last matrix is one of its own, as PyTorch stores them.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from cnncalc.analysis.model import Analysis, NodeAnalysis
from cnncalc.layers.base import Weight
from cnncalc.runtime.matching.file_modules import DEPTHWISE, POINTWISE
from cnncalc.runtime.matching.flat_order import Arriving, arriving_maps, becoming_maps
from cnncalc.runtime.matching.match_records import Need, Part


def declared(analysis: Analysis) -> dict[str, Weight]:
    """`node.weight` -> what the layer says about it, in the order of the net; what several nodes use stands once."""
    return {f"{node.weights_name}.{weight.name}": weight for node in analysis.nodes for weight in node.weights}


def needs_of(analysis: Analysis, without: Container[str] = ()) -> tuple[Need, ...]:
    """Every line with weights, once where several use them; without the weights of these full names."""
    seen: set[str] = set()
    found: list[Need] = []
    maps = zip(arriving_maps(analysis), becoming_maps(analysis), strict=True)
    for node, (arriving, becoming) in zip(analysis.nodes, maps, strict=True):
        if node.weights_name not in seen:
            seen.add(node.weights_name)
            found.extend(one._replace(becoming=becoming) for one in _needs(node, arriving, without))
    return tuple(found)


def _needs(node: NodeAnalysis, arriving: Arriving, without: Container[str]) -> Iterator[Need]:
    name = node.weights_name
    flattened = None if arriving == "mixed" else arriving
    grouped: dict[tuple[str, str], dict[str, Part]] = {}
    for weight in node.weights:
        full = f"{name}.{weight.name}"
        if full in without:
            continue
        path, word, role = _placed(weight.name, node.node.layer.word)
        grouped.setdefault((f"{name}.{path}" if path else name, word), {})[role] = Part(full, weight.shape)
    for (path, word), parts in grouped.items():
        yield Need(path, word, parts, flattened, arriving == "mixed")


def _placed(weight: str, word: str) -> tuple[str, str, str]:
    """Of a weight: the path of its module below its line, the layer that the module is like, its role there."""
    if word == "sepconv":
        return (DEPTHWISE, "dwconv", "weight") if weight == "depthwise_weight" else _pointwise(weight)
    path, _, role = weight.rpartition(".")
    return path, "dense" if path else word, role


def _pointwise(weight: str) -> tuple[str, str, str]:
    return POINTWISE, "conv", "weight" if weight == "pointwise_weight" else weight
