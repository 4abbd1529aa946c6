"""What was found about every answer somebody gave: right, following from an earlier slip, a known slip, or wrong.

`findings` judges claims against a key, which is any analysed net: its own answers (`own_claims`), or those of a
table or a submission, matched to its places by whoever read them.  An `Examiner` keeps what it learned of a key for a
whole class.  Nothing here prints, and what a finding says of the right value stays in `right`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from cnncalc.analysis import Analysis
from cnncalc.asked.comparing import Verdict
from cnncalc.geometry import Shape
from cnncalc.graph.ir import Graph
from cnncalc.homework.error_propagation import Beliefs
from cnncalc.homework.judging import answers_of, given_text
from cnncalc.homework.slips import SlipBook
from cnncalc.homework.truth import PlaceKind, Truth
from cnncalc.homework.what_if import Memory
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.homework.truth import Right

FindingVerdict = Literal["right", "follows", "slip", "wrong", "open", "unreadable"]


@dataclass(frozen=True)
class Claim:
    """One answer somebody gave about one place of the key.

    `index` is the row's, group's or question's; 0 for the total.  `answer.given` is None for `?`.  `fault` says why
    an answer could not be read; `text` is then what was written.
    """

    kind: PlaceKind
    index: int
    answer: Answer
    fault: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found about one claim.

    `label`, `line` and `text` name the place: label or name, line of the key, the line's text.  `asked` and `given`
    are as written, `given` empty when nothing was answered.  `right` is the right value, for whoever may see it.
    `slips` name every slip that gives exactly this answer: one, or several of which one it was; two that were made
    together are joined by `+`.  `share` is the part of the answer that is right by components (two sizes of three);
    1 where the whole is right or follows.  `wrong` names the axes or cells that are wrong.  `follows` names the
    earlier place whose wrong answer this one is worked out from.
    """

    kind: PlaceKind
    index: int
    label: str
    line: int
    text: str
    asked: str
    given: str
    verdict: FindingVerdict
    right: Right = None
    slips: tuple[str, ...] = ()
    share: Fraction = Fraction(0)
    wrong: tuple[str, ...] = ()
    remark: str = ""
    follows: str = ""


def own_claims(analysis: Analysis) -> tuple[Claim, ...]:
    """The `=>` and `answer` lines of the analysed text itself."""
    return tuple(Claim(*place) for place in answers_of(analysis.graph))


def findings(
    key: Analysis, claims: Iterable[Claim], *, complete: bool = True, tolerance: Fraction | None = None
) -> tuple[Finding, ...]:
    """A finding for every claim, in their order.

    `complete` is False for a key that stops at a fault; `tolerance` is how far off a number may be, relative to the
    right one.
    """
    return Examiner(key, complete=complete, tolerance=tolerance).findings(claims)


class Examiner:
    """One key, asked about many people's claims: what a slip gives on a line is worked out once."""

    def __init__(self, key: Analysis, *, complete: bool = True, tolerance: Fraction | None = None) -> None:
        self.key = key
        self.truth = Truth(key, complete=complete, tolerance=tolerance)
        self.memory = Memory()
        self.book = SlipBook(self.truth, self.memory)

    def findings(self, claims: Iterable[Claim]) -> tuple[Finding, ...]:
        """A finding for every claim of one person, in their order."""
        claimed = tuple(claims)
        beliefs = Beliefs(self.truth, self.memory, [(one.kind, one.index, one.answer) for one in claimed])
        return tuple(self._finding(claim, beliefs) for claim in claimed)

    def _finding(self, claim: Claim, beliefs: Beliefs) -> Finding:
        subject = self.truth.subject(claim.kind, claim.index)
        verdict, right = self.truth.verdict(claim.answer, subject)
        place = place_of(self.key.graph, claim.kind, claim.index)
        found = Finding(claim.kind, claim.index, *place, claim.answer.asked, _given(claim), "open", right)
        if claim.fault:
            return replace(found, verdict="unreadable", remark=claim.fault)
        if claim.answer.given is None or verdict.ok is None:
            return replace(found, remark=verdict.remark)
        if verdict.ok:
            return replace(found, verdict="right", share=Fraction(1), remark=verdict.remark)
        return self._wrong(replace(found, wrong=verdict.wrong), claim, beliefs, verdict)

    def _wrong(self, found: Finding, claim: Claim, beliefs: Beliefs, verdict: Verdict) -> Finding:
        """Why an answer is wrong: it follows from an earlier one, it is a known slip, or nobody knows."""
        source = beliefs.source(claim.kind, claim.index, claim.answer)
        if source is not None:
            label = place_of(self.key.graph, *source)[0]
            return replace(found, verdict="follows", share=Fraction(1), follows=label)
        share = right_share(claim.answer, found.right, verdict.wrong)
        told = beliefs.subject(claim.kind, claim.index)
        if told is not None:
            follows, other = self.truth.verdict(claim.answer, told)
            share = max(share, right_share(claim.answer, other, follows.wrong))
        arriving = beliefs.arriving(claim.kind, claim.index)
        why = self.book.explanations(claim.kind, claim.index, claim.answer, arriving)
        subject = self.truth.subject(claim.kind, claim.index)
        node = why[0].node if why else None
        above = None if node is None or node == (subject and subject.node) else self.truth.place_at(node)
        remark = ""
        if above is not None and above != self.truth.place_of(claim.kind, claim.index):
            remark = f"on the line {place_of(self.key.graph, *above)[0]}"
        names = tuple(one.name for one in why)
        return replace(found, verdict="slip" if why else "wrong", slips=names, share=share, remark=remark)


def right_share(answer: Answer, right: Right, wrong: Sequence[str]) -> Fraction:
    """How much of a wrong answer is right, by its components: sizes of a shape, sides of a field, cells of a matrix."""
    if not wrong or wrong[0].startswith("number of"):
        return Fraction(0)
    if isinstance(answer.given, Matrix):
        count = sum(1 for _ in answer.given.values())
    elif isinstance(right, Shape):
        count = right.rank + 1
    else:
        count = len(right) if isinstance(right, tuple) else 1
    return Fraction(max(0, count - len(wrong)), count)


def place_of(graph: Graph, kind: PlaceKind, index: int) -> tuple[str, int, str]:
    """A place's label or name, its line and its text."""
    if kind == "row":
        row = graph.rows[index]
        return row.label or graph.nodes[row.first].name, row.origin.span.line, row.text
    if kind == "group":
        group = graph.groups[index]
        return group.label or group.word, group.origin.span.line, group.text
    if kind == "total":
        return "total", graph.totals_origin.span.line if graph.totals_origin else 0, "total"
    question = graph.questions[index]
    return question.number, question.origin.span.line, question.text or f"{question.label}.{question.answer.asked}"


def _given(claim: Claim) -> str:
    if claim.fault:
        return claim.answer.text
    return "" if claim.answer.given is None else given_text(claim.answer)


def asked_of(graph: Graph, kind: PlaceKind, index: int) -> Sequence[Answer]:
    """The answers that the key's own text has at a place: what it asks there."""
    if kind == "row":
        return graph.rows[index].answers
    if kind == "group":
        return graph.groups[index].answers
    return graph.totals if kind == "total" else (graph.questions[index].answer,)
