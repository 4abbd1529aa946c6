"""A graded class for other programs: CSV for spreadsheets, Gradescope, nbgrader and GitHub Classroom.

What students wrote can start no formula in a spreadsheet.  A file that students may see holds no right value.
Everything is ordered and nothing looks at a clock: the same class gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from cnncalc.diagnostics.letters import printable
from cnncalc.homework.findings import Finding
from cnncalc.homework.marks import Grade, Gradebook, Mark, points_text
from cnncalc.homework.policy import TO_STUDENTS, TO_TEACHERS
from cnncalc.homework.truth import Truth
from cnncalc.report.indented_json import indented_json

CSV_COLUMNS = ("student_id", "name", "question", "asked", "given", "right", "follow", "mistake", "points", "max")

BOOK_COLUMNS = ("student_id", "name")

NBGRADER_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)

TOTAL = "all questions"

CLASSROOM_MINUTES = 10

_FORMULA = re.compile(r"(?:^|(?<=[;,\"]))(\s*)([=+\-@＝＋－＠\t\r])")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,/eE]*")
_MATRIX = re.compile(r"(?:\[[-+0-9.,;/ ]*\] ?)+")
"""Brackets with nothing but numbers in them: no spreadsheet finds a name or a function to call there."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]+")


def is_grades(beginning: bytes) -> bool:
    """Whether a file that begins so was written here, so that grading again may replace it."""
    tables = (",".join(columns).encode() + b"\n" for columns in (CSV_COLUMNS, NBGRADER_COLUMNS))
    head = beginning.partition(b"\n")[0]
    if head.startswith(",".join(BOOK_COLUMNS).encode() + b",") and head.endswith(b",total,max,note"):
        return True
    results = beginning.startswith(b'{\n  "score": ') and b'"execution_time"' in beginning[:100]
    return results or any(map(beginning.startswith, tables))


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, wherever it may cut the line; a mere number stays as it is.

    >>> harmless("=cmd|' /C calc'!A0"), harmless("-3"), harmless("Ana;@SUM(A1)"), harmless("\\t+1+1")
    ("'=cmd|' /C calc'!A0", '-3', "Ana;'@SUM(A1)", "'+1+1")
    """
    if _NUMBER.fullmatch(text):
        return text
    return _FORMULA.sub(r"\1'\2", printable(_UNSEEN.sub(" ", text).strip()))


def class_csv(book: Gradebook) -> str:
    """A line for each question of each student, then that student's total."""
    return _csv(CSV_COLUMNS, (line for grade in book.grades for line in _csv_lines(grade)))


def _csv_lines(grade: Grade) -> Iterable[Sequence[str]]:
    who = (harmless(grade.student.id), harmless(grade.student.name))
    for question, finding, points in grade.marks:
        told = TO_TEACHERS.told(finding, grade.truth)
        asked = (harmless(question.name), question.asked, _given(finding), told.solution, harmless(told.follows))
        yield (*who, *asked, harmless(told.mistake), points_text(points), points_text(question.points))
    said = harmless("; ".join(filter(None, (grade.fault, *grade.notes))))
    yield (*who, TOTAL, "", "", "", "", said, points_text(grade.points), points_text(grade.most))


def _given(finding: Finding) -> str:
    """As it was written; the signs and semicolons between the numbers of a matrix are its own."""
    return finding.given if _MATRIX.fullmatch(finding.given) else harmless(finding.given)


def _csv(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return written.getvalue()


def gradebook_csv(book: Gradebook) -> str:
    """A line for each student: the points of each question, of all together, and what is noted."""
    questions = list(dict.fromkeys((one.question.name, one.question.asked) for one in _all_marks(book)))
    reviewed = any(grade.review for grade in book.grades)
    columns = (*BOOK_COLUMNS, *(["review_id"] if reviewed else []), *(harmless(f"{n} {a}") for n, a in questions))
    return _csv((*columns, "total", "max", "note"), (_book_line(grade, questions, reviewed) for grade in book.grades))


def _all_marks(book: Gradebook) -> Iterable[Mark]:
    return (mark for grade in book.grades for mark in grade.marks)


def _book_line(grade: Grade, questions: Iterable[tuple[str, str]], reviewed: bool) -> Sequence[str]:
    points = {(mark.question.name, mark.question.asked): points_text(mark.points) for mark in grade.marks}
    who = (grade.student.id, grade.student.name, *([grade.review] if reviewed else []))
    said = "; ".join(filter(None, (grade.fault, *grade.notes)))
    earned = (points.get(question, "") for question in questions)
    return (*map(harmless, who), *earned, points_text(grade.points), points_text(grade.most), harmless(said))


def nbgrader_csv(book: Gradebook) -> str:
    """The columns of `nbgrader export`; what a text cannot know (dates, e-mail) stays empty."""
    return _csv(NBGRADER_COLUMNS, (_nbgrader_line(grade, book) for grade in book.grades))


def _nbgrader_line(grade: Grade, book: Gradebook) -> Sequence[str]:
    first, _, last = grade.student.name.rpartition(" ")
    score = points_text(grade.points)
    who = (harmless(grade.student.id), harmless(last), harmless(first), "")
    return (harmless(book.title), "", "", *who, score, "0", score, points_text(grade.most))


def gradescope_json(grade: Grade, visibility: str) -> str:
    """One submission's `results.json`; students may read it, so it holds hints and no right value."""
    found: dict[str, Any] = {
        "score": _json_number(grade.points),
        "execution_time": 0,
        "output": "\n".join(filter(None, (grade.fault, *grade.notes))),
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "extra_data": {"student_id": grade.student.id, "name": grade.student.name},
        "tests": [_gradescope_test(n, mark, grade.truth, visibility) for n, mark in enumerate(grade.marks, 1)],
        "leaderboard": [],
    }
    return indented_json(found)


def failure_json(said: str, visibility: str) -> str:
    """A `results.json` without points where nothing could be graded, so that the platform shows why."""
    found = {
        "score": 0,
        "execution_time": 0,
        "output": said,
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": [],
    }
    return indented_json(found)


def _gradescope_test(number: int, mark: Mark, truth: Truth, visibility: str) -> dict[str, Any]:
    question, finding, points = mark
    told, text = TO_STUDENTS.told(finding, truth), question.site.text
    said = f"{text}: {question.asked} {finding.given}" if finding.given else f"{text}: no answer"
    return {
        "score": _json_number(points),
        "max_score": _json_number(question.points),
        "status": "passed" if points == question.points else "failed",
        "name": f"{question.name} {question.asked}",
        "number": str(number),
        "output": "\n".join((said, *told.sentences)),
        "output_format": "text",
        "tags": [question.asked, *told.slips],
        "visibility": visibility,
        "extra_data": {"given": finding.given, "verdict": "open" if told.status == "none" else told.status},
    }


def classroom_json(questions: Iterable[tuple[str, str, Fraction]], key: str, submission: str) -> str:
    """GitHub Classroom's tests: each question is a command that passes when all its points are earned."""
    tests = [_classroom_test(name, asked, most, key, submission) for name, asked, most in questions]
    return indented_json({"tests": tests})


def _classroom_test(name: str, asked: str, most: Fraction, key: str, submission: str) -> dict[str, Any]:
    words = ("cnncalc", "grade", key, submission, "--only", f"{name}.{asked}", "--pass", "1")
    return {
        "name": f"{name} {asked}",
        "setup": "",
        "run": shlex.join(words),
        "input": "",
        "output": "",
        "comparison": "included",
        "timeout": CLASSROOM_MINUTES,
        "points": _json_number(most),
    }


def _json_number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(points_text(value))
