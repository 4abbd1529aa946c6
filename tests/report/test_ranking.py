"""`--sort` and `--top`: the largest layers first, and what is left in one line; `--units`, percents and columns."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.report.asked_counts import asked_counts
from cnncalc.report.canvas import Canvas
from cnncalc.report.column_choice import ChosenColumns, chosen
from cnncalc.report.columns import COLUMNS, EVERYTHING, NUMBERS, USUAL
from cnncalc.report.exports import comma_separated, latex, markdown
from cnncalc.report.keras_print import keras_print
from cnncalc.report.layout import drawn
from cnncalc.report.ranking import Ranking, ranking
from cnncalc.report.sheet import text_of
from cnncalc.report.summary import Choices, summary_sheet
from cnncalc.report.summary_json import summary_json

from .nets import NAMES, analysis_of, answered
from .test_json import VALIDATOR

LARGEST = Choices(ranking=Ranking("params", 3))


def column(name: str, net: str, choices: Choices) -> list[str]:
    sheet = summary_sheet(analysis_of(net), choices)
    at = next(n for n, c in enumerate(sheet.columns) if c.name == name)
    return [text_of(line.cells[at]) for line in (*sheet.lines, *sheet.totals)]


def test_the_three_largest_layers_of_alexnet_and_the_rest() -> None:
    """Its dense layers hold 37,752,832 + 16,781,312 + 4,097,000 of 61,100,840 parameters (torchvision)."""
    assert column("params", "alexnet", LARGEST) == ["37,752,832", "16,781,312", "4,097,000", "2,469,696", "61,100,840"]
    assert column("layer", "alexnet", LARGEST)[3:] == ["and 13 more", "total"]
    assert [name for name in column("name", "alexnet", LARGEST) if name] == ["dense1", "dense2", "dense3"]


def test_a_ranking_says_by_what_and_has_no_blocks() -> None:
    text = drawn(summary_sheet(analysis_of("resnet50"), Choices(ranking=Ranking("flops", 2))), Canvas())
    assert "Sorted            by FLOPs, the largest first, not in the order of the network" in text
    assert "stage 64 3" not in text
    assert "├" not in text
    assert "and 71 more" in text


@pytest.mark.parametrize("by", NUMBERS)
@pytest.mark.parametrize("name", ["resnet50", "lenet5", "unet", "small.txt"])
def test_every_column_of_numbers_sorts_from_the_largest(name: str, by: str) -> None:
    choices = Choices(ranking=Ranking(by), columns=chosen(by))
    numbers = [int(number.replace(",", "").replace("-", "0")) for number in column(by, name, choices)[:-1]]
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize(
    ("by", "first"), [("times_dense", ("conv1", "30907.69230769231")), ("intensity", ("conv2", "23.57473035439137"))]
)
def test_columns_of_quotients_sort_from_the_largest_and_are_exact_for_machines(by: str, first: tuple[str, str]) -> None:
    """LeNet-5: 4,821,600 / 156 params, and 489,600 FLOPs for 4 * (1,176 + 2,416 + 1,600) bytes."""
    analysis, choices = asked_counts(analysis_of("lenet5"), Choices(ranking=ranking(by, None), plain_digits=True))
    rows = list(csv.DictReader(io.StringIO(comma_separated(summary_sheet(analysis, choices)))))
    numbers = [float(row[by] or 0) for row in rows]
    assert numbers == sorted(numbers, reverse=True)
    assert (rows[0]["name"], rows[0][by]) == first


def test_equal_layers_keep_the_order_of_the_net() -> None:
    lines = column("line", "vgg16", Choices(ranking=Ranking("params")))[:-1]
    zeros = [int(line) for line in lines[-8:]]
    assert zeros == sorted(zeros)


@pytest.mark.parametrize(
    ("sort", "top", "expected"),
    [
        (None, None, None),
        (None, 5, Ranking("macs", 5)),
        ("params", None, Ranking("params")),
        ("Params%", 2, Ranking("params", 2)),
        ("macs_share", None, Ranking("macs")),
    ],
)
def test_what_sort_and_top_ask_for(sort: str | None, top: int | None, expected: Ranking | None) -> None:
    assert ranking(sort, top) == expected


@pytest.mark.parametrize(("sort", "said"), [("output", "the columns of numbers are: params"), ("flps", "flops")])
def test_layers_are_not_sorted_by_words(sort: str, said: str) -> None:
    with pytest.raises(InputError, match="unknown-column") as refused:
        ranking(sort, None)
    assert said in str(refused.value)


def test_csv_has_every_column_in_a_ranking_too() -> None:
    choices = LARGEST._replace(plain_digits=True, columns=ChosenColumns(EVERYTHING))
    assert comma_separated(summary_sheet(analysis_of("alexnet"), choices)).split("\n")[0] == ",".join(EVERYTHING)


def test_a_column_that_is_added_comes_after_the_layer() -> None:
    assert chosen("+name,line").names[:4] == ("layer", "line", "name", "output")


def test_csv_has_the_largest_layers_alone() -> None:
    sheet = summary_sheet(analysis_of("alexnet"), LARGEST._replace(plain_digits=True, columns=chosen("name,params")))
    rows = list(csv.DictReader(io.StringIO(comma_separated(sheet))))
    assert [(row["name"], row["params"]) for row in rows] == [
        ("dense1", "37752832"),
        ("dense2", "16781312"),
        ("dense3", "4097000"),
    ]


def test_json_has_the_largest_layers_and_the_sums_of_the_others() -> None:
    found = json.loads(summary_json(analysis_of("alexnet"), LARGEST))
    VALIDATOR.validate(found)
    assert found["sorted_by"] == "params"
    assert [layer["name"] for layer in found["layers"]] == ["dense1", "dense2", "dense3"]
    assert (found["others"]["layers"], found["others"]["params"]) == (13, 2_469_696)
    every = json.loads(summary_json(analysis_of("alexnet")))
    assert {layer["index"]: layer for layer in found["layers"]}.items() <= dict(enumerate(every["layers"])).items()
    assert not {"sorted_by", "others"} & set(every)


def test_the_print_of_keras_has_a_line_for_the_others() -> None:
    text = keras_print(analysis_of("alexnet"), LARGEST)
    line = next(line for line in text.split("\n") if "and 13 more" in line)
    assert line.split() == ["and", "13", "more", "2,469,696"]


def test_markdown_and_latex_have_it_too() -> None:
    sheet = summary_sheet(analysis_of("alexnet"), LARGEST)
    assert "| and 13 more |" in markdown(sheet)
    assert "and 13 more &" in latex(sheet)


@pytest.mark.parametrize("name", NAMES)
def test_more_layers_than_there_are_leave_no_rest(name: str) -> None:
    assert not any("more" in text for text in column("layer", name, Choices(ranking=Ranking("macs", 10_000))))


def test_with_units_three_digits_are_shown_and_the_foot_stays_exact() -> None:
    choices = Choices(units=True, depth=0)
    assert column("macs", "resnet50", choices)[-1] == "4.09 G"
    assert column("params", "resnet50", choices)[-1] == "25.6 M"
    text = drawn(summary_sheet(analysis_of("resnet50"), choices), Canvas())
    assert "8,217,436,526 = 2 x 4,089,184,256 MACs" in text
    assert "\nUnits " in text
    open_blocks = Choices(units=True)
    assert "(216 k)" in column("params", "resnet50", open_blocks)


def test_machines_get_exact_numbers_with_units_too() -> None:
    sheet = summary_sheet(analysis_of("lenet5"), Choices(units=True, plain_digits=True))
    assert "48120" in comma_separated(sheet)


@pytest.mark.parametrize("asked", ["+inputs,params%,macs%", "+inputs,+params%,+macs%", "+Inputs +PARAMS% macs%"])
def test_columns_are_added_in_the_order_of_the_table(asked: str) -> None:
    found = chosen(asked)
    assert found.names[0] == "layer"
    assert set(found.names) == {*USUAL, "inputs", "params%", "macs%"}
    assert list(found.names[1:]) == [name for name in COLUMNS if name in found.names[1:]]
    assert found.pinned == {"inputs", "params%", "macs%"}
    assert found.names.index("inputs") < found.names.index("output")


def test_percents_say_what_they_are_of_and_add_up_but_for_rounding() -> None:
    """Stage by stage: 216 k, 1.22 M, 7.10 M and 15.0 M of 25.6 M parameters."""
    choices = Choices(chosen("+params%,macs%"), depth=0)
    percents = column("params%", "resnet50", choices)
    assert percents == ["", "<0.1%", "", "0.8%", "4.8%", "27.8%", "58.6%", "", "8.0%", "100.0%"]
    assert [c.heading for c in summary_sheet(analysis_of("resnet50"), choices).columns if "%" in c.name] == [
        ("params%",),
        ("MACs%",),
    ]


def test_the_column_that_sorts_is_shown() -> None:
    """LeNet-5's second convolution, with all inputs: 10*10*16 values of 5*5*6 + 1 connections."""
    assert column("connections", "lenet5", Choices(ranking=Ranking("connections", 1)))[0] == "241,600"
    assert column("buffers", "small.txt", Choices(ChosenColumns(), ranking=Ranking("buffers", 1)))[0] == "16"


def test_a_wrong_answer_among_the_others_marks_their_line() -> None:
    wrong = {("row", 1): (answered(right=False),), ("row", 2): (answered(right=True),)}
    choices = Choices(ranking=Ranking("params", 1), answers=wrong)
    lines = [
        line for line in drawn(summary_sheet(analysis_of("alexnet"), choices), Canvas()).split("\n") if "more" in line
    ]
    assert [line.split()[0] for line in lines] == ["✗"]
