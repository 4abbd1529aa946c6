"""The formulas with the numbers put in are true, and nothing else is told."""

from __future__ import annotations

import re

import pytest

from cnncalc.diagnostics.catalogue import entries as known_codes
from cnncalc.layers.registry import LAYERS
from cnncalc.report.canvas import Canvas
from cnncalc.report.code_pages import LONGEST_LINE, code_explained
from cnncalc.report.explanation import explained, rows_at
from cnncalc.report.layer_pages import word_explained

from .nets import NAMES, analysis_of, analysis_of_text

STEPS = re.compile(r"^field (?:size|jump|start) += .*\n +(= .*)\n +(= .*)$", re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_the_steps_of_a_receptive_field_compute_to_what_is_printed(name: str) -> None:
    text = explained(analysis_of(name), None, Canvas())
    for numbers, result in STEPS.findall(text):
        assert eval(numbers[2:], {}) == pytest.approx(float(result[2:]))


def test_a_chain_of_windows_tells_all_three_steps() -> None:
    assert len(STEPS.findall(explained(analysis_of("lenet5"), "conv2", Canvas()))) == 3


def test_a_join_tells_which_lines_it_joins() -> None:
    text = "input 8x8x3\na: relu\nb: relu\nc: relu\nd: concat a\nconcat a b\ne: slice 0:3\nadd b\n"
    analysis = analysis_of_text(text)
    said = [re.findall("^joins +(.*)$", explained(analysis, str(line), Canvas()), re.MULTILINE) for line in range(4, 9)]
    assert said == [
        [],
        ["c (line 4, the line above) and a (line 2)"],
        ["a (line 2) and b (line 3), not the line above"],
        [],
        ["e (line 7, the line above) and b (line 3)"],
    ]


def test_axes_that_differ_are_told_apart() -> None:
    text = explained(analysis_of_text("input 9x30x1\nconv 2 3x5 stride=1x2\n"), "conv1", Canvas())
    assert "receptive field, height\n" in text
    assert "receptive field, width\n" in text


def test_a_block_call_stands_for_its_rows() -> None:
    assert {row.row.origin.span.line for row in rows_at(analysis_of("blocks.txt"), "16")} == {3, 9, 11}


def test_copies_of_a_line_are_told_once_where_they_are_alike() -> None:
    assert [row.inputs[0].channels for row in rows_at(analysis_of("blocks.txt"), "15")] == [3, 16]
    assert len(rows_at(analysis_of_text("input 8x8x4\nconv 4 3x3 same times 5\n"), "2")) == 1


def test_a_label_and_a_name_find_the_same_line() -> None:
    analysis = analysis_of("small.txt")
    assert rows_at(analysis, "c1") == rows_at(analysis, "3")
    assert rows_at(analysis, "maxpool1") == rows_at(analysis, "4")


def test_a_line_inside_an_if_is_explained_with_its_own_numbers() -> None:
    net = "input 28x28x1\nif $in == 2\n  conv 9 3x3\nelse\n  conv 6 5x5 relu\n  if $in == 6\n    conv 16 3x3 stride=2\n"
    analysis = analysis_of_text(f"{net}  end\nend\ngap\n")
    told = explained(analysis, "7", Canvas())
    assert told.startswith("conv2: conv 16 3x3 stride=2   line 7\n")
    assert "            = (3 * 3 * 6 + 1) * 16\n            = 880\n" in told  # six channels arrive from line 5
    assert "leaves      11x11x16 = 1,936 numbers\n" in told  # floor((24 - 3) / 2) + 1
    assert "(5 * 5 * 1 + 1) * 6\n            = 156\n" in explained(analysis, "5", Canvas())
    assert rows_at(analysis, "3") == ()  # the part that is not taken makes no layer


@pytest.mark.parametrize("word", LAYERS)
def test_every_layer_word_has_a_page(word: str) -> None:
    page = word_explained(word, Canvas(80))
    assert page is not None
    assert ">>>" not in page
    assert [line for line in page.split("\n") if len(line) > 80] == []


def test_every_code_has_a_page_with_its_example() -> None:
    for code, entry in known_codes().items():
        page = code_explained(code, Canvas(80))
        assert page is not None
        assert entry.example.split("\n")[0][: LONGEST_LINE - 8] in page


@pytest.mark.parametrize("code", ["text-too-long", "line-too-long", "nested-too-deeply"])
def test_an_example_that_is_long_on_purpose_is_shown_in_part(code: str) -> None:
    page = code_explained(code, Canvas(80))
    assert page is not None
    assert len(page) < 3000


@pytest.mark.parametrize("width", [80, 40])
def test_every_page_of_a_code_and_of_a_word_fits_its_width(width: int) -> None:
    found = [code_explained(code, Canvas(width)) for code in known_codes()]
    found += [word_explained(word, Canvas(width)) for word in LAYERS]
    assert [
        line for page in found if page for line in page.split("\n") if len(line) > width and " " in line.strip()
    ] == []


@pytest.mark.parametrize("name", ["nasnet-mobile", "yolov5n", "googlenet-aux"])
def test_an_explanation_keeps_to_its_width(name: str) -> None:
    text = explained(analysis_of(name), None, Canvas(80))
    assert max(map(len, text.split("\n"))) <= 80
    assert explained(analysis_of(name), None, Canvas(40)).count("\n") > text.count("\n")


def test_the_receptive_field_has_a_heading_of_its_own_behind_post_words() -> None:
    analysis = analysis_of_text("input 9x9x1\nconv 2 3x3 relu\nmaxpool 2x2\nconv 2 3x2 relu\n")
    assert "            = 98\nreceptive field:\nfield size" in explained(analysis, "conv1", Canvas())
    assert "receptive field:" not in explained(analysis, "maxpool1", Canvas())
    assert "receptive field:" not in explained(analysis, "conv2", Canvas())


def test_a_flat_vector_is_not_said_to_equal_itself() -> None:
    assert "leaves      10 numbers\n" in explained(analysis_of("lenet5"), "dense3", Canvas())
    assert "leaves      1 number\n" in explained(analysis_of_text("input 4\ndense 1\n"), "dense1", Canvas())


def test_the_page_of_a_code_shows_what_its_example_gets_to_hear() -> None:
    page = code_explained("kernel-too-large", Canvas())
    assert page is not None
    assert "    error[kernel-too-large]: a " in page
    assert "It says:" not in (code_explained("no-such-file", Canvas()) or "")


def test_what_is_neither_word_nor_code_has_no_page() -> None:
    assert word_explained("maxpol", Canvas()) is None
    assert code_explained("kernel-too-larg", Canvas()) is None


def test_shapes_are_explained_in_the_order_of_the_file() -> None:
    text = "order channels_first\na: input 3x16x16\nreshape 12x8x8\nreshape 3x16x16\nadd a relu\n"
    told = explained(analysis_of_text(text), None, Canvas())
    assert re.findall(r"shape +=.*\n +(= .*)", told) == ["= 3x16x16", "= 12x8x8", "= 3x16x16", "= 3x16x16"]


def test_two_arguments_of_one_name_tell_its_other_spellings_once() -> None:
    """`bias=no` switches, `bias=[0 1]` gives values; `use_bias=` can only switch."""
    page = word_explained("conv", Canvas())
    assert page is not None
    assert page.split("conv filter=NAME")[0].count("use_bias=") == 1
