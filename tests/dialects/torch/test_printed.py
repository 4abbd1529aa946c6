"""What `print(model)` shows, as a model: indentation, arguments, the order that is certain and the one that is not."""

from __future__ import annotations

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.graph.ir import Graph
from cnncalc.net_files import read

VGG = """VGG(
  (features): Sequential(
    (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    (1): ReLU(inplace=True)
    (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  )
  (avgpool): AdaptiveAvgPool2d(output_size=(7, 7))
  (classifier): Sequential(
    (0): Linear(in_features=392, out_features=10, bias=True)
  )
)
"""


def net(text: str, size: str | None = "32x32x3") -> Graph:
    graph, faults = read(Source("print.txt", text), size)
    assert faults == ()
    return graph


def fault(text: str, size: str | None = "32x32x3") -> Diagnostic:
    with pytest.raises(InputError) as caught:
        read(Source("print.txt", text), size)
    return caught.value.diagnostics[0]


def test_a_print_is_a_model_with_the_names_of_a_state_dict() -> None:
    """3*9*8 + 8 = 224 and 392*10 + 10 = 3930 parameters."""
    graph = net(VGG)
    assert [row.text for row in graph.rows][1:] == [
        "conv 8 3x3 padding=1", "relu", "maxpool 2x2", "adaptavg 7x7", "flatten", "dense 10",
    ]  # fmt: skip
    assert [node.name for node in graph.nodes if node.layer.word in ("conv", "dense")] == ["features.0", "classifier.0"]
    assert analyse(graph).totals.figures.params == 4154


def test_an_order_that_is_not_certain_is_a_warning() -> None:
    (warning,) = net(VGG).warnings
    assert (warning.code, warning.span and warning.span.line) == ("order-assumed", 1)


def test_the_order_of_a_sequential_is_certain() -> None:
    text = "\n".join(["Sequential(", *VGG.splitlines()[2:5], ")"])
    assert net(text).warnings == ()


def test_older_prints_and_prompts_are_read() -> None:
    text = ">>> print(net)\nSequential(\n  (0): ReLU(inplace)\n  (1): Upsample(scale_factor=2.0, mode=bilinear)\n)\n"
    text += ">>> 1\n"
    assert [row.text for row in net(text).rows][1:] == ["relu", "upsample 2 bilinear"]


def test_equal_modules_that_are_printed_once_are_all_made() -> None:
    text = "Sequential(\n  (0-2): 3 x Conv2d(3, 3, kernel_size=(3, 3), stride=(1, 1))\n)\n"
    assert [node.name for node in net(text).nodes][1:] == ["0", "1", "2"]
    assert analyse(net(text)).totals.figures.params == 3 * 84


def test_parts_that_cannot_follow_each_other_are_refused_with_the_reason() -> None:
    text = VGG.replace("(avgpool): AdaptiveAvgPool2d(output_size=(7, 7))", "(short): Conv2d(3, 8, kernel_size=(1, 1))")
    found = fault(text)
    assert found.message == "Conv2d expects 3 channels, but 8 arrive"
    assert found.span is not None
    assert found.span.line == 7
    assert "for a print does not show how they are joined" in found.notes[-1]
    assert found.help == "give the program itself: cnncalc summary net.py:Net"


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (VGG.rstrip().removesuffix(")"), "pasted-print-cut", "the print ends inside `VGG`"),
        (VGG.replace("(1): ReLU(inplace=True)", "(1): Swish()"), "unknown-word", "`Swish` is no layer of PyTorch"),
        (VGG.replace("(1): ReLU(inplace=True)", "something else"), "pasted-print-cut", "is no line of a printed model"),
        (VGG.replace("(1): ReLU", "(1-2): 3 x ReLU"), "pasted-print-cut", "does not name 3 modules"),
        (VGG.replace("(1): ReLU(inplace=True)", "(1): LSTM(8, 8)"), "no-such-layer", "PyTorch's LSTM"),
        (VGG.replace("stride=(1, 1)", "stride=__import__('os')"), "wrong-operand", "is not known here"),
        ("A(\n" + "".join(f"{'  ' * d}(a): A(\n" for d in range(1, 200)), "nested-too-deeply", "more than 100 deep"),
        ("Sequential(\n" + "  (0-999): 1000 x ReLU()\n" * 40 + ")", "python-bound", "more than 20,000 modules"),
    ],
)
def test_what_is_no_print_of_a_model_is_refused(text: str, code: str, told: str) -> None:
    found = fault(text)
    assert found.code == code
    assert told in found.message


def test_the_size_of_the_image_is_asked_for() -> None:
    found = fault(VGG, None)
    assert found.message == "a print does not show the size of the input; the first layer takes 3 channels"
    assert found.help == "give --input 224x224x3"
