"""How a line that uses another's weights is shown: no parameters of its own, a mark, and whose weights they are."""

from __future__ import annotations

import json

from cnncalc.report.canvas import Canvas
from cnncalc.report.explanation import explained
from cnncalc.report.keras_print import keras_print
from cnncalc.report.layout import drawn
from cnncalc.report.summary import Choices, summary_sheet
from cnncalc.report.summary_json import summary_json

from .nets import analysis_of_text

NET = (
    "block tower n\n  conv $n 3x3 bn relu\n  conv 2*$n 3x3\nend\na: input 16x16x1\nleft: tower 4\nb: input 16x16x1\n"
    "right: tower 4 from b shared=left\nabsdiff left right\n"
)
"""(9 + 1) * 4 + 2 * 4 and (9 * 4 + 1) * 8 parameters, of both towers."""


def lines(choices: Choices = Choices()) -> list[str]:  # noqa: B008 (frozen)
    return drawn(summary_sheet(analysis_of_text(NET), choices), Canvas()).split("\n")


def test_a_line_that_shares_has_a_mark_and_no_parameters_and_the_foot_says_what_that_means() -> None:
    marked = [line.split() for line in lines() if " * " in line]
    assert [(words[0:2], words[words.index("*") + 3]) for words in marked[:2]] == [
        (["conv", "4"], "0"),
        (["conv", "8"], "0"),
    ]
    assert (
        "Shared weights    * uses the weights of another line, which counts them; 688 params if each had its own"
        in lines()
    )
    assert not any(
        "*" in line for line in drawn(summary_sheet(analysis_of_text("input 4\ndense 3\n")), Canvas()).split("\n")
    )


def test_a_call_as_one_line_and_an_operation_have_the_mark_too() -> None:
    assert any(line.strip().startswith("right: tower 4 from b shared=left *  ") for line in lines(Choices(depth=0)))
    operations = [line.split()[0] for line in lines(Choices(expand=True)) if " *  " in line]
    assert operations == ["conv", "bn", "conv"]


def test_json_names_whose_weights_are_used() -> None:
    rows = json.loads(summary_json(analysis_of_text(NET)))
    assert {row["name"]: row["shares"] for row in rows["layers"] if "shares" in row} == {
        "right.conv1": "left.conv1",
        "right.conv2": "left.conv2",
    }
    assert [call.get("shares") for call in rows["blocks"]] == [None, "left"]
    (collapsed,) = [
        row
        for row in json.loads(summary_json(analysis_of_text(NET), Choices(depth=0)))["layers"]
        if row["label"] == "right"
    ]
    assert (collapsed["shares"], collapsed["params"]) == ("left", 0)


def test_explain_says_whose_weights_they_are() -> None:
    text = explained(analysis_of_text(NET), "right", Canvas())
    assert "weights     those of left.conv1 (line 2), counted there: 0 here\n" in text
    assert "weights     those of left.conv1.bn (line 2), counted there: 0 here\n" in text
    assert "those of" not in explained(analysis_of_text(NET), "left", Canvas())


def test_keras_print_counts_them_once() -> None:
    """40 + 8 + 8 running statistics, 296; both once."""
    text = keras_print(analysis_of_text(NET))
    assert "Total params: 352 " in text
    assert "Trainable params: 344 " in text
