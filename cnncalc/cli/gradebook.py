"""The grades of a class in the form in which reports take them, and what went wrong as diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Diagnostic
from cnncalc.homework.hints import hints, right_text
from cnncalc.quantities import exact, percent
from cnncalc.report.gradebook import Answered, Gradebook, Graded

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.homework.findings import Finding
    from cnncalc.homework.grading import Grade, Grader, Mark, Rules
    from cnncalc.homework.questions import Question

HINT_LEVEL = 2
"""What a sheet or a file for students says about a wrong answer: its kind, never the right value."""

MOST_NAMED = 5


def gradebook(grader: Grader, grades: Sequence[Grade]) -> Gradebook:
    """The class as reports take it."""
    graph = grader.key.graph
    most = sum((question.points for question in grader.questions), Fraction(0))
    students = tuple(_graded(grade, grader.key) for grade in grades)
    return Gradebook(graph.homework or graph.title, graph.source.name, _rules(grader.rules), most, students)


def _graded(grade: Grade, key: Analysis) -> Graded:
    answers = tuple(_answered(mark, key) for mark in grade.marks)
    return Graded(grade.student.id, grade.student.name, grade.shown, answers, grade.fault, grade.notes)


def _answered(mark: Mark, key: Analysis) -> Answered:
    finding, question = mark.finding, mark.question
    right = str(finding.right) if isinstance(finding.right, int) else right_text(finding, key)
    return Answered(
        question.name,
        question.asked,
        question.site.line,
        question.site.text,
        finding.given,
        right,
        finding.status,
        finding.follows.label if finding.follows else "",
        finding.slips,
        _mistake(finding),
        hints(finding, HINT_LEVEL, key),
        mark.points,
        question.points,
    )


def _mistake(finding: Finding) -> str:
    """What was wrong, in as few words as a column has room for: the slip's name, or which parts."""
    if finding.status == "slip":
        return finding.slips[0] if len(finding.slips) == 1 else f"one of {', '.join(finding.slips)}"
    if finding.status == "none":
        return "no answer"
    if finding.status == "unreadable":
        return f"not readable: {finding.fault}"
    if finding.status == "wrong":
        return ", ".join(finding.verdict.wrong) or "not a known slip"
    return finding.verdict.remark


def _rules(rules: Rules) -> tuple[str, ...]:
    """What the points were given for."""
    said = [
        f"an answer that follows from an earlier mistake gets {_share(rules.follow)} of its points",
        f"a known slip gets {_share(rules.slip_share)}, or the share of its parts that are right if that is more",
    ]
    if rules.tolerance is not None:
        said.append(f"a number may be {percent(rules.tolerance)} off")
    return tuple(said)


def _share(share: Fraction) -> str:
    return "all" if share == 1 else "none" if share == 0 else exact(share)


# ---------------------------------------------------------------------- what the teacher should know
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
        Diagnostic("submission-noted", f"{_named(students)}: {note}", severity="warning")
        for note, students in noted.items()
    ]
    return (*failed, *remarks)


def _named(students: Sequence[str]) -> str:
    more = len(students) - MOST_NAMED
    return ", ".join(students[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def about_key(grader: Grader, unknown: Sequence[Question], wrong: Sequence[Finding]) -> tuple[Diagnostic, ...]:
    """What the teacher may have overlooked in the key: no points, unknown values, an answer that is wrong itself."""
    free = [question for question in grader.questions if not question.points and question not in unknown]
    found = []
    if free:
        names = _named([f"{question.name} {question.asked}" for question in free])
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
