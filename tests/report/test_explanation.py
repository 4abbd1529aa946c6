"""The formulas with the numbers put in are true, and nothing else is told."""

from __future__ import annotations

import re

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.layers.registry import LAYERS
from cnncalc.report.explanation import explained, rows_at
from cnncalc.report.layout import Canvas
from cnncalc.report.manual import code_explained, known_codes, word_explained

from .nets import NAMES, analysis_of, analysis_of_text

STEPS = re.compile(r"^field (?:size|jump|start) += .*\n +(= .*)\n +(= .*)$", re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_the_steps_of_a_receptive_field_compute_to_what_is_printed(name: str) -> None:
    text = explained(analysis_of(name), None, Canvas())
    for numbers, result in STEPS.findall(text):
        assert eval(numbers[2:], {}) == pytest.approx(float(result[2:]))


def test_a_chain_of_windows_tells_all_three_steps() -> None:
    assert len(STEPS.findall(explained(analysis_of("lenet5"), "conv2", Canvas()))) == 3


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


def test_a_comment_line_is_no_place() -> None:
    with pytest.raises(InputError, match="no line, label or layer called `1`"):
        rows_at(analysis_of("small.txt"), "1")


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
        assert entry.example.split("\n")[0] in page


def test_the_page_of_a_code_shows_what_its_example_gets_to_hear() -> None:
    page = code_explained("kernel-too-large", Canvas())
    assert page is not None
    assert "    error[kernel-too-large]: a " in page
    assert "It says:" not in (code_explained("no-such-file", Canvas()) or "")


def test_what_is_neither_word_nor_code_has_no_page() -> None:
    assert word_explained("maxpol", Canvas()) is None
    assert code_explained("kernel-too-larg", Canvas()) is None
