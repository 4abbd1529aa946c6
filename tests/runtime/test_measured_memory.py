"""The arrays that a run holds are those that the analysis counts: measured, line by line."""

from __future__ import annotations

import numpy as np
import pytest

import cnncalc
from cnncalc.analysis import analyse
from cnncalc.runtime.buffers import Buffers
from cnncalc.runtime.execution import execute
from cnncalc.runtime.measured_memory import HeardPlaces, MeasuredMemory
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weights import seeded


def measured(model: str, images: int = 1) -> MeasuredMemory:
    analysis = cnncalc.load(model).analysis
    prepared, heard = plan(analysis, images, "float32"), HeardPlaces()
    inputs = {
        step.name: np.ones((images + 3, *step.output[1:]), np.float32)[:images]  # part of a larger array
        for step in prepared.steps
        if step.kernel == "input"
    }
    execute(prepared, seeded(analysis, 0, "float32"), inputs, heard.hear)
    return heard.measured(analysis, prepared)


PLAIN = "input 16x16x3\nconv 8 3x3 same relu\nconv 8 3x3 same relu\nmaxpool 2x2\n"
U_SHAPED = (
    "input 16x16x3\nd1: conv 8 3x3 same relu\nmaxpool 2x2\nconv 16 3x3 same relu\nupconv 8 2x2 stride=2\nconcat d1\n"
)


@pytest.mark.parametrize(
    ("model", "peak"),
    [
        (PLAIN, 2 * 4 * 16 * 16 * 8),  # what the first convolution wrote and the second writes
        (U_SHAPED, 4 * 16 * 16 * (8 + 8 + 16)),  # d1, the map from below, and both together
        ("resnet20-cifar", 3 * 4 * 32 * 32 * 16),  # the shortcut, the map of the branch, their sum
    ],
)
def test_a_run_holds_what_liveness_predicts_line_by_line(model: str, peak: int) -> None:
    found = measured(model)
    assert (found.predicted, found.measured) == (peak, peak)
    assert found.equal == found.lines


def test_two_images_hold_twice_as_much() -> None:
    one, two = measured(U_SHAPED), measured(U_SHAPED, 2)
    assert (two.images, two.measured, two.equal) == (2, 2 * one.measured, one.equal)


def test_a_kernel_that_copies_what_is_a_view_is_seen() -> None:
    """flatten of channels_last copies: of that line more is held than the analysis says, of the others not."""
    found = measured("input 6x6x2\nconv 4 3x3\nflatten\ndense 3\n")
    assert (found.lines, found.equal) == (4, 3)


def test_the_measure_sees_an_array_that_is_held_too_long() -> None:
    """Where the text is read so that a join needs the first map, a run of the net without it holds less."""
    chain = "input 8x8x2\na: conv 4 3x3 same\nconv 4 3x3 same\nconv 4 3x3 same\n"
    joined = cnncalc.load(f"{chain}add a\n").analysis
    alone = cnncalc.load(chain).analysis
    prepared, heard = plan(alone, 1, "float32"), HeardPlaces()
    ones = {"input1": np.ones((1, 2, 1, 8, 8), np.float32)}
    execute(prepared, seeded(alone, 0, "float32"), ones, heard.hear)
    wrong = alone._replace(memory_by_row=joined.memory_by_row[:4])
    assert heard.measured(analyse(alone.graph), prepared).agrees
    assert not heard.measured(wrong, prepared).agrees


def test_an_array_goes_with_the_last_result_that_lies_in_it() -> None:
    buffers, array = Buffers(), np.zeros(10, np.float32)
    assert buffers.add(0, array) == (0, 40, 0)
    assert buffers.add(1, array[2:]) == (0, 40, 40)
    buffers.free(0)
    assert buffers.held == 40
    buffers.free(1)
    assert buffers.held == 0
    assert buffers.add(2, array[:5], given=True) == (2, 20, 0)


def test_a_line_that_holds_something_else_is_named() -> None:
    """Of a map the dense layer reads a flat copy, where the analysis only looks at it differently."""
    found = measured("mnist-convnet")
    assert (found.equal, found.lines, found.others) == (8, 9, ("flatten1",))
    assert measured(PLAIN).others == ()
