"""Every kind of answer through every floor: read, judged, masked, written and read back, found in a table.

One block of rows a quantity.  The figures are worked out by hand in the remarks beside them.
"""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import NamedTuple

import pytest

from cnncalc.analysis import Analysis
from cnncalc.asked import NAMES, QUANTITIES, quantity_named
from cnncalc.diagnostics import Source
from cnncalc.dialects import json_model
from cnncalc.dialects.json_text import JsonText
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.homework.examining import Examiner, findings
from cnncalc.homework.findings import Finding, own_claims
from cnncalc.homework.policy import Telling
from cnncalc.homework.quiz.blanks import asked_in
from cnncalc.homework.quiz.exercises import Exercise, Line, Quiz, labelled
from cnncalc.homework.quiz.keys import key_of
from cnncalc.homework.reading.handed_in import claims_of_parts
from cnncalc.homework.reading.submission_parts import parts_of_text
from cnncalc.manual import Table, pages
from cnncalc.spec.parsing import parse

from .checking import analysed

PICTURE = "data x = [1 2 3; 4 5 6; 7 8 9]\nfilter k = [1 0; 0 1]\ninput from x\n"


class Row(NamedTuple):
    """A quantity asked about the last line of a net: right claims, a wrong one and its wrong parts, the value shown."""

    asked: str
    net: str
    right: tuple[str, ...]
    wrong: str
    parts: tuple[str, ...]
    shown: str


CONV = "input 14x14x8\nconv 16 5x5"
"""5*5*8 = 200 weights in a filter, (200 + 1) * 16 = 3,216 parameters, 10 * 10 * 16 = 1,600 outputs."""

ROWS = (
    Row("shape", CONV, ("10x10x16", "(None, 10, 10, 16)"), "10x9x16", ("width",), "10x10x16"),
    Row("shape", "input 9x9x3\nconv 1 5x5", ("5x5", "5x5x1"), "5x4", ("number of sizes",), "5x5x1"),
    Row("params", CONV, ("3216", "3,216", "~3.2K"), "3200", (), "3,216"),
    Row("macs", CONV, ("320000", "320K"), "321600", (), "320,000"),
    Row("flops", CONV, ("641600",), "640000", (), "641,600"),
    Row("size", CONV, ("1600",), "100", (), "1,600"),
    Row("rf", CONV + "\nconv 4 3x3", ("7", "7x7"), "7x5", ("width",), "7"),
    Row("buffers", "input 8x8x4\nbn", ("8",), "16", (), "8"),
    Row("weights", CONV, ("3200",), "3216", (), "3,200"),
    Row("connections", CONV, ("321600",), "320000", (), "321,600"),
    Row("padding", "input 9x9x1\nconv 1 3x5 same", ("1x2", "1,1,2,2"), "1,1,2,1", ("right",), "1,1,2,2"),
    Row("padding-total", "input 9x9x1\nconv 1 3x5 same", ("2x4",), "2x2", ("width",), "2x4"),
    Row("padding-total", "input 9x9x1\nconv 1 5x5 same", ("4", "4x4"), "2", (), "4"),
    Row("trainable", "input 8x8x4\ncount keras\nbn", ("8",), "16", (), "8"),
    Row("biases", CONV, ("16",), "1", (), "16"),
    Row("kernel", CONV, ("200",), "25", (), "200"),
    Row("kernel", "input 14x14x8\nconv 16 5x5 groups=4", ("50",), "200", (), "50"),
    Row("kernel", "input 14x14x8\ndwconv 3x3", ("9",), "72", (), "9"),
    Row("kernel", "input 100\ndense 10", ("100",), "1000", (), "100"),
    Row("kernel", "input 4x4x8\nupconv 6 2x2 groups=2", ("16",), "32", (), "16"),
    Row("fan_in", CONV, ("200", "201"), "25", (), "200"),
    Row("fan_in", "input 14x14x8\nconv 16 5x5 nobias", ("200",), "201", (), "200"),
    Row("fan_in", "input 14x14x8\nconv 16 5x5 nobias bn relu", ("200",), "201", (), "200"),
    Row("spatial", CONV, ("10x10", "10"), "10x9", ("width",), "10x10"),
    Row("exact", "input 7x7x1\nconv 1 3x3 stride=3", ("2.33", "7/3", "does not fit"), "2", (), "7/3: it does not fit"),
    Row("exact", "input 7x8x1\nconv 1 3x3 stride=2", ("3x3.5",), "3x3", ("width",), "3x3.5: it does not fit"),
    Row("exact", "input 7x7x1\nconv 1 3x3 stride=2", ("3",), "does not fit", (), "3"),
    Row("fits", "input 7x7x1\nconv 1 3x3 stride=3", ("no", "No"), "yes", (), "no"),
    Row("fits", "input 7x7x1\nconv 1 3x3 stride=2", ("yes", "true"), "no", (), "yes"),
    Row("share", "input 16\ndense 2\ndense 2", ("3/20", "15%", "0.15"), "0.16", (), "0.15 (15.0% of all parameters)"),
    Row("share", "input 7\ndense 1\ndense 1", ("1/5", "20%"), "80%", (), "0.2 (20.0% of all parameters)"),
    Row("values", PICTURE + "conv filter=k", ("[6 8; 12 14]",), "[6 8; 12 15]", ("row 2, column 2",), "[6 8; 12 14]"),
    Row("values[2,1]", PICTURE + "conv filter=k", ("12", "12.0"), "8", (), "12"),
)  # fmt: skip
"""Padding 3x5: one row above and below, two columns left and right.  Shares: (16+1)*2 = 34 and (2+1)*2 = 6 of 40; 8 and
2 of 10.  Keras counts the 8 buffers of a batch norm over 4 channels among 16 parameters."""

CLAIMS = [(row, claim) for row in ROWS for claim in row.right]


def asked(row: Row, claim: str) -> str:
    """The net with its last line answered."""
    return f"{row.net} => {row.asked} {claim}\n"


def the_finding(text: str) -> Finding:
    key = analysed(text)
    (finding,) = findings(key, own_claims(key), explain=False)
    return finding


def test_every_quantity_has_a_row() -> None:
    assert {row.asked for row in ROWS} == {*NAMES, "values[2,1]"}


@pytest.mark.parametrize(("row", "claim"), CLAIMS, ids=[f"{row.asked} {claim}" for row, claim in CLAIMS])
def test_a_right_claim_is_right(row: Row, claim: str) -> None:
    finding = the_finding(asked(row, claim))
    assert (finding.asked, finding.verdict.ok, finding.verdict.wrong) == (row.asked, True, ())
    assert quantity_named(row.asked).shown(finding.right, "channels_last") == row.shown


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.asked} {row.wrong}")
def test_a_wrong_claim_names_its_wrong_parts(row: Row) -> None:
    finding = the_finding(asked(row, row.wrong))
    assert (finding.verdict.ok, finding.verdict.wrong) == (False, row.parts)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.asked} {row.wrong}")
def test_an_open_question_is_open_and_knows_its_answer(row: Row) -> None:
    finding = the_finding(asked(row, "?"))
    assert (finding.status, finding.asked) == ("none", row.asked)
    assert the_finding(asked(row, quantity_named(row.asked).answered(finding.right))).verdict.ok


@pytest.mark.parametrize("one", QUANTITIES, ids=lambda one: one.name)
def test_what_is_said_in_place_of_a_value_holds_no_number(one) -> None:
    assert one.masked().startswith("the ")
    assert not any(sign.isdigit() for sign in one.masked())


@pytest.mark.parametrize(("row", "claim"), CLAIMS, ids=[f"{row.asked} {claim}" for row, claim in CLAIMS])
def test_a_claim_goes_through_fmt_and_json_and_back(row: Row, claim: str) -> None:
    text = asked(row, claim)
    before = the_finding(text).answer
    for written in (canonical(text), through_json(text)):
        after = the_finding(written).answer
        assert (after.asked, after.given, after.approximate) == (before.asked, before.given, before.approximate)


def canonical(text: str) -> str:
    return formatted(parse(Source("m", text))[0])


def through_json(text: str) -> str:
    written = json_model.written(Source("m", canonical(text)))
    return canonical(json_model.text_of(JsonText(Source("m.json", written))))


@pytest.mark.parametrize("one", QUANTITIES, ids=lambda one: one.name)
def test_a_table_with_the_quantity_as_its_heading_is_read(one) -> None:
    row = next(row for row in ROWS if row.asked == one.name)
    for heading in {one.name, *one.headings[:1]} - {"kernel"}:  # a column called kernel holds sizes of windows
        key = analysed(f"{row.net.rpartition(chr(10))[0]}\nlast: {row.net.rpartition(chr(10))[2]} => {one.name} ?\n")
        assert table_finding(key, heading, row.right[0]).status == "right"


def table_finding(key: Analysis, heading: str, cell: str) -> Finding:
    written = io.StringIO()
    csv.writer(written).writerows([("layer", heading), ("last", cell)])
    claims, _ = claims_of_parts(parts_of_text(written.getvalue()), key)
    (finding,) = Examiner(key).findings(claims)
    return finding


def test_the_manual_lists_every_quantity_with_its_help_and_its_spellings() -> None:
    (table,) = (part for part in pages()["quantities"].parts if isinstance(part, Table))
    listed = {row[0]: (row[1], row[2]) for row in table.rows[1:]}
    assert list(listed) == list(NAMES)
    for one in QUANTITIES:
        about, also = listed[one.name]
        assert about.startswith(one.help)
        assert also == ", ".join(one.also)


# ---------------------------------------------------------------------- what has no name, or its name behind it
UNNAMED = [
    ("input 7x7x1\nconv 1 3x3 stride=3 => 2.33 exact", "exact"),
    ("input 7x7x1\nconv 1 3x3 stride=3 => does not fit", "exact"),
    ("input 7x7x1\nconv 1 3x3 stride=2 padding=1 => padding 2 total", "padding-total"),
    ("input 16\ndense 2\ndense 2 => 15%", "share"),
    ("input 16\ndense 2\ndense 2 => 15 %", "share"),
    (PICTURE + "conv filter=k => [6 8; 12 14]", "values"),
    (PICTURE + "conv filter=k => [[6, 8], [12, 14]]", "values"),
    (PICTURE + "conv filter=1/2 * [1 0; 0 1] => 1/2 * [6 8; 12 14]", "values"),
    ("input 4x4x8\nconv 2 1x1 => [4, 4, 2]", "shape"),
    ("input 4x4x8\nconv 2 1x1 => [-1, 2, 4, 4]", "shape"),
    ("input 4x4x8\nconv 2 1x1 => [None, 4, 4, 2]", "shape"),
]


@pytest.mark.parametrize(("text", "name"), UNNAMED, ids=[text.rpartition("=> ")[2] for text, _ in UNNAMED])
def test_a_claim_without_a_name_in_front_says_by_its_look_what_it_is_about(text: str, name: str) -> None:
    finding = the_finding(text + "\n")
    assert (finding.asked, finding.status) == (name, "right")


def test_a_shape_and_an_exact_size_stand_on_one_line() -> None:
    key = analysed("input 7x7x1\nconv 2 3x3 stride=2 => 3x3x2 exact 3\n")
    assert [one.status for one in findings(key, own_claims(key))] == ["right", "right"]


def test_a_question_asks_for_one_cell() -> None:
    key = analysed(PICTURE + "c: conv filter=k\nanswer 1 c.values[2,2] = 14\nanswer 2 c.values[3,1] = 1\n")
    found = findings(key, own_claims(key))
    assert [one.status for one in found] == ["right", "unknown"]
    assert found[1].verdict.remark == "there is no such cell: rows and columns are counted from 1"


def test_a_matrix_right_behind_the_word_is_no_cell_where_no_value_follows() -> None:
    assert the_finding("data x = [1 2]\ninput from x\nrelu => values[1,2]\n").status == "right"


@pytest.mark.parametrize(
    ("claim", "status", "wrong"),
    [
        ("[6 ?; ? 14]", "none", ("row 1, column 2 (open)", "row 2, column 1 (open)")),
        ("[6 ?; 12 15]", "wrong", ("row 1, column 2 (open)", "row 2, column 2")),
        ("[? ?; ? ?]", "none", ()),
    ],
)
def test_a_cell_with_a_question_mark_is_left_open(claim: str, status: str, wrong: tuple[str, ...]) -> None:
    finding = the_finding(PICTURE + f"conv filter=k => {claim}\n")
    assert (finding.status, finding.verdict.wrong) == (status, wrong)


def test_a_matrix_that_is_no_answer_still_needs_all_its_numbers() -> None:
    _, faults = load_graph(Source("m", "data x = [1 ?; 3 4]\ninput from x\n"))
    assert [fault.code for fault in faults] == ["bad-number"]


def test_the_number_of_outputs_is_no_shape_and_the_remark_names_size() -> None:
    """10 * 10 * 16 = 1,600 (hw in courses: number of outputs of a layer)."""
    finding = the_finding(CONV + " => 1600\n")
    assert finding.verdict.ok is False
    assert "`size`" in finding.verdict.remark


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("input 4x4x2\nflatten => kernel 3", "this line has no filters of its own, or several kinds of them"),
        ("input 4x4x2\nmaxpool 2x2 => fan_in 4", "no neuron of this line has weighted connections"),
        ("input 4x4x2\nflatten => fits yes", "no window slides on this line"),
        ("input 4x4x2\nflatten => share 0", "the network has no parameters to share"),
        ("input 4x4x2\nconv 2 1x1\ntotal => kernel 2", "this is asked about one layer: ask about its own line"),
    ],
    ids=lambda text: text.rpartition("=> ")[2] if "=>" in text else "",
)
def test_what_a_place_does_not_have_is_not_judged_and_the_reason_is_said(text: str, reason: str) -> None:
    finding = the_finding(text + "\n")
    assert (finding.verdict.ok, finding.verdict.remark) == (None, reason)


SAME = """p: input 28x28x1
c7: conv 4 7x7
a: conv 4 3x3 from p
b: conv 4 3x3
c: conv 4 3x3 => same[c7] {shape}
answer 1 "do they see as much?" c.same[c7.rf] = {field}
answer 2 "do they cost as much?" c.same[c7.macs] = {work}
"""
"""Three layers of 3x3 see 7x7 and hand on 22x22x4, as one of 7x7 does; 49 * 22 * 22 * 4 = 94,864 MACs are not
9 * 4 * 22 * 22 * 4 = 69,696."""


@pytest.mark.parametrize("answers", [("yes", "yes", "no"), ("no", "no", "yes")])
def test_two_lines_are_compared_in_what_is_asked(answers: tuple[str, str, str]) -> None:
    text = SAME.format(**dict(zip(("shape", "field", "work"), answers, strict=True)))
    key = analysed(text)
    found = findings(key, own_claims(key), explain=False)
    assert [one.status for one in found] == (["right"] if answers[0] == "yes" else ["wrong"]) * 3
    assert [one.given for one in found] == list(answers)
    assert through_json(text) == canonical(text)


def test_a_line_that_is_not_there_is_compared_with_nothing() -> None:
    finding = the_finding("input 4x4x1\nconv 1 1x1 => same[zz] no\n")
    assert (finding.verdict.ok, finding.verdict.remark) == (None, "no line is called `zz`")


# ---------------------------------------------------------------------- rounded answers
@pytest.mark.parametrize(
    ("claim", "rounds", "ok"),
    [
        ("320K", True, True),
        ("0.3M", True, True),
        ("3.2e5", True, True),
        ("310K", True, False),
        ("0.3M", False, False),
        ("300000", True, False),  # zeros that are written out are digits
        ("0M", True, False),
    ],
)
def test_a_rounded_number_is_right_where_the_key_allows_it(claim: str, rounds: bool, ok: bool) -> None:
    key = analysed(CONV + f" => macs {claim}\n")
    (finding,) = Examiner(key, rounds=rounds).findings(own_claims(key))
    assert finding.verdict.ok is ok


def test_a_number_that_is_right_once_rounded_is_no_slip_and_says_so() -> None:
    """(3*3*1+1)*322 = 3,220 and 3,220 - 322 = 2,898 without biases: `3.2k` is the right number, `2.9k` the slip's."""
    text = "input 28x28x1\nconv1: conv 322 3x3 => params {}\n"
    for claim, slips, rounded in (("3.2k", (), True), ("2898", ("bias-forgotten",), False)):
        key = analysed(text.format(claim))
        (finding,) = Examiner(key).findings(own_claims(key))
        assert (finding.status, finding.slips) == ("slip" if slips else "wrong", slips)
        said = Telling(0).told(finding, Examiner(key).truth).sentences
        assert said == (("right once rounded; this homework wants the exact number",) if rounded else ())


@pytest.mark.parametrize(("line", "option", "status"), [
    ("rounding own\n", None, "right"),
    ("rounding exact\n", None, "wrong"),
    ("", None, "wrong"),
    ("rounding own\n", False, "wrong"),
    ("", True, "right"),
])  # fmt: skip
def test_the_text_says_whether_numbers_may_be_rounded_and_an_option_overrules_it(
    line: str, option: bool | None, status: str
) -> None:
    key = analysed(f"{line}{CONV} => macs 0.3M\n")
    (finding,) = Examiner(key, rounds=option).findings(own_claims(key))
    assert finding.status == status
    assert canonical(key.graph.source.text) == through_json(key.graph.source.text)


def test_the_remark_says_to_what_a_number_was_rounded() -> None:
    key = analysed(CONV + " => macs 0.3M\n")
    (finding,) = Examiner(key, rounds=True).findings(own_claims(key))
    assert finding.verdict.remark == "rounded to the nearest 100,000"


def test_a_share_says_what_it_is_a_share_of() -> None:
    assert the_finding("input 7\ndense 1\ndense 1 => share 20%\n").verdict.remark == "of the network's parameters"
    assert the_finding("input 6\ndense 1\ndense 1 => share 22%\n").verdict.remark == (
        "rounded; of the network's parameters"
    )
    assert the_finding("input 6\ndense 1\ndense 1\n".replace("1\n", "1 => share 0.8\n", 1)).right == Fraction(7, 9)


def test_all_copies_of_a_line_have_a_share_together() -> None:
    assert the_finding("input 8\ndense 8 times 3 => share 75%\ndense 8\n").status == "right"


# ---------------------------------------------------------------------- handed in
KEY = """data x = [1 2 3; 4 5 6; 7 8 9]
filter k = [1 0; 0 1]
input from x
c: conv filter=k        => values ? exact ?
m: relu                 => values[1,1] ?
s: conv 4 2x2 stride=2  => exact ? fits ? padding-total ?
flatten
d: dense 2              => share ? trainable ?
answer 1 c.values[2,1] = ?
"""
"""2x2 over 2x2: exactly 1.  (4 + 1) * 4 = 20 and (4 + 1) * 2 = 10 parameters: the dense layer has a third."""

HANDED_IN = """c: => [6 8; 12 14] exact 2
m: => values[1,1] 6
s: => does not fit, fits: no, padding 0 total
d: => share 33.3 %, trainable 10
answer 1 = 12
"""


def test_answers_of_every_kind_are_read_from_what_is_handed_in() -> None:
    key = analysed(KEY)
    claims, faults = claims_of_parts(parts_of_text(HANDED_IN), key)
    found = {(one.place.label, one.asked): one for one in Examiner(key).findings(claims)}
    assert not faults
    assert {at for at, one in found.items() if one.status == "right"} >= {
        *(("c", "values"), ("c", "exact"), ("m", "values[1,1]"), ("s", "padding-total")),
        *(("d", "share"), ("d", "trainable"), ("1", "values[2,1]")),
    }
    assert {found["s", asked].status for asked in ("exact", "fits")} == {"wrong"}
    assert (found["m", "values[1,1]"].given, found["s", "exact"].given) == ("6", "does not fit")


# ---------------------------------------------------------------------- in a quiz
def test_a_quiz_can_ask_for_every_kind_of_number() -> None:
    asked = ("trainable", "biases", "kernel", "fan_in", "padding-total", "spatial", "exact", "fits", "share")
    lines = (Line("input 14x14x8"), Line("conv 16 5x5 stride=2 padding=1", asked, (1,) * len(asked)), Line("relu"))
    exercise = Exercise("mixed", 1, "Fill in.", labelled(1, lines))
    key = key_of(Quiz(7, "easy", (exercise,)))
    blanks = {one.quantity.name: [(blank.name, blank.right) for blank in one.blanks] for one in asked_in(key, exercise)}
    assert blanks["kernel"] == [("weights", 200)]
    assert blanks["spatial"] == [("size: height", 6), ("size: width", 6)]
    assert blanks["fits"] == []
    assert "fits no" in key.text
