"""A class graded against one key: every submission read, judged question by question, and its points added up.

The key is analysed once and what a slip gives is worked out once; a submission costs reading it and comparing.  Points
are kept in hundredths, so that what is printed adds up to what is printed below it.  Nothing that a submission says
reaches the key or another submission.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from cnncalc.analysis import Analysis
from cnncalc.homework.class_order import in_order
from cnncalc.homework.enrolment import absent, in_class
from cnncalc.homework.examining import Examiner
from cnncalc.homework.findings import Claim, Finding
from cnncalc.homework.identity import Submission, identified
from cnncalc.homework.marks import Grade, Mark, about_unreadable
from cnncalc.homework.policy import USUAL, Policy
from cnncalc.homework.questions import KeySheet, Question
from cnncalc.homework.reading.answer_lines import Piece, Reading
from cnncalc.homework.reading.choosing import chosen
from cnncalc.homework.reading.handed_in import Reader
from cnncalc.homework.rosters import Roster
from cnncalc.homework.student_names import Student
from cnncalc.spec.document import Answer


class Grader:
    """One key, for a whole class; `only` are the questions that are graded."""

    def __init__(self, key: Analysis, policy: Policy = USUAL, only: Iterable[Question] | None = None) -> None:
        self.key = key
        self.policy = policy
        self.sheet = KeySheet(key.graph)
        self.questions = self.sheet.questions if only is None else tuple(only)
        self.examiner = Examiner(key, tolerance=policy.tolerance, rounds=policy.rounds)
        self.reader = Reader(key, self.sheet)
        self._lines = {place: n for n, site in enumerate(self.sheet.sites) for place in site.places}

    def grades(self, submissions: Iterable[Submission], roster: Roster | None = None) -> list[Grade]:
        """Every submission graded, ordered by id, name and file; of a roster also who handed in nothing."""
        found = list(self.graded(submissions, roster))
        missing = absent(roster, (grade.student for grade in found)) if roster else ()
        return in_order([*found, *map(self.nothing, missing)])

    def nothing(self, student: Student) -> Grade:
        """The grade of somebody who handed in nothing."""
        return Grade(student, "", self._marks(Reading()), self.examiner.truth, notes=("handed in nothing",))

    def unknown(self) -> list[Question]:
        """The questions whose right answer the analysis does not know."""
        nothing = self._marks(Reading())
        return [mark.question for mark in nothing if mark.finding.right is None]

    def leave_out(self, questions: Collection[Question]) -> None:
        """Grades these questions no more."""
        self.questions = tuple(question for question in self.questions if question not in questions)

    # ------------------------------------------------------------------ one submission
    def graded(self, submissions: Iterable[Submission], roster: Roster | None = None) -> Iterator[Grade]:
        """Every submission graded, one after the other."""
        for submission in submissions:
            reading, shown, fault = chosen(submission.files, self.reader)
            student, differs = identified(submission, reading.student)
            said = [*_about_author(submission, reading), *filter(None, (differs,)), *self._about_homework(reading)]
            if roster is not None:
                student, unlisted = in_class(student, roster)
                said += filter(None, (unlisted,))
            notes = [*submission.notes, *reading.notes, *said]
            marks = self._marks(reading)
            notes += about_unreadable(marks)
            yield Grade(student, shown, marks, self.examiner.truth, fault, tuple(notes))

    # ------------------------------------------------------------------ points
    def _marks(self, reading: Reading) -> tuple[Mark, ...]:
        """A mark for every question."""
        claims = [claim for question in self.sheet.questions for claim in self._claims(question, reading)]
        found: dict[tuple[str, int, str], Finding] = {}
        for finding in self.examiner.findings(claims):
            found[finding.place.kind, finding.place.index, finding.asked] = finding
        marks = []
        for question in self.questions:
            worst = self._worst([found[(*place, question.asked)] for place in question.site.places])
            marks.append(Mark(question, worst, self.policy.points(question, worst)))
        return tuple(marks)

    def _worst(self, copies: Sequence[Finding]) -> Finding:
        """Where a line stands in the net several times, the worst finding; what follows from a copy is no worse.

        An answer that alone cannot be judged, where its question can, is one that cannot be read.
        """
        places = {one.place for one in copies}
        charged = [one for one in copies if one.follows not in places] or copies
        worst = min(charged, key=self.policy.share)
        if worst.status == "unknown" and worst.answer.given is not None:
            return replace(worst, fault=worst.verdict.remark)
        return worst

    def _claims(self, question: Question, reading: Reading) -> Iterator[Claim]:
        """What the submission claims about every place that the question stands for."""
        line = self._lines[question.site.places[0]]
        piece = reading.answers.get((line, question.asked))
        if piece is None:
            piece = Piece(question.answer._replace(given=None, text=""))
        answer = self._as_asked(piece.answer, question.answer)
        for kind, index in question.site.places:
            yield Claim(kind, index, answer, piece.fault)

    def _as_asked(self, answer: Answer, asked: Answer) -> Answer:
        """The answer for each or for all copies of a line, as the key asks, where it does not say so itself."""
        approximate = answer.approximate and self.policy.tolerance is None
        return answer._replace(scope=answer.scope or asked.scope, approximate=approximate)

    def _about_homework(self, reading: Reading) -> Iterator[str]:
        ours = self.key.graph.homework
        if ours and reading.homework and reading.homework.casefold() != ours.casefold():
            yield f"it says it is the homework `{reading.homework[:40]}`"


# ---------------------------------------------------------------------- who it is
def _about_author(submission: Submission, reading: Reading) -> Iterator[str]:
    if not submission.known and not reading.student.id and reading.answered:
        yield "no `student` line with an id; the name of the file or folder is used instead"
