"""A graded class as data: what every list, file and sheet about it is written from.

Values, verdicts and hints come as finished words, points as exact numbers in hundredths; whoever made the book decided
what may be said.  What students wrote is in here as they wrote it: each way of showing it makes it harmless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.quantities import exact

STATUSES = ("right", "follows", "slip", "wrong", "unreadable", "none")

WORDS = {
    "right": "right",
    "follows": "follows",
    "slip": "known slip",
    "wrong": "wrong",
    "unreadable": "not readable",
    "none": "no answer",
    "unknown": "not known",
}
"""What became of an answer, for readers."""


class Answered(NamedTuple):
    """One question and what one student made of it.

    `right` is the right value and `mistake` what was wrong, both for the teacher; `hints` may be shown to the student.
    `follows` names the earlier question that an answer follows from, `slips` the slips that give exactly this answer.
    """

    question: str
    asked: str
    line: int
    text: str
    given: str
    right: str
    status: str
    follows: str
    slips: tuple[str, ...]
    mistake: str
    hints: tuple[str, ...]
    points: Fraction
    most: Fraction

    @property
    def name(self) -> str:
        """`conv1 params`, and the number alone for a numbered question."""
        return f"{self.question} {self.asked}"


class Graded(NamedTuple):
    """One student.  `fault` says why nothing could be read, `notes` what else the teacher should know."""

    id: str
    name: str
    file: str
    answers: tuple[Answered, ...]
    fault: str = ""
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> Fraction:
        return sum((answer.points for answer in self.answers), Fraction(0))

    @property
    def counts(self) -> Counter[str]:
        """How many answers there are of each status."""
        return Counter(answer.status for answer in self.answers)


class Gradebook(NamedTuple):
    """A class: the homework's name, the key's file, what the teacher gives for what, and the students in order."""

    homework: str
    key: str
    rules: tuple[str, ...]
    most: Fraction
    students: tuple[Graded, ...]

    @property
    def title(self) -> str:
        return self.homework or self.key


class Tally(NamedTuple):
    """One question over the class: its first answer, for name and points, the counts by status, and the slips."""

    asked: Answered
    counts: Counter[str]
    slips: tuple[tuple[str, int], ...]
    points: Fraction


def tallies(book: Gradebook) -> list[Tally]:
    """What became of every question, in the order of the key; the most frequent slip first, equals by name."""
    return [_tally(answers) for answers in zip(*(student.answers for student in book.students), strict=True)]


def _tally(answers: Sequence[Answered]) -> Tally:
    slips = Counter(" or ".join(answer.slips) for answer in answers if answer.slips)
    points = sum((answer.points for answer in answers), Fraction(0))
    return Tally(answers[0], Counter(answer.status for answer in answers), _ordered(slips), points)


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
