"""`conv3-64` is VGG's spelling: without a word on padding it is read as every line is, and a warning says so.

Source: Simonyan and Zisserman 2014, table 1 and section 2.1: "the padding is 1 pixel for 3x3 conv. layers".
"""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph


def warned(line: str) -> list[str]:
    graph, faults = load_graph(Source("vgg.txt", f"input 32x32x3\n{line}\n"))
    assert faults == ()
    return [one.code for one in graph.warnings]


@pytest.mark.parametrize("line", ["conv3-64", "CONV-3-64 relu", "conv3-64 stride=2", "conv3x3-64 nobias bn"])
def test_a_spelling_of_vgg_without_a_padding_earns_a_warning(line: str) -> None:
    assert warned(line) == ["padding-unsaid"]


@pytest.mark.parametrize(
    "line", ["conv3-64 same", "conv3-64 valid", "conv3-64 padding=1", "conv3-64 pad 1", "conv1-64", "conv 64 3x3"]
)
def test_a_line_that_says_how_it_pads_or_cannot_shrink_earns_none(line: str) -> None:
    assert warned(line) == []


def test_the_help_gives_the_sizes_of_the_paper() -> None:
    graph, _ = load_graph(Source("vgg.txt", "input 224x224x3\nconv3-64\n"))
    assert graph.warnings[0].help == "write `conv3-64 same`, or `conv3-64 valid` where nothing is padded"
    fixed, _ = load_graph(Source("vgg.txt", "input 224x224x3\nconv3-64 same\n"))
    assert [node.output.text() for node in (graph.nodes[-1], fixed.nodes[-1])] == ["222x222x64", "224x224x64"]
