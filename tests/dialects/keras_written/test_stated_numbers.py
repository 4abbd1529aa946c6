"""Numbers that a net states are in the program that is written for it, and are the same when it is read again."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cnncalc.diagnostics import Source
from cnncalc.dialects.keras.writing.model_text import write
from cnncalc.net_files import checked
from cnncalc.questions.same_net import Same, Unequal, same_net

from .again import compared, net


def read_again(*lines: str) -> list[tuple[Fraction, ...]]:
    """The stated numbers of all weights, after the net was written and read."""
    graph = checked(Source("net.py", write(net(*lines))))
    found = []
    for node in graph.nodes:
        shapes = tuple(graph.nodes[one].output for one in node.inputs)
        found += [one.initial for one in node.layer.weights(shapes) if isinstance(one.initial, tuple)]
    return found


def numbers(text: str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, text.split()))


def test_a_filter_is_written_as_its_matrix() -> None:
    assert "FixedFilter([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])," in write(net("input 5x5x1", "conv filter=sharpen"))


STATED = (
    ("input 5x5x1", "conv filter=sharpen", ["0 -1 0 -1 5 -1 0 -1 0"]),
    ("input 5x5x2", "conv filter=box3 padding=1", ["1/9 " * 18]),
    ("input 9 channels 1", "conv filter=[1 2 .1] flip stride=2", ["1 2 0.1"]),
    ("input 5x5x2", "upconv filter=[1 2; 3 4] stride=2", ["1 2 3 4 1 2 3 4"]),
    ("input 4x4x2", "conv 1 1x2 weights=[1 2; 3 4] bias=[.5]", ["1 2 3 4", "0.5"]),
    ("input 4x4x2", "dwconv 1x1 multiplier=2 weights=[1 2 3 4] nobias", ["1 2 3 4"]),
    ("input 4x4x2", "dwconv 1x1 stride=1x2 weights=[1 2] bias=[3 4]", ["1 2", "3 4"]),
    ("input 4x4x2", "upconv 2 1x1 groups=2 weights=[1 2] bias=[3 4]", ["1 2", "3 4"]),
    ("input 3", "dense 2 weights=[1 2 3; -4 -5 1/3] bias=[6 7]", ["1 2 3 -4 -5 1/3", "6 7"]),
)


@pytest.mark.parametrize(("size", "line", "stated"), STATED)
def test_stated_numbers_come_back(size: str, line: str, stated: list[str]) -> None:
    assert read_again(size, line) == [numbers(one) for one in stated]
    assert isinstance(compared(net(size, line)), Same)


def test_other_numbers_are_another_net() -> None:
    graph = net("input 5x5x1", "conv filter=sharpen")
    changed = write(graph).replace("[-1, 5, -1]", "[-1, 4, -1]")
    found = same_net(graph, checked(Source("net.py", changed)))
    assert isinstance(found, Unequal)
    assert "the numbers of" in found.said


def test_very_many_numbers_are_left_to_the_file_of_weights() -> None:
    """2,001 in an array; the docstring names it."""
    many = " ".join(["1"] * 2001)
    text = write(net("input 2001", f"a: dense 1 weights=[{many}] bias=[2]"))
    assert "The 2,001 numbers that the net states for a.weight come from its file of weights." in text
    assert "kernel_initializer" not in text
    assert "bias_initializer=Stated([2])" in text


def test_stated_numbers_are_laid_out_as_black_does() -> None:
    black = pytest.importorskip("black")
    program = write(
        net(
            "input 5x5x3",
            "conv filter=box3 flip padding=1",
            "conv 2 2x2 weights=[1 0; 0 1; 1 1; 2 2; 3 3; 4 4; 5 5; 6 6; 7 7; 8 8; 9 9; 1 1] bias=[1 2]",
            "upconv filter=gauss3 stride=2",
            "upconv 2 1x1 groups=2 weights=[1 2] bias=[3 4]",
        )
    )
    assert black.format_str(program, mode=black.Mode()) == program
