"""The counts of conventions beside the tools: fvcore, thop, ptflops, torchinfo, calflops, PyTorch, onnx-tool.

`pytest tests/against/test_flop_counters.py -n 0 -s` prints how many totals are equal, of how many.  A tool that is not
installed is skipped with its reason.  Where a total is unknown here, the tool fails or has no rule that we know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.analysis.conventions import convention_counts
from cnncalc.diagnostics import InputError, Source
from cnncalc.net_files import checked
from cnncalc.sources import find

torch = pytest.importorskip("torch", reason="PyTorch is not installed (pip install torch)")

from .counting_tools import TOOLS, printed  # noqa: E402
from .module_tree import Tree, images  # noqa: E402

INPUTS = {1: "input 24 channels 6", 2: "input 12x14x6", 3: "input 6x8x7x6"}

LINES = (
    *("conv 8 3", "conv 6 3 nobias stride=2 padding=1", "conv 12 3 groups=3", "conv 6 3 groups=6 dilation=2 same"),
    *("dwconv 3 same", "dwconv 3 multiplier=2 nobias", "sepconv 6 3 same", "sepconv 6 3 bn", "conv 8 3 bn"),
    *("upconv 6 3 stride=2", "upconv 6 3 stride=2 padding=1 output_padding=1 groups=3", "upconv 6 2 stride=2 nobias"),
    *("upconv 6 2 stride=2 bn", "bn", "bn noscale noshift", "conv 6 3 nobias bn relu", "conv 6 3 relu bn"),
    *("gn 3", "gn 3 noscale noshift", "instancenorm", "instancenorm noscale noshift"),
    *("relu", "relu6", "leaky 0.1", "elu", "gelu", "silu", "mish", "hardswish", "hardsigmoid", "softplus", "sigmoid"),
    *("tanh", "softmax", "logsoftmax", "prelu", "prelu shared", "dropout"),
    *("maxpool 2", "maxpool 3 stride=2 padding=1", "maxpool 3 stride=2 ceil", "maxpool 2 same stride=1"),
    *("avgpool 2", "avgpool 3 stride=2 padding=1 countpad", "avgpool 3 stride=2 ceil"),
    *("upsample 2", "upsample 2 bilinear", "upsample 1.5", "upsample 1.5 bilinear"),
    *("a: conv 6 3 same\nb: conv 6 3 same from a\nadd a b", "a: relu\nb: conv 6 1 from a\nc: bn from b\nadd a b c"),
    *(
        "a: relu\nb: conv 6 1 from a\nsub a b",
        "a: relu\nb: sigmoid from a\nmul a b",
        "a: relu\nb: bn from a\nconcat a b",
    ),
)
"""Layers that keep or make a map, in one, two and three dimensions."""

ENDS = (
    *("gap", "gap keep", "gmp", "adaptavg 2", "adaptavg 5", "adaptmax 2", "lrn 5", "upsample size=20", "selu"),
    *(
        "flatten\ndense 10",
        "flatten\ndense 10 nobias relu",
        "gap\nbn\ndense 7 relu softmax",
        "flatten\ndense 8\nbn\nrelu",
    ),
)

SHIPPED = {"alexnet": "224x224x3", "resnet50": "224x224x3", "mobilenet-v2": "96x96x3", "squeezenet": "97x97x3"}
SHIPPED["densenet121"] = "97x97x3"
"""Nets of one module for each layer, and at which size they are counted."""

NETS = 12
"""Random nets that each tool counts."""

MOST_NUMBERS = 20_000
"""So many numbers a map of a random net has at most."""


def compared(tool: str, analyses: Iterator[tuple[str, Analysis]]) -> tuple[int, int, list[str]]:
    """How many totals are equal, how many are known here, and what differs."""
    equal, known, wrong = 0, 0, []
    for name, analysis in analyses:
        ours = convention_counts(analysis, tool).total
        if ours is None:
            continue
        known += 1
        found = printed(tool, tree(name, analysis), images(analysis))
        equal += found == ours
        if found != ours:
            wrong.append(f"{name!r}: ours {ours}, the tool {found}")
    return equal, known, wrong


def tree(name: str, analysis: Analysis) -> Any:
    return _shipped_tree(name) if name in SHIPPED else Tree(analysis)


@cache
def _shipped_tree(name: str) -> Any:
    return Tree(shipped(name))


@cache
def shipped(name: str) -> Analysis:
    return analyse(checked(find(name), SHIPPED[name], None))


def net(text: str) -> Analysis:
    return analyse(checked(Source("net.txt", text), None, None))


def one_layer_nets() -> Iterator[tuple[str, Analysis]]:
    for rank, start in INPUTS.items():
        for line in (*LINES, *ENDS):
            yield f"{rank}-D {line}", net(f"{start}\n{line}\n")


def random_nets() -> Iterator[tuple[str, Analysis]]:
    """Nets of six lines and an end, drawn from a fixed seed; a line that does not fit is drawn again."""
    draw = Random(15)
    for number in range(NETS):
        text = INPUTS[2 if number % 3 else draw.choice((1, 3))]
        for place in range(6):
            text = _longer(text, place, draw)
        yield f"random net {number}", net(f"{text}\ngap\ndense 4 softmax\n")


def _longer(text: str, place: int, draw: Random) -> str:
    while True:
        line = re.sub(r"\b([abc])\b", rf"\g<1>{place}", draw.choice(LINES))
        longer = f"{text}\n{line}"
        try:
            made = net(longer)
        except InputError:
            continue
        if made.nodes[-1].output.elements < MOST_NUMBERS:
            return longer


@pytest.mark.parametrize("tool", TOOLS)
def test_each_layer_is_counted_as_the_tool_counts_it(tool: str) -> None:
    equal, known, wrong = compared(tool, one_layer_nets())
    print(f"\n{tool}: {equal} of {known} layers")
    assert wrong == []
    assert known > 150


@pytest.mark.parametrize("tool", TOOLS)
def test_random_nets_are_counted_as_the_tool_counts_them(tool: str) -> None:
    equal, known, wrong = compared(tool, random_nets())
    print(f"\n{tool}: {equal} of {known} random nets")
    assert wrong == []
    assert known > NETS // 2


@pytest.mark.parametrize("tool", TOOLS)
def test_shipped_nets_are_counted_as_the_tool_counts_them(tool: str) -> None:
    equal, known, wrong = compared(tool, ((name, shipped(name)) for name in SHIPPED))
    print(f"\n{tool}: {equal} of {known} shipped nets")
    assert wrong == []
    assert known == len(SHIPPED)
