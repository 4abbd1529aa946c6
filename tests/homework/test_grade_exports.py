"""A graded class for spreadsheets, Gradescope, nbgrader, GitHub Classroom, and on sheets: harmless and complete."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.report.canvas import Canvas
from cnncalc.report.grade_exports import (
    CSV_COLUMNS,
    NBGRADER_COLUMNS,
    TOTAL,
    class_csv,
    classroom_json,
    gradescope_json,
    harmless,
    nbgrader_csv,
)
from cnncalc.report.grade_lists import class_list, question_list
from cnncalc.report.grade_sheets import file_names, index_html, index_markdown, sheet_html, sheet_markdown
from cnncalc.report.gradebook import Answered, Gradebook, Graded

RIGHT_VALUE = "987654321"


def answered(status: str = "right", given: str = "608", **more: object) -> Answered:
    points = Fraction(2 if status == "right" else 0)
    made = Answered(
        "conv1", "params", 3, "conv 8 5x5 relu", given, RIGHT_VALUE, status, "", (), "", (), points, Fraction(2)
    )
    return made._replace(**more)


SLIP = answered(
    "slip",
    "416",
    slips=("depth-forgotten",),
    mistake="depth-forgotten",
    hints=("looks as if each filter saw one channel",),
)


def book(*students: Graded) -> Gradebook:
    return Gradebook("HW1", "key.txt", ("a rule",), Fraction(4), students)


ANA = Graded("12345", "Ana Gomez", "ana.txt", (answered(), SLIP))
BOB = Graded(
    "7", "Bob", "bob.txt", (answered("none", ""), answered("unreadable", "NaN")), "bob.txt is empty", ("late",)
)
CLASS = book(ANA, BOB)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# ---------------------------------------------------------------------- CSV
def test_the_csv_has_a_line_for_each_question_and_a_total_for_each_student() -> None:
    found = rows(class_csv(CLASS))
    assert tuple(found[0]) == CSV_COLUMNS
    assert [(row["student_id"], row["question"], row["points"], row["max"]) for row in found] == [
        *(("12345", "conv1", "2", "2"), ("12345", "conv1", "0", "2"), ("12345", TOTAL, "2", "4")),
        *(("7", "conv1", "0", "2"), ("7", "conv1", "0", "2"), ("7", TOTAL, "0", "4")),
    ]
    assert found[1]["mistake"] == "depth-forgotten"
    assert found[5]["mistake"] == "bob.txt is empty; late"


def test_the_points_of_a_student_add_up_to_the_total() -> None:
    thirds = tuple(answered("wrong", points=Fraction(67, 100)) for _ in range(3))
    found = rows(class_csv(book(Graded("1", "", "f", thirds))))
    assert sum(Fraction(row["points"]) for row in found[:-1]) == Fraction(found[-1]["points"]) == Fraction(201, 100)


FORMULAS = [
    *("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"),
    *('x";=1', "x,=1", "x;@A", "x; =1", "=1\x00"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_name_starts_a_formula(text: str) -> None:
    hostile = Graded(text, text, text, (answered("unreadable", text, mistake=text),), text, (text,))
    for made in (class_csv(book(hostile)), nbgrader_csv(book(hostile))):
        for row in rows(made):
            for cell in row.values():
                assert not re.match(r"\s*[=+\-@＝＋－＠]", cell), cell
                assert not re.search(r"[;,]\s*[=+\-@＝＋－＠]|[\t\r\n\0]", cell), cell


@given(st.text(max_size=40))
def test_a_harmless_cell_stays_one(text: str) -> None:
    made = harmless(text)
    assert re.fullmatch(r"[+-][0-9][0-9.,/eE]*", made) or not re.match(r"\s*[=+\-@＝＋－＠\t\r]", made)


@pytest.mark.parametrize("text", ["-3", "+7", "-0.5", "-1/9", "608", "Ana Gomez", "28x28x8", "Müller-Lüdenscheidt"])
def test_numbers_and_usual_names_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_a_matrix_stays_as_it_was_read() -> None:
    given_text = "[1 -2; -3 4]"
    assert rows(class_csv(book(Graded("1", "", "f", (answered("wrong", given_text),)))))[0]["given"] == given_text


def test_nbgraders_columns() -> None:
    found = rows(nbgrader_csv(CLASS))
    assert tuple(found[0]) == NBGRADER_COLUMNS
    assert found[0] == {
        "assignment": "HW1",
        "duedate": "",
        "timestamp": "",
        "student_id": "12345",
        "last_name": "Gomez",
        "first_name": "Ana",
        "email": "",
        "raw_score": "2",
        "late_submission_penalty": "0",
        "score": "2",
        "max_score": "4",
    }


# ---------------------------------------------------------------------- JSON
def test_gradescopes_results() -> None:
    found = json.loads(gradescope_json(ANA, "after_published"))
    assert list(found) == [
        *("score", "execution_time", "output", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard")
    ]
    assert (found["score"], found["visibility"]) == (2, "after_published")
    assert found["score"] == sum(test["score"] for test in found["tests"])
    assert list(found["tests"][1]) == [
        *("score", "max_score", "status", "name", "number", "output", "output_format", "tags"),
        *("visibility", "extra_data"),
    ]
    assert [test["status"] for test in found["tests"]] == ["passed", "failed"]
    assert found["tests"][1]["tags"] == ["params", "depth-forgotten"]
    assert found["tests"][1]["output"].endswith("looks as if each filter saw one channel")


def test_what_students_may_read_holds_no_right_value() -> None:
    for student in CLASS.students:
        assert RIGHT_VALUE not in gradescope_json(student, "visible")
    assert RIGHT_VALUE not in classroom_json([("conv1", "params", Fraction(2))], "key.txt", "hw.txt")


def test_classrooms_tests_are_commands() -> None:
    found = json.loads(
        classroom_json([("conv1", "params", Fraction(2)), ("2a", "rf", Fraction(1, 2))], "a key.txt", "hw.txt")
    )
    first, second = found["tests"]
    assert list(first) == ["name", "setup", "run", "input", "output", "comparison", "timeout", "points"]
    assert shlex.split(first["run"]) == [
        *("cnncalc", "grade", "a key.txt", "hw.txt", "--only", "conv1.params", "--pass", "1")
    ]
    assert (first["points"], second["points"]) == (2, 0.5)


# ---------------------------------------------------------------------- sheets
SCRIPT = "<script>alert(1)</script>"
HOSTILE = Graded(
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    SCRIPT,
    (answered("unreadable", SCRIPT, mistake=f"not readable: {SCRIPT}", hints=(SCRIPT,)),),
    f"{SCRIPT} is empty",
    ("[x](javascript:alert(1)) | `a` **b**",),
)


class Tags(HTMLParser):
    """Collects every element of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("student", [ANA, BOB, HOSTILE], ids=["ana", "bob", "hostile"])
def test_a_page_needs_nothing_but_itself_and_runs_nothing(student: Graded) -> None:
    for page in (sheet_html(student, book(student)), index_html(book(student), ["a.html"])):
        found = Tags(page)
        assert found.tags & {"script", "img", "link", "iframe", "object", "svg"} == set()
        assert {name for name in found.attributes if name.startswith("on")} == set()
        assert "@media print" in page
        assert "url(" not in page
        assert page.isprintable() or set(filter(lambda c: not c.isprintable(), page)) == {"\n"}


def test_a_sheet_shows_what_a_teacher_looks_for() -> None:
    page = sheet_html(ANA, CLASS)
    for said in ("Ana Gomez", "12345", "HW1", "conv 8 5x5 relu", "416", RIGHT_VALUE, "looks as if", "2 / 4", "a rule"):
        assert said in page
    assert "Not graded: bob.txt is empty" in sheet_html(BOB, CLASS)


def test_markdown_is_escaped() -> None:
    for page, links in ((sheet_markdown(HOSTILE, book(HOSTILE)), 0), (index_markdown(book(HOSTILE), ["a.md"]), 1)):
        assert "<" not in page
        assert len(re.findall(r"(?<!\\)\]\(", page)) == links
    assert "\\|" in sheet_markdown(HOSTILE, book(HOSTILE))
    table = [line for line in sheet_markdown(HOSTILE, book(HOSTILE)).split("\n") if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {8}


def test_file_names_lead_nowhere_and_none_is_used_twice() -> None:
    ids = ["../../etc/passwd", "index", "A", "a", "", "..", "CON/x", "é" * 300, "x" * 300, "-rf", "a b"]
    names = file_names([Graded(one, "", "", ()) for one in ids], ".html")
    assert len({name.lower() for name in names} | {"index.html"}) == len(ids) + 1
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,90}\.html", name) for name in names)
    assert names[0] == "etc_passwd.html"


# ---------------------------------------------------------------------- lists
def test_the_class_list_shows_every_student_and_the_mean() -> None:
    shown = class_list(CLASS, Canvas(None))
    assert [line.split()[0] for line in shown.split("\n") if re.match(r"\d", line)] == ["12345", "7"]
    assert re.search(r"^mean +1 +25\.0%$", shown, re.MULTILINE)
    assert "not read" in shown


def test_the_question_list_names_the_commonest_slip() -> None:
    shown = question_list(book(ANA, ANA._replace(id="8")), Canvas(None))
    assert "depth-forgotten (2)" in shown
    assert re.search(r"^slips +depth-forgotten: 2 times$", shown, re.MULTILINE)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_list_keeps_to_its_width(width: int) -> None:
    long = ANA._replace(id="x" * 60, name="y" * 60)
    lines = class_list(book(long, BOB), Canvas(width)).split("\n")
    assert [line for line in lines if len(line) > width and len(line.split()) > 1] == []


def test_a_name_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in class_list(book(ANA._replace(id="\x1b[2J", name="\x1b]0;x\x07")), Canvas(None))
