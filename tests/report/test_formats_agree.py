"""Every format of a net carries the same rows, under the same names, with the same numbers."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import NamedTuple

import jsonschema
import pytest

from cnncalc.analysis.model import Analysis
from cnncalc.report.canvas import Canvas
from cnncalc.report.column_choice import ChosenColumns
from cnncalc.report.columns import EVERYTHING
from cnncalc.report.exports import comma_separated, latex, markdown
from cnncalc.report.keras_print import keras_print
from cnncalc.report.layout import GAP, drawn, fitted
from cnncalc.report.notebook import html
from cnncalc.report.summary import Choices, summary_sheet
from cnncalc.report.summary_json import summary_json

from .nets import NAMES, ODD, analysis_of, analysis_of_text
from .test_json import VALIDATOR

VARIANTS = {
    "rows": Choices(),
    "operations": Choices(expand=True),
    "blocks": Choices(depth=0),
    "depth 1": Choices(depth=1),
}
PLAIN = ChosenColumns(("layer", "output", "params", "macs"), frozenset(("params", "macs")))
FEW_LINES = 60
"""Nets with more lines are compared as rows and as operations only."""


class Seen(NamedTuple):
    """What a format shows: each row's name, sizes, parameters and MACs as far as it shows them; then the total's."""

    rows: list[tuple[str, ...]]
    total: tuple[str, ...]


def of_csv(net: Analysis, choices: Choices) -> list[dict[str, str]]:
    spread = choices._replace(columns=ChosenColumns(EVERYTHING), plain_digits=True)
    return list(csv.DictReader(io.StringIO(comma_separated(summary_sheet(net, spread)))))


def of_json(net: Analysis, choices: Choices) -> dict:
    found = json.loads(summary_json(net, choices))
    VALIDATOR.validate(found)
    return found


def of_keras(net: Analysis, choices: Choices) -> Seen:
    body = keras_print(net, choices).split("\n")
    first, last = [n for n, line in enumerate(body) if line.startswith("=")]
    rows = [re.fullmatch(r" (.+?) \(\w+\).*? \(None, ([\d, ]+)\) +([\d,]+)", line) for line in body[first + 1 : last]]
    assert all(rows)
    totals = [re.match(r"[\w -]+: ([\d,]+) ", line) for line in body[last + 1 : last + 4]]
    return Seen(
        [(row[1], row[2].replace(", ", "x"), row[3].replace(",", "")) for row in rows if row],
        tuple(total[1].replace(",", "") for total in totals if total),
    )


def numbers_of(cells: list[str]) -> tuple[str, ...]:
    """The last three cells, output, params and MACs, without what a format puts around them."""
    plain = [re.sub(r"\\times ?", "x", re.sub(r"[*$]|\\textbf|[{}]", "", cell)).replace(" x", "x") for cell in cells]
    return tuple(cell.strip().replace(",", "") for cell in plain[-3:])


def is_a_layer(row: tuple[str, ...]) -> bool:
    """Whether it is neither an empty branch nor the header of a block, whose sums are in brackets."""
    return bool(row[1]) and not row[1].startswith("(")


def of_markdown(net: Analysis, choices: Choices) -> Seen:
    lines = markdown(summary_sheet(net, choices._replace(columns=PLAIN))).split("\n")
    rows = [numbers_of(re.split(r"(?<!\\)\|", line)[1:-1]) for line in lines if line.startswith("|")][2:]
    return Seen([row for row in rows[:-1] if is_a_layer(row)], rows[-1])


def of_latex(net: Analysis, choices: Choices) -> Seen:
    text = latex(summary_sheet(net, choices._replace(columns=PLAIN)))
    rows = [
        numbers_of(re.split(r"(?<!\\)&", line.removesuffix(r" \\"))) for line in text.split("\n") if r" \\" in line
    ][1:]
    return Seen([row for row in rows[:-1] if is_a_layer(row)], rows[-1])


def of_html(net: Analysis, choices: Choices) -> Seen:
    class Cells(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.rows: list[list[str]] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 (its signature)
            if tag == "tr":
                self.rows.append([])
            elif tag in ("td", "th"):
                self.rows[-1].append("")

        def handle_data(self, data: str) -> None:
            if self.rows and self.rows[-1]:
                self.rows[-1][-1] += data

    reader = Cells()
    reader.feed(html(summary_sheet(net, choices._replace(columns=PLAIN))).partition("<small>")[0])
    rows = [numbers_of(row) for row in reader.rows[1:]]
    return Seen([row for row in rows[:-1] if is_a_layer(row)], rows[-1])


def of_table(net: Analysis, choices: Choices) -> Seen:
    sheet = summary_sheet(net, choices._replace(columns=PLAIN))
    lines = drawn(sheet, Canvas()).split("\n")
    _, widths = fitted(sheet, None)
    begin = sum(widths[:-3]) + len(GAP) * (len(widths) - 3)
    rules = [n for n, line in enumerate(lines) if line.startswith("─")]
    cells = [re.split(r" {2,}|(?<=\)) ", line[begin:].strip()) for line in lines[rules[0] + 1 : rules[1]]]
    shown = [numbers_of(row) for row in cells if len(row) == 3]
    return Seen([row for row in shown if is_a_layer(row)], numbers_of(re.split(" {2,}", lines[rules[1] + 1])))


def compare(net: Analysis, choices: Choices) -> None:
    choices = choices._replace(every_copy=True)
    sheet, found, keras = of_csv(net, choices), of_json(net, choices), of_keras(net, choices)
    layers, totals = found["layers"], found["totals"]
    assert [row["name"] for row in sheet] == [layer["name"] for layer in layers] == [row[0] for row in keras.rows]
    for column in ("params", "buffers", "total_params", "macs", "flops"):
        assert [int(row[column]) for row in sheet] == [layer[column] for layer in layers]
        assert sum(layer[column] for layer in layers) == totals[column]
    assert [row["word"] for row in sheet] == [layer["word"] for layer in layers]
    assert [int(row["line"]) for row in sheet] == [layer["line"] for layer in layers]
    sizes = ["x".join(map(str, layer["output"])) for layer in layers]
    assert [row["output"] for row in sheet] == sizes == [row[1] for row in keras.rows]
    assert [int(row[2]) for row in keras.rows] == [layer["total_params"] for layer in layers]
    assert keras.total == tuple(str(totals[key]) for key in ("total_params", "learned_params", "buffers"))
    shown = [(size, row["params"], row["macs"]) for size, row in zip(sizes, sheet, strict=True)]
    for read in (of_table, of_markdown, of_latex, of_html):
        seen = read(net, choices)
        assert seen.rows == shown, read.__name__
        assert seen.total[-2:] == (str(totals["params"]), str(totals["macs"])), read.__name__
    for block in found["blocks"]:
        for column in ("params", "macs", "flops"):
            assert sum(layers[index][column] for index in block["layers"]) == block[column]


@pytest.mark.parametrize("name", NAMES[::2])
def test_every_format_of_a_known_net_carries_the_same_numbers(name: str) -> None:
    net = analysis_of(name)
    for variant, choices in VARIANTS.items():
        if len(net.rows) <= FEW_LINES or variant in ("operations", "blocks"):
            compare(net, choices)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", ODD)
def test_every_format_of_an_odd_net_carries_the_same_numbers(name: str, variant: str) -> None:
    compare(analysis_of_text(ODD[name]), VARIANTS[variant])


def test_operations_apart_have_their_names_in_json_and_keras() -> None:
    net = analysis_of_text("input 8x8x3\nc: conv 4 3x3 nobias bn relu\n")
    names = ["input1", "c", "c.bn", "c.relu"]
    layers = of_json(net, VARIANTS["operations"])["layers"]
    assert [layer["name"] for layer in layers] == names
    assert [layer["params"] for layer in layers] == [0, 108, 8, 0]
    assert [(row[0], row[2]) for row in of_keras(net, VARIANTS["operations"]).rows] == list(
        zip(names, ("0", "108", "16", "0"), strict=True)
    )
    assert [row[0] for row in of_keras(net, VARIANTS["rows"]).rows] == ["input1", "c"]
    assert " c (Conv2D) + bn  " in keras_print(net)


def test_the_names_of_lines_are_unique_in_every_net() -> None:
    for text in ODD.values():
        for choices in VARIANTS.values():
            layers = of_json(analysis_of_text(text), choices)["layers"]
            names = [layer["name"] for layer in layers if layer["text"] != "none"]  # an empty call has nothing to name
            assert len(set(names)) == len(names)


KERAS_NET = "input 8x8x3\nconv 4 3x3 bn relu => params 128\ngap\ndense 2\ntotal => params 138\n"


def test_count_keras_holds_for_the_column_the_total_the_foot_and_every_format() -> None:
    """(3*3*3 + 1)*4 = 112 of the convolution, 8 learned and 8 running numbers of batch norm, 10 of dense."""
    net = analysis_of_text(f"count keras\n{KERAS_NET}")
    choices = Choices()
    assert [row["params"] for row in of_csv(net, choices)] == ["0", "128", "0", "10"]
    found = of_json(net, choices)
    assert (found["count"], found["totals"]["params"], found["totals"]["learned_params"]) == ("keras", 138, 130)
    for read in (of_table, of_markdown, of_latex, of_html):
        seen = read(net, choices)
        assert ([row[1] for row in seen.rows], seen.total[1]) == (["0", "128", "0", "10"], "138")
    table = drawn(summary_sheet(net), Canvas())
    assert "(Keras)" in table
    assert "params (Keras)" in markdown(summary_sheet(net))
    assert "Total params      138 as Keras counts: `params` here, as `count keras` asks" in table
    assert "Trainable         130 learned: `params` in PyTorch" in table


def test_without_count_keras_the_column_is_what_is_learned() -> None:
    for count in ("", "count torch\n"):
        net = analysis_of_text(count + KERAS_NET)
        assert [row["params"] for row in of_csv(net, Choices())] == ["0", "120", "0", "10"]
        assert "Trainable         130 learned: `params` here and in PyTorch" in drawn(summary_sheet(net), Canvas())
        assert "(Keras)" not in drawn(summary_sheet(net), Canvas())


def test_a_right_answer_stands_beside_its_own_number_under_count_keras() -> None:
    from cnncalc.report.answer_marks import by_place, own_findings

    net = analysis_of_text(f"count keras\n{KERAS_NET}")
    found = of_json(net, Choices(answers=by_place(own_findings(net))))
    for answered in (found["layers"][1], found["totals"]):
        (answer,) = answered["answers"]
        assert answer["ok"]
        assert int(answer["given"].split()[-1]) == answered["params"]


def test_a_share_in_percent_is_of_the_count_that_is_shown() -> None:
    """128 of 138 by Keras' count, 120 of 130 by PyTorch's."""
    columns = ChosenColumns(("layer", "params%"), frozenset(("params%",)))
    for count, share in (("count keras\n", "92.8%"), ("", "92.3%")):
        sheet = summary_sheet(analysis_of_text(count + KERAS_NET), Choices(columns))
        assert sheet.lines[1].cells[-1] == share


def test_a_depth_that_folds_blocks_folds_them_in_every_format() -> None:
    net = analysis_of_text(ODD["blocks in repeats"])
    names = [layer["name"] for layer in of_json(net, Choices(depth=0))["layers"]]
    assert names == ["input1", "stage1", "first", "stage2 to stage3", "stage4", "first2", "stage5 to stage6", "last"]


def test_the_schema_refuses_a_row_without_its_name() -> None:
    found = of_json(analysis_of_text("input 8x8x3\n"), Choices())
    del found["layers"][0]["name"]
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(found)
