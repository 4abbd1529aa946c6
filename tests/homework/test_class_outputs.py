"""A class of six on every output: what was written is shown as it was, all counts add up, no cell can do harm."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.homework.grading import Grader
from cnncalc.homework.identity import submissions_of
from cnncalc.homework.marks import Gradebook, tallies
from cnncalc.homework.policy import Policy
from cnncalc.homework.reading.containers.container_limits import Found
from cnncalc.net_files import checked
from cnncalc.report.canvas import Canvas
from cnncalc.report.grade_exports import class_csv, gradescope_json, nbgrader_csv
from cnncalc.report.grade_lists import class_list, question_list
from cnncalc.report.grade_sheets import index_html, index_markdown, sheet_html, sheet_markdown
from cnncalc.report.grade_words import STATUSES

KEY = Path(__file__).parents[1] / "cli" / "nets" / "class_key.txt"
"""Worth 19 points in 18 questions; 2,570 and the other counts are those of its own layers."""

RIGHT = (Path(__file__).parents[1] / "cli" / "nets" / "class" / "ana.txt").read_text()
ESCAPES = "\x1b[31mEVIL", "\u202e80\u009b31z", "=cmd|' /C calc'!A0", "<b>80</b>", "80|81"


def graded(*texts: str, key: str | None = None) -> Gradebook:
    """The class of these texts, one a student."""
    source = Source("key.txt", KEY.read_text() if key is None else key)
    grader = Grader(analyse(checked(source)), Policy())
    grader.leave_out(grader.unknown())
    found = [Found((f"s{n}.txt",), f"s{n}.txt", text.encode) for n, text in enumerate(texts)]
    return Gradebook("HW2", "key.txt", Policy(), tuple(grader.grades(submissions_of(found))))


@pytest.fixture(name="book", scope="module")
def _book() -> Gradebook:
    slips = RIGHT.replace("params 1168", "params 160").replace("26x26x8", "28x28x8").replace("13x13x8", "14x14x8")
    unread = RIGHT.replace("params 80", "params eighty").replace("=> 288", "=> ?").replace("12345", "3")
    return graded(RIGHT, slips, unread, RIGHT.replace("= 12", "= 99"), "", *(f"conv1 => params {e}\n" for e in ESCAPES))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# ---------------------------------------------------------------------- as it was written
@pytest.mark.parametrize("written", ["2.570", "2,570", "2570", "~2.6K", "2'570", "2.570e3", "about 2570 or so"])
def test_a_number_is_shown_as_it_was_written(written: str) -> None:
    """The number of parameters of `dense 10` over 256: 2,570."""
    book = graded(f'student "X" 1\nout => 10 params {written}\n')
    (row,) = [row for row in rows(class_csv(book)) if (row["question"], row["asked"]) == ("out", "params")]
    assert row["given"] == written
    assert written.replace("'", "&#x27;") in sheet_html(book.grades[0], book)


def test_a_shape_with_its_batch_is_shown_with_it() -> None:
    book = graded('student "X" 1\nconv1 => (None, 26, 26, 8) params 80\n')
    assert rows(class_csv(book))[0]["given"].replace(" ", "") == "(None,26,26,8)"


# ---------------------------------------------------------------------- counts
def test_every_student_has_as_many_statuses_as_questions(book: Gradebook) -> None:
    assert [sum(grade.counts[status] for status in STATUSES) for grade in book.grades] == [18] * len(book.grades)
    assert {status for grade in book.grades for status in grade.counts} == set(STATUSES)


def test_every_question_has_as_many_statuses_as_students(book: Gradebook) -> None:
    found = tallies(book)
    assert len(found) == 18
    assert [sum(one.counts[status] for status in STATUSES) for one in found] == [len(book.grades)] * 18


@pytest.mark.parametrize("width", range(60, 160, 7))
def test_no_width_leaves_out_a_status_that_somebody_got(book: Gradebook, width: int) -> None:
    shown = class_list(book, Canvas(width))
    head = re.sub(r"\s+", " ", shown.partition("─")[0])
    for word in ("right", "follows", "slip", "wrong", "readable", "answer"):
        assert word in head
    assert "unread" not in question_list(book, Canvas(width))


@pytest.mark.parametrize("width", [None, 130, 200])
def test_the_counts_of_the_printed_table_add_up(book: Gradebook, width: int | None) -> None:
    """18 questions for each of the students, and as many students for each question."""
    lines = class_list(book, Canvas(width)).split("\n")
    head = next(line for line in lines if "follows" in line)
    begin, end = head.index("right"), head.index("answer") + len("answer")
    printed = [line[begin:end].split() for line in lines if re.match(r"(?!me)\S+ +.*\d%", line)]
    assert [sum(map(int, one)) for one in printed] == [18] * len(book.grades)


def test_what_the_key_cannot_judge_is_left_out_first() -> None:
    """Without the picture's numbers nobody knows the values: one question of two is left."""
    key = "input 4x4x1\nc: conv 1 2x2 => values ? params ?\n"
    book = graded("c => values [1 2 3; 4 5 6; 7 8 9] params 5\n", key=key)
    assert dict(book.grades[0].counts) == {"right": 1}


def test_an_answer_that_alone_cannot_be_judged_counts_as_unreadable() -> None:
    """The copies of the line differ: 3x3x1 and 3x3x4 weights for each filter, so that there is no `each`."""
    key = "input 8x8x1\nc: conv 4 3x3 same times 3 => params ? all\n"
    (grade,) = graded("c => params 148 each\n", key=key).grades
    assert dict(grade.counts) == {"unreadable": 1}


# ---------------------------------------------------------------------- what cannot be read is seen
def test_an_answer_that_cannot_be_read_is_noted_with_what_was_written(book: Gradebook) -> None:
    (grade,) = [one for one in book.grades if one.student.id == "3"]
    assert "1 answer could not be read: conv1 params `eighty`" in grade.notes
    assert "eighty" in sheet_html(grade, book)
    assert "eighty" in class_csv(book)


# ---------------------------------------------------------------------- harm
def test_no_output_holds_a_letter_that_is_not_shown(book: Gradebook) -> None:
    """ESC, U+009B and U+202E of the answers are in no file: neither for teachers nor for students."""
    made = [class_csv(book), nbgrader_csv(book), index_html(book, ["s.html"] * len(book.grades))]
    made += [index_markdown(book, ["s.md"] * len(book.grades)), class_list(book, Canvas(None))]
    for grade in book.grades:
        made += [sheet_html(grade, book), sheet_markdown(grade, book), gradescope_json(grade, "visible")]
    assert {letter for text in made for letter in text if not letter.isprintable()} == {"\n"}
