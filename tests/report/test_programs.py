"""What is shown of a net that a program makes: modules as blocks, and each line where its user finds it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError
from cnncalc.report.canvas import Canvas
from cnncalc.report.column_choice import chosen
from cnncalc.report.explanation import explained
from cnncalc.report.keras_print import keras_print
from cnncalc.report.layout import drawn
from cnncalc.report.summary import USUAL_CHOICES, Choices, summary_sheet
from cnncalc.report.summary_json import summary_json
from tests.programs import CELLS, PARAMS, program_graph

FILES = analyse(program_graph(entry="Net()"))
NOTEBOOK = analyse(program_graph(CELLS))


def table(analysis: Analysis, choices: Choices = USUAL_CHOICES) -> list[str]:
    return drawn(summary_sheet(analysis, choices), Canvas(80)).split("\n\n")[1].split("\n")


def test_all_parameters_are_counted() -> None:
    assert FILES.totals.figures.params == PARAMS == 2126


def test_modules_are_blocks_and_copies_of_them_are_shown_once() -> None:
    assert table(FILES) == [
        "                                  kernel",
        "layer                    output   /stride pad  params              MACs",
        "───────────────────────────────────────────────────────────────────────────────",
        "input 3x16x16            3x16x16                    0                 0",
        "conv1: conv 8            8x16x16  3x3 pad 1       224  ▋         55,296  ▋",
        "blocks: Sequential       8x16x16               (1,776) █████   (442,368) █████▍",
        "  Block              ×3  8x16x16               (1,776) █████   (442,368) █████▍",
        "    conv: conv 8 nobias  8x16x16  3x3 pad 1       576  █▋       147,456  █▊",
        "    bn: bn               8x16x16                   16  ▏              0",
        "    add                  8x16x16                    0                 0",
        "    relu                 8x16x16                    0                 0",
        "gap                      8                          0                 0",
        "fc: dense 10             10                        90  ▎             80  ▏",
        "───────────────────────────────────────────────────────────────────────────────",
        "total                    10                     2,126           497,744",
    ]


def test_a_depth_hides_what_is_inside_modules() -> None:
    assert [line[:23] for line in table(FILES, Choices(depth=1))[3:10]] == [
        "input 3x16x16          ",
        "conv1: conv 8          ",
        "blocks: Sequential     ",
        "  Block              ×3",
        "gap                    ",
        "fc: dense 10           ",
        "─" * 23,
    ]


def test_the_column_of_lines_names_other_files_and_cells() -> None:
    lines = table(NOTEBOOK, Choices(columns=chosen("line"), every_copy=True))
    assert [line.rpartition("  ")[2].strip() for line in lines[2:7]] == [
        "cell 5:2",
        "cell 5:3",
        "cell 5:4",
        "cell 5:4",
        "blocks.py:12",
    ]
    assert table(FILES, Choices(columns=chosen("line")))[2].split() == ["input", "3x16x16", "13"]


def test_json_has_the_file_and_the_cell_beside_the_line() -> None:
    found = json.loads(summary_json(NOTEBOOK))
    places = [(one["line"], one["file"], one.get("cell")) for one in found["layers"][:3]]
    assert places == [(2, "net.ipynb", 5), (3, "net.ipynb", 5), (12, "blocks.py", None)]
    assert (found["blocks"][1]["name"], found["blocks"][1]["cell"]) == ("blocks.0", 5)
    assert "entry" not in found
    assert json.loads(summary_json(FILES))["entry"] == "Net()"


def test_the_title_is_followed_by_what_was_asked_for() -> None:
    assert drawn(summary_sheet(FILES), Canvas(80)).startswith("Net\nnet.py:Net()\n")
    assert keras_print(analyse(replace(FILES.graph, title=""))).startswith('Model: "net.py:Net()"\n')


def test_the_foot_names_lines_of_other_files() -> None:
    assert "at the last map, relu (line 12 of blocks.py)" in drawn(summary_sheet(FILES), Canvas(None))


@pytest.mark.parametrize("place", ["14", "8", "conv1"])
def test_a_layer_is_explained_at_the_line_where_it_is_made_and_where_it_is_called(place: str) -> None:
    assert explained(FILES, place, Canvas(80)).startswith(
        "conv1: conv 8 3x3 padding=1\n"
        "called      line 14: x = self.conv1(x)\n"
        "made        line 8: self.conv1 = nn.Conv2d(3, 8, 3, padding=1)\n"
        "arrives     3x16x16\n"
    )


@pytest.mark.parametrize(("place", "start"), [("blocks.py:8", "blocks.0.conv: "), ("blocks.1.conv", "blocks.1.conv: ")])
def test_lines_of_other_files_and_paths_of_modules_are_places(place: str, start: str) -> None:
    assert explained(FILES, place, Canvas(80)).startswith(start)


def test_different_layers_that_are_called_on_one_line_are_all_explained() -> None:
    page = explained(FILES, "blocks.py:12", Canvas(80))
    assert [line for line in page.split("\n") if line.startswith("blocks.0.")] == [
        "blocks.0.conv: conv 8 3x3 padding=1 nobias",
        "blocks.0.bn: bn",
        "blocks.0.add: add",
        "blocks.0.relu: relu",
    ]
    assert "joins       blocks.0.bn (line 12 of blocks.py, the line above) and conv1 (line\n" in page


def test_the_call_of_a_module_is_explained_with_its_layers() -> None:
    page = explained(FILES, "blocks", Canvas(80))
    assert page.startswith("blocks: Sequential   line 15\nmodule      blocks, of the class Sequential\n")


def test_a_line_of_a_cell_is_given_by_both_numbers() -> None:
    assert explained(NOTEBOOK, "5:3", Canvas(80)).startswith(
        "conv1: conv 8 3x3 padding=1\ncalled      line 3 of cell 5: "
    )
    with pytest.raises(InputError, match="a cell and a line in it, as 7:3"):
        explained(NOTEBOOK, "3", Canvas(80))


def test_a_line_without_a_layer_says_where_the_next_one_is() -> None:
    assert explained(FILES, "2", Canvas(80)) == (
        "from blocks import Block   line 2\n"
        "No layer of this network is made or called on this very line.\n"
        "next        line 8: self.conv1 = nn.Conv2d(3, 8, 3, padding=1)\n"
    )


@pytest.mark.parametrize("place", ["18", "blocks.py:99", "other.py:1", "0", "99999999999"])
def test_a_line_that_does_not_exist_is_no_place(place: str) -> None:
    with pytest.raises(InputError, match=rf"net.py:Net\(\) has no line, label or layer called `{place}`"):
        explained(FILES, place, Canvas(80))


def test_a_result_that_the_model_does_not_return_is_remarked_without_advice_of_our_language() -> None:
    *before, gap, fc = FILES.graph.nodes
    graph = replace(FILES.graph, nodes=(*before, gap, fc._replace(inputs=gap.inputs)))
    (warning,) = (one for one in analyse(graph).warnings if one.code == "unread-result")
    assert warning.message == "nothing reads the result of `gap`, and the model does not return it"
