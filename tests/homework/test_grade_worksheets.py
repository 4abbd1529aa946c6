"""Platforms' own tables filled in: the points are in the right lines, and nothing else is changed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from cnncalc.diagnostics import InputError
from cnncalc.homework.marks import Grade, Gradebook, histogram, with_reviews
from cnncalc.homework.student_names import Student
from cnncalc.report.grade_exports import gradebook_csv, is_grades
from cnncalc.report.grade_lists import class_list
from cnncalc.report.grade_sheets import index_html, sheet_html, sheet_markdown
from cnncalc.report.grade_worksheets import Filled, canvas_filled, moodle_filled

from .test_class_outputs import RIGHT, graded

MOODLE = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    'Participant 501,Ana Gomez,12345,ana@u.edu,Submitted for grading,,19.00,Yes,"Monday, 5 May 2025, 9:00",-,\r\n'
    "Participant 502,Bo Chen,67890,bo@u.edu,No submission,-,19.00,Yes,-,-,<p>late</p>\r\n"
)
"""The columns of Moodle 4's grading worksheet (offline grading)."""

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (11),HW2: a small net (12),Current Score\n"
    "    Points Possible,,,,,10,38,(read only)\n"
    '"Gomez, Ana",9001,12345,ana,CV,10,,95\n'
    '"Chen, Bo",9002,67890,bo,CV,7,,88\n'
    '"Student, Test",9003,,xyz,CV,,,\n'
)
"""The columns of a gradebook that Canvas exports."""


def roster_of(text: str, folder: Path):  # type: ignore[no-untyped-def]
    try:
        from cnncalc.homework.roster_files import read_roster
    except ImportError:
        from cnncalc.homework.rosters import read_roster
    path = folder / "table.csv"
    path.write_text(text)
    return read_roster(str(path))


@pytest.fixture(name="book", scope="module")
def _book() -> Gradebook:
    """Ana has 19 points of 19, Bo 18: one answer, for 1 point, has one bias forgotten."""
    bo = RIGHT.replace("Ana Gomez", "Bo Chen").replace("12345", "67890").replace("params 80", "params 72")
    book = graded(RIGHT, bo)
    assert {grade.student.id: grade.points for grade in book.grades} == {"12345": 19, "67890": 18}
    return book._replace(homework="HW2: a small net")


def rows(filled: Filled) -> list[list[str]]:
    return list(csv.reader(io.StringIO(filled.text, newline="")))


def test_moodles_worksheet_gets_grades_and_hints_and_keeps_the_rest(book: Gradebook, tmp_path: Path) -> None:
    filled = moodle_filled(MOODLE, "w.csv", roster_of(MOODLE, tmp_path), book)
    before = list(csv.reader(io.StringIO(MOODLE, newline="")))
    ana, bo = rows(filled)[1:]
    assert (ana[5], bo[5]) == ("19", "18")
    assert bo[10] == "<p>late</p>"
    assert (filled.lines, filled.left_out, filled.notes) == (2, (), ())
    assert [[cell for n, cell in enumerate(row) if n not in (5, 10)] for row in rows(filled)] == [
        [cell for n, cell in enumerate(row) if n not in (5, 10)] for row in before
    ]
    assert filled.text.count("\r\n") == MOODLE.count("\r\n")


def test_an_empty_comment_gets_hints_and_no_right_value(book: Gradebook, tmp_path: Path) -> None:
    text = MOODLE.replace("<p>late</p>", "")
    comment = rows(moodle_filled(text, "w.csv", roster_of(text, tmp_path), book))[2][10]
    assert comment == "conv1 params: looks as if the biases were left out"


def test_canvas_gradebook_gets_points_in_the_column_of_the_homework(book: Gradebook, tmp_path: Path) -> None:
    """Canvas gives up to 38 points for what is worth 19 here: each counts twice."""
    filled = canvas_filled(CANVAS, "c.csv", roster_of(CANVAS, tmp_path), book)
    assert [row[6] for row in rows(filled)] == ["HW2: a small net (12)", "38", "38", "36", ""]
    assert [row[5] for row in rows(filled)] == ["HW1 (11)", "10", "10", "7", ""]
    assert filled.notes == ("points are put in proportion: 19 become 38",)


def test_another_column_may_be_named(book: Gradebook, tmp_path: Path) -> None:
    filled = canvas_filled(CANVAS, "c.csv", roster_of(CANVAS, tmp_path), book, "HW1")
    assert [row[5] for row in rows(filled)][2:4] == ["10", "9.47"]


def test_a_table_without_a_column_for_the_homework_is_refused(book: Gradebook, tmp_path: Path) -> None:
    other = book._replace(homework="Another")
    with pytest.raises(InputError, match=r"no column for the homework `Another`"):
        canvas_filled(CANVAS, "c.csv", roster_of(CANVAS, tmp_path), other)
    with pytest.raises(InputError, match=r"no column for a grade"):
        moodle_filled("id,name\n1,Ana\n", "c.csv", roster_of("id,name\n1,Ana\n", tmp_path), book)


def test_who_has_no_line_is_named_and_nobody_gets_it(book: Gradebook, tmp_path: Path) -> None:
    """Ana's line is in the table, and nobody else's: the number 19 in Ana's line is no student's."""
    text = "id,name,grade\n12345,Ana,19\n"
    filled = moodle_filled(text, "w.csv", roster_of(text, tmp_path), book)
    assert [grade.student.id for grade in filled.left_out] == ["67890"]
    assert filled.text == "id,name,grade\n12345,Ana,19\n"


def test_semicolons_and_decimal_commas_stay(book: Gradebook, tmp_path: Path) -> None:
    text = "Matrikelnummer;Name;Bewertung;Bestwertung\n67890;Bo Chen;;1,00\n"
    filled = moodle_filled(text, "w.csv", roster_of(text, tmp_path), book)
    assert filled.text == "Matrikelnummer;Name;Bewertung;Bestwertung\n67890;Bo Chen;0,95;1,00\n"


# ---------------------------------------------------------------------- one line a student
def test_the_gradebook_has_a_line_a_student_and_a_column_a_question(book: Gradebook) -> None:
    found = list(csv.reader(io.StringIO(gradebook_csv(book))))
    assert [row[:4] for row in found] == [
        ["student_id", "name", "conv1 shape", "conv1 params"],
        ["12345", "Ana Gomez", "1", "1"],
        ["67890", "Bo Chen", "1", "0"],
    ]
    assert [row[-3:-1] for row in found] == [["total", "max"], ["19", "19"], ["18", "19"]]
    assert {len(row) for row in found} == {2 + 18 + 3}
    assert is_grades(gradebook_csv(book).encode())
    assert not is_grades(b"student_id,name\n12345,Ana\n")


# ---------------------------------------------------------------------- nobody's names
def test_reviewers_see_no_name_and_the_gradebook_says_who_it_is(book: Gradebook) -> None:
    named = book._replace(grades=with_reviews(book.grades))
    hidden = named.anonymous()
    pages = [class_list(hidden, _canvas()), index_html(hidden, ["a.html", "b.html"])]
    pages += [sheet(grade, hidden) for grade in hidden.grades for sheet in (sheet_html, sheet_markdown)]
    for word in ("Ana", "Gomez", "12345", "Bo", "67890", "s0.txt"):
        assert not any(word in page for page in pages), word
    found = {row["student_id"]: row["review_id"] for row in csv.DictReader(io.StringIO(gradebook_csv(named)))}
    assert set(found) == {"12345", "67890"}
    assert set(found.values()) == {grade.student.id for grade in hidden.grades} == {"review-1", "review-2"}
    assert with_reviews(book.grades[::-1])[::-1] == with_reviews(book.grades)


def _canvas():  # type: ignore[no-untyped-def]
    from cnncalc.report.canvas import Canvas

    return Canvas(None)


# ---------------------------------------------------------------------- the class
def scored(points: int, book: Gradebook) -> Grade:
    """A grade of so many points of 18 questions, of 19."""
    marks = [mark._replace(points=Fraction(0)) for mark in book.grades[0].marks]
    marks[0] = marks[0]._replace(points=Fraction(points))
    return replace(book.grades[0], student=Student(str(points)), marks=tuple(marks))


def test_the_median_and_the_histogram_of_a_class(book: Gradebook) -> None:
    """0, 2, 10 and 19 of 19 points: between 2 and 10 lies 6; 2/19 is above a tenth."""
    four = book._replace(grades=tuple(scored(points, book) for points in (19, 2, 0, 10)))
    assert four.median == 6
    assert histogram(four) == (1, 1, 0, 0, 0, 1, 0, 0, 0, 1)
    assert book._replace(grades=four.grades[:3]).median == 2
    assert sum(histogram(four)) == 4
