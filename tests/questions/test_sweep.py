"""`sweep`: a network's counts at several sizes, widths and batches are those of the variants read one by one."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cnncalc.diagnostics import InputError, Source
from cnncalc.pictures.charts.sweep_chart import sweep_chart
from cnncalc.questions.sweep import Sweep, SweptNet, sweep_of
from cnncalc.questions.sweep_values import sweep_values
from cnncalc.report.exports import comma_separated
from cnncalc.report.sweep_report import curves, measure_named, sweep_json, sweep_sheet
from cnncalc.sources import find

POOLED = Source("net.txt", 'title "<b>\x1b[31m"\nlet n = 8\ninput 8x8x1\nconv $n 5x5\nflatten\ndense 10\n')


def swept(source: Source, inputs: str | None = None, batch: str | None = None, **settings: str) -> Sweep:
    return sweep_of([inputs] if inputs else [], settings, [batch] if batch else []).counted(SweptNet(source))


def table(found: Sweep) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(comma_separated(sweep_sheet(found, exact=True)))))


def test_three_widths_and_two_sizes_are_six_rows_with_the_counts_of_each() -> None:
    # params: torchvision 0.29, mobilenet_v2(width_mult=0.5 and 1); 300,774,272 MACs: its own count, 300.77M
    rows = table(swept(find("mobilenet-v2"), "128,224", alpha="0.5,1"))
    assert [(row["input"], row["alpha"], row["params"], row["macs"]) for row in rows] == [
        ("128", "0.5", "1968680", "32578560"),
        ("128", "1", "3504872", "99074048"),
        ("224", "0.5", "1968680", "97131840"),
        ("224", "1", "3504872", "300774272"),
    ]


def test_a_batch_multiplies_work_and_activations_and_no_weights() -> None:
    one, eight = table(swept(find("lenet5"), batch="1,8"))
    assert int(eight["macs"]) == 8 * int(one["macs"]) == 8 * 416_520  # LeNet-5: README
    assert int(eight["peak"]) == 8 * int(one["peak"])
    assert eight["params"] == one["params"] == "61706"
    assert eight["weights"] == one["weights"] == str(4 * 61_706)


def test_a_size_that_does_not_fit_is_a_row_that_says_so() -> None:
    found = swept(POOLED, "4..6:1")
    assert [row.fault is None for row in found.rows] == [False, True, True]
    assert table(found)[0]["fault"] == "a 5x5 kernel does not fit a 4x4 input"
    assert [one.get("fault", "") for one in json.loads(sweep_json(found))["variants"]] == [
        "a 5x5 kernel does not fit a 4x4 input",
        "",
        "",
    ]


def test_sizes_of_which_none_fits_are_rows_that_say_why() -> None:
    assert [row["fault"] for row in table(swept(POOLED, "3,4"))] == [
        "a 5x5 kernel does not fit a 3x3 input",
        "a 5x5 kernel does not fit a 4x4 input",
    ]


def test_an_option_that_is_given_twice_has_all_its_values() -> None:
    assert sweep_of(["28", "32,28"], {}, ["1..2", "4"]) == (("28", "32"), {}, ("1", "2", "4"))


def test_a_number_of_images_that_is_too_large_is_shortened_and_the_limit_is_named() -> None:
    with pytest.raises(InputError, match=r"--batch 1{40}\.\.\. is no number(.|\n)*from 1 to 1,000,000,000"):
        sweep_of((), {}, ["1" * 90])


def test_where_no_setting_is_known_the_first_fault_is_the_error() -> None:
    with pytest.raises(InputError, match="unknown-setting") as error:
        swept(POOLED, m="1,2")
    assert "1 | --set m=1" in str(error.value)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("96..320:32", "96 128 160 192 224 256 288 320"),
        ("1..4", "1 2 3 4"),
        ("0.25..1:0.25", "0.25 0.5 0.75 1"),
        ("0.1..0.3:0.1", "0.1 0.2 0.3"),  # exact: 3 * 0.1 is 0.3
        ("1,8,32", "1 8 32"),
        ("8, 8,1..2", "8 1 2"),
        ("5..5", "5"),
        ("320x256,224", "320x256 224"),
        ("96..100:32", "96"),
    ],
)
def test_values_are_exact_and_each_is_there_once(text: str, values: str) -> None:
    assert sweep_values(text, "--input") == tuple(values.split())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("96..320:0", "bad-range"),
        ("96..320:-32", "bad-range"),
        ("320..96", "bad-range"),
        ("96..", "bad-range"),
        ("96..inf", "bad-range"),
        ("1..1e400", "bad-range"),
        ("1..2:1/0", "bad-range"),
        ("1..." + "9" * 400, "bad-range"),
        ("1,,2", "bad-range"),
        ("", "bad-range"),
        ("1,2," * 5000, "bad-range"),
        ("1..1000000000000", "sweep-too-long"),
        ("0..1:0.0000000001", "sweep-too-long"),
    ],
)
def test_values_without_sense_or_end_are_refused(text: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        sweep_values(text, "--set alpha")
    assert error.value.diagnostics[0].code == code


def test_the_advice_about_values_is_written_as_its_option_is() -> None:
    """`--set alpha 1,2,4` would be a value and a stranger word; `--batch=` is not how it is written here."""
    with pytest.raises(InputError, match=r"--set alpha=1,2,4 or --set alpha=2\.\.10:2"):
        sweep_values("", "--set alpha")
    with pytest.raises(InputError, match=r"--batch 1,2,4 or --batch 2\.\.10:2"):
        sweep_values("1,,2", "--batch")


@pytest.mark.parametrize(
    ("inputs", "batch", "settings", "code"),
    [
        (None, None, {}, "no-sweep"),
        ("1..40", "1..40", {}, "sweep-too-long"),
        (None, "0,1", {}, "bad-range"),
        (None, "1.5", {}, "bad-range"),
    ],
)
def test_a_sweep_of_nothing_or_of_too_much_is_refused(
    inputs: str | None, batch: str | None, settings: dict[str, str], code: str
) -> None:
    with pytest.raises(InputError) as error:
        sweep_of([inputs] if inputs else [], settings, [batch] if batch else [])
    assert error.value.diagnostics[0].code == code


def test_a_chart_runs_along_what_has_most_values_and_has_a_line_for_each_other_choice() -> None:
    found = swept(POOLED, "8,9,10", n="4,8")
    along, lines = curves(found, measure_named("macs"))
    assert along == "input"
    assert [(one.name, one.points[0]) for one in lines] == [("n 4", (8.0, 2240.0)), ("n 8", (8.0, 4480.0))]
    assert sweep_chart(found, measure_named("macs"), 757.0).width == 757.0


def test_only_numbers_can_be_drawn_along() -> None:
    text = Source("net.txt", "let act = relu\ninput 8x8x1\nconv 8 5x5 $act\n")
    with pytest.raises(InputError, match="no numbers to draw along"):
        curves(swept(text, act="relu,gelu"), measure_named("macs"))


def test_a_strangers_title_does_nothing_in_a_table_or_in_json() -> None:
    found = swept(POOLED, "8")
    assert "\x1b" not in sweep_sheet(found).title + sweep_json(found)
