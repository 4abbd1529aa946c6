"""`summary --convention`: the work of a net as a tool counts it, the same in every format, with where it comes from."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from cnncalc.analysis import Analysis, analyse
from cnncalc.analysis.conventions import CONVENTIONS, Term, convention_counts
from cnncalc.analysis.conventions.counted_analysis import counted_by
from cnncalc.diagnostics import Source
from cnncalc.net_files import checked
from cnncalc.report.canvas import Canvas
from cnncalc.report.column_choice import ChosenColumns
from cnncalc.report.columns import EVERYTHING
from cnncalc.report.convention_facts import _sum, convention_facts
from cnncalc.report.every_convention import every_convention
from cnncalc.report.exports import comma_separated, markdown
from cnncalc.report.layout import drawn
from cnncalc.report.ranking import ranking
from cnncalc.report.summary import Choices, summary_sheet
from cnncalc.report.summary_json import summary_object

from .nets import analysis_of
from .test_json import VALIDATOR

LOCAL = "input 8x8x1\nconv 4 3x3 relu\nlocal 2 3x3\ngap"


def counted(analysis: Analysis, name: str, **choices: Any) -> tuple[Analysis, Choices]:
    counts = convention_counts(analysis, name)
    facts = tuple(convention_facts(analysis, counts))
    return counted_by(analysis, counts), Choices(convention=counts.convention, about_convention=facts, **choices)


def net(text: str) -> Analysis:
    return analyse(checked(Source("net.txt", text), None, None))


def lines(analysis: Analysis, name: str, **choices: Any) -> str:
    return drawn(summary_sheet(*counted(analysis, name, **choices)), Canvas(120))


def test_the_column_of_work_is_headed_by_the_tool_and_its_total_is_what_the_tool_prints() -> None:
    """fvcore 0.1.5 prints 4,111,512,576 for torchvision's resnet50 (measured)."""
    table = markdown(summary_sheet(*counted(analysis_of("resnet50"), "fvcore", depth=0)))
    assert "| fvcore MACs |" in table
    assert "**4,111,512,576**" in table


def test_the_foot_gives_the_terms_of_the_sum_and_the_difference_to_our_count() -> None:
    table = " ".join(lines(analysis_of("resnet50"), "fvcore", depth=0).split())
    assert (
        "4,111,512,576 = 4,089,184,256 (1 x MACs of 54 convolutions and dense layers) + 22,227,968 (2 x elements of"
        " 53 batch norms) + 100,352 (1 x elements of 1 global average pool)"
    ) in table
    assert "fvcore gives 22,328,320 more: + 22,227,968 batch norms + 100,352 global average pool" in table
    flops = " ".join(lines(analysis_of("alexnet"), "torch").split())
    assert "less: - 706,560 max pools - 494,184 biases - 493,184 ReLUs" in flops


def test_a_line_without_a_known_rule_and_the_total_are_question_marks() -> None:
    rows = [line.split() for line in lines(net(LOCAL), "fvcore").splitlines()]
    assert next(row for row in rows if row[:1] == ["conv"])[-1] == "1,296"
    assert next(row for row in rows if row[:1] == ["local"])[-1] == "?"
    assert next(row for row in rows if row[:1] == ["total"])[-1] == "?"
    assert "no rule is known for `local`" in lines(net(LOCAL), "fvcore")


def test_csv_and_json_have_the_same_work_and_say_unknown_as_a_question_mark_and_null() -> None:
    analysis, choices = counted(net(LOCAL), "fvcore")
    spread = choices._replace(columns=ChosenColumns((*EVERYTHING, "work")), plain_digits=True)
    rows = list(csv.DictReader(io.StringIO(comma_separated(summary_sheet(analysis, spread)))))
    assert [row["work"] for row in rows] == ["0", "1296", "?", "32"]
    assert [row["macs"] for row in rows] == ["0", "1296", "1152", "0"]
    described = summary_object(analysis, choices)
    VALIDATOR.validate(json.loads(json.dumps(described)))
    assert [layer["work"] for layer in described["layers"]] == [0, 1296, None, 32]
    assert described["totals"]["work"] is None
    assert described["convention"] == {"name": "fvcore", "tool": "fvcore 0.1.5", "counts": "MACs"}


def test_top_sorts_by_the_work_and_the_rest_completes_the_total() -> None:
    analysis, choices = counted(analysis_of("resnet50"), "thop", ranking=ranking(None, 2, "work"))
    described = summary_object(analysis, choices)
    works = [layer["work"] for layer in described["layers"]]
    assert works == sorted(works, reverse=True)
    assert sum(works) + described["others"]["work"] == described["totals"]["work"] == 4133745591
    assert described["sorted_by"] == "work"
    assert "by thop MACs, the largest first" in lines(analysis_of("resnet50"), "thop", ranking=ranking(None, 2, "work"))


def test_json_has_the_totals_of_all_ten_conventions() -> None:
    """ResNet-50 with the softmax that our text has; without it the figures are those that the tools print."""
    described = summary_object(analysis_of("resnet50"), Choices())
    assert described["conventions"] == {
        "mac": 4089184256,
        "fvcore": 4111512576,
        "thop": 4133742592 + 2999,
        "ptflops": 4132436968 + 1000,
        "ptflops-aten": 4089185256,
        "torchinfo": 4089238376,
        "calflops": 8211108352 + 1000,
        "torch": 8178368512,
        "keras": 8208187888,
        "onnx-tool": 4117342184 + 36000,
    }
    assert "work" not in described["layers"][0]


def test_all_conventions_have_a_line_with_their_total_and_the_difference_to_our_count() -> None:
    rows = list(csv.DictReader(io.StringIO(comma_separated(every_convention(net(LOCAL), plain_digits=True)))))
    assert [row["convention"] for row in rows] == list(CONVENTIONS)
    assert [row["total"] for row in rows] == ["2448", *["?"] * 9]
    rows = list(
        csv.DictReader(io.StringIO(comma_separated(every_convention(analysis_of("resnet50"), plain_digits=True))))
    )
    assert {row["convention"]: (row["total"], row["more"]) for row in rows}["fvcore"] == ("4111512576", "22328320")
    assert {row["convention"]: (row["total"], row["more"]) for row in rows}["torch"] == ("8178368512", "-39068014")


def test_the_terms_of_a_sum_that_are_not_named_are_one_amount_that_makes_it_add_up() -> None:
    terms = [Term("adds", 1, "1 x outputs", 10**place, "add") for place in range(11)]
    assert _sum(terms[:9]).count(" + ") == 8
    assert _sum(terms).endswith(" + 11,100,000,000 (3 more kinds)")
