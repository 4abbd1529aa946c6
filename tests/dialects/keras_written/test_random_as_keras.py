"""Nets that nobody would draw, written as Keras: read again as the same net, laid out as black does, or refused."""

from __future__ import annotations

import ast

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.dialects.keras.writing.model_text import write
from cnncalc.graph.ir import Graph
from cnncalc.questions.same_net import Same

from ...random_nets.arguments import Choose
from ...random_nets.drawing import graph_of, net
from .again import compared

SEEDS = range(120, 180)


def is_a_model(graph: Graph) -> bool:
    """Whether each input is read for an output and none is one: Keras makes no model of other nets."""
    needed = set(graph.outputs)
    for node in reversed(graph.nodes):
        if node.index in needed:
            needed.update(node.inputs)
    inputs = {node.index for node in graph.nodes if node.is_input}
    return inputs <= needed and not inputs & set(graph.outputs)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_net_is_the_same_after_keras(seed: int) -> None:
    text = net(Choose(seed), longest=3)
    graph = graph_of(text)
    assert graph is not None
    if not is_a_model(graph):
        return
    try:
        program = write(graph)
    except InputError as fault:
        refused = {one.code for one in fault.diagnostics}
    else:
        refused = {"not-in-keras"}
        ast.parse(program)
        assert isinstance(compared(graph), Same), text
    assert refused == {"not-in-keras"}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_net_is_laid_out_as_black_does(seed: int) -> None:
    black = pytest.importorskip("black")
    graph = graph_of(net(Choose(seed), longest=3))
    assert graph is not None
    try:
        program = write(graph)
    except InputError:
        return
    assert black.format_str(program, mode=black.Mode()) == program
