"""Every answer of a model judged: on rows, on block calls, about the total and in numbered questions.

Each judgement carries what was asked, what was written, the right value, and whether they agree; `ok` is None for an
open `?` and for what cannot be judged, with the reason.  Which slip a wrong answer comes from is the business of
`cnncalc.homework.findings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.analysis import Analysis
from cnncalc.graph.ir import Graph
from cnncalc.homework.truth import PlaceKind, Truth
from cnncalc.matrices import Matrix
from cnncalc.quantities import exact
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.homework.truth import Right


class Judged(NamedTuple):
    """One answer.  `place` is the index of the row, group or question; 0 for the total.

    `wrong` names the wrong parts of a wrong answer (height, channels, row 2 column 1); `right` is the right value,
    None where it is not known.
    """

    kind: PlaceKind
    place: int
    asked: str
    given: str
    ok: bool | None
    answer: Answer
    remark: str = ""
    wrong: tuple[str, ...] = ()
    right: Right = None


def judge(analysis: Analysis, complete: bool = True) -> tuple[Judged, ...]:
    """All answers, in the order rows, groups, total, questions.

    `complete` is False for a net that stops at a fault: nothing can then be said about its total.
    """
    truth = Truth(analysis, complete=complete)
    return tuple(_judged(truth, *place) for place in answers_of(analysis.graph))


def answers_of(graph: Graph) -> Iterator[tuple[PlaceKind, int, Answer]]:
    """Every answer written in a text with its place: rows, groups, total, questions."""
    for row in graph.rows:
        for answer in row.answers:
            yield "row", row.index, answer
    for group in graph.groups:
        for answer in group.answers:
            yield "group", group.index, answer
    for answer in graph.totals:
        yield "total", 0, answer
    for index, question in enumerate(graph.questions):
        yield "question", index, question.answer


def _judged(truth: Truth, kind: PlaceKind, index: int, answer: Answer) -> Judged:
    verdict, right = truth.verdict(answer, truth.subject(kind, index))
    given = given_text(answer)
    return Judged(kind, index, answer.asked, given, verdict.ok, answer, verdict.remark, verdict.wrong, right)


def given_text(answer: Answer) -> str:
    """What was written, in one spelling: `28x28x6`, `1234`, `~138000000`, `[1 2; 3 4]`, `?`."""
    given = answer.given
    if given is None:
        return "?"
    if isinstance(given, Matrix):
        return " ".join(_matrix_text(plane) for plane in given.planes)
    between = "," if answer.asked == "padding" else "x"
    text = exact(given) if isinstance(given, Fraction) else between.join(map(str, given))
    return f"{'~' if answer.approximate else ''}{text}{f' {answer.scope}' if answer.scope else ''}"


def _matrix_text(plane: Sequence[Sequence[Fraction]]) -> str:
    return f"[{'; '.join(' '.join(exact(value) for value in row) for row in plane)}]"
