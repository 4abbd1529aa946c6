"""`--set NAME=VALUE`: other values for the constants of a text, and what is wrong with them said of the option."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.diagnostics import Diagnostic, InputError, Source
from cnncalc.graph import load_graph

TEXT = """let classes = 10
let scale = 1
let act = relu
let twice = 2*$classes
if $scale > 1
  let depth = 3
else
  let depth = 1
end
block f w
  let inner = 3
  conv $w ${inner}x$inner same $act
end
input 32*$scale x 32*$scale x 3
f $twice times $depth
gap
dense $classes
"""


def rows(**settings: str) -> list[str]:
    graph, faults = load_graph(Source("model.txt", TEXT), settings=settings)
    assert not faults
    return [row.text for row in graph.rows]


def refused(**settings: str) -> tuple[str, Diagnostic]:
    """The line under which the fault stands, and the fault."""
    with pytest.raises(InputError) as caught:
        load_graph(Source("model.txt", TEXT), settings=settings)
    assert caught.value.source is not None
    assert len(caught.value.diagnostics) == 1
    return caught.value.source.text, caught.value.diagnostics[0]


def test_without_settings_the_text_decides() -> None:
    assert rows() == ["input 32x32x3", "conv 20 3x3 same relu", "gap", "dense 10"]


def test_a_setting_takes_the_place_of_what_let_says_in_all_that_reads_it() -> None:
    assert rows(classes="5", act="bn relu", scale="0.5") == [
        "input 16x16x3", "conv 10 3x3 same bn relu", "gap", "dense 5",
    ]  # fmt: skip
    assert rows(twice="7*2")[1] == "conv 14 3x3 same relu"


def test_a_setting_decides_an_if_and_a_let_inside_it() -> None:
    assert len(rows(scale="2")) == 6
    assert len(rows(depth="4")) == 7


@pytest.mark.parametrize(
    ("settings", "code", "line", "column", "length"),
    [
        ({"clases": "3"}, "unknown-setting", "--set clases=3", 7, 6),
        ({"inner": "3"}, "unknown-setting", "--set inner=3", 7, 5),
        ({"classes": "foo"}, "wrong-operand", "--set classes=foo", 15, 3),
        ({"classes": "0"}, "number-too-small", "--set classes=0", 15, 1),
        ({"act": "tanh", "classes": "0"}, "number-too-small", "--set classes=0", 15, 1),
        ({"scale": "0.3"}, "not-whole", "--set scale=0.3", 13, 3),
        ({"act": "rellu"}, "unknown-word", "--set act=rellu", 11, 5),
        ({"classes": ""}, "wrong-setting", "--set classes=", 15, 1),
        ({"classes": "[1"}, "wrong-setting", "--set classes=[1", 15, 2),
        ({"classes": "1 # 2"}, "wrong-setting", "--set classes=1 # 2", 15, 5),
        ({"scale": "relu"}, "unlike-values", "--set scale=relu", 13, 4),
        ({"twice": "relu"}, "wrong-operand", "--set twice=relu", 13, 4),
    ],
)
def test_a_wrong_setting_is_refused_at_the_option(
    settings: dict[str, str], code: str, line: str, column: int, length: int
) -> None:
    text, found = refused(**settings)
    assert found.span is not None
    assert (text, found.code, found.span.column, found.span.length) == (line, code, column, length)


def test_the_message_says_which_line_reads_the_value_and_offers_the_nearest_name() -> None:
    assert refused(clases="3")[1].help == "did you mean `classes`?"
    assert refused(scale="0.3")[1].notes == ("line 14 of model.txt reads it: input 32*$scale x 32*$scale x 3",)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("dense $n", "dense needs its units where `n` is `relu`"),
        ("conv $n 3x3", "expected a whole number, found `3x3` where `n` is `relu`"),
    ],
)
def test_a_fault_beside_the_place_where_a_setting_is_read_stands_at_the_option(line: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        load_graph(Source("m", f"let n = 3\ninput 9x9x3\n{line}\n"), settings={"n": "relu"})
    found = caught.value.diagnostics[0]
    assert caught.value.source is not None
    assert (caught.value.source.text, found.span and found.span.column) == ("--set n=relu", 9)
    assert (found.message, found.notes[-1]) == (message, f"line 3 of m reads it: {line}")


def test_a_fault_of_a_shape_stays_at_its_line() -> None:
    text = "let size = 9\ninput ${size}x${size}x1\nconv 3 5x5\n"
    _, faults = load_graph(Source("m", text), settings={"size": "4"})
    assert [(one.code, one.span and one.span.line) for one in faults] == [("kernel-too-large", 3)]


def test_python_takes_settings_by_name() -> None:
    assert (
        cnncalc.load("let n = 6\ninput 32x32x1\nconv $n 5x5\n", settings={"n": 16}).analysis.totals.figures.params
        == 416
    )
