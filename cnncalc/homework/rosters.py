"""Who gets a variant: the students of a roster, a CSV as learning platforms and spreadsheets export it.

Columns are found by their titles (`id`, `student number`, `name`, `first name`, `last name`, in some spellings more);
without titles the first column is the number and the second the name.  Separated by comma, semicolon or tab.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span, input_error
from cnncalc.homework.identity import Student, plain
from cnncalc.homework.reading.containers.bounds import Unreadable
from cnncalc.homework.reading.decoding import decoded
from cnncalc.reading import content_of
from cnncalc.sources import refuse_missing

LARGEST_ROSTER = 2_000_000
MOST_STUDENTS = 20_000

_IDS = ("id", "studentid", "idnumber", "number", "studentnumber", "sisuserid", "matriculation", "username", "email")
_NAMES = ("name", "fullname", "student", "studentname", "displayname")
_FIRST, _LAST = ("firstname", "givenname", "forename"), ("lastname", "surname", "familyname")

_ADVICE = {
    "roster-without-id": "give each student a number in a column called `id`: it seeds the student's variant",
    "roster-same-id": "give each student a number of its own",
}

Row = tuple[int, list[str]]
"""A row of the table with the line on which it ends."""


def read_roster(path: str) -> tuple[tuple[Student, ...], str]:
    """The students in the order of the file, and a note about its encoding ("" for UTF-8).

    Raises InputError for a file that is no roster, for a student without a number, and for two with the same one.
    """
    text, note = _text(path)
    rows = _rows(text, path)
    first = next(rows, None)
    if first is None:
        raise input_error("roster-empty", f"{path} names no student")
    columns = _columns(first[1])
    students: dict[str, tuple[int, Student]] = {}
    if columns is None:
        columns = ((0,), (1,))
        _take(first, columns, students, text, path)
    for row in rows:
        _take(row, columns, students, text, path)
    if not students:
        raise input_error("roster-empty", f"{path} names no student", help="write a line for each below the titles")
    return tuple(student for _, student in students.values()), note


def _text(path: str) -> tuple[str, str]:
    refuse_missing(path)
    try:
        content = content_of(path, LARGEST_ROSTER)
    except (OSError, ValueError) as fault:
        said = getattr(fault, "strerror", None) or fault
        raise input_error("roster-unreadable", f"{path} cannot be read: {said}") from None
    if len(content) > LARGEST_ROSTER:
        size = LARGEST_ROSTER // 1_000_000
        raise input_error("roster-too-large", f"{path} has more than {size} MB; a class is far smaller")
    try:
        text, note = decoded(content)
    except Unreadable as fault:
        raise input_error("roster-unreadable", f"{path} {fault}", help="save the roster as CSV (UTF-8)") from None
    return text, f"{path} {note}" if note else ""


def _rows(text: str, path: str) -> Iterator[Row]:
    """The rows that say anything."""
    head = text[: text.find("\n")] if "\n" in text else text
    separator = max(",;\t", key=head.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as fault:
        raise _refused("roster-unreadable", f"not a table: {fault}", reader.line_num, text, path) from None


def _columns(titles: list[str]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Which columns hold the number, and which make up the name; None when the first row has no titles."""
    words = [re.sub(r"[\W_]", "", title).lower() for title in titles]
    numbers = next(((words.index(word),) for word in _IDS if word in words), ())
    whole = next(((words.index(word),) for word in _NAMES if word in words), ())
    parts = tuple(words.index(word) for group in (_FIRST, _LAST) for word in group if word in words)
    if not numbers and not whole and not parts:
        return None
    return numbers, whole or parts


def _take(
    row: Row, columns: tuple[tuple[int, ...], ...], students: dict[str, tuple[int, Student]], text: str, path: str
) -> None:
    """Adds the row's student; refuses one without a number, or with that of another."""
    line, cells = row
    number, name = (plain(" ".join(cells[i] for i in group if i < len(cells))) for group in columns)
    if not number:
        raise _refused("roster-without-id", "this student has no number", line, text, path)
    if number.lower() in students:
        first = students[number.lower()][0]
        raise _refused(
            "roster-same-id", f"`{number}` is the number of the student on line {first} too", line, text, path
        )
    if len(students) == MOST_STUDENTS:
        raise input_error("roster-too-large", f"{path} names more than {MOST_STUDENTS:,} students")
    students[number.lower()] = (line, Student(number, name))


def _refused(code: str, message: str, line: int, text: str, path: str) -> InputError:
    """The refusal, pointing at the line."""
    advice = _ADVICE.get(code, "save the roster as CSV (UTF-8)")
    shown = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    diagnostic = Diagnostic(code, message, Span(line, 1, max(1, min(len(shown), 80))), help=advice)
    return InputError((diagnostic,), Source(path, text))


def file_names(students: tuple[Student, ...]) -> dict[str, str]:
    """A file name for each student's number that every system takes, and no two alike."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for student in students:
        stem = re.sub(r"[^\w.-]", "_", student.id, flags=re.ASCII).lstrip(".-")[:80] or "student"
        if os.path.splitext(stem)[0].upper() in _RESERVED:
            stem = f"_{stem}"
        name, count = stem, 1
        while name.lower() in taken:
            count += 1
            name = f"{stem}-{count}"
        taken.add(name.lower())
        found[student.id] = name
    return found


_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{word}{n}" for word in ("COM", "LPT") for n in range(10))}
