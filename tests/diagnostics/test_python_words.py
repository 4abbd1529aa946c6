"""What a command's error says of its options, an error of a Python call says of its arguments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import cnncalc
from cnncalc.diagnostics.python_words import in_python

LENET = cnncalc.load("lenet5")


@pytest.mark.parametrize(
    ("asked", "message", "advice"),
    [
        (
            lambda: LENET.memory(mixed=True),
            "mixed precision is about training, which was not asked for",
            'write train="adam", mixed=True',
        ),
        (
            lambda: LENET.memory(train="sgd", dtype="int8"),
            "a network is not trained in int8: gradients need fractions",
            'write dtype="float16"',
        ),
        (
            lambda: LENET.memory(within="8"),
            "within: `8` has no unit",
            'write the unit, for example within="8GB"',
        ),
        (
            lambda: LENET.roofline("10", "900G"),
            "peak: `10` has no unit",
            'write the unit, for example peak="10T"',
        ),
        (
            lambda: cnncalc.sweep("lenet5"),
            "nothing is varied",
            'name values: input="96..320:32", settings={"alpha": "0.5,1"} or batch="1,8,32"',
        ),
        (
            lambda: cnncalc.solve_net("unet", output="x"),
            "output: `x` is no size",
            'write output="388", or 7x7x512 with the channels',
        ),
        (
            lambda: LENET.summary(columns=","),
            "columns names no column",
            'write names with commas between, columns="rf,params": `cnncalc explain columns` lists them',
        ),
    ],
)
def test_an_error_in_python_names_arguments(asked: Callable[[], object], message: str, advice: str) -> None:
    with pytest.raises(cnncalc.InputError) as raised:
        asked()
    (said,) = raised.value.diagnostics
    assert (said.message, said.help) == (message, advice)


def test_a_whole_command_line_stays_one() -> None:
    assert in_python("ask: cnncalc solve net.txt --params 10M") == "ask: cnncalc solve net.txt --params 10M"
    assert in_python("`cnncalc solve x --all` or leave --set out") == "`cnncalc solve x --all` or leave settings out"
