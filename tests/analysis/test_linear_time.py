"""The work of an analysis grows with the number of nodes, not with its square: counted in calls, not by a clock."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source, Span
from cnncalc.geometry import AxisWindow, Shape, Window
from cnncalc.graph.ir import Graph, Node, Origin, Row
from cnncalc.layers.base import Cost, Layer, Weight

HERE = Origin(Span(1, 1))
ASKED: Counter[str] = Counter()


@dataclass(frozen=True)
class Asked(Layer):
    """A 3x3 convolution in miniature that counts the questions it is asked."""

    word: ClassVar[str] = "conv"
    tag: int = 0

    def weights(self, inputs: tuple[Shape, ...]) -> tuple[Weight, ...]:
        ASKED["weights"] += 1
        return (Weight("weight", (("filters", 3), ("channels", len(inputs)))),)

    def cost(self, inputs: tuple[Shape, ...]) -> Cost:
        ASKED["cost"] += 1
        return Cost(macs=3 * len(inputs))

    def window(self, inputs: tuple[Shape, ...]) -> Window | None:
        ASKED["window"] += 1
        return (AxisWindow(1, -1, 1),) * 2 if inputs else None


def graph(inputs: list[tuple[int, ...]], tags: list[int]) -> Graph:
    shape = Shape(1, (64, 64))
    nodes = tuple(
        Node(i, f"n{i}", Asked(tag), read, shape, HERE) for i, (read, tag) in enumerate(zip(inputs, tags, strict=True))
    )
    rows = tuple(Row(i, i, i, "conv", "conv", None, HERE) for i in range(len(nodes)))
    return Graph(Source("net.txt", ""), nodes, rows, outputs=(len(nodes) - 1,))


def chain(length: int) -> Graph:
    return graph([(), *((i,) for i in range(length))], list(range(length + 1)))


def star(branches: int) -> Graph:
    """Many branches from one node, joined again in one node."""
    middle = [(0,)] * branches
    return graph([(), *middle, tuple(range(1, branches + 1))], list(range(branches + 2)))


def calls_of(work: Callable[[], object]) -> int:
    """How many Python functions the work calls."""
    count = 0

    def on_event(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(on_event)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def calls(net: Graph) -> int:
    return calls_of(lambda: analyse(net))


@pytest.mark.parametrize("shape", [chain, star])
def test_twice_the_nodes_take_twice_the_calls(shape):
    calls(shape(10))  # what is worked out once and remembered does not count
    assert calls(shape(400)) < 2.1 * calls(shape(200))


def test_a_layer_is_asked_once_for_each_distinct_input():
    ASKED.clear()
    analyse(graph([(), *((i,) for i in range(500))], [0] + [1] * 500))
    assert max(ASKED.values()) == 2
