"""Identical copies are shown once with their number; nothing that differs is hidden."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from cnncalc.report import folding, repetitions
from cnncalc.report.answer_marks import Answers
from cnncalc.report.canvas import Canvas
from cnncalc.report.column_choice import chosen
from cnncalc.report.layout import drawn
from cnncalc.report.summary import Choices, summary_sheet

from .nets import analysis_of, analysis_of_text, answered

PLAIN = Choices(chosen("params"))


def table(text: str, choices: Choices = PLAIN) -> list[str]:
    """The lines of the table without its total, each with single spaces: `conv 4 3x3 same times 3 ×3 148`."""
    return lines_of(drawn(summary_sheet(analysis_of_text(text), choices), Canvas()))


def lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    first, second = [n for n, line in enumerate(lines) if line.startswith("─")]
    return [re.sub("(?<=[^ ├│✓✗]) +", " ", line).rstrip() for line in lines[first + 1 : second]]


UNIT = "block unit w\n  conv $w 3x3 same\nend\n"


def test_the_copies_of_a_line_are_one_line() -> None:
    assert table("input 8x8x4\nconv 4 3x3 same times 3\n") == ["input 8x8x4 0", "conv 4 3x3 same times 3 ×3 148"]


def test_copies_of_a_line_that_differ_keep_their_numbers() -> None:
    """The first copy works on three channels: (3*3*3 + 1)*4 = 112 parameters, the others (3*3*4 + 1)*4 = 148."""
    assert table("input 8x8x3\nc: conv 4 3x3 same times 3\n")[1:] == [
        "conv 4 3x3 same (1 of 3) 112",
        "c: conv 4 3x3 same (2 to 3 of 3) ×2 148",
    ]


def test_lines_that_are_written_several_times_are_one_line() -> None:
    assert table("input 8x8x4\nconv 4 3x3 same\nconv 4 3x3 same\nconv 4 3x3 same\n")[1:] == ["conv 4 3x3 same ×3 148"]


def test_the_copies_of_a_block_are_one_below_its_header() -> None:
    assert table(f"{UNIT}input 8x8x4\nunit 4 times 7\n")[1:] == ["unit 4 times 7 ×7 (1,036)", "  conv 4 3x3 same 148"]


def test_calls_of_a_block_on_successive_lines_are_one() -> None:
    assert table(f"{UNIT}input 8x8x4\nunit 4\nunit 4\nunit 4\n")[1:] == ["unit 4 ×3 (444)", "  conv 4 3x3 same 148"]


def test_calls_with_other_settings_are_apart() -> None:
    assert table(f"{UNIT}input 8x8x4\nunit 4\nunit 5\nunit 5\n")[1:] == [
        "unit 4 (148)",
        "  conv 4 3x3 same 148",
        "unit 5 (185)",
        "  conv 5 3x3 same 185",
        "unit 5 (230)",
        "  conv 5 3x3 same 230",
    ]


def test_a_repeat_of_two_lines_is_a_header_and_two_lines() -> None:
    assert table("input 8x8x4\nrepeat 3\n  conv 2 1x1\n  conv 4 1x1\nend\n")[1:] == [
        "3 copies ×3 (66)",
        "  conv 2 1x1 10",
        "  conv 4 1x1 12",
    ]


def test_a_round_begins_with_its_first_line_though_the_line_before_is_like_its_last() -> None:
    text = "input 8x8x4\nconv 4 1x1\nrepeat 2\n  conv 4 3x3 same\n  conv 4 1x1\nend\n"
    assert table(text)[1:] == ["conv 4 1x1 20", "2 copies ×2 (336)", "  conv 4 3x3 same 148", "  conv 4 1x1 20"]


def test_copies_are_found_in_copies() -> None:
    text = "input 8x8x4\n" + "conv 4 1x1\nconv 4 1x1\nrelu\n" * 3
    assert table(text)[1:] == ["3 copies ×3 (120)", "  conv 4 1x1 ×2 20", "  relu 0"]


def test_of_a_block_whose_first_copy_differs_the_others_are_one() -> None:
    fit = "block fit w\n  if $in != $w\n    conv $w 1x1\n  end\n  conv $w 3x3 same\n  relu\nend\n"
    assert table(f"{fit}input 8x8x3\nfit 4 times 4\n")[1:] == [
        "fit 4 times 4 (608)",
        "  conv 4 1x1 16",
        "  conv 4 3x3 same 148",
        "  relu 0",
        "  copies 2 to 4 ×3 (444)",
        "    conv 4 3x3 same 148",
        "    relu 0",
    ]


def test_copies_with_branches_keep_their_branches() -> None:
    residual = "  split\n  branch\n    conv 4 1x1\n    relu\n  branch\n  join add\n"
    expected = ["  ├ conv 4 1x1 20", "  │ relu 0", "  ├ (the input itself)", "  add 0"]
    text = f"block unit\n{residual}end\ninput 8x8x4\nunit times 2\n"
    assert table(text)[1:] == ["unit times 2 ×2 (40)", *expected]
    assert table(f"input 8x8x4\nrepeat 2\n{residual}end\n")[1:] == ["2 copies ×2 (40)", *expected]


def test_copies_inside_a_branch_have_their_header_in_it() -> None:
    text = "input 8x8x4\nsplit\nbranch\nrepeat 2\nconv 2 1x1\nconv 4 1x1\nend\nbranch\njoin add\n"
    assert table(text)[1:] == [
        "├ 2 copies ×2 (44)",
        "│   conv 2 1x1 10",
        "│   conv 4 1x1 12",
        "├ (the input itself)",
        "add 0",
    ]


def test_branches_that_are_alike_are_one_branch() -> None:
    """A grouped convolution written out: 4 branches of (1*1*4 + 1)*2 + (3*3*2 + 1)*4 = 86 parameters."""
    branch = "branch\n  conv 2 1x1\n  conv 4 3x3 same\n"
    assert table(f"input 8x8x4\nsplit\n{branch * 4}join add\n")[1:] == [
        "├ 4 branches ×4 (344)",
        "│   conv 2 1x1 10",
        "│   conv 4 3x3 same 76",
        "add 0",
    ]


def test_two_short_branches_are_not_one_after_the_other() -> None:
    text = "input 8x8x4\nsplit\nbranch\nconv 4 1x1\nbranch\nconv 4 1x1\njoin add\n"
    assert table(text)[1:] == ["├ conv 4 1x1 20", "├ conv 4 1x1 20", "add 0"]


def test_each_copy_is_shown_when_all_are_asked_for() -> None:
    text = f"{UNIT}input 8x8x4\nunit 4 times 2\n"
    assert table(text, PLAIN._replace(every_copy=True))[1:] == ["unit 4 times 2 (296)", *["  conv 4 3x3 same 148"] * 2]


def test_with_depth_a_call_is_one_line_and_equal_calls_are_one() -> None:
    text = f"{UNIT}input 8x8x4\nunit 4\nunit 4\nunit 4 times 3\n"
    assert table(text, PLAIN._replace(depth=0))[1:] == ["unit 4 ×2 148", "unit 4 times 3 444"]


def test_operations_apart_are_counted_with_their_line() -> None:
    text = "input 8x8x4\nconv 4 3x3 same bn relu times 2\n"
    assert table(text, PLAIN._replace(expand=True))[1:] == ["conv 4 3x3 same ×2 148", "  bn ×2 8", "  relu ×2 0"]


def answers(*right: bool) -> Answers:
    """An answer for the params of each line from the first on."""
    return {("row", n): (answered(right=ok),) for n, ok in enumerate(right, 1)}


def test_a_copy_with_a_wrong_answer_is_shown() -> None:
    text = "input 8x8x4\n" + "conv 4 3x3 same\n" * 4
    line = "conv 4 3x3 same"
    shown = table(text, PLAIN._replace(answers=answers(True, True, False, True)))[1:]
    assert shown == [f"✓  {line} ×2 148", f"✗  {line} 148", f"✓  {line} 148"]


def test_two_wrong_answers_are_two_lines() -> None:
    text = "input 8x8x4\nconv 4 3x3 same\nconv 4 3x3 same\n"
    shown = table(text, PLAIN._replace(answers=answers(False, False)))[1:]
    assert shown == ["✗  conv 4 3x3 same 148"] * 2


def test_a_wrong_answer_inside_a_block_is_shown() -> None:
    text = f"{UNIT}input 8x8x4\nunit 4 times 3\n"
    shown = table(text, PLAIN._replace(answers={("row", 2): (answered(right=False),)}))
    assert "✗    conv 4 3x3 same 148" in shown


def test_a_wrong_answer_inside_a_block_that_is_one_line_marks_it() -> None:
    text = f"{UNIT}input 8x8x4\nunit 4\nunit 4\nunit 4\n"
    wrong = PLAIN._replace(depth=0, answers={("row", 2): (answered(right=False),)})
    assert table(text, wrong)[1:] == ["   unit 4 148", "✗  unit 4 148", "   unit 4 148"]


def test_a_wrong_answer_of_an_inner_call_marks_the_call_around_it() -> None:
    text = f"{UNIT}block pair\n  unit 4\n  relu\nend\ninput 8x8x4\npair\n"
    wrong = PLAIN._replace(depth=0, answers={("group", 1): (answered(right=False),)})
    assert table(text, wrong)[1:] == ["✗  pair 148"]


def test_the_answer_of_a_repeated_line_is_marked_on_its_one_line() -> None:
    text = "input 8x8x4\nconv 4 3x3 same times 3\n"
    shown = table(text, PLAIN._replace(answers={("row", 3): (answered(right=True),)}))
    assert shown[1:] == ["✓  conv 4 3x3 same times 3 ×3 148"]


def test_inputs_are_never_folded() -> None:
    assert table("a: input 8x8x4\nb: input 8x8x4\nadd a b\n") == [
        "a: input 8x8x4 0",
        "b: input 8x8x4 0",
        "add a b 0",
    ]


def test_fields_go_from_the_first_copy_to_the_last() -> None:
    shown = table("input 32x32x4\nconv 4 3x3 same times 3\n", Choices(chosen("rf,jump")))
    assert shown[1:] == ["conv 4 3x3 same times 3 ×3 3x3 to 7x7 1"]
    blocks = table(f"{UNIT}input 32x32x4\nunit 4 times 4\n", Choices(chosen("rf")))
    assert blocks[2:] == ["  conv 4 3x3 same 3x3 to 9x9"]


def test_ascii_has_an_x() -> None:
    sheet = summary_sheet(analysis_of_text("input 8x8x4\nconv 4 3x3 same times 3\n"))
    text = drawn(sheet, Canvas(ascii_only=True))
    assert "conv 4 3x3 same times 3 x3" in text
    assert "\nxN" in text


WIDE_RESNET = (
    "block bottleneck width out stride=1\n  split\n  branch\n    conv $width 1x1 nobias bn relu\n"
    "    conv $width 3x3 stride=$stride padding=1 nobias bn relu\n    conv $out 1x1 nobias bn\n"
    "  branch\n    if $in != $out\n      conv $out 1x1 stride=$stride nobias bn\n    end\n  join add relu\nend\n"
    "input 224x224x3\nconv 64 7x7 stride=2 padding=3 nobias bn relu\nmaxpool 3x3 stride=2 padding=1\n"
    + "".join(
        f"bottleneck {w} {2 * w} stride={s}\nbottleneck {w} {2 * w} times {n - 1}\n"
        for w, n, s in ((128, 3, 1), (256, 4, 2), (512, 6, 2), (1024, 3, 2))
    )
    + "gap\ndense 1000\n"
)


def test_a_wide_residual_net_fits_a_screen() -> None:
    """Wide ResNet-50-2 has 68,883,240 parameters (torchvision); of its 16 blocks two are shown for each of 4 sizes."""
    text = drawn(summary_sheet(analysis_of_text(WIDE_RESNET)), Canvas(100))
    assert "68,883,240" in text
    assert len(lines_of(text)) == 53
    every = drawn(summary_sheet(analysis_of_text(WIDE_RESNET), Choices(every_copy=True)), Canvas(100))
    assert len(lines_of(every)) == 93


@pytest.mark.parametrize(
    ("header", "params", "macs"),
    [
        ("stage 64 3", "(215,808)", "(667,942,912)"),
        ("bottleneck 64 times 2 ×2", "(140,800)", "(436,731,904)"),
        ("stage 256 6 stride=2", "(7,098,368)", "(1,464,336,384)"),
        ("bottleneck 256 times 5 ×5", "(5,585,920)", "(1,091,829,760)"),
    ],
)
def test_the_headers_of_resnet50_have_their_sums(header: str, params: str, macs: str) -> None:
    """The stages' parameters are torchvision's: 215,808 in layer1, 7,098,368 in layer3."""
    shown = lines_of(drawn(summary_sheet(analysis_of("resnet50"), Choices(chosen("params,macs"))), Canvas()))
    assert f"{header} {params} {macs}" in [line.strip() for line in shown]


def test_the_foot_names_the_ways_to_see_more_and_less() -> None:
    text = drawn(summary_sheet(analysis_of("resnet50")), Canvas())
    assert "`--all` shows each" in text
    assert "`--depth 0`" in text
    unfolded = drawn(summary_sheet(analysis_of("lenet5")), Canvas())
    assert "--all" not in unfolded
    assert "--depth" not in unfolded
    assert "Bars " in unfolded


def test_bars_that_are_not_drawn_are_not_explained() -> None:
    assert "Bars " not in drawn(summary_sheet(analysis_of("resnet50")), Canvas(80))


def test_the_foot_says_which_bars_are_drawn_and_which_are_not() -> None:
    """At 95 columns resnet50 has bars of MACs, where it has room those of params too."""
    some = drawn(summary_sheet(analysis_of("resnet50")), Canvas(95))
    assert "\nNot shown         params bars: the whole table takes 132 columns" in some
    assert "\nBars              the share of all MACs\n" in some
    both = drawn(summary_sheet(analysis_of("resnet50")), Canvas(135))
    assert "Not shown" not in both
    assert "\nBars              the share of all params and of all MACs\n" in both


def calls_to_fold(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many items are made and how many stretches are compared to fold the net of a text."""
    calls = [0]

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            calls[0] += 1
            return function(*arguments, **named)

        return counted

    with monkeypatch.context() as patch:
        patch.setattr(folding, "Item", counting(folding.Item))
        patch.setattr(repetitions, "_matched", counting(repetitions._matched))
        summary_sheet(analysis_of_text(text), PLAIN)
    return calls[0]


@pytest.mark.parametrize(
    "lines",
    ["relu\n", "relu\nrelu\ntanh\n", "split\nbranch\nrelu\nbranch\njoin add\n", "one\ntwo\none\none\ntwo times 2\n"],
)
def test_the_work_of_folding_grows_with_the_lines(lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    head = "block one\n  relu\n  tanh\nend\nblock two\n  one times 3\nend\ninput 8x8x1\n"
    few, many = (calls_to_fold(head + lines * copies, monkeypatch) for copies in (100, 200))
    assert few < many <= 2.05 * few


def test_the_copies_of_a_hostile_net_are_found_in_time_that_grows_with_its_lines() -> None:
    analysis = analysis_of_text("input 8x8x1\n" + "relu\nrelu\ntanh\n" * 1000)
    shown = lines_of(drawn(summary_sheet(analysis, PLAIN), Canvas()))
    assert shown == ["input 8x8x1 0", "1000 copies ×1000 (0)", "  relu ×2 0", "  tanh 0"]
