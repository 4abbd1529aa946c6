"""Every report at widths from 20 to 200: no line is too wide, nothing that matters is missing, ASCII is ASCII."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

import cnncalc
from cnncalc.analysis.model import Analysis
from cnncalc.asked.comparing import Verdict
from cnncalc.cli.explaining import explained_subject
from cnncalc.diagnostics import Source, Span
from cnncalc.homework.findings import Finding, Place
from cnncalc.homework.policy import Told
from cnncalc.homework.student_names import Student
from cnncalc.layers.filters import FILTERS
from cnncalc.report.bench_report import bench_sheet
from cnncalc.report.canvas import Canvas
from cnncalc.report.check_sheet import Sheet as CheckSheet
from cnncalc.report.check_sheet import checked_text
from cnncalc.report.column_choice import chosen
from cnncalc.report.explanation import explained
from cnncalc.report.filter_pages import filter_shown, filters_listed
from cnncalc.report.fitting import fit
from cnncalc.report.grade_lists import class_list, question_list
from cnncalc.report.layout import drawn, fitted
from cnncalc.report.networks import networks_sheet
from cnncalc.report.plan_report import plan_sheet
from cnncalc.report.run_report import Circumstances, run_sheet
from cnncalc.report.sheet import Sheet, text_of
from cnncalc.report.steps_report import steps_sheet
from cnncalc.report.summary import Choices, summary_sheet
from cnncalc.spec.document import Answer
from tests.homework.test_grade_exports import ANA, BOB, book
from tests.width import too_wide

from .nets import ODD, analysis_of, analysis_of_text
from .test_bench_report import SETTING, TIMES
from .test_steps_report import MACHINE, NET

WIDTHS = (*range(20, 64, 3), *range(64, 130, 7), 40, 60, 80, 100, 120, 200)
NETS = {
    **ODD,
    "deep": "block a\n  conv 4 3x3 same\nend\n"
    + "".join(
        f"block {new}\n  split\n  branch\n    {old}\n  branch\n  join add\nend\n"
        for old, new in ("ab", "bc", "cd", "de")
    )
    + "input 8x8x4\ne\n",
    "wide labels": "a_label_that_is_longer_than_any_that_a_person_would_write: input 8x8x3\n"
    "another-one_of_the_kind: conv 4 3x3 stride=2 padding=1,0,1,0 dilation=2 groups=1 nobias bn lrelu 0.1\n",
    "wide letters": 'title "畳み込みニューラルネットワークの計算"\n畳み込み層一番目: input 8x8x3\nconv 4 3x3\n',
    "combining": 'title "Re\u0301seau de neurones a\u0300 convolution"\netage: input 8x8x3\nconv 4 3x3\n',
    "large": "input 4096x4096x512\nconv 512 11x11 same => params ?\ngap\ndense 1000\n",
    "wrong": "input 8x8x3\nconv 4 3x3 => 8x8x4 params 5\n",
}


@cache
def analysed(name: str) -> Analysis:
    return analysis_of_text(NETS[name]) if name in NETS else analysis_of(name)


CHOSEN = ("+rf,jump,inputs", "params", "line,label,name,word,flops,whole", "+window,params%,macs%")
SUMMARIES = (*NETS, "googlenet", "small.txt", "wrong_answers.txt", "apart", "by blocks", "cut short", *CHOSEN)


@cache
def summarised(name: str) -> Sheet:
    if name in CHOSEN:
        return summary_sheet(analysed("small.txt"), Choices(chosen(name)))
    if name in (choices := {"apart": Choices(expand=True), "by blocks": Choices(depth=0)}):
        return summary_sheet(analysed("blocks.txt"), choices[name])
    return summary_sheet(
        *([analysed("small.txt"), Choices(stops_short=True)] if name == "cut short" else [analysed(name)])
    )


@cache
def ran(name: str) -> Sheet:
    """The table of a run with everything measured."""
    import numpy as np

    from cnncalc.runtime.confirmation import confirm
    from cnncalc.runtime.weights import seeded

    analysis = analysed(name)
    shapes = [row.output for row in analysis.rows if row.nodes[0].node.layer.word == "input"]
    names = [row.nodes[0].node.name for row in analysis.rows if row.nodes[0].node.layer.word == "input"]
    given = {
        one: np.ones((1, shape.channels, *(1,) * (3 - shape.rank), *shape.spatial), np.float32)
        for one, shape in zip(names, shapes, strict=True)
    }
    found = confirm(analysis, seeded(analysis), given, verify=True)
    return run_sheet(analysis, found, Circumstances("random, seed 0", ("a picture.png",), "as it is"))


@cache
def planned(name: str) -> Sheet:
    from cnncalc.runtime.planning import plan
    from cnncalc.runtime.running import whose_plan

    asked = plan(analysed(name))
    return plan_sheet(asked, *whose_plan(asked))


def checked(place: tuple[int, str, str], asked: str, given: str, told: Told) -> tuple[Finding, Told]:
    """One answer of a sheet: what was written, and what is told of it."""
    line, label, text = place
    answer = Answer(asked, None, Span(1, 1), given)
    return Finding(Place("row", line, label, line, text), answer, Verdict(None), fault="not read"), told


WIDE = replace(ANA, student=Student("畳み込み", "名前" * 9))
CONV = (5, "conv1", "conv 8 5x5 stride=2 relu")
ANSWERS = CheckSheet(
    "Hausaufgabe über Faltung 畳み込み",
    Source("submissions/a folder/hw1.txt", "\n" * 12),
    "Ana Gómez 12345",
    (
        checked(CONV, "shape", "32x32x8", Told("slip", sentences=("wrong: height", "as if padded"))),
        checked(CONV, "params", "608", Told("right")),
        checked(
            (6, "", "畳み込みニューラルネットワーク"),
            *("values", "[1 2 3; 4 5 6; 7 8 9; 10 11 12]"),
            Told("wrong", sentences=("wrong",)),
        ),
        checked(
            (12, "flat", "flat"),
            *("total_params", ""),
            Told("none", steps=("params = k_h * k_w * C * filters",), solution="1,234,567"),
        ),
        checked((0, "q", "q"), "rf", "10 pixels!", Told("unreadable", sentences=("this is no number",))),
    ),
    ("In the formulas n is the size that arrives, k is the kernel.",),
)


def sheets() -> dict[str, Callable[[], Sheet]]:
    found: dict[str, Callable[[], Sheet]] = {
        f"summary: {name}": lambda name=name: summarised(name) for name in SUMMARIES
    }
    found |= {f"run: {name}": lambda name=name: ran(name) for name in ("signal", "volume", "small.txt", "wide letters")}
    found["models"] = cache(networks_sheet)
    found |= {f"plan: {name}": lambda name=name: planned(name) for name in ("blocks.txt", "by_hand.txt", "volume")}
    found["bench"] = lambda: bench_sheet(TIMES, SETTING, 1.2345, [("yolov1", "needs 9 GB")])
    found["steps"] = lambda: steps_sheet(NET, MACHINE, "channels_last")
    return found


def texts() -> dict[str, Callable[[Canvas], str]]:
    found: dict[str, Callable[[Canvas], str]] = {
        "check": lambda canvas: checked_text(ANSWERS, canvas),
        "class": lambda canvas: class_list(book(ANA, BOB, WIDE), canvas),
        "questions": lambda canvas: question_list(book(ANA, BOB), canvas),
        "filters": filters_listed,
        **{f"filter {name}": lambda canvas, name=name: filter_shown(name, canvas) for name in FILTERS},
        **{
            f"explain: {name}": lambda canvas, name=name: explained(analysed(name), None, canvas)
            for name in (*ODD, "large", "deep", "wide labels", "wide letters")
        },
    }
    return found


SHEETS, TEXTS = sheets(), texts()


@pytest.mark.parametrize("name", SHEETS)
def test_no_line_of_a_table_is_too_wide(name: str) -> None:
    sheet = SHEETS[name]()
    for width in WIDTHS:
        assert too_wide(drawn(sheet, Canvas(width, ascii_only=bool(width % 2))), width) == []


@pytest.mark.parametrize("name", TEXTS)
def test_no_line_of_a_text_is_too_wide(name: str) -> None:
    for width in WIDTHS:
        assert too_wide(TEXTS[name](Canvas(width, ascii_only=bool(width % 2))), width) == []


@pytest.mark.parametrize("subject", ["stride", "language", "conv", "one-bias", "kernel-too-large", "words", "codes"])
def test_no_line_of_the_manual_is_too_wide(subject: str) -> None:
    for width in (40, 60, 80, 100, 120, 200):
        text = explained_subject(subject, Canvas(width))
        assert text is not None
        assert too_wide(text, width) == []


@pytest.mark.parametrize("name", SHEETS)
def test_what_carries_the_meaning_is_shown_at_every_width_and_what_is_not_is_named(name: str) -> None:
    sheet = SHEETS[name]()
    wanted = {column.name for column in sheet.columns if not (column.keep or column.restated or column.role == "bar")}
    for width in WIDTHS:
        shown = {column.name for column in fitted(sheet, width)[0].columns}
        assert wanted <= shown
        text = " ".join(drawn(sheet, Canvas(width)).split())
        gone = [column for column in sheet.columns if column.name not in shown]
        named = re.search(r"Not shown (.*?): the whole table takes (\d+) columns", text)
        assert (named is not None) == bool(gone)
        for column in gone:
            assert named is not None
            assert ("bars" if column.role == "bar" else " ".join(column.heading).strip().replace(" /", "/")) in named[1]
            assert "Not shown" not in drawn(sheet, Canvas(int(named[2])))


@pytest.mark.parametrize("name", SHEETS)
def test_every_cell_that_is_shown_is_whole_below_the_width_of_a_table(name: str) -> None:
    sheet = SHEETS[name]()
    for width in WIDTHS:
        if fit(sheet.columns, fitted(sheet, None)[1], width).form == "table":
            continue
        squeezed = re.sub(r"[\s│├]", "", drawn(sheet, Canvas(width)))
        for line in sheet.lines:
            for cell, column in zip(line.cells, sheet.columns, strict=True):
                if not (column.keep or column.restated or column.role in ("bar", "mark")):
                    said = re.sub(r"\s", "", text_of(cell).partition(" (on ")[0])
                    assert said in squeezed


@pytest.mark.parametrize("name", SHEETS)
def test_a_wider_terminal_never_shows_fewer_columns(name: str) -> None:
    sheet, before = SHEETS[name](), set[int]()
    natural = fitted(sheet, None)[1]
    for width in range(10, 201):
        shown = set(fit(sheet.columns, natural, width).shown)
        assert before <= shown
        before = shown


@pytest.mark.parametrize("name", SHEETS)
def test_an_ascii_table_is_ascii(name: str) -> None:
    """But for what a user wrote in other letters, which the stream itself turns into escapes."""
    if "letters" in name or "combining" in name:
        return
    for width in (None, 20, 40, 60, 80, 120):
        text = drawn(SHEETS[name](), Canvas(width, ascii_only=True))
        assert [letter for letter in text if not letter.isascii()] == []


def test_words_about_pictures_go_before_the_bars_do() -> None:
    """They change no number of the table; the size does, and stays."""
    text = "input 224x224x3 resize=256 mean=0.485,0.456,0.406 bgr\nconv 96 4x4\nconv 96 4x4 relu\n"
    table = cnncalc.load(text).summary(86)
    assert [line.split("  ")[0] for line in table.split("\n") if line.startswith("input")] == ["input 224x224x3 …"]
    assert "█████▉" in table
