"""A graded class for spreadsheets, Gradescope, nbgrader, GitHub Classroom, and on sheets: harmless and complete."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.homework.grading import Grader
from cnncalc.homework.identity import Submission
from cnncalc.homework.marks import Grade, Gradebook
from cnncalc.homework.policy import Policy
from cnncalc.homework.reading.containers.container_limits import Found
from cnncalc.homework.student_names import Student
from cnncalc.net_files import checked
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

KEY = """homework HW1
input 32x32x3
conv1: conv 8 5x5 relu => ? params ? worth 2 2
conv2: conv 16 3x3 => params ? worth 2
"""
GRADER = Grader(analyse(checked(Source("key.txt", KEY))), Policy())
RIGHT_VALUE = "608"
"""5 * 5 * 3 * 8 weights and 8 biases, which Bob must not read anywhere."""


def graded(
    shape: str = "28x28x8", params: str = "608", more: str = "1168", student: str = "Ana Gomez", number: str = "12345"
) -> Grade:
    """What one student gets whose answers are these."""
    text = f"conv1: => {shape} params {params}\nconv2: => params {more}\n"
    file = Found((f"{number}.txt",), f"{number}.txt", text.encode)
    (grade,) = GRADER.grades([Submission(Student(number, student), True, (file,))])
    return grade


def book(*grades: Grade) -> Gradebook:
    return Gradebook("HW1", "key.txt", Policy(), grades)


def hostile(text: str, given: str = "608") -> Grade:
    """A grade in which every text that a stranger wrote is this one."""
    (first, *rest) = graded(given).marks
    answer = first.finding.answer._replace(given=None, text=text)
    bad = first._replace(finding=replace(first.finding, answer=answer, fault=text))
    return replace(graded(), student=Student(text, text), shown=text, marks=(bad, *rest), fault=text, notes=(text,))


ANA = graded(params="208")
"""Each filter with one channel: 5 * 5 * 8 + 8."""
BOB = replace(graded("?", "NaN", "?", "Bob", "7"), fault="bob.txt is empty", notes=("late",))
CLASS = book(ANA, BOB)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# ---------------------------------------------------------------------- CSV
def test_the_csv_has_a_line_for_each_question_and_a_total_for_each_student() -> None:
    found = rows(class_csv(CLASS))
    assert tuple(found[0]) == CSV_COLUMNS
    assert [(row["student_id"], row["question"], row["points"], row["max"]) for row in found] == [
        *(("12345", "conv1", "2", "2"), ("12345", "conv1", "0", "2"), ("12345", "conv2", "2", "2")),
        ("12345", TOTAL, "4", "6"),
        *(("7", "conv1", "0", "2"), ("7", "conv1", "0", "2"), ("7", "conv2", "0", "2"), ("7", TOTAL, "0", "6")),
    ]
    assert found[1]["mistake"] == "depth-forgotten"
    assert found[-1]["mistake"] == "bob.txt is empty; late"


def test_the_points_of_a_student_add_up_to_the_total() -> None:
    """A shape of which two sizes of three are right earns 1.33 of 2, to the hundredth."""
    found = rows(class_csv(book(graded("28x28x9", "608", "1168"))))
    assert sum(Fraction(row["points"]) for row in found[:-1]) == Fraction(found[-1]["points"]) == Fraction(533, 100)


FORMULAS = [
    *("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"),
    *('x";=1', "x,=1", "x;@A", "x; =1", "=1\x00"),
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_name_starts_a_formula(text: str) -> None:
    for made in (class_csv(book(hostile(text))), nbgrader_csv(book(hostile(text)))):
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
    key = "data x = [1 2; 3 4]\ninput from x\nr: relu => values ?\n"
    grader = Grader(analyse(checked(Source("key.txt", key))), Policy())
    file = Found(("1.txt",), "1.txt", lambda: b"r: => values [1 -2; -3 4]\n")
    grades = grader.grades([Submission(Student("1"), True, (file,))])
    assert rows(class_csv(book(*grades)))[0]["given"] == "[1 -2; -3 4]"


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
        "raw_score": "4",
        "late_submission_penalty": "0",
        "score": "4",
        "max_score": "6",
    }


# ---------------------------------------------------------------------- JSON
def test_gradescopes_results() -> None:
    found = json.loads(gradescope_json(ANA, "after_published"))
    assert list(found) == [
        *("score", "execution_time", "output", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard")
    ]
    assert (found["score"], found["visibility"]) == (4, "after_published")
    assert found["score"] == sum(test["score"] for test in found["tests"])
    assert list(found["tests"][1]) == [
        *("score", "max_score", "status", "name", "number", "output", "output_format", "tags"),
        *("visibility", "extra_data"),
    ]
    assert [test["status"] for test in found["tests"]] == ["passed", "failed", "passed"]
    assert found["tests"][1]["tags"] == ["params", "depth-forgotten"]
    assert found["tests"][1]["output"].endswith("looks as if each filter had only one channel")


def test_what_students_may_read_holds_no_right_value() -> None:
    for grade in CLASS.grades:
        assert RIGHT_VALUE not in gradescope_json(grade, "visible")
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
HOSTILE = replace(
    hostile(SCRIPT),
    student=Student(SCRIPT, '"><img src=x onerror=alert(1)>'),
    notes=("[x](javascript:alert(1)) | `a` **b**",),
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


@pytest.mark.parametrize("grade", [ANA, BOB, HOSTILE], ids=["ana", "bob", "hostile"])
def test_a_page_needs_nothing_but_itself_and_runs_nothing(grade: Grade) -> None:
    for page in (sheet_html(grade, book(grade)), index_html(book(grade), ["a.html"])):
        found = Tags(page)
        assert found.tags & {"script", "img", "link", "iframe", "object", "svg"} == set()
        assert {name for name in found.attributes if name.startswith("on")} == set()
        assert "@media print" in page
        assert "url(" not in page
        assert page.isprintable() or set(filter(lambda c: not c.isprintable(), page)) == {"\n"}


def test_a_sheet_shows_what_a_teacher_looks_for() -> None:
    page = sheet_html(ANA, CLASS)
    for said in (
        "Ana Gomez",
        "12345",
        "HW1",
        "conv 8 5x5 relu",
        "208",
        RIGHT_VALUE,
        "looks as if",
        "4 / 6",
        "a known slip gets none",
    ):
        assert said in page
    assert "Not graded: bob.txt is empty" in sheet_html(BOB, CLASS)


def test_a_sheet_is_read_with_a_keyboard_and_a_screen_reader() -> None:
    """Landmarks, a link past the head, headings that say whether they are a column's or a row's; signs have words."""
    for page in (sheet_html(ANA, CLASS), index_html(CLASS, ["a.html", "b.html"])):
        for part in ('<html lang="en">', "<header>", '<main id="answers">', "<footer>", 'href="#answers"', "<caption"):
            assert page.count(part) == 1, part
        assert page.count("<th ") == page.count("<th scope=") > 5
    assert "✗ known slip" in sheet_html(ANA, CLASS)


def test_a_long_id_is_cut_in_the_table_and_breaks_on_a_small_screen() -> None:
    """A name of 65 characters made tables 170 columns wide, and a page of 400 pixels 1691 wide."""
    long = book(replace(ANA, student=Student("hw1-" + "x" * 57 + "-ana", "A" * 80)))
    shown = class_list(long, Canvas())
    assert "hw1-xxxxxxx…xxxxxxx-ana" in shown
    assert max(map(len, shown.splitlines())) < 128
    for page in (sheet_html(long.grades[0], long), index_html(long, ["a.html"])):
        small = page.partition("@media screen and (max-width: 40rem)")[2].partition("@media print")[0]
        assert "body { overflow-wrap: anywhere; }" in small
        assert "td.n, .score { white-space: normal;" in small


def test_a_sheet_has_the_formula_of_a_wrong_answer_with_its_numbers() -> None:
    """conv 8 5x5 over 3 channels: (5*5*3+1)*8 = 608."""
    assert "= (5 * 5 * 3 + 1) * 8 = 608</div>" in sheet_html(ANA, CLASS)


def test_markdown_is_escaped() -> None:
    for page, links in ((sheet_markdown(HOSTILE, book(HOSTILE)), 0), (index_markdown(book(HOSTILE), ["a.md"]), 1)):
        assert "<" not in page
        assert len(re.findall(r"(?<!\\)\]\(", page)) == links
    assert "\\|" in sheet_markdown(HOSTILE, book(HOSTILE))
    table = [line for line in sheet_markdown(HOSTILE, book(HOSTILE)).split("\n") if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {8}


def test_file_names_lead_nowhere_and_none_is_used_twice() -> None:
    ids = ["../../etc/passwd", "index", "A", "a", "", "..", "CON/x", "é" * 300, "x" * 300, "-rf", "a b"]
    names = file_names([replace(ANA, student=Student(one)) for one in ids], ".html")
    assert len({name.lower() for name in names} | {"index.html"}) == len(ids) + 1
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,90}\.html", name) for name in names)
    assert names[0] == "etc_passwd.html"


# ---------------------------------------------------------------------- lists
def test_the_class_list_shows_every_student_and_the_mean() -> None:
    shown = class_list(CLASS, Canvas(None))
    assert [line.split()[0] for line in shown.split("\n") if re.match(r"\d", line)] == ["12345", "7"]
    assert re.search(r"^mean +2 +33\.3%$", shown, re.MULTILINE)
    assert "not read" in shown


def test_the_question_list_names_the_commonest_slip() -> None:
    shown = question_list(book(ANA, replace(ANA, student=Student("8"))), Canvas(None))
    assert "depth-forgotten (2)" in shown
    assert re.search(r"^slips +depth-forgotten: 2 times$", shown, re.MULTILINE)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_list_keeps_to_its_width(width: int) -> None:
    long = replace(ANA, student=Student("x" * 60, "y" * 60))
    lines = class_list(book(long, BOB), Canvas(width)).split("\n")
    assert [line for line in lines if len(line) > width and len(line.split()) > 1] == []


def test_a_name_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in class_list(book(replace(ANA, student=Student("\x1b[2J", "\x1b]0;x\x07"))), Canvas(None))
