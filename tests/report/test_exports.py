"""Tables for papers, notes and spreadsheets: nothing a user writes breaks out of its cell."""

from __future__ import annotations

import csv
import io

from cnncalc.report.column_choice import ChosenColumns
from cnncalc.report.columns import EVERYTHING
from cnncalc.report.exports import comma_separated, latex, markdown
from cnncalc.report.keras_print import keras_print
from cnncalc.report.notebook import html
from cnncalc.report.sheet import Column, Fact, Line, Sheet
from cnncalc.report.summary import Choices, summary_sheet

from .nets import analysis_of, analysis_of_text

NASTY = r"a|b & 50% #1 _x_ {y} ~ ^ \z <b> 28x28"
SHEET = Sheet(
    NASTY,
    "",
    (Column("layer", ("layer",), "text"), Column("params", ("params",), right=True)),
    (Line((f"  {NASTY}", "1,234")),),
    (Line(("total", "1,234"), "total"),),
    (Fact("Note", NASTY), Fact("", "more")),
)


def test_markdown_escapes_what_it_would_read_itself() -> None:
    row = markdown(SHEET).split("\n")[4]
    assert row == r"| &nbsp;&nbsp;a\|b & 50% #1 \_x\_ {y} ~ ^ \\z \<b\> 28x28 | 1,234 |"


def test_latex_escapes_every_special_character_and_sets_sizes_as_products() -> None:
    row = latex(SHEET).split("\n")[6]
    assert row == (
        r"    \quad a|b \& 50\% \#1 \_x\_ \{y\} \textasciitilde{} \textasciicircum{} \textbackslash{}z <b>"
        r" $28\times 28$ & 1,234 \\"
    )


def test_html_escapes_tags() -> None:
    assert "<b> 28x28" not in html(SHEET)
    assert "&lt;b&gt; 28x28" in html(SHEET)


def test_comma_separated_values_are_whole_numbers_without_totals() -> None:
    choices = Choices(ChosenColumns(EVERYTHING), plain_digits=True)
    rows = list(csv.DictReader(io.StringIO(comma_separated(summary_sheet(analysis_of("resnet50"), choices)))))
    assert tuple(rows[0]) == EVERYTHING
    assert sum(int(row["params"]) for row in rows) == 25_557_032
    assert sum(int(row["macs"]) for row in rows) == 4_089_184_256


def test_keras_print_has_the_batch_axis_and_counts_running_statistics() -> None:
    net = analysis_of_text("input 8x8x3\nconv 4 3x3 nobias bn\n")
    lines = keras_print(net, Choices(expand=True)).split("\n")
    assert [line.split() for line in lines if "BatchNormalization" in line] == [
        ["conv1.bn", "(BatchNormalization)", "(None,", "6,", "6,", "4)", "16"]
    ]
    assert "Total params: 124 (0.00 MiB)" in lines
    assert "Trainable params: 116 (0.00 MiB)" in lines
    assert "Non-trainable params: 8 (0.00 MiB)" in lines


def test_keras_print_of_a_signal_says_conv_1d() -> None:
    assert "conv1 (Conv1D)  " in keras_print(analysis_of_text("input 100 channels 8\nconv 4 3\n"))


def test_a_notebook_shows_branches_beside_their_lines() -> None:
    text = "input 8x8x4\nsplit\nbranch\nconv 4 3x3 same\ndropout 0.5\nbranch\nconv 4 1x1\njoin add\n"
    table = html(summary_sheet(analysis_of_text(text)))
    for shown in ("├&nbsp;conv 4 3x3 same<", "│&nbsp;dropout 0.5<", "├&nbsp;conv 4 1x1<", ">add<"):
        assert shown in table


REPEATED = "block unit\n  conv 4 3x3 same\n  relu\nend\ninput 8x8x4\nunit times 3\n"


def test_markdown_and_latex_show_copies_once_and_say_so() -> None:
    sheet = summary_sheet(analysis_of_text(REPEATED))
    assert "**unit times 3 ×3** | **8x8x4** |  | **(444)**" in markdown(sheet)
    assert "- **×N:** N identical copies" in markdown(sheet)
    assert r"unit times 3 $\times$3 & $8\times 8\times 4$ &  & (444)" in latex(sheet)
    assert "\n% ×N: N identical copies" in latex(sheet)
    assert "Bars" not in markdown(sheet) + latex(sheet)


def test_a_notebook_explains_its_bars() -> None:
    assert "<b>Bars</b> the share of all params and of all MACs<br>" in html(summary_sheet(analysis_of_text(REPEATED)))


def test_a_notebook_shows_copies_inside_branches() -> None:
    text = "input 8x8x4\nsplit\nbranch\nconv 4 1x1 times 3\nbranch\njoin add\n"
    assert "├&nbsp;conv 4 1x1 times 3 ×3" in html(summary_sheet(analysis_of_text(text)))


def test_csv_and_keras_have_every_copy() -> None:
    net = analysis_of_text(REPEATED)
    spread = Choices(ChosenColumns(EVERYTHING), plain_digits=True)
    assert comma_separated(summary_sheet(net, spread)).count("conv 4 3x3 same") == 3
    assert keras_print(net).count("Conv2D") == 3
