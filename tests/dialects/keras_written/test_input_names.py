"""The inputs of a model are named once more where the model is made, so nothing else has their variables."""

from __future__ import annotations

import re

import pytest

from cnncalc.dialects.keras.writing.model_text import write
from cnncalc.questions.same_net import Same

from .again import compared, net

TWO = (
    "left: input 8x8x3",
    "a: conv 4 3x3 same",
    "right: input 8x8x1",
    "b: conv 4 3x3 same",
    "sub a b",
    "gap",
    "dense 3",
)


@pytest.mark.parametrize(
    "lines",
    [TWO, tuple(line.replace("left", "x").replace("right", "y") for line in TWO)],
    ids=["by labels", "by the names of results"],
)
def test_no_result_takes_over_the_variable_of_an_input(lines: tuple[str, ...]) -> None:
    graph = net(*lines)
    text = write(graph)
    inputs = re.findall(r"^    (\w+) = keras\.Input\(", text, re.MULTILINE)
    assert len(inputs) == 2
    assert f"return keras.Model([{', '.join(inputs)}], " in text
    for name in inputs:
        assert len(re.findall(rf"^    {name} = ", text, re.MULTILINE)) == 1
    assert isinstance(compared(graph), Same)
