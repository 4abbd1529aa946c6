"""A key for each student: the keys of a folder, and which submission is held against which.

They are paired by the number in the key's `student` line or by its file's name, else by the name; what finds no partner
is handed back.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cnncalc.diagnostics import InputError, input_error
from cnncalc.homework.enrolment import enrolled, other_number
from cnncalc.homework.identity import Submission, identified
from cnncalc.homework.reading.author import author_of, author_of_files
from cnncalc.homework.reading.containers.container_limits import MOST_SUBMISSIONS, Unreadable, is_ignored
from cnncalc.homework.reading.containers.folder import given_file
from cnncalc.homework.rosters import Roster, roster_of
from cnncalc.homework.student_names import Student, plain

FOLDERS = ("keys", "sheets", "")
"""Where the keys of a folder are: what `quiz` wrote, or in the folder itself."""

_ENDINGS = (".txt", ".cnn", ".net", "")


class Variant(NamedTuple):
    """The file of one student's key."""

    path: str
    student: Student


class Pairs(NamedTuple):
    """Each key with what was handed in for it (nothing, perhaps), and the submissions for which there is no key."""

    variants: tuple[tuple[Variant, tuple[Submission, ...]], ...]
    without_key: tuple[Submission, ...]


def variants_in(folder: str) -> list[Variant]:
    """The keys of a folder, in the order of their names; raises InputError when there is none."""
    for inside in FOLDERS:
        place = os.path.join(folder, inside) if inside else folder
        if os.path.isdir(place) and (paths := _key_files(place)):
            return [_variant(path) for path in paths]
    advice = "give the folder that `cnncalc quiz --students ROSTER -o FOLDER` wrote, or one with a key for each student"
    raise input_error("no-keys", f"{folder} holds no keys", help=advice)


def _key_files(folder: str) -> list[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as fault:
        raise _unreadable(folder, (fault.strerror or str(fault)).lower()) from None
    if len(names) > MOST_SUBMISSIONS:
        raise _unreadable(folder, f"it holds more than {MOST_SUBMISSIONS:,} files")
    wanted = [name for name in names if not is_ignored(name) and os.path.splitext(name)[1].lower() in _ENDINGS]
    return [path for name in wanted if os.path.isfile(path := os.path.join(folder, name))]


def _unreadable(folder: str, reason: str) -> InputError:
    return input_error("no-keys", f"the keys of {folder} cannot be listed: {reason}", help="give a folder of keys")


def _variant(path: str) -> Variant:
    named = Student(plain(os.path.splitext(os.path.basename(path))[0]))
    try:
        author = author_of(given_file(path).read())
    except Unreadable:
        return Variant(path, named)
    return Variant(path, author if author.id else named._replace(name=author.name))


def paired(submissions: Iterable[Submission], variants: Sequence[Variant]) -> Pairs:
    """The submissions by key, in the order of the keys."""
    files = [(plain(os.path.splitext(os.path.basename(one.path))[0]), one.student) for one in variants]
    students = roster_of("", [one.student for one in variants], files)
    found: dict[Student, list[Submission]] = {one.student: [] for one in variants}
    without_key = []
    for submission in enrolled(submissions, students):
        student, note = _partner(submission, students)
        if student is None:
            without_key.append(submission)
        else:
            notes = (*submission.notes, *([note] if note else []))
            found[student].append(submission._replace(owner=student, known=True, notes=notes))
    return Pairs(tuple((one, tuple(found.pop(one.student, ()))) for one in variants), tuple(without_key))


def _partner(submission: Submission, students: Roster) -> tuple[Student | None, str]:
    """Whose key a submission is held against: its owner's, else that of whom the text names; and what to say of it."""
    if submission.owner in students.students:
        return submission.owner, ""
    student, _ = identified(submission, author_of_files(submission.files))
    found = students.find(student)
    return found, other_number(student.id, found, students) if found else ""
