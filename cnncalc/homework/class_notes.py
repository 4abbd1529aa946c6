"""What a teacher should know beside the points, as diagnostics: about the key, and about what was handed in."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.diagnostics import Diagnostic
from cnncalc.homework.findings import Finding
from cnncalc.homework.marks import Grade, named, points_text
from cnncalc.homework.questions import Question


def about_submissions(grades: Sequence[Grade]) -> tuple[Diagnostic, ...]:
    """What could not be read, one by one, then what is noted about several at once."""
    failed = [
        Diagnostic("submission-not-graded", f"{grade.student.id}: {grade.fault}", help="it has 0 points")
        for grade in grades
        if grade.fault
    ]
    noted: dict[str, list[str]] = {}
    for grade in grades:
        for note in grade.notes:
            noted.setdefault(note, []).append(grade.student.id)
    remarks = [
        Diagnostic("submission-noted", f"{named(students)}: {note}", severity="warning")
        for note, students in noted.items()
    ]
    return (*failed, *remarks)


def not_in_table(path: str, grades: Sequence[Grade]) -> tuple[Diagnostic, ...]:
    """Who has points that are in no line of a platform's table."""
    names = named([f"{grade.student.id} ({points_text(grade.points)})" for grade in grades])
    advice = "enter these points by hand, or complete the table"
    return (_warning("submission-noted", f"{path} has no line for {names}", advice),)


def about_key(
    questions: Sequence[Question], unknown: Sequence[Question], wrong: Sequence[Finding]
) -> tuple[Diagnostic, ...]:
    """What the teacher may have overlooked in the key: no points, unknown values, an answer that is wrong itself."""
    free = [question for question in questions if not question.points and question not in unknown]
    found = []
    if free:
        names = named([f"{question.name} {question.asked}" for question in free])
        found.append(_warning("key-without-points", f"the key gives no points for {names}", "add `worth 1`"))
    for question in unknown:
        message = f"what is right for {question.name} {question.asked} is not known without running the net"
        found.append(_warning("key-not-known", message, "it is left out; state the input and the weights, or ask else"))
    for finding in wrong:
        message = f"the key's own answer to {finding.place.label} {finding.asked}, `{finding.given}`, is wrong"
        found.append(_warning("key-answers-wrong", message, "it does not count: what is right is worked out"))
    return tuple(found)


def _warning(code: str, message: str, help: str) -> Diagnostic:
    return Diagnostic(code, message, help=help, severity="warning")
