"""A table fits its width and never cuts a number."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.diagnostics.wrapping import cells
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import POST_WORDS, layer_class
from cnncalc.report.canvas import Canvas
from cnncalc.report.column_choice import chosen
from cnncalc.report.columns import WEIGHTLESS
from cnncalc.report.layout import drawn, fitted, foot_lines, shortened
from cnncalc.report.notation import bar, octets
from cnncalc.report.sheet import Column, Fact, Line, Phrase, Share, Sheet, text_of
from cnncalc.report.summary import Choices, summary_sheet

from .nets import NAMES, analysis_of, analysis_of_text

NUMBER = re.compile(r"\d[\d,]*")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [80, 100, 120])
def test_every_line_fits(name: str, width: int) -> None:
    text = drawn(summary_sheet(analysis_of(name)), Canvas(width))
    assert [line for line in text.split("\n") if cells(line) > width] == []


@pytest.mark.parametrize("name", NAMES)
def test_all_digits_of_every_count_are_there_at_every_width(name: str) -> None:
    sheet = summary_sheet(analysis_of(name))
    for width in (20, 40, 60, 80, None):
        body = drawn(sheet, Canvas(width)).split("─\n")[1]
        counts = Counter(
            text_of(cell).strip("()")
            for line in sheet.lines
            for cell, column in zip(line.cells, sheet.columns, strict=True)
            if column.name in ("params", "macs")
        )
        del counts[""]
        assert counts - Counter(NUMBER.findall(body)) == Counter()


@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_shortens_nothing(name: str) -> None:
    sheet = summary_sheet(analysis_of(name))
    text = drawn(sheet, Canvas())
    assert "…" not in text
    for line in sheet.lines:
        assert all((cell.full.strip() if isinstance(cell, Phrase) else text_of(cell)) in text for cell in line.cells)


@given(
    st.lists(st.sampled_from(["conv", "4096", "7x7", "stride=2", "nobias", "a-long-label:"]), min_size=1),
    st.integers(8, 60),
)
def test_shortening_keeps_whole_words_and_the_width(words: list[str], width: int) -> None:
    short = shortened(" ".join(words), width)
    assert cells(short) <= width
    kept = short.removesuffix("…").split()
    if len(kept) > 1 or short.endswith(" …"):
        assert kept == words[: len(kept)]


def test_text_is_shortened_before_bars_and_bars_go_before_columns() -> None:
    text, bars, window = 40, 10, 12
    sheet = Sheet(
        "t",
        "",
        (
            Column("layer", ("layer",), "text"),
            Column("window", ("window",), keep=1),
            Column("params", ("params",), right=True),
            Column("share", (), "bar"),
        ),
        (Line((" ".join(["word"] * 8) + "x", "w" * window, "1,234,567", Share(1, 2))),),
        (),
        (),
    )
    assert shown(sheet, text + window + 9 + bars + 6) == ["layer", "window", "params", "share"]
    assert shown(sheet, 20 + window + 9 + 6 + 6) == ["layer", "window", "params", "share"]
    assert shown(sheet, 20 + window + 9 + 6 + 5) == ["layer", "window", "params"]
    assert shown(sheet, 20 + window + 9 + 3) == ["layer", "params"]
    assert shown(sheet, 20) == ["layer", "params"]


def shown(sheet: Sheet, width: int) -> list[str]:
    kept, _ = fitted(sheet, width)
    return [column.name for column in kept.columns]


def test_columns_that_were_asked_for_stay_at_any_width() -> None:
    sheet = summary_sheet(analysis_of("vgg16"), Choices(chosen("+window,inputs,rf")))
    assert {"window", "inputs", "rf"} <= set(shown(sheet, 30))


def test_ascii_only_where_nothing_else_can_be_shown() -> None:
    sheet = summary_sheet(analysis_of("resnet50"))
    assert drawn(sheet, Canvas(80, ascii_only=True)).isascii()


def test_wide_letters_count_as_two() -> None:
    analysis = analysis_of_text('title "畳み込み"\ninput 8x8x1\nconv 2 3x3\n')
    assert analysis.graph.title in drawn(summary_sheet(analysis), Canvas(80))
    assert cells("畳み込み") == 8


def test_a_bar_is_never_longer_than_its_width_nor_empty_for_something() -> None:
    assert bar(10**12, 10**12, 6, ascii_only=False) == "██████"
    assert bar(1, 10**12, 6, ascii_only=True) == "#"
    assert bar(0, 10, 6, ascii_only=False) == ""


def test_memory_says_which_megabyte_it_means() -> None:
    """VGG16: input, all activations and the dense outputs are 15,237,608 numbers (a well-known page prints 93 MB)."""
    assert octets(4 * 15_237_608) == "60.95 MB (58.13 MiB)"
    assert octets(4 * 2499) == "9,996 bytes"


def test_a_large_net_is_drawn_in_time_that_grows_with_its_lines() -> None:
    analysis = analysis_of_text("input 8x8x1\n" + "conv 1 3x3 same\n" * 3000)
    assert drawn(summary_sheet(analysis, Choices(every_copy=True)), Canvas(80)).count("\n") > 3000


BRANCHES = """block pair w
  conv $w 3x3 same
  conv $w 3x3 same
end
input 8x8x4
repeat 2
  maxpool 2x2
end
split
branch
  pair 4
  split
  branch
    conv 2 1x1
  branch
    conv 2 3x3 same
  join concat
branch
  conv 4 1x1
  dropout 0.5
branch
join add relu
gap
"""


def first_column(text: str) -> list[str]:
    """What stands under `layer`, of every line of the table."""
    lines = text.split("\n")
    first, last = (n for n, line in enumerate(lines) if line[:1] in ("─", "-"))
    return [re.split(r"(?<=[^\s│|])  ", line)[0] for line in lines[first + 1 : last]]


def test_branches_stand_beside_a_line_that_shows_where_each_begins() -> None:
    expected = """input 8x8x4
maxpool 2x2
maxpool 2x2
├ pair 4
│   conv 4 3x3 same
│   conv 4 3x3 same
│ ├ conv 2 1x1
│ ├ conv 2 3x3 same
│ concat
├ conv 4 1x1
│ dropout 0.5
├ (the input itself)
add relu
gap"""
    sheet = summary_sheet(analysis_of_text(BRANCHES), Choices(every_copy=True))
    assert first_column(drawn(sheet, Canvas())) == expected.split("\n")
    plain = drawn(sheet, Canvas(None, ascii_only=True))
    assert first_column(plain) == expected.replace("├", "+").replace("│", "|").split("\n")


def test_where_operations_are_apart_a_branch_begins_once() -> None:
    shown = first_column(drawn(summary_sheet(analysis_of_text(BRANCHES), Choices(expand=True, depth=0)), Canvas()))
    assert shown[3:8] == ["├ pair 4", "│ ├ conv 2 1x1", "│ ├ conv 2 3x3 same", "│ concat", "├ conv 4 1x1"]
    assert shown[-3:] == ["add", "  relu", "gap"]


def test_a_table_without_lines_says_on_what_a_branch_works() -> None:
    sheet = summary_sheet(analysis_of_text(BRANCHES))
    assert "  conv 4 1x1 (on maxpool2)" in [text_of(line.cells[0]) for line in sheet.lines]
    assert "(on maxpool2)" not in drawn(sheet, Canvas())


def test_a_repeat_is_written_out_without_indentation() -> None:
    rows = analysis_of_text("input 8x8x4\nrepeat 2\nrepeat 2\nconv 4 3x3 same\nend\nend\n").rows
    assert [row.row.depth for row in rows] == [0] * 5


def test_a_text_loses_activations_before_words_that_change_numbers() -> None:
    """Its kernel, stride and padding are in a column of their own; `relu` changes neither parameters nor MACs."""
    analysis = analysis_of_text("input 8x8x4\nconv 4096 3x3 stride=1 same nobias relu bn\ndense 10\n")
    seen = dict.fromkeys(
        drawn(summary_sheet(analysis), Canvas(width)).split("\n")[6].split("  ")[0] for width in range(120, 50, -1)
    )
    assert [text for text in seen if text] == [
        "conv 4096 3x3 stride=1 same nobias relu bn",
        "conv 4096 nobias relu bn",
        "conv 4096 nobias bn …",
        "conv 4096 nobias …",
    ]


def test_bars_go_before_words_that_change_numbers() -> None:
    lines = drawn(summary_sheet(analysis_of("resnet50")), Canvas(90)).split("\n")
    assert any("conv 2048 nobias bn  " in line for line in lines)
    assert not any(line.endswith("█") for line in lines[:20] if "▏" in line)


def test_a_signals_filters_are_not_its_kernel() -> None:
    sheet = summary_sheet(analysis_of_text("input 30 channels 2\nconv 3 3 stride=2\n"))
    assert [cell.brief for line in sheet.lines for cell in line.cells if isinstance(cell, Phrase)][1] == "conv 3"


def test_the_words_without_weights_are_known() -> None:
    with_weights = {word for word in POST_WORDS if layer_class(word).weights is not Layer.weights}
    assert with_weights == POST_WORDS - WEIGHTLESS


def test_a_path_with_no_room_next_to_its_name_is_below_it() -> None:
    facts = (Fact("Trained", "mnist-convnet"), Fact("Files", "/opt/anas/environments/cnncalc/zoo"))
    assert foot_lines(facts, Canvas(42)) == [
        "",
        "Trained  mnist-convnet",
        "Files",
        "  /opt/anas/environments/cnncalc/zoo",
    ]
    assert foot_lines(facts, Canvas(43))[-1] == "Files    /opt/anas/environments/cnncalc/zoo"


def test_a_path_that_no_line_holds_is_broken_behind_folders_and_beside_its_name() -> None:
    facts = (Fact("Weights", "from /a/long/folder/that/nobody/would/write/by/hand/net.onnx (ONNX)"), Fact("Run", "one"))
    assert foot_lines(facts, Canvas(50)) == [
        "",
        "Weights  from",
        "         /a/long/folder/that/nobody/would/write/",
        "         by/hand/net.onnx (ONNX)",
        "Run      one",
    ]
    assert foot_lines(facts, Canvas(None))[1] == f"Weights  {facts[0].text}"


def test_the_long_name_of_a_file_has_its_own_line_and_pushes_no_other() -> None:
    facts = (Fact("Run", "one image"), Fact("the_picture_that_h...y-long.png", "a box"), Fact("", "another"))
    assert foot_lines(facts, Canvas(80)) == [
        "",
        "Run  one image",
        "the_picture_that_h...y-long.png",
        "  a box",
        "  another",
    ]
    assert foot_lines(facts, Canvas(120))[1] == f"Run{' ' * 30}one image"
