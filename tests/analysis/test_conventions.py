"""The totals that ten tools print for nets that ship, and what a convention does where its rule is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cnncalc.analysis import Analysis, NodeAnalysis, analyse
from cnncalc.analysis.conventions import CONVENTIONS, convention_counts
from cnncalc.diagnostics import InputError, Source, Span
from cnncalc.net_files import checked
from cnncalc.sources import find

TOOLS = ("mac", "fvcore", "thop", "ptflops", "ptflops-aten", "calflops", "torch", "torchinfo", "onnx-tool")

MEASURED = {
    "alexnet": "714188480 714197696 714206912 716441128 714682664 1429741184 1428376960 714682664 715979944",
    "vgg16": "15470264320 15470289408 15470314496 15523225576 "
    "15483821032 30973778432 30940528640 15483821032 15503523304",
    "resnet50": "4089184256 4111512576 4133742592 4132436968 4089185256 8211108352 8178368512 4089238376 4117342184",
    "mobilenet-v2": "300774272 314193216 327486720 320300008 300775272 614967488 601548544 300809384 319949192",
    "googlenet": "1498376192 1504878688 1511332032 1513907448 1498377192 3009356752 2996752384 1498391752 1517437192",
    "densenet121": "2834161664 2865546752 2897007104 2899843048 2834162664 5716881152 5668323328 2834246312 3184545768",
}
"""What each of TOOLS prints for torchvision 0.28's net at 224x224x3 (fvcore 0.1.5, thop 0.1.1, ptflops 0.7.5,
calflops 0.3.2, torch 2.13, torchinfo 1.8.0, onnx-tool 1.0.1)."""

FUNCTIONS: dict[str, Callable[[Analysis, NodeAnalysis], bool]] = {
    "mobilenet-v2": lambda analysis, node: node.node.layer.word == "gap",
    "googlenet": lambda analysis, node: node.node.layer.word == "relu",
    "densenet121": lambda analysis, node: node.node.layer.word == "gap" or node is _last(analysis, "relu"),
}
"""Net -> which of its operations torchvision 0.28 calls as a function (F.relu), where the others are modules."""


def net(text: str) -> Analysis:
    return analyse(checked(Source("net.txt", text), None, None))


def torchvision(name: str) -> Analysis:
    """The net as torchvision has it: without the softmax at its end; its VGG pools to 7x7 whatever the image's size."""
    text = find(name).text.replace(" softmax", "")
    return net(text.replace("flatten", "adaptavg 7x7\nflatten", 1) if name == "vgg16" else text)


def _last(analysis: Analysis, word: str) -> NodeAnalysis:
    return next(node for node in reversed(analysis.nodes) if node.node.layer.word == word)


def as_program(analysis: Analysis, name: str) -> Analysis:
    """The net as the program of torchvision: a module has a place where it is made, a function has none."""
    is_function = FUNCTIONS.get(name, lambda analysis, node: False)
    made = (None if is_function(analysis, node) else Span(1, 1) for node in analysis.nodes)
    nodes = tuple(
        node._replace(node=node.node._replace(origin=node.node.origin._replace(made=place)))
        for node, place in zip(analysis.nodes, made, strict=True)
    )
    return analysis._replace(graph=replace(analysis.graph, count="torch", document=None), nodes=nodes)


@pytest.mark.parametrize("name", MEASURED)
def test_totals_are_those_that_the_tools_print(name: str) -> None:
    analysis = as_program(torchvision(name), name)
    counted = {tool: convention_counts(analysis, tool).total for tool in TOOLS}
    assert counted == dict(zip(TOOLS, map(int, MEASURED[name].split()), strict=True))


@pytest.mark.parametrize(
    ("name", "tool", "more"),
    [
        ("mobilenet-v2", "thop", 64000),  # (7 * 7 + 1) * 1280, of the last pool
        ("mobilenet-v2", "ptflops", 62720),  # 7 * 7 * 1280 a second time
        ("googlenet", "ptflops", 3226160),  # the outputs of its 57 ReLUs a second time
        ("densenet121", "thop", 51200),  # (7 * 7 + 1) * 1024
        ("densenet121", "ptflops", 100352),  # 7 * 7 * 1024 of the last ReLU and of the pool
    ],
)
def test_a_function_that_a_module_would_be_counts_less_for_tools_that_look_at_modules(
    name: str, tool: str, more: int
) -> None:
    analysis = torchvision(name)
    modules, functions = (convention_counts(one, tool).total or 0 for one in (analysis, as_program(analysis, name)))
    assert modules - functions == more


def test_in_a_program_of_pytorch_a_function_is_no_module() -> None:
    """thop finds nn.AdaptiveAvgPool2d, 8 * 8 + 1 for its output, and not F.adaptive_avg_pool2d."""
    program = (
        "import torch.nn.functional as F\nfrom torch import nn\n\nclass Net(nn.Module):\n    def __init__(self):\n"
    )
    program += "        super().__init__()\n        self.pool = nn.AdaptiveAvgPool2d(1)\n    def forward(self, x):\n"
    counts = []
    for pooled in ("self.pool(x)", "F.adaptive_avg_pool2d(x, 1)"):
        source = Source("net.py", f"{program}        return {pooled}\n")
        counts.append(convention_counts(analyse(checked(source, "8x8x1", None)), "thop").total)
    assert counts == [65, 0]


@pytest.mark.parametrize(("name", "printed"), [("vgg16", 30960211824), ("resnet50-keras", 7755299312)])
def test_keras_is_what_the_profiler_of_tensorflow_prints_for_keras_nets(name: str, printed: int) -> None:
    assert convention_counts(analyse(checked(find(name), None, None)), "keras").total == printed


@pytest.mark.parametrize("name", CONVENTIONS)
def test_the_terms_and_the_rows_sum_to_the_total(name: str) -> None:
    counts = convention_counts(torchvision("mobilenet-v2"), name)
    assert sum(term.amount for term in counts.terms) == counts.total
    assert sum(row or 0 for row in counts.rows) == counts.total
    assert counts.terms[0].kind == "macs"
    assert counts.terms[0].amount == 300774272 * (2 if counts.convention.counts == "FLOPs" else 1)


def test_a_word_without_a_rule_makes_its_row_and_the_total_unknown_never_0() -> None:
    counts = convention_counts(net("input 8x8x1\nconv 4 3x3\nlocal 2 3x3"), "fvcore")
    assert counts.rows == (0, 1296, None)
    assert (counts.total, counts.unknown) == (None, ("local",))


def test_the_terms_say_how_many_layers_by_which_rule() -> None:
    norms = convention_counts(torchvision("resnet50"), "fvcore").terms[1]
    assert norms == ("batch norms", 53, "2 x elements", 22227968, "bn")


def test_a_batch_is_as_many_times_the_work_of_an_image_but_for_what_keras_does_once_a_channel() -> None:
    graph = checked(find("resnet20-cifar"), None, None)
    once = {"keras": 6 * 688}  # 688 channels in its batch norms
    for name in CONVENTIONS:
        one, four = (convention_counts(analyse(graph, batch), name).total for batch in (1, 4))
        assert four == 4 * (one or 0) - 3 * once.get(name, 0), name


def test_a_convention_that_does_not_exist_is_refused_with_the_one_that_is_meant() -> None:
    with pytest.raises(InputError, match="unknown-convention") as refused:
        convention_counts(net("input 8x8x1"), "fvcor")
    assert "did you mean `fvcore`?" in str(refused.value)


WRITTEN = {
    "x.relu()": "ptflops 194400 calflops 388800",
    "torch.relu(x)": "ptflops 194400 calflops 388800",
    "F.relu_(x)": "ptflops 194400 calflops 388800",
    "F.relu6(x)": "ptflops 201600 calflops 396000",
    "nn.ReLU6()(x)": "ptflops 201600 calflops 388800",
    "x.softmax(1)": "ptflops 194400 calflops 388800 thop 194400",
    "nn.Softmax2d()(x)": "ptflops 201600 calflops 396000 thop 194400",
    "x.amax((2, 3))": "ptflops 194400 calflops 388800 onnx-tool 201600",
    "x.mean([2, 3])": "fvcore 194400 ptflops 194400 calflops 388800 onnx-tool 201600",
    "F.adaptive_avg_pool2d(x, 1)": "fvcore 201600 ptflops 201600 calflops 396000 onnx-tool 201632",
    "x.add(x)": "ptflops 201600 calflops 396000",
    "x + x": "ptflops 194400 calflops 388800",
    "x * 0.5": "ptflops 194400 calflops 388800 torchinfo 194400",
    "x @ x.transpose(2, 3)": "ptflops 194400 calflops 388800 fvcore 410400",
    "torch.matmul(x, x.transpose(2, 3))": "ptflops 410400 calflops 820800 fvcore 410400",
    "nn.Linear(30, 5)(x)": "torchinfo 194555 calflops 460800",
    "F.upsample(x, scale_factor=2)": "ptflops 252000 calflops 403200",
    "nn.UpsamplingNearest2d(scale_factor=2)(x)": "ptflops 223200 calflops 396000",
}
"""What a program does to 8x30x30 after nn.Conv2d(3, 8, 3, bias=False), and what the tools print for both together
(run on the same program: fvcore 0.1.5, thop 0.1.1, ptflops 0.7.5, calflops 0.3.2, torchinfo 1.8.0, onnx-tool 1.0.1)."""

PROGRAM = """import torch
from torch import nn
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, bias=False)
        self.weight = nn.Parameter(torch.zeros(8, 3, 3, 3))
        self.made = MADE
    def forward(self, image):
        x = self.conv(image)
        return RETURNED
"""


def program(returned: str, made: str = "None") -> Analysis:
    text = PROGRAM.replace("MADE", made).replace("RETURNED", returned)
    return analyse(checked(Source("net.py", text), "32x32x3", None))


@pytest.mark.parametrize("expression", WRITTEN)
def test_how_a_program_writes_an_operation_decides_which_tools_see_it(expression: str) -> None:
    made = expression.removesuffix("(x)") if expression.startswith("nn.") else "None"
    called = "self.made(x)" if expression.startswith("nn.") else expression
    analysis = program(called, made)
    words = WRITTEN[expression].split()
    assert [convention_counts(analysis, tool).total for tool in words[::2]] == [int(one) for one in words[1::2]]


def test_weights_that_a_program_hands_to_a_function_are_unknown_to_torchinfo_never_0() -> None:
    counts = convention_counts(program("F.conv2d(image, self.weight)"), "torchinfo")
    assert (counts.total, counts.unknown) == (None, ("conv",))
