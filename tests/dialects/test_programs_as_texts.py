"""A net from a program, written in our own language: names of layers, shared weights and what is left out survive."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnncalc.diagnostics import Source
from cnncalc.dialects.flat_text import flat_text
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph, Node
from tests.programs import program_graph

TEXT = """title "Net"
order channels_first
count torch
# the program makes aux with 36 params and never calls it
input 3x16x16
conv1: conv 8 3x3 padding=1
blocks.0.conv: conv 8 3x3 padding=1 nobias
blocks.0.bn: bn
add conv1
blocks.0.relu: relu
blocks.1.conv: conv 8 3x3 padding=1 nobias
blocks.1.bn: bn
add blocks.0.relu
blocks.1.relu: relu
blocks.2.conv: conv 8 3x3 padding=1 nobias
blocks.2.bn: bn
add blocks.1.relu
relu
gap
fc: dense 10
"""


def read(text: str) -> Graph:
    graph, faults = load_graph(Source("net.txt", text))
    assert faults == ()
    return graph


def renamed(graph: Graph, names: dict[str, str]) -> Graph:
    nodes = tuple(node._replace(name=names.get(node.name, node.name)) for node in graph.nodes)
    return replace(graph, nodes=nodes)


def bare(nodes: tuple[Node, ...]) -> list[tuple[object, ...]]:
    return [(node.layer, node.inputs, node.shares) for node in nodes]


def test_labels_are_the_paths_of_modules() -> None:
    assert flat_text(program_graph()) == TEXT


def test_the_text_is_read_back_as_the_same_net_with_the_same_names_of_weights() -> None:
    program, text = program_graph(), read(TEXT)
    assert bare(text.nodes) == bare(program.nodes)
    weighted = [node.name for node in program.nodes if node.layer.word in ("conv", "bn", "dense")]
    assert [node.name for node in text.nodes if node.layer.word in ("conv", "bn", "dense")] == weighted


def test_shared_weights_are_shared_in_the_text() -> None:
    program = program_graph()
    nodes = tuple(n._replace(shares=2) if n.name == "blocks.1.conv" else n for n in program.nodes)
    text = flat_text(replace(program, nodes=nodes))
    assert "blocks.1.conv: conv 8 3x3 padding=1 nobias shared=blocks.0.conv\n" in text
    assert bare(read(text).nodes) == bare(nodes)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("3", "conv 8 3x3 padding=1  # 3 in the program"),
        ("block 1/conv", "block_1_conv: conv 8 3x3 padding=1 nobias  # block 1/conv in the program"),
        ("fc", "fc: conv 8 3x3 padding=1 nobias"),
        ("größe", "größe: conv 8 3x3 padding=1 nobias"),
    ],
)
def test_a_name_that_no_line_can_have_is_told_in_a_comment(name: str, line: str) -> None:
    text = flat_text(renamed(program_graph(), {"blocks.1.conv": name, "fc": "last"}))
    assert line.replace("padding=1  #", "padding=1 nobias  #") in text.split("\n")
    assert bare(read(text).nodes) == bare(program_graph().nodes)


@pytest.mark.parametrize("name", ["relu", "crop", "Times", "end"])
def test_a_name_that_a_join_would_take_for_a_word_gets_a_sign_behind_it(name: str) -> None:
    text = flat_text(renamed(program_graph(), {"conv1": name}))
    assert f"{name}_: conv 8 3x3 padding=1  # {name} in the program\n" in text
    assert f"add {name}_\n" in text
    assert bare(read(text).nodes) == bare(program_graph().nodes)


@pytest.mark.parametrize("name", ["else", "end", "split", "branch", "block", "repeat", "if", "join"])
def test_a_name_that_begins_lines_of_another_kind_gets_a_sign_behind_it(name: str) -> None:
    text = flat_text(renamed(program_graph(), {"fc": name}))
    assert text.endswith(f"{name}_: dense 10  # {name} in the program\n")
    assert bare(read(text).nodes) == bare(program_graph().nodes)


def test_names_that_become_the_same_label_stay_two() -> None:
    text = flat_text(renamed(program_graph(), {"blocks.0.conv": "a b", "blocks.1.conv": "a/b"}))
    assert "a_b: conv" in text
    assert "conv 8 3x3 padding=1 nobias  # a/b in the program\n" in text
    assert bare(read(text).nodes) == bare(program_graph().nodes)


@pytest.mark.parametrize("label", ["layer1.0.conv1", "a.b", "a-1._x", "net.0"])
def test_a_label_may_have_dots(label: str) -> None:
    graph = read(f"input 8x8x4\n{label}: conv 4 3x3 same\nconv 4 3x3 same\nadd {label}\nconv 2 1x1 from {label}\n")
    assert graph.labels == {label: 1}
    assert graph.nodes[1].name == label
    assert (graph.nodes[3].inputs, graph.nodes[4].inputs) == ((2, 1), (1,))


@pytest.mark.parametrize("label", [".a", "a.", "a..b", "0.conv", "a.b,c"])
def test_dots_stand_between_names_and_a_letter_is_first(label: str) -> None:
    faults = load_graph(Source("net.txt", f"input 8x8x4\n{label}: conv 4 3x3\n"))[1]
    assert [fault.code for fault in faults] == ["bad-name"]
