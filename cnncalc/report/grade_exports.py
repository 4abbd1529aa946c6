"""A graded class for other programs: CSV for spreadsheets, Gradescope, nbgrader and GitHub Classroom.

What students wrote can start no formula in a spreadsheet.  A file that students may see holds no right value.
Everything is ordered and nothing looks at a clock: the same class gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from cnncalc.diagnostics.letters import escaped_json, printable
from cnncalc.report.gradebook import Answered, Gradebook, Graded, points_text

CSV_COLUMNS = ("student_id", "name", "question", "asked", "given", "right", "follow", "mistake", "points", "max")

NBGRADER_COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)

TOTAL = "all questions"

CLASSROOM_MINUTES = 10

_FORMULA = re.compile(r"(?:^|(?<=[;,\"]))(\s*)([=+\-@＝＋－＠\t\r])")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,/eE]*")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]+")


def is_grades(beginning: bytes) -> bool:
    """Whether a file that begins so was written here, so that grading again may replace it."""
    tables = (",".join(columns).encode() + b"\n" for columns in (CSV_COLUMNS, NBGRADER_COLUMNS))
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
    return _csv(CSV_COLUMNS, (line for student in book.students for line in _csv_lines(student, book.most)))


def _csv_lines(student: Graded, most: Fraction) -> Iterable[Sequence[str]]:
    who = (harmless(student.id), harmless(student.name))
    for answer in student.answers:
        asked = (harmless(answer.question), answer.asked, _given(answer), answer.right, harmless(answer.follows))
        yield (*who, *asked, harmless(answer.mistake), points_text(answer.points), points_text(answer.most))
    said = harmless("; ".join(filter(None, (student.fault, *student.notes))))
    yield (*who, TOTAL, "", "", "", "", said, points_text(student.points), points_text(most))


def _given(answer: Answered) -> str:
    """The signs and semicolons of a matrix that was read are its own; anything else is a stranger's text."""
    matrix = answer.given.startswith("[") and answer.status != "unreadable"
    return answer.given if matrix else harmless(answer.given)


def _csv(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return written.getvalue()


def nbgrader_csv(book: Gradebook) -> str:
    """The columns of `nbgrader export`; what a text cannot know (dates, e-mail) stays empty."""
    return _csv(NBGRADER_COLUMNS, (_nbgrader_line(student, book) for student in book.students))


def _nbgrader_line(student: Graded, book: Gradebook) -> Sequence[str]:
    first, _, last = student.name.rpartition(" ")
    score = points_text(student.points)
    who = (harmless(student.id), harmless(last), harmless(first), "")
    return (harmless(book.title), "", "", *who, score, "0", score, points_text(book.most))


def gradescope_json(student: Graded, visibility: str) -> str:
    """One submission's `results.json`; students may read it, so it holds hints and no right value."""
    found: dict[str, Any] = {
        "score": _json_number(student.points),
        "execution_time": 0,
        "output": "\n".join(filter(None, (student.fault, *student.notes))),
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "extra_data": {"student_id": student.id, "name": student.name},
        "tests": [_gradescope_test(n, answer, visibility) for n, answer in enumerate(student.answers, 1)],
        "leaderboard": [],
    }
    return _json(found)


def _gradescope_test(number: int, answer: Answered, visibility: str) -> dict[str, Any]:
    said = [
        f"{answer.text}: {answer.asked} {answer.given}" if answer.given else f"{answer.text}: no answer",
        *answer.hints,
    ]
    return {
        "score": _json_number(answer.points),
        "max_score": _json_number(answer.most),
        "status": "passed" if answer.points == answer.most else "failed",
        "name": answer.name,
        "number": str(number),
        "output": "\n".join(said),
        "output_format": "text",
        "tags": [answer.asked, *answer.slips],
        "visibility": visibility,
        "extra_data": {"given": answer.given, "verdict": "open" if answer.status == "none" else answer.status},
    }


def classroom_json(questions: Iterable[tuple[str, str, Fraction]], key: str, submission: str) -> str:
    """GitHub Classroom's tests: each question is a command that passes when all its points are earned."""
    tests = [_classroom_test(name, asked, most, key, submission) for name, asked, most in questions]
    return _json({"tests": tests})


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


def _json(found: dict[str, Any]) -> str:
    return escaped_json(json.dumps(found, ensure_ascii=False, indent=2)) + "\n"


def _json_number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(points_text(value))
