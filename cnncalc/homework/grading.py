"""A class graded against one key: every submission read, judged question by question, and its points added up.

The key is analysed once and what a slip gives is worked out once; a submission costs reading it and comparing.  Points
are kept in hundredths, so that what is printed adds up to what is printed below it.  Nothing that a submission says
reaches the key or another submission.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis import Analysis
from cnncalc.homework.findings import Claim, Examiner, Finding
from cnncalc.homework.identity import Student, Submission, identified, plain
from cnncalc.homework.questions import KeySheet, Question
from cnncalc.homework.reading.containers.bounds import Unreadable
from cnncalc.homework.reading.handed_in import Reader
from cnncalc.homework.reading.lines import Piece, Reading
from cnncalc.spec.document import Answer

MOST_BYTES = 400_000
"""Bytes of all files of one student that are looked at."""


class Rules(NamedTuple):
    """What the teacher gives: for what follows from an earlier mistake, and for a slip that has a name.

    Both are shares of a question's points; no answer earns less than its own right parts.  `tolerance` is how far off
    a number may be; where it is given, a `~` in a submission means nothing.
    """

    follow: Fraction = Fraction(1)
    slip_share: Fraction = Fraction(0)
    tolerance: Fraction | None = None


USUAL = Rules()


class Mark(NamedTuple):
    """One question of one student: what was found, and the points for it."""

    question: Question
    finding: Finding
    points: Fraction


@dataclass(frozen=True)
class Grade:
    """One student's marks, in the order of the key.

    `fault` says why a submission could not be read (all marks are then 0), `notes` what else the teacher should know.
    """

    student: Student
    shown: str
    marks: tuple[Mark, ...]
    fault: str = ""
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> Fraction:
        return sum((mark.points for mark in self.marks), Fraction(0))

    @property
    def most(self) -> Fraction:
        return sum((mark.question.points for mark in self.marks), Fraction(0))


class Grader:
    """One key, for a whole class; `only` are the questions that are graded."""

    def __init__(self, key: Analysis, rules: Rules = USUAL, only: Iterable[Question] | None = None) -> None:
        self.key = key
        self.rules = rules
        self.sheet = KeySheet(key.graph)
        self.questions = self.sheet.questions if only is None else tuple(only)
        self.examiner = Examiner(key, tolerance=rules.tolerance)
        self.reader = Reader(key, self.sheet)
        self._lines = {place: n for n, site in enumerate(self.sheet.sites) for place in site.places}

    def grades(self, submissions: Iterable[Submission]) -> list[Grade]:
        """Every submission graded, ordered by id, name and file."""
        found = _distinguished(list(self._graded(submissions)))
        return sorted(found, key=lambda grade: (_natural(grade.student.id), grade.student.name, grade.shown))

    def unknown(self) -> list[Question]:
        """The questions whose right answer the analysis does not know."""
        nothing = self._marks(Reading())
        return [mark.question for mark in nothing if mark.finding.right is None]

    def leave_out(self, questions: Collection[Question]) -> None:
        """Grades these questions no more."""
        self.questions = tuple(question for question in self.questions if question not in questions)

    # ------------------------------------------------------------------ one submission
    def _graded(self, submissions: Iterable[Submission]) -> Iterator[Grade]:
        for submission in submissions:
            reading, shown, fault = self._best(submission)
            student, differs = identified(submission, reading.student)
            said = [*_about_author(submission, reading), *filter(None, (differs,)), *self._about_homework(reading)]
            notes = [*submission.notes, *reading.notes, *said]
            yield Grade(student, shown, self._marks(reading), fault, tuple(notes))

    def _best(self, submission: Submission) -> tuple[Reading, str, str]:
        """Of a student's files the one that answers most, where it lies, and why none can be read."""
        best: tuple[Reading, str] | None = None
        faults: list[str] = []
        size = 0
        for file in submission.files:
            try:
                content = file.read()
                size += len(content)
                if size > MOST_BYTES:
                    raise Unreadable(f"is left out: this student's files have more than {MOST_BYTES // 1000} kB")
                reading = self.reader.reading(content, file.parts[-1])
            except Unreadable as refused:
                faults.append(f"{file.shown} {refused}")
                continue
            if best is None or reading.answered > best[0].answered:
                best = reading, file.shown
        if best is None:
            return Reading(), submission.files[0].shown, "; ".join(faults[:3])
        reading, shown = best
        if len(submission.files) > 1:
            others = len(submission.files) - 1
            reading.notes.append(f"{others} more file{'s' * (others > 1)}; the one with most answers was graded")
        return reading, shown, "" if reading.answered else "answers nothing that the homework asks"

    # ------------------------------------------------------------------ points
    def _marks(self, reading: Reading) -> tuple[Mark, ...]:
        """A mark for every question.  Where a line stands in the net several times, the worst finding counts."""
        claims = [claim for question in self.sheet.questions for claim in self._claims(question, reading)]
        found: dict[tuple[str, int, str], Finding] = {}
        for finding in self.examiner.findings(claims):
            found[finding.place.kind, finding.place.index, finding.asked] = finding
        marks = []
        for question in self.questions:
            findings = [found[(*place, question.asked)] for place in question.site.places]
            worst = min(findings, key=self._share)
            marks.append(Mark(question, worst, _hundredths(question.points * self._share(worst))))
        return tuple(marks)

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
        approximate = answer.approximate and self.rules.tolerance is None
        return answer._replace(scope=answer.scope or asked.scope, approximate=approximate)

    def _share(self, finding: Finding) -> Fraction:
        """The share of the points that a finding earns."""
        if finding.status == "right":
            return Fraction(1)
        if finding.status == "follows":
            return max(finding.share, self.rules.follow)
        if finding.status == "slip":
            return max(finding.share, self.rules.slip_share)
        return finding.share if finding.status == "wrong" else Fraction(0)

    def _about_homework(self, reading: Reading) -> Iterator[str]:
        ours = self.key.graph.homework
        if ours and reading.homework and reading.homework.casefold() != ours.casefold():
            yield f"it says it is the homework `{reading.homework[:40]}`"


def _hundredths(points: Fraction) -> Fraction:
    """Rounded to a hundredth of a point, half upwards."""
    return Fraction(int(points * 100 + Fraction(1, 2)), 100)


# ---------------------------------------------------------------------- who it is
def _about_author(submission: Submission, reading: Reading) -> Iterator[str]:
    if not submission.known and not reading.student.id and reading.answered:
        yield "no `student` line with an id; the name of the file or folder is used instead"


def _distinguished(grades: list[Grade]) -> list[Grade]:
    """Two submissions with one id are told apart by their files, and both say so: nobody takes another's place."""
    ids = Counter(grade.student.id.casefold() for grade in grades)
    files = Counter(os.path.basename(grade.shown) for grade in grades)
    return [grade if ids[grade.student.id.casefold()] == 1 else _doubtful(grade, files) for grade in grades]


def _doubtful(grade: Grade, files: Counter[str]) -> Grade:
    name = os.path.basename(grade.shown)
    student = grade.student._replace(id=f"{grade.student.id} ({plain(name if files[name] == 1 else grade.shown)})")
    note = f"another submission has the id {grade.student.id} too"
    return replace(grade, student=student, notes=(*grade.notes, note))


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Ids in the order in which people count: 9 before 10."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", text.casefold())
    return tuple((0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part) for part in parts)
