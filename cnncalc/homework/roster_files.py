"""Who is in the class: the students of a roster, a CSV as learning platforms and spreadsheets export it.

Columns are found by their titles, in several languages and as the platforms call them; which ones were taken is said,
and titles that nobody knows are refused.  Without titles the first column is the number and the second the name.
Separated by comma, semicolon or tab.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, InputError, Source, Span, input_error
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.homework.reading.containers.container_limits import Unreadable
from cnncalc.homework.reading.decoding import decoded
from cnncalc.homework.roster_titles import FIRST, LAST, NUMBERS, ROLES, WHOLE, spelled_title
from cnncalc.homework.rosters import Roster, roster_of
from cnncalc.homework.student_names import Student, plain
from cnncalc.reading import content_of
from cnncalc.sources import refuse_missing

LARGEST_ROSTER = 2_000_000
MOST_STUDENTS = 20_000

_ADVICE = {
    "roster-without-id": "give each student a number in a column called `id`, or name the column with --id-column",
    "roster-same-id": "give each student a number of its own",
}
_NOBODY = frozenset(("pointspossible", "studenttest", "teststudent", "manualposting"))
"""Rows of Canvas' gradebook that are no students."""

_COUNTED = re.compile(r"[^\W\d]+(?:/[^\W\d]+)? (\d+)")
_EMAIL = re.compile(r"([^@\s]+)@\S+")

Row = tuple[int, list[str]]
"""A row of the table with the line on which it ends."""


class Columns(NamedTuple):
    """Which columns hold the number, make up the name, hold other numbers of a student, and say what somebody is.

    `titles` says that the first row holds their titles.
    """

    number: tuple[int, ...]
    name: tuple[int, ...]
    others: tuple[int, ...] = ()
    role: tuple[int, ...] = ()
    titles: bool = True


def read_roster(path: str, id_column: str | None = None, name_column: str | None = None) -> Roster:
    """The class of a file; columns are those named (by title, or counted from 1), else those whose titles are known.

    Raises InputError for a file that is no roster, for titles that are not understood, for a student without a number,
    and for two with the same one.
    """
    text, note = _text(path)
    rows = _rows(text, path)
    first = next(rows, None)
    if first is None:
        raise input_error("roster-empty", f"{path} names no student")
    columns, said = _columns(first[1], path, id_column, name_column)
    taken = _Taken(columns, text, path)
    if not columns.titles:
        taken.take(first)
    for row in rows:
        taken.take(row)
    if not taken.students:
        raise input_error("roster-empty", f"{path} names no student", help="write a line for each below the titles")
    return taken.roster(tuple(filter(None, (note, said))))


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


# ---------------------------------------------------------------------- columns
def _columns(first: list[str], path: str, id_column: str | None, name_column: str | None) -> tuple[Columns, str]:
    """The columns by the first row, and which were taken ("" where their titles say so themselves)."""
    words = [spelled_title(title) for title in first]
    number = _asked_for("--id-column", id_column, first, path) or _first_of(NUMBERS, words)
    name = _asked_for("--name-column", name_column, first, path) or _name(words, number)
    if number is None and not name:
        if not any(map(_is_data, first)):
            raise _not_understood(first, path)
        return Columns((0,), (1,), titles=False), ""
    known = any(word in (*NUMBERS, *WHOLE, *FIRST, *LAST) for word in words)
    titles = known or not any(_is_data(first[column]) for column in (number or ()))
    if not number and known and len(first) > len(name):
        raise _not_understood(first, path, "number")
    others = tuple(n for n, word in enumerate(words) if word in NUMBERS and (n,) != number)
    columns = Columns(number or (), name, others, _first_of(ROLES, words) or (), titles)
    plainly = [words[n] for n in (*columns.number, *columns.name)] == ["id", "name"][: 1 + bool(name)]
    if not titles or not number or plainly:
        return columns, ""
    said = f"{path}: the number of a student is taken from {_titled(columns.number, first)}"
    return columns, said + (f", the name from {_titled(columns.name, first)}" if name else "")


def _asked_for(option: str, wanted: str | None, first: list[str], path: str) -> tuple[int, ...] | None:
    """The column that an option names, by its title or counted from 1."""
    if wanted is None:
        return None
    words = [spelled_title(title) for title in first]
    if spelled_title(wanted) in words:
        return (words.index(spelled_title(wanted)),)
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:9]) <= len(first):
        return (int(wanted[:9]) - 1,)
    advice = did_you_mean(wanted, first, f"its columns are {_titled(range(len(first)), first)}")
    raise input_error("roster-unknown-column", f"{option}: {path} has no column `{plain(wanted)}`", help=advice)


def _name(words: list[str], number: tuple[int, ...] | None) -> tuple[int, ...]:
    """First and last name, else the whole one; `Name` beside the one of them is the other."""
    parts = [_first_of(FIRST, words), _first_of(LAST, words)]
    whole = _first_of(WHOLE, words)
    if parts[0] and not parts[1] and whole and whole != number:
        parts[1] = whole
    if parts[1] and not parts[0] and whole != number and "name" in words:
        parts[0] = (words.index("name"),)
    if all(parts) or not whole:
        return tuple(column for part in parts if part for column in part)
    return whole


def _first_of(known: Sequence[str], words: list[str]) -> tuple[int, ...] | None:
    return next(((words.index(word),) for word in known if word in words), None)


def _is_data(cell: str) -> bool:
    return "@" in cell or any(c.isdigit() for c in cell)


def _titled(columns: Sequence[int], first: list[str]) -> str:
    titles = [f"`{plain(first[n])}`" for n in columns]
    return " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))


def _not_understood(first: list[str], path: str, what: str = "number or name") -> InputError:
    message = f"none of the columns of {path} is known as a student's {what}: {_titled(range(len(first)), first)}"
    advice = "name the column of the numbers: --id-column 1, or its title"
    return input_error("roster-not-understood", message, help=advice)


# ---------------------------------------------------------------------- rows
class _Taken:
    """The students that were read so far."""

    def __init__(self, columns: Columns, text: str, path: str) -> None:
        self.columns, self.text, self.path = columns, text, path
        self.students: dict[str, tuple[int, Student]] = {}
        self._others: list[tuple[str, Student]] = []
        self._left_out = 0

    def take(self, row: Row) -> None:
        """Adds the row's student; refuses one without a number, or with that of another."""
        line, cells = row
        number, name = _number(self._cell(cells, self.columns.number)), self._cell(cells, self.columns.name)
        role = spelled_title(self._cell(cells, self.columns.role))
        if spelled_title(name) in _NOBODY or role not in ("", "student", "students", "s", "studentin", "teilnehmerin"):
            self._left_out += spelled_title(name) not in _NOBODY
            return
        if not number:
            raise _refused("roster-without-id", "this student has no number", line, self.text, self.path)
        if number.casefold() in self.students:
            said = f"`{number}` is the number of the student on line {self.students[number.casefold()][0]} too"
            raise _refused("roster-same-id", said, line, self.text, self.path)
        if len(self.students) == MOST_STUDENTS:
            raise input_error("roster-too-large", f"{self.path} names more than {MOST_STUDENTS:,} students")
        student = Student(number, name)
        self.students[number.casefold()] = line, student
        for column in self.columns.others:
            other = _number(self._cell(cells, (column,)))
            login = _EMAIL.fullmatch(other)
            self._others += [(one, student) for one in (other, login[1] if login else "") if one]

    def roster(self, notes: tuple[str, ...]) -> Roster:
        if self._left_out:
            notes = (*notes, f"{self.path}: {self._left_out:,} of another role than student are left out")
        return roster_of(self.path, (student for _, student in self.students.values()), self._others, notes)

    def _cell(self, cells: list[str], columns: tuple[int, ...]) -> str:
        return plain(" ".join(cells[n] for n in columns if n < len(cells)))


def _number(written: str) -> str:
    """A number without what platforms put before it: `#12345` of Brightspace, `Participant 12345` of Moodle."""
    counted = _COUNTED.fullmatch(written)
    return counted[1] if counted else written.removeprefix("#")


def _refused(code: str, message: str, line: int, text: str, path: str) -> InputError:
    """The refusal, pointing at the line."""
    advice = _ADVICE.get(code, "save the roster as CSV (UTF-8)")
    shown = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    diagnostic = Diagnostic(code, message, Span(line, 1, max(1, min(len(shown), 80))), help=advice)
    return InputError((diagnostic,), Source(path, text))
