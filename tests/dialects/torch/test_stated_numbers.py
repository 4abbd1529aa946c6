"""Numbers that a net states are in its PyTorch program: fixed filters as buffers, stated weights as parameters."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from cnncalc.diagnostics import Source
from cnncalc.dialects.torch.writing import module_text
from cnncalc.graph.ir import Graph
from cnncalc.layers.base import Weight
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, Unequal, same_net


def net(text: str) -> Graph:
    return checked(Source("net.txt", text))


def read(program: str) -> Graph:
    return checked(Source("net.py", program))


def arrays(graph: Graph) -> list[Weight]:
    return [
        weight
        for node in graph.nodes
        for weight in node.layer.weights(tuple(graph.nodes[one].output for one in node.inputs))
    ]


def numbers(graph: Graph) -> list[tuple[bool, object]]:
    """Of each array whether it is learned, and its numbers as PyTorch has them where they are stated."""
    return [
        (one.trainable, tuple(map(np.float32, one.initial)) if isinstance(one.initial, tuple) else None)
        for one in arrays(graph)
    ]


NETS = (
    "input 5x5x1\nconv filter=sharpen\nconv 2 2x2 weights=[1 2; 3 4; 5 6; 7 8.5] bias=[0 1]\n",
    "input 9x9x3\nconv filter=box3 padding=1\nconv filter=sobel_left stride=2 same reflect\n",
    "filter f = [1 2 1]\ninput 27 channels=1\nconv filter=f same dilation=2\n",
    "input 5x5x5x2\nconv filter=identity\n",
    "input 4x4x2\nupconv filter=gauss3 stride=2 padding=1 output_padding=1\n",
    "input 3x3x2\nflatten\ndense 2 bias=[1 -0.5]\n",
    "input 4x4x2\ndwconv 2x2 nobias weights=[1 2; 3 4; 5 6; 7 8]\nupconv 1 2x2 weights=[1 2; 3 4; 5 6; 7 8]\n",
    "block b f=sharpen\nconv filter=$f same\nconv 1 3x3 same weights=$f\nend\ninput 9x9x1\nb\nb outline\nb box3\n",
)


@pytest.mark.parametrize("text", NETS)
def test_stated_numbers_are_in_the_program_and_are_read_again(text: str) -> None:
    graph = net(text)
    again = read(module_text.write(graph))
    assert isinstance(same_net(graph, again), Same)
    assert numbers(again) == numbers(graph)


def test_another_number_in_the_program_is_another_net() -> None:
    graph = net(NETS[0])
    program = module_text.write(graph)
    filtered = same_net(graph, read(program.replace("[-1, 5, -1]", "[-1, 6, -1]")))
    assert isinstance(filtered, Unequal)
    assert filtered.said == "the numbers of conv1.weight are others"
    weighed = same_net(graph, read(program.replace("8.5", "8")))
    assert isinstance(weighed, Unequal)
    assert weighed.said == "the numbers of conv2.weight are others"


def test_a_filter_is_a_buffer_and_stated_weights_are_learned() -> None:
    text = module_text.write(net(NETS[0]))
    assert "FixedConv2d(1, [[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]])," in text
    assert "                weight=[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8.5]]]],\n                bias=(0, 1),\n" in text
    assert [one.trainable for one in arrays(read(text))] == [False, True, True]


def test_weights_of_any_program_that_states_them_are_read() -> None:
    program = """
from torch import nn
import torch
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 2, bias=False)
        self.conv.weight = nn.Parameter(torch.tensor([[[[1.0, 2.0], [3.0, 0.5]]]]))
    def forward(self, x):
        return self.conv(x)
Net()(torch.zeros(1, 1, 4, 4))
"""
    (weight,) = arrays(read(program))
    assert weight.trainable
    assert weight.initial == (Fraction(1), Fraction(2), Fraction(3), Fraction(1, 2))


def test_arrays_that_are_too_long_for_a_program_are_named_in_it() -> None:
    rows = "; ".join(" ".join(str((row * 50 + column) % 7) for column in range(50)) for row in range(41))
    text = module_text.write(net(f"input 50\ndense 41 weights=[{rows}]\n"))
    assert "Their many numbers are in the file of weights next to it: dense1.weight." in text
    assert "stated(" not in text


OWN = ("prelu all", "scale all", "shift all", "local 2 3x3", "local 2 3x3 nobias", "scale shared", "subsample 2x2")


@pytest.mark.parametrize("line", OWN)
def test_parameters_of_the_modules_above_a_net_are_counted_once(line: str) -> None:
    graph = net(f"input 4x4x2\n{line}\n")
    again = read(module_text.write(graph))
    assert isinstance(same_net(graph, again), Same)
    assert again.uncalled == ()
    assert sum(one.count for one in arrays(again)) == sum(one.count for one in arrays(graph))
