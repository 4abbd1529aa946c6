"""A graded class as data: every student's marks, and what they come to by question and for the class.

What students wrote is in here as they wrote it: each way of showing it makes it harmless.  Points are exact, in
hundredths.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from hashlib import sha256
from math import ceil
from typing import NamedTuple

from cnncalc.homework.findings import Finding
from cnncalc.homework.policy import Policy
from cnncalc.homework.questions import Question
from cnncalc.homework.student_names import Student
from cnncalc.homework.truth import Truth
from cnncalc.quantities import exact

MOST_NAMED = 5
LONGEST_SHOWN = 30
"""Characters of an answer that nobody could read."""


class Mark(NamedTuple):
    """One question of one student: what was found, and the points for it."""

    question: Question
    finding: Finding
    points: Fraction


@dataclass(frozen=True)
class Grade:
    """One student's marks, in the order of the key whose `truth` they were held against.

    `fault` says why a submission could not be read (all marks are then 0), `notes` what else the teacher should know.
    `review` is what the student is called where nobody is to know who it is.
    """

    student: Student
    shown: str
    marks: tuple[Mark, ...]
    truth: Truth = field(repr=False, compare=False)
    fault: str = ""
    notes: tuple[str, ...] = ()
    review: str = ""

    @property
    def points(self) -> Fraction:
        return sum((mark.points for mark in self.marks), Fraction(0))

    @property
    def most(self) -> Fraction:
        return sum((mark.question.points for mark in self.marks), Fraction(0))

    @property
    def share(self) -> Fraction:
        """The part of all points; none where there are none to be had."""
        return self.points / self.most if self.most else Fraction(0)

    @property
    def counts(self) -> Counter[str]:
        """How many answers there are of each status; all together as many as were asked."""
        return Counter(mark.finding.status for mark in self.marks)


class Gradebook(NamedTuple):
    """A class: the homework's name, the key's file, what the teacher gives for what, and the students in order."""

    homework: str
    key: str
    policy: Policy
    grades: tuple[Grade, ...]

    @property
    def title(self) -> str:
        return self.homework or self.key

    @property
    def most(self) -> Fraction:
        """The points that can be had; of several keys the most."""
        return max((grade.most for grade in self.grades), default=Fraction(0))

    @property
    def mean(self) -> Fraction:
        """The mean of all points."""
        return sum((grade.points for grade in self.grades), Fraction(0)) / max(1, len(self.grades))

    @property
    def median(self) -> Fraction:
        """The points that half of the class has at least and half at most; between two, their mean."""
        points = sorted(grade.points for grade in self.grades) or [Fraction(0)]
        return (points[(len(points) - 1) // 2] + points[len(points) // 2]) / 2

    def anonymous(self) -> Gradebook:
        """The class without anything that says who is who: not by name, file or place in the list."""
        grades = (_unnamed(grade) for grade in sorted(self.grades, key=lambda grade: grade.review))
        return self._replace(grades=tuple(grades))


def with_reviews(grades: Sequence[Grade]) -> tuple[Grade, ...]:
    """The grades with ids for reviewers: the same for the same class, in an order that says nothing of the students."""
    shuffled = sorted(grades, key=lambda grade: sha256(f"{grade.student.id} {grade.shown}".encode()).digest())
    width = len(str(len(grades)))
    names = {id(grade): f"review-{n:0{width}}" for n, grade in enumerate(shuffled, 1)}
    return tuple(replace(grade, review=names[id(grade)]) for grade in grades)


def _unnamed(grade: Grade) -> Grade:
    fault = "it could not be read" if grade.fault else ""
    return replace(grade, student=Student(grade.review), shown="", fault=fault, notes=about_unreadable(grade.marks))


def about_unreadable(marks: Sequence[Mark]) -> tuple[str, ...]:
    """The note that some answers could not be read, with what was written."""
    unread = [mark for mark in marks if mark.finding.status == "unreadable"]
    if not unread:
        return ()
    written = [f"{one.question.name} {one.question.asked} `{one.finding.given[:LONGEST_SHOWN]}`" for one in unread]
    return (f"{len(unread)} answer{'s' * (len(unread) > 1)} could not be read: {named(written)}",)


def named(names: Sequence[str]) -> str:
    """The first of several, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


class Tally(NamedTuple):
    """One question over the class: the counts by status, the slips by number, and the points of all together."""

    question: Question
    counts: Counter[str]
    slips: tuple[tuple[str, int], ...]
    points: Fraction


def tallies(book: Gradebook) -> list[Tally]:
    """What became of every question, in the order of the key; the most frequent slip first, equals by name."""
    found: dict[tuple[str, str], list[Mark]] = {}
    for grade in book.grades:
        for mark in grade.marks:
            found.setdefault((mark.question.name, mark.question.asked), []).append(mark)
    return [_tally(marks) for marks in found.values()]


def _tally(marks: list[Mark]) -> Tally:
    slips = Counter(" or ".join(mark.finding.slips) for mark in marks if mark.finding.status == "slip")
    points = sum((mark.points for mark in marks), Fraction(0))
    return Tally(marks[0].question, Counter(mark.finding.status for mark in marks), _ordered(slips), points)


HISTOGRAM_BINS = 10


def histogram(book: Gradebook) -> tuple[int, ...]:
    """How many students have up to a tenth of their points, up to two tenths, ...; the first holds 0 too."""
    found = [0] * HISTOGRAM_BINS
    for grade in book.grades:
        found[max(0, ceil(grade.share * HISTOGRAM_BINS) - 1)] += 1
    return tuple(found)


def all_slips(found: Iterable[Tally]) -> tuple[tuple[str, int], ...]:
    """The slips of all questions together, the most frequent first."""
    together: Counter[str] = Counter()
    for tally in found:
        together.update(dict(tally.slips))
    return _ordered(together)


def _ordered(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def points_text(points: Fraction) -> str:
    """At most two decimals: `10.67`, `2`.

    >>> points_text(Fraction(1067, 100)), points_text(Fraction(2)), points_text(Fraction(1, 3))
    ('10.67', '2', '0.33')
    """
    return exact(Fraction(round(points * 100), 100))
