"""How a receptive field over a global layer is written: in cells, in JSON, under the table and in an explanation."""

from __future__ import annotations

import json
import re

import pytest

from cnncalc.layers.base import Formula
from cnncalc.report.answer_marks import NO_ANSWERS
from cnncalc.report.canvas import Canvas
from cnncalc.report.column_choice import chosen
from cnncalc.report.explanation import explained
from cnncalc.report.exports import comma_separated, latex, markdown
from cnncalc.report.field_formulas import told_fields
from cnncalc.report.foot import foot
from cnncalc.report.layout import drawn
from cnncalc.report.notation import proved_size
from cnncalc.report.summary import Choices, summary_sheet
from cnncalc.report.summary_json import summary_json

from .nets import analysis_of, analysis_of_text

GATED = "input 32x32x4\nconv 4 3x3 same\nsplit\nbranch\nbranch\n gap\njoin mul\nconv 4 3x3 same\n"
BOUND = "input 8x8x4\nspacetodepth 2\nslice 0:4\nsplit\nbranch\nbranch\n gap\njoin mul\n"


def cells(text: str, *, plain: bool = False) -> list[str]:
    """The cells of the column `rf`, from the input on."""
    choices = Choices(chosen("rf"), plain_digits=plain)
    return [str(line.cells[1]) for line in summary_sheet(analysis_of_text(text), choices).lines]


def sentences(text: str) -> list[str]:
    """What the foot says of the receptive field."""
    facts = [(fact.name, fact.text) for fact in foot(analysis_of_text(text), NO_ANSWERS, "channels_last")]
    first = next(n for n, (name, _) in enumerate(facts) if name == "Receptive field")
    more = [said for name, said in facts[first + 1 : first + 2] if not name]
    return [facts[first][1], *more]


def test_a_cell_says_whole_image_and_beside_it_the_local_field() -> None:
    assert cells(GATED) == ["1x1", "3x3", "3x3", "whole image", "whole image, local 3x3", "whole image, local 5x5"]


def test_a_spreadsheet_gets_the_local_size_alone_and_a_column_of_its_own_for_whole() -> None:
    assert cells(GATED, plain=True) == ["1x1", "3x3", "34x34", "3x3", "5x5"]
    choices = Choices(chosen("rf,jump,start,whole"), plain_digits=True)
    written = comma_separated(summary_sheet(analysis_of_text(GATED), choices))
    assert [line.split(",", 1)[1] for line in written.splitlines()] == [
        "rf,jump,start,whole",
        "1x1,1,0.5,",
        "3x3,1,0.5,",
        "34x34,0,16,yes",
        "3x3,1,0.5,yes",
        "5x5,1,0.5,yes",
    ]


def test_a_run_says_in_few_letters_what_it_proved() -> None:
    fields = [row.receptive_field for row in analysis_of_text(GATED).rows]
    assert [proved_size(field) for field in fields if field] == ["1x1", "3x3", *["whole"] * 3]
    (*_, cropped) = analysis_of_text("input 32x32x1\ncrop 8\ngap\n").rows
    assert cropped.receptive_field is not None
    assert proved_size(cropped.receptive_field) == "16x16"


def test_markdown_and_latex_have_the_cells_of_the_table() -> None:
    sheet = summary_sheet(analysis_of_text(GATED), Choices(chosen("rf")))
    assert "| whole image, local 5x5 |" in markdown(sheet)
    assert r"whole image, local $5\times 5$ \\" in latex(sheet)


def test_an_upper_bound_is_of_the_local_field_where_the_whole_one_is_exact() -> None:
    assert cells(BOUND)[-1] == "whole image, local ≤2x2"
    assert "whole image, local <=2x2" in drawn(
        summary_sheet(analysis_of_text(BOUND), Choices(chosen("rf"))), Canvas(ascii_only=True)
    )
    assert cells(BOUND)[-2] == "≤whole image"


def test_pixels_that_nothing_reads_are_not_called_seen() -> None:
    assert cells("input 32x32x1\nconv 1 3x3 stride=2\ngap\n")[-1] == "31x31 of the image"
    assert cells("input 32x32x1\ncrop 8\nx: relu\ngap\nmul x\n")[-1] == "16x16 of the image, local 1x1"


def test_the_foot_names_the_global_layer_and_the_local_field() -> None:
    assert sentences(GATED) == [
        (
            "the whole image of 32x32 at the end, over gap1 (line 6); "
            "over local paths alone 5x5 pixels; jump 1, first centre at 0.5"
        ),
    ]


def test_the_foot_of_a_net_that_draws_from_a_vector_tells_of_no_local_field() -> None:
    text = "input 8x8x1\nflatten\ndense 32\nreshape 4x4x2\nupconv 1 2x2 stride=2\n"
    assert sentences(text) == ["the whole image of 8x8 at the end, over flatten1 (line 2)"]


def test_the_foot_of_a_plain_net_is_as_it_was() -> None:
    assert sentences("input 9x9x1\nconv 1 3x3\n") == ["3x3 pixels of 9x9 at the end; jump 1, first centre at 1.5"]


def test_json_has_the_numbers_of_the_local_field_and_says_whether_it_is_the_whole_image() -> None:
    layers = json.loads(summary_json(analysis_of_text(GATED)))["layers"]
    assert layers[4]["receptive_field"] == {"size": [5, 5], "jump": [1, 1], "start": [0.5, 0.5], "whole": True}
    assert layers[1]["receptive_field"] == {"size": [3, 3], "jump": [1, 1], "start": [0.5, 0.5], "whole": False}
    assert layers[2]["receptive_field"] == {"size": [34, 34], "jump": [0, 0], "start": [16, 16], "whole": True}


def test_an_explanation_of_one_line_adds_up_what_every_layer_gave() -> None:
    text = explained(analysis_of("resnet50-keras"), "conv1", Canvas())
    assert "as a sum" not in text
    text = explained(analysis_of("resnet50-keras"), "stage4.bottleneck3.add1", Canvas())
    sums = text[text.index("as a sum") :].splitlines()
    assert [line.strip() for line in sums] == [
        "as a sum    = 1 + sum of (k - 1) * product of the strides before, layer by layer",
        "= 1",
        "+ (7 - 1) * 1 = 6         conv1",
        "+ (3 - 1) * 2 = 4         maxpool1",
        "+ 3 * (3 - 1) * 4 = 24    stage1.bottleneck1.conv3 to stage1.bottleneck3.conv2",
        "+ 4 * (3 - 1) * 8 = 64    stage2.bottleneck1.conv3 to stage2.bottleneck4.conv2",
        "+ 6 * (3 - 1) * 16 = 192  stage3.bottleneck1.conv3 to stage3.bottleneck6.conv2",
        "+ 3 * (3 - 1) * 32 = 192  stage4.bottleneck1.conv3 to stage4.bottleneck3.conv2",
        "= 483",
    ]


@pytest.mark.parametrize("name", ["resnet50-v2", "yolov3", "unet", "googlenet", "nasnet-mobile"])
def test_the_printed_sum_adds_up_to_the_printed_size(name: str) -> None:
    analysis = analysis_of(name)
    for row in analysis.rows[:: max(1, len(analysis.rows) // 12)]:
        lines = [line[1] for line in told_fields(analysis, row, summed=True) if not isinstance(line, Formula)]
        terms = [line for line in lines if line.startswith("+ ")]
        results = [int(re.split(r" {2,}", term.rpartition("= ")[2].removeprefix("+ "))[0]) for term in terms]
        if terms and row.receptive_field is not None:
            assert 1 + sum(results) == row.receptive_field.size[0]
            assert f"= {row.receptive_field.size[0]}" in lines


def test_an_explanation_names_the_layer_that_sees_the_whole_image() -> None:
    text = explained(analysis_of_text(GATED), "8", Canvas())
    assert "field       whole image, over gap1 (line 6)\n            over local paths alone:\nfield size  = r +" in text
    assert "field       whole image, over gap1 (line 6); 34x34 with its pads\n" in explained(
        analysis_of_text(GATED), "gap1", Canvas()
    )


def test_a_whole_explanation_has_no_sums() -> None:
    assert "as a sum" not in explained(analysis_of("lenet5"), None, Canvas())


def test_axes_that_differ_have_sums_of_their_own() -> None:
    text = explained(analysis_of_text("input 30x40x1\nconv 1 3x5 stride=1x2\nconv 1 3x3\n"), "3", Canvas())
    assert "field size as a sum, height\n" in text
    assert text.rstrip().endswith("= 9")
