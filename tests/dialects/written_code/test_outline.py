"""The structure of written programs: carried out on paper, it is the net, piece by piece."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.dialects.written_code.code_lines import argument_code, value_code
from cnncalc.dialects.written_code.outline import Apply, Call, Definition, Outline, Repeat, outline
from cnncalc.graph import load_graph
from cnncalc.graph.ir import Graph
from cnncalc.net_files import checked
from cnncalc.sources import find, shipped_names
from tests.random_nets.arguments import Choose
from tests.random_nets.drawing import net

from .expanding import expanded, flat, of_parts_with_weights
from .nested_blocks import nested_net
from .plain_pieces import plain_pieces


def read(text: str) -> Graph:
    graph, faults = load_graph(Source("net.txt", text))
    assert faults == ()
    return graph


def outlined(graph: Graph) -> Outline:
    """The outline of a net; carried out, it is the net."""
    pieces = plain_pieces(graph)
    found = outline(graph, pieces)
    written, results = expanded(found)
    assert of_parts_with_weights(graph, pieces, written) == flat(graph, pieces)
    inputs = [node.index for node in graph.nodes if node.is_input]
    made = [piece.result for piece in pieces]
    assert [inputs[-1 - one] if one < 0 else made[one] for one in results] == list(graph.outputs)
    return found


def definition(found: Outline, name: str) -> Definition:
    return next(one for one in found.definitions if one.name == name)


def heads(found: Outline) -> list[str]:
    """What each definition is called with: `stage(in_channels, width, blocks, stride=1)`."""
    said = []
    for one in found.definitions:
        parameters = [p.name if p.default is None else f"{p.name}={value_code(p.default)}" for p in one.parameters]
        said.append(f"{one.name}({', '.join(parameters)})")
    return said


def calls(of: Definition) -> list[str]:
    """The calls of blocks in a definition: `4 x grow(64 + 32 * i)`."""
    said = []
    for step in of.steps:
        call = step.step if isinstance(step, Repeat) else step
        if isinstance(call, Call):
            text = f"{call.definition.name}({', '.join(map(argument_code, call.arguments))})"
            said.append(f"{value_code(step.times)} x {text}" if isinstance(step, Repeat) else text)
    return said


COUNTED = {
    "resnet50": (3, 35, 4),
    "googlenet": (2, 31, 7),
    "unet": (1, 27, 2),
    "densenet121": (2, 27, 1),
    "mobilenet-v2": (4, 34, 4),
    "efficientnet-b0": (5, 53, 5),
    "inception-v3": (5, 70, 5),
    "nasnet-mobile": (8, 82, 4),
    "yolov5s": (5, 53, 5),
    "convnext-tiny": (2, 22, 1),
}
"""Nets -> the definitions and the steps of their programs, and the longest list of parameters.

The steps are a fifth of their operations, taken together.
"""


def counted(found: Outline) -> tuple[int, int, int]:
    every = (*found.definitions, found.net)
    return len(found.definitions), sum(len(one.steps) for one in every), max(len(one.parameters) for one in every)


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_net_is_what_its_outline_does_and_is_short(name: str) -> None:
    found = outlined(checked(find(name)))
    names = [one.name for one in found.definitions]
    assert len(set(names)) == len(names)
    numbers = counted(found)
    assert numbers == COUNTED.get(name, numbers)
    assert numbers[-1] <= 7


@pytest.mark.parametrize("seed", range(60))
def test_a_random_net_is_what_its_outline_does(seed: int) -> None:
    outlined(read(net(Choose(seed))))


@pytest.mark.parametrize("seed", range(40))
def test_a_net_of_blocks_in_blocks_is_what_its_outline_does(seed: int) -> None:
    tries = (load_graph(Source("net.txt", nested_net(seed + more))) for more in range(0, 10_000, 1000))
    graph = next(graph for graph, faults in tries if not faults)
    outlined(graph)
    outlined(replace(graph, groups=()))


@pytest.mark.parametrize("seed", range(100, 140))
def test_a_random_net_without_its_blocks_is_what_its_outline_does(seed: int) -> None:
    outlined(replace(read(net(Choose(seed))), groups=()))


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_net_without_its_blocks_is_what_its_outline_does(name: str) -> None:
    outlined(replace(checked(find(name)), groups=()))


def test_resnet50_is_a_stage_of_a_projection_and_of_bottlenecks() -> None:
    found = outlined(checked(find("resnet50")))
    assert heads(found) == [
        "bottleneck_projection(in_channels, width, stride=1)",
        "bottleneck(width)",
        "stage(in_channels, width, blocks, stride=1)",
    ]
    assert calls(definition(found, "stage")) == [
        "bottleneck_projection(in_channels, width, stride=stride)",
        "blocks - 1 x bottleneck(width)",
    ]
    assert calls(found.net) == [
        "stage(64, 64, 3)",
        "stage(256, 128, 4, stride=2)",
        "stage(512, 256, 6, stride=2)",
        "stage(1024, 512, 3, stride=2)",
    ]


def test_numbers_that_grow_from_copy_to_copy_are_said_with_the_counter() -> None:
    found = outlined(checked(find("densenet121")))
    assert heads(found) == ["grow(in_channels)", "transition(in_channels)"]
    assert calls(found.net)[:3] == ["6 x grow(64 + 32 * i)", "transition(256)", "12 x grow(128 + 32 * i)"]


def test_the_parameters_of_googlenet_are_those_of_its_block() -> None:
    found = outlined(checked(find("googlenet")))
    assert heads(found) == [
        "conv_bn_relu(in_channels, filters, kernel_size, padding, stride=1)",
        "inception(in_channels, one, narrow3, wide3, narrow5, wide5, pooled)",
    ]
    assert calls(definition(found, "inception"))[:2] == [
        'conv_bn_relu(in_channels, one, 1, ("valid",))',
        'conv_bn_relu(in_channels, narrow3, 1, ("valid",))',
    ]


def test_weights_that_are_used_with_another_stride_are_no_second_call() -> None:
    graph = read("input 8x8x8\na: conv 8 3x3 same\nb: conv 8 3x3 same stride=2 shared=a\n")
    with pytest.raises(InputError) as caught:
        outline(graph, plain_pieces(graph))
    (fault,) = caught.value.diagnostics
    assert (fault.code, fault.span.line) == ("not-the-same-part", 3)


def test_a_block_that_is_called_again_with_its_weights_is_one_part() -> None:
    text = "block two n\nconv $n 3x3 same bn\nconv $n 3x3 same\nend\ninput 8x8x4\na: two 4\nb: two 4 shared=a\nadd a\n"
    found = outlined(read(text))
    assert calls(found.net) == ["two()", "two()"]
    assert [step.again for step in found.net.steps if isinstance(step, Call)] == [None, 0]


def test_a_stage_that_repeats_one_block_alone_is_written_where_it_is_called() -> None:
    found = outlined(checked(find("resnet34")))
    assert heads(found) == ["basic(width)", "basic_projection(width)", "stage(width, blocks)"]
    assert calls(found.net) == ["3 x basic(64)", "stage(128, 4)", "stage(256, 6)", "stage(512, 3)"]


def test_blocks_are_found_in_a_net_that_says_none() -> None:
    found = outlined(replace(checked(find("resnet50")), groups=()))
    assert heads(found) == ["residual_projection(in_channels, filters, stride=1)", "residual(channels)"]
    assert calls(found.net) == [
        "residual_projection(64, 64)",
        "residual(256)",
        "residual(256)",
        "residual_projection(256, 128, stride=2)",
        "3 x residual(512)",
        "residual_projection(512, 256, stride=2)",
        "5 x residual(1024)",
        "residual_projection(1024, 512, stride=2)",
        "residual(2048)",
        "residual(2048)",
    ]


def test_inputs_are_called_as_the_parameters_that_name_them() -> None:
    found = outlined(checked(find("nasnet-mobile")))
    assert definition(found, "keep").inputs == ("here", "before")
    assert definition(found, "normal").inputs == ("x", "previous")
    assert "after(in_channels, previous_channels, width)" in heads(found)


def test_a_call_with_shared_weights_and_another_pool_is_written_out() -> None:
    graph = read("block one n\nconv 4 3x3 same\nmaxpool $n stride=1 same\nend\ninput 8x8x4\na: one 2\nb: one 3\n")
    nodes = [node._replace(shares=1) if node.index == 3 else node for node in graph.nodes]
    found = outlined(replace(graph, nodes=tuple(nodes)))
    assert found.definitions == ()
    assert [step.again for step in found.net.steps if isinstance(step, Apply)] == [None, None, 0, None]


def test_a_block_is_not_called_as_a_function_of_python() -> None:
    text = "block next n\nconv $n 3x3 same\nrelu\nend\ninput 8x8x4\nnext 8\nnext 4\n"
    assert heads(outlined(read(text))) == ["next_block(in_channels, n)"]


def test_three_equal_lines_are_a_loop_and_two_are_two_lines() -> None:
    found = outlined(read("input 8x8x4\nconv 4 3x3 same\nconv 4 3x3 same\n"))
    assert [type(step) for step in found.net.steps] == [Apply, Apply]
    found = outlined(read("input 8x8x4\nconv 4 3x3 same times 3\nlast: conv 4 3x3 same\n"))
    (repeat,) = found.net.steps
    assert isinstance(repeat, Repeat)
    assert (repeat.times, repeat.name) == (4, "last")


def test_a_result_within_a_block_that_is_read_outside_is_a_second_result() -> None:
    program = """
class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(4, 4, 3, padding=1)
        self.second = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        y = self.first(x)
        return self.second(y), y


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.two = Two()

    def forward(self, x):
        a, b = self.two(x)
        return a + b


Net()(torch.zeros(1, 4, 8, 8))
"""
    found = outlined(checked(Source("net.py", program)))
    assert len(definition(found, "Two").results) == 2


def test_a_part_of_a_block_that_is_used_in_another_one_is_written_where_both_are() -> None:
    text = "block one\na: conv 4 3x3 same\nrelu\nend\ninput 8x8x4\nb: one\nc: one\n"
    graph = read(text)
    first, second = (node for node in graph.nodes if node.layer.word == "conv")
    nodes = [node._replace(shares=first.index) if node is second else node for node in graph.nodes]
    found = outlined(replace(graph, nodes=tuple(nodes)))
    assert [step.again for step in found.net.steps if isinstance(step, Call)] == [None, 0]


STAGES = """
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)
        self.bn = nn.BatchNorm2d(width)

    def forward(self, x):
        return x + self.bn(self.conv(x))


class Stage(nn.Module):
    def __init__(self, before, width, count):
        super().__init__()
        self.first = nn.Conv2d(before, width, 3)
        self.blocks = nn.Sequential(*[Block(width) for _ in range(count)])

    def forward(self, x):
        return self.blocks(self.first(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = Stage(3, 8, 3)
        self.two = Stage(8, 16, 5)

    def forward(self, x):
        return self.two(self.one(x))


Net()(torch.zeros(1, 3, 16, 16))
"""


def test_modules_that_a_loop_of_a_program_made_are_repeats_whose_count_is_a_parameter() -> None:
    found = outlined(checked(Source("net.py", STAGES)))
    assert heads(found) == ["Block(channels)", "Stage(in_channels, filters, repeats)"]
    assert calls(definition(found, "Stage")) == ["repeats x Block(filters)"]
    assert calls(found.net) == ["Stage(3, 8, 3)", "Stage(8, 16, 5)"]
