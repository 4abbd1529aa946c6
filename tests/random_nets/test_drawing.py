"""The nets that are drawn hold everything that the language has: each word, each option, each way to join."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter

import pytest

from cnncalc.analysis import analyse
from cnncalc.geometry import PADDING_WORDS, Shape
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import LAYERS, POST_WORDS, layer_class
from cnncalc.runtime.engine.ops.attention import KeyFilters, MapProduct
from cnncalc.runtime.engine.ops.base import Op
from cnncalc.runtime.engine.ops.convolution import Convolution
from cnncalc.runtime.engine.ops.function import Boxes, Function
from cnncalc.runtime.engine.ops.layer_norm import InstanceNorm
from cnncalc.runtime.engine.ops.layout_copy import VolumeFlatten
from cnncalc.runtime.engine.ops.pointwise import Affine
from cnncalc.runtime.engine.ops.pool import Pool
from cnncalc.runtime.engine.ops.region_pool import RegionPool
from cnncalc.runtime.engine.ops.resize import Resample
from cnncalc.runtime.engine.ops.spread import Join, Share
from cnncalc.runtime.engine.ops.transposed import TransposedPhase
from cnncalc.runtime.engine.ops.viewed import View, Viewed
from cnncalc.runtime.engine.pipeline import engine_plan
from cnncalc.runtime.planning import plan

from .arguments import Choose
from .drawing import JOINS, Drawing, graph_of, layer_line, net, shape_after
from .shrinking import shrunk

SHAPES = (Shape(16, (8, 9)), Shape(6, (4, 6)), Shape(3, (12,)), Shape(4, (4, 3, 4)), Shape(12), Shape(1, (3, 3)))

NEVER_DRAWN = {"input": "add_input draws it; what prepares pictures (scale, mean, ink) is no part of a run's maps"}


def lines_of(word: str, tries: int = 300) -> list[str]:
    """Lines of a layer that the language takes, with the shapes they stand behind."""
    choose, found = Choose(1), []
    for number in range(tries):
        shape, header = SHAPES[number % len(SHAPES)], list[str]()
        drawing = Drawing(choose)
        line = layer_line(choose, shape, header, drawing, word)
        if shape_after(line, shape, header) is not None:
            found.append(line)
    return found


@pytest.mark.parametrize("word", sorted(set(LAYERS) - set(JOINS) - set(NEVER_DRAWN)))
def test_every_option_of_every_layer_is_drawn_and_accepted(word: str) -> None:
    lines = lines_of(word)
    assert lines, f"no drawn line of `{word}` is accepted: tests/random_nets/arguments.py has no row for what it needs"
    text = "\n".join(f"{line} " for line in lines)
    variants = {option: layer_class(word, option) for option, _ in LAYERS[word].variants}
    for layer in (layer_class(word), *variants.values()):
        missing = [name for name, words in written(layer).items() if not any(each in text for each in words)]
        assert not missing, f"`{word}` is never drawn with {missing}: see tests/random_nets/arguments.py"


def written(layer: type[Layer]) -> dict[str, tuple[str, ...]]:
    """How each option of a layer may stand in a line: by its name, or as one of its words."""
    found = {}
    for field in dataclasses.fields(layer):  # type: ignore[arg-type]
        name = field.metadata.get("name", field.name)
        words = (*field.metadata.get("choices", ()), *field.metadata.get("words", {}))
        if not field.metadata["positional"]:
            found[name] = (f" {name}=", *(f" {word} " for word in words), *_padding_words(field.metadata["kind"]))
    return found


def _padding_words(kind: str) -> tuple[str, ...]:
    return tuple(f" {word} " for word in PADDING_WORDS) if kind == "padding" else ()


def test_nets_hold_every_layer_word_every_post_word_and_what_joins_them() -> None:
    nets = [net(Choose(number)) for number in range(320)]
    graphs = [graph for text in nets if (graph := graph_of(text))]
    words = Counter(row.word for graph in graphs for row in graph.rows)
    nodes = Counter(node.layer.word for graph in graphs for node in graph.nodes)
    assert set(LAYERS) <= set(words) | set(nodes)
    assert set(POST_WORDS) <= set(nodes)
    assert all(any(f" {word}" in text for text in nets) for word in PADDING_WORDS)
    shared = {node.layer.word for graph in graphs for node in graph.nodes if node.shares is not None}
    assert {"conv", "dense", "bn", "prelu", "dwconv"} <= shared
    assert any(re.search(r"block\d+ .* shared=", text) for text in nets)
    lines = Counter(line.split()[0] for text in nets for line in text.splitlines())
    assert min(lines[word] for word in ("split", "block", "repeat", "output", "data")) > 5
    assert {graph.nodes[0].output.rank for graph in graphs} == {0, 1, 2, 3}


def test_the_same_number_draws_the_same_net() -> None:
    assert net(Choose(7)) == net(Choose(7))
    assert net(Choose(7)) != net(Choose(8))


def test_a_failing_net_is_shrunk_to_the_lines_and_numbers_that_fail() -> None:
    text = "input 20x12 channels 33\na: conv 48 5x3 same bn relu\nmaxpool 2\nb: dwconv 3 relu\nadd b b\nconv 7 1\n"

    def fails(smaller: str) -> bool:
        graph = graph_of(smaller)
        return graph is not None and any(node.layer.word == "dwconv" for node in graph.nodes)

    assert shrunk(text, fails) == "input 1x1 channels 1\ndwconv 1\n"


REACHED = {
    *((kind, None) for kind in (InstanceNorm, Join, Share, Function, Boxes, Resample, KeyFilters, MapProduct)),
    *((kind, View.SLICES) for kind in (Convolution, Affine, Pool, TransposedPhase, RegionPool, Join)),
    *((kind, View.UPRIGHT) for kind in (Pool, RegionPool)),
    (VolumeFlatten, None),
}
"""Ops that few nets need, and how they see a volume."""


def test_few_nets_reach_every_way_that_few_nets_take() -> None:
    found: set[tuple[type[Op], View | None]] = set()
    for number in range(150):
        graph = graph_of(net(Choose(number, few=bool(number % 8))))
        assert graph is not None
        for step in engine_plan(plan(analyse(graph), 1, "float32"), 16, 2).steps:
            op = step.op
            found.add((type(op.inner), op.view) if isinstance(op, Viewed) else (type(op), None))
    assert found >= REACHED
