"""Platforms' own tables with the points of a class filled in: Moodle's grading worksheet, Canvas' gradebook.

A table comes as its text and goes back with every other cell as it was, in its own separators and line ends.  A line is
a student's by any of the numbers that the class list of the same file knows.  Nothing is read from a disk here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.diagnostics import input_error
from cnncalc.homework.marks import Grade, Gradebook, points_text
from cnncalc.homework.policy import TO_STUDENTS
from cnncalc.homework.reading.decoding import decoded
from cnncalc.homework.roster_titles import NUMBERS, spelled_title
from cnncalc.homework.rosters import Roster
from cnncalc.quantities import number
from cnncalc.report.grade_exports import harmless

GRADES = ("grade", "bewertung", "note", "calificacion", "nota", "cijfer", "arvosana", "points")
MOST = ("maximumgrade", "bestwertung", "hochstenote", "calificacionmaxima", "notemaximale", "notamaxima")
FEEDBACK = (
    *("feedbackcomments", "feedbackalskommentar", "comentariosderetroalimentacion"),
    *("feedbackparcommentaires", "commentaires"),
)
"""What Moodle calls these columns of its grading worksheet, compared without accents, spaces and signs."""

_ASSIGNMENT = re.compile(r"(?P<name>.*\S) *\((?P<id>[0-9]+)\)")
"""A column of Canvas' gradebook that holds the points of an assignment: `HW2 (12345)`."""

LONGEST_FEEDBACK = 2_000


class Filled(NamedTuple):
    """A table with points in it; `left_out` are those who have no line there, `notes` are for the teacher."""

    text: str
    lines: int
    left_out: tuple[Grade, ...]
    notes: tuple[str, ...] = ()


Fill = Callable[[list[str], Grade], Fraction | None]
"""Puts a student's points into a line of the table, and hands back how many the platform gives at most."""


def table_text(content: bytes) -> tuple[str, str]:
    """The mark with which a table begins, as Excel writes it ("" without), and its text with its own line ends."""
    mark = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
    try:
        return mark, content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return mark, decoded(content)[0]


class _Table:
    """The cells of a table, with how they are parted."""

    def __init__(self, text: str) -> None:
        head = text.partition("\n")[0]
        self.separator = max(",;\t", key=head.count)
        self.end = "\r\n" if head.endswith("\r") else "\n"
        self.rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.separator))

    @property
    def titles(self) -> list[str]:
        return self.rows[0]

    def column(self, names: Sequence[str]) -> int | None:
        """The first column with one of these titles."""
        words = [spelled_title(title) for title in self.titles]
        return next((words.index(name) for name in names if name in words), None)

    def text(self) -> str:
        written = io.StringIO()
        csv.writer(written, delimiter=self.separator, lineterminator=self.end).writerows(self.rows)
        return written.getvalue()

    def lines_by_student(self, roster: Roster) -> dict[str, list[str]]:
        """The line of each student of the class list, by the student's number there."""
        numbers = [n for n, title in enumerate(self.titles) if spelled_title(title) in NUMBERS]
        found: dict[str, list[str]] = {}
        for row in self.rows[1:]:
            written = (row[n].strip() for n in numbers if n < len(row))
            spellings = (
                one.casefold() for cell in written if cell for one in (cell, cell.split()[-1], cell.lstrip("#"))
            )
            student = next((roster.numbers[one] for one in spellings if one in roster.numbers), None)
            if student is not None:
                found.setdefault(student.id, row)
        return found


def _spellings(cell: str) -> tuple[str, ...]:
    """A number as it stands there, and without what platforms put before it: `Participant 12345`, `#12345`."""
    return cell, cell.rsplit(maxsplit=1)[-1], cell.lstrip("#")


def moodle_filled(text: str, path: str, roster: Roster, book: Gradebook, column: str | None = None) -> Filled:
    """Moodle's grading worksheet with the grades, and with hints where a comment is still empty."""
    table = _Table(text)
    grades = _named(table, column, path) if column else table.column(GRADES)
    if grades is None:
        raise _no_column(path, table.titles, "a grade")
    most, feedback = table.column(MOST), table.column(FEEDBACK)

    def fill(row: list[str], grade: Grade) -> Fraction | None:
        limit = row[most] if most is not None and most < len(row) else ""
        _put(row, grades, _points(grade, limit))
        if feedback is not None and not (feedback < len(row) and row[feedback].strip()):
            _put(row, feedback, _feedback(grade))
        return _limit(limit)

    return _filled(table, roster, book, fill)


def canvas_filled(text: str, path: str, roster: Roster, book: Gradebook, column: str | None = None) -> Filled:
    """Canvas' gradebook with the points in the column of this homework."""
    table = _Table(text)
    points = _named(table, column, path) if column else _assignment(table, book, path)
    limits = [row[points] for row in table.rows[1:] if _is_limit(row) and points < len(row)]
    limit = limits[0] if limits else ""

    def fill(row: list[str], grade: Grade) -> Fraction | None:
        _put(row, points, _points(grade, limit))
        return _limit(limit)

    return _filled(table, roster, book, fill)


def _filled(table: _Table, roster: Roster, book: Gradebook, fill: Fill) -> Filled:
    lines, left_out, limits = table.lines_by_student(roster), list[Grade](), set[Fraction]()
    filled: set[str] = set()
    for grade in book.grades:
        student = roster.find(grade.student)
        if student is None or student.id not in lines or student.id in filled:
            left_out.append(grade)
            continue
        filled.add(student.id)
        limit = fill(lines[student.id], grade)
        limits |= {limit} if limit and limit != grade.most else set()
    notes = [f"points are put in proportion: {points_text(book.most)} become {points_text(one)}" for one in limits]
    return Filled(table.text(), len(filled), tuple(left_out), tuple(notes))


# ---------------------------------------------------------------------- columns
def _assignment(table: _Table, book: Gradebook, path: str) -> int:
    """The column of this homework: the one with its name, else the only assignment that there is."""
    found = {
        n: match["name"] for n, title in enumerate(table.titles) if (match := _ASSIGNMENT.fullmatch(title.strip()))
    }
    named = [n for n, name in found.items() if spelled_title(name) == spelled_title(book.title)]
    if len(named) == 1 or len(found) == 1:
        return (named or list(found))[0]
    raise _no_column(path, [table.titles[n] for n in found] or table.titles, f"the homework `{book.title}`")


def _named(table: _Table, column: str, path: str) -> int:
    """The column that somebody named, by its title or by what Canvas calls its assignment."""
    wanted = spelled_title(column)
    names = [(title, (match := _ASSIGNMENT.fullmatch(title.strip())) and match["name"]) for title in table.titles]
    found = [n for n, both in enumerate(names) if wanted in {spelled_title(one) for one in both if one}]
    if not found:
        raise _no_column(path, table.titles, f"`{column[:80]}`")
    return found[0]


def _no_column(path: str, titles: Iterable[str], what: str) -> Exception:
    names = ", ".join(f"`{title.strip()[:60]}`" for title in list(titles)[:12])
    advice = f"name it with --points-column; there are {names}"
    return input_error("worksheet-without-column", f"{path} has no column for {what}", help=advice)


def _is_limit(row: Sequence[str]) -> bool:
    return bool(row) and spelled_title(row[0]) == "pointspossible"


# ---------------------------------------------------------------------- cells
def _put(row: list[str], column: int, text: str) -> None:
    row += [""] * (column + 1 - len(row))
    row[column] = text


def _limit(text: str) -> Fraction | None:
    """How many points a platform gives at most; None where it does not say."""
    found = number(text.strip().replace(",", "."))
    return found or None


def _points(grade: Grade, limit: str) -> str:
    """The points of a student in proportion to what the platform gives, with its decimal sign."""
    most = _limit(limit)
    points = grade.points if most is None or not grade.most else grade.points * most / grade.most
    return points_text(points).replace(".", "," if "," in limit else ".")


def _feedback(grade: Grade) -> str:
    """What a student may read about each answer that is not right."""
    said = [grade.fault] if grade.fault else []
    for mark in grade.marks:
        told = TO_STUDENTS.told(mark.finding, grade.truth)
        if told.status != "right" and not grade.fault:
            words = "; ".join(told.sentences) or ("no answer" if told.status == "none" else "wrong")
            said.append(f"{mark.question.name} {mark.question.asked}: {words}")
    return harmless(". ".join(said))[:LONGEST_FEEDBACK]
