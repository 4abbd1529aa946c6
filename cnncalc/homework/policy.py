"""The teacher's policy: what an answer earns, and how much may be said about it and to whom.

`Policy` gives points for a finding.  `Telling` makes the words about one, each empty unless its level allows it; they
are made when they are printed and kept nowhere.  Whoever prints answers prints what is in `Told`, and nothing else of
what is right or why.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cnncalc.asked import quantity_of
from cnncalc.asked.comparing import ONCE_ROUNDED
from cnncalc.homework.cell_steps import cell_steps
from cnncalc.homework.findings import Finding, Status, place_of
from cnncalc.homework.formula_steps import formulas, own_formulas, steps
from cnncalc.homework.questions import Question
from cnncalc.homework.slips import as_if, hint
from cnncalc.homework.truth import Truth
from cnncalc.quantities import exact, percent

HIGHEST_LEVEL = 3
MOST_PARTS = 8
"""How many wrong cells are named one by one."""

_WRONG = ("follows", "slip", "wrong")


# ---------------------------------------------------------------------- points
class Policy(NamedTuple):
    """What the teacher gives: for what follows from an earlier mistake, and for a slip that has a name.

    Both are shares of a question's points; no answer earns less than its own right parts.  `tolerance` is how far off
    a number may be; where it is given, a `~` in a submission means nothing.  `rounds`: a number that is rounded at its
    own last digit is right; None: as the key's text says.
    """

    follow: Fraction = Fraction(1)
    slip_share: Fraction = Fraction(0)
    tolerance: Fraction | None = None
    rounds: bool | None = None

    def points(self, question: Question, finding: Finding) -> Fraction:
        """The points for one answer, to a hundredth, half upwards: what is printed adds up to what is printed."""
        earned = question.points * self.share(finding)
        return Fraction(int(earned * 100 + Fraction(1, 2)), 100)

    def share(self, finding: Finding) -> Fraction:
        """The share of the points that a finding earns."""
        if finding.status == "right":
            return Fraction(1)
        if finding.status == "follows":
            return max(finding.share, self.follow)
        if finding.status == "slip":
            return max(finding.share, self.slip_share)
        return finding.share if finding.status == "wrong" else Fraction(0)

    def in_words(self) -> tuple[str, ...]:
        """What the points were given for."""
        said = [
            f"an answer that follows from an earlier mistake gets {_share(self.follow)} of its points",
            f"a known slip gets {_share(self.slip_share)}, or the share of its parts that are right if that is more",
        ]
        if self.tolerance is not None:
            said.append(f"a number may be {percent(self.tolerance)} off")
        if self.rounds:
            said.append("a number may be rounded at its own last digit")
        return tuple(said)


USUAL = Policy()


def _share(share: Fraction) -> str:
    return "all" if share == 1 else "none" if share == 0 else exact(share)


# ---------------------------------------------------------------------- words
class Told(NamedTuple):
    """What may be said about one answer.

    `parts` are the axes or cells that are wrong, `slips` the names of the slips that it looks like, `follows` the
    label of the place where the mistake was charged already.  `sentences` say all that to its author, `steps` are
    formulas, `solution` is the right value.
    """

    status: Status
    parts: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()
    follows: str = ""
    sentences: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    solution: str = ""

    @property
    def mistake(self) -> str:
        """What was wrong, in as few words as a column has room for: the slip's name, or which parts."""
        if self.status == "slip":
            return self.slips[0] if len(self.slips) == 1 else f"one of {', '.join(self.slips)}"
        if self.status == "none":
            return "no answer"
        if self.status == "wrong":
            rounded = ONCE_ROUNDED if ONCE_ROUNDED in self.sentences else ""
            return ", ".join(self.parts) or rounded or "not a known slip"
        if self.status == "follows":
            return ""
        said = "; ".join(self.sentences)
        return f"not readable: {said}" if self.status == "unreadable" else said


class Telling(NamedTuple):
    """How much is told: 0 right or wrong, 1 which axis, cell or quantity, 2 what kind of slip, 3 the formula.

    `steps` puts the numbers into the formulas, `solve` gives the right value; `plain_digits`: as a machine reads it.
    `at` is which number of a matrix the steps work out, the first wrong one where none is said.
    """

    level: int = 1
    steps: bool = False
    solve: bool = False
    plain_digits: bool = False
    at: str | None = None

    @property
    def highest(self) -> int:
        """The level of the words: the steps of a solution leave nothing to hide."""
        return HIGHEST_LEVEL if self.steps else self.level

    def told(self, finding: Finding, truth: Truth) -> Told:
        """The words about one finding of a key."""
        level, status = self.highest, self.status(finding)
        if finding.status not in _WRONG:
            said = (finding.fault or finding.verdict.remark, _other_reading(finding))
            return Told(
                status,
                sentences=tuple(filter(None, said)),
                steps=self._steps(finding, truth) if status in ("none", "unknown") else (),
                solution=self._solution(finding, truth),
            )
        return Told(
            status,
            finding.verdict.wrong if level >= 1 else (),
            finding.slips if level >= 2 else (),
            finding.follows.label if level >= 1 and finding.follows else "",
            tuple(filter(None, (_rounded(finding), _other_reading(finding), *_sentences(finding, level, truth)))),
            self._steps(finding, truth),
            self._solution(finding, truth),
        )

    def status(self, finding: Finding) -> Status:
        """The status as far as the level goes: that an answer is a slip or follows from another is a hint already."""
        level = self.highest
        hidden = (finding.status == "slip" and level < 2) or (finding.status == "follows" and level < 1)
        return "wrong" if hidden else finding.status

    def _steps(self, finding: Finding, truth: Truth) -> tuple[str, ...]:
        if self.highest < HIGHEST_LEVEL:
            return ()
        told = tuple(steps(formulas(finding, truth), numbers=self.steps))
        if not self.steps:
            return told
        own = (f"with your numbers: {step}" for step in steps(own_formulas(finding), numbers=True))
        return (*told, *own, *cell_steps(finding, truth, self.at))

    def _solution(self, finding: Finding, truth: Truth) -> str:
        if not (self.solve or self.steps):
            return ""
        if self.plain_digits and isinstance(finding.right, int):
            return str(finding.right)
        return quantity_of(finding.answer).shown(finding.right, truth.graph.order)


TO_STUDENTS = Telling(2)
"""What a file for students says about a wrong answer: its kind, never the right value."""

TO_TEACHERS = Telling(2, solve=True, plain_digits=True)
ON_SHEETS = Telling(HIGHEST_LEVEL, steps=True, solve=True, plain_digits=True)
"""What a sheet says to a teacher who explains a mistake: the formulas with their numbers, too."""


def _sentences(finding: Finding, level: int, truth: Truth) -> Iterator[str]:
    """What is said of a wrong answer, up to a level."""
    if level < 1:
        return
    if finding.follows is None:
        yield _where(finding)
    elif finding.follows.label == finding.place.label:
        yield "follows from another answer on this line: fix that one first"
    else:
        yield f"follows from your answer at {finding.follows.label}: fix that one first"
    if level >= 2 and finding.why:
        line = _elsewhere(finding, truth)
        yield f"looks {as_if(map(hint, finding.slips))}{f' (on the line {line})' if line else ''}"


def _rounded(finding: Finding) -> str:
    """That only the rounding of a number is wrong."""
    return ONCE_ROUNDED if finding.verdict.is_rounded else ""


def _other_reading(finding: Finding) -> str:
    """That a number could be read in two ways: `3.216` is three thousand and something to many."""
    answer = finding.answer
    if not answer.doubt or answer.given is None:
        return ""
    read = quantity_of(answer).spelled(answer.given)
    return f"read as {read}, not as {answer.doubt}" if finding.status == "right" else f"read as {read}; {answer.doubt}?"


def _where(finding: Finding) -> str:
    """The wrong axes or cells; a number that is wrong has no parts."""
    wrong = finding.verdict.wrong
    if not wrong:
        return ""
    named = quantity_of(finding.answer).between_parts.join(wrong[:MOST_PARTS])
    more = len(wrong) - MOST_PARTS
    return f"wrong: {named}{f' and {more:,} more' if more > 0 else ''}"


def _elsewhere(finding: Finding, truth: Truth) -> str:
    """The line above on which the slip was made; empty where it was made on the line itself, or on no one line."""
    place = finding.place.kind, finding.place.index
    node, subject = finding.why[0].node, truth.subject(*place)
    above = None if node is None or node == (subject and subject.node) else truth.place_at(node)
    return "" if above is None or above == truth.place_of(*place) else place_of(truth.graph, *above).label
