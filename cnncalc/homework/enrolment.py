"""What was handed in against the class: who of the roster it is of, and who of it handed in nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from cnncalc.homework.identity import Submission
from cnncalc.homework.reading.containers.container_limits import MOST_FILES
from cnncalc.homework.rosters import Roster
from cnncalc.homework.student_names import Student


def enrolled(submissions: Iterable[Submission], roster: Roster) -> list[Submission]:
    """The submissions with the class's own numbers and names, as far as a platform or a place says whose they are.

    Two of one student are put together: what counts is decided when they are read.
    """
    found: dict[object, Submission] = {}
    for n, one in enumerate(submissions):
        student = roster.find(one.owner) if one.known else roster.owner_of_place(one.owner.id)
        if student is None:
            found[n] = one
        elif student in found:
            before = found[student]
            files = (*before.files, *one.files)[:MOST_FILES]
            found[student] = before._replace(files=files, notes=(*before.notes, *one.notes))
        else:
            found[student] = one._replace(owner=student, known=True)
    return list(found.values())


def absent(roster: Roster, students: Iterable[Student]) -> Sequence[Student]:
    """Who of the class is not among the students."""
    here = {student.id.casefold() for student in students}
    return [student for student in roster.students if student.id.casefold() not in here]


def in_class(student: Student, roster: Roster) -> tuple[Student, str]:
    """The student as the class has it, and what the teacher should know if it has none ("": nothing)."""
    found, path = roster.find(student), os.path.basename(roster.path)
    if found is None:
        several = roster.is_name_of_several(student)
        return student, f"several in {path} have this name, and none this number" if several else f"is not in {path}"
    return found, other_number(student.id, found, roster)


def other_number(written: str, found: Student, roster: Roster) -> str:
    """What to say where somebody was found whose number is written in another way ("": nothing)."""
    is_number = any(c.isdigit() for c in written)
    return (
        f"the number {written} is read as {found.id}" if is_number and written.casefold() not in roster.numbers else ""
    )
