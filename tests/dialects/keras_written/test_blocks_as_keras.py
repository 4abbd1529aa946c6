"""Blocks in blocks, with copies and with weights that are used again, written as Keras: the same net."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.dialects.keras.writing.model_text import write
from cnncalc.graph import load_graph
from cnncalc.questions.same_net import Same

from ..written_code.nested_blocks import nested_net
from .again import compared, net

TWICE = (
    "block one n",
    "conv $n 3x3 same bn",
    "relu",
    "end",
    "block more n count",
    "one $n times $count",
    "conv 4 1x1",
    "end",
)


def test_copies_within_a_block_that_is_called_again_have_their_own_layers_each() -> None:
    graph = net(*TWICE, "input 8x8x4", "a: more 4 3", "more 4 3 shared=a")
    assert isinstance(compared(graph), Same)
    assert "    one2 = [one() for _ in range(3)]" in write(graph)


def test_a_function_that_makes_layers_is_not_the_model() -> None:
    graph = net("block one", "conv 4 3x3 same", "relu", "end", "input 8x8x4", "a: one", "one shared=a")
    assert isinstance(compared(graph), Same)


@pytest.mark.parametrize("seed", range(30))
def test_a_net_of_blocks_in_blocks_is_the_same_after_keras(seed: int) -> None:
    tries = (load_graph(Source("net.txt", nested_net(seed + more))) for more in range(0, 10_000, 1000))
    graph = next(graph for graph, faults in tries if not faults)
    assert isinstance(compared(graph), Same)
