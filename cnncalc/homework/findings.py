"""What was found about every answer somebody gave: right, following from an earlier mistake, a known slip, or wrong.

The records alone: claims are judged in `cnncalc.homework.examining`.  They are a net's own answers (`own_claims`), or
those of a table or a submission, matched to its places by whoever read them.  Nothing here prints, and what a finding
says of the right value stays in `right`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from cnncalc.analysis import Analysis
from cnncalc.asked import named_in, quantity_of
from cnncalc.asked.comparing import Verdict
from cnncalc.asked.quantity import Right
from cnncalc.graph.ir import Graph
from cnncalc.homework.truth import PlaceKind
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.homework.slips.explanation import Explanation
    from cnncalc.homework.what_if import Asked

Status = Literal["right", "follows", "slip", "wrong", "unreadable", "none", "unknown"]


class Place(NamedTuple):
    """A line, a block call, the total or a numbered question of a key.

    `index` is the row's, group's or question's, 0 for the total; `label` its label, name or number; `line` that of the
    key's text, 0 where it has none; `text` what the line says.
    """

    kind: PlaceKind
    index: int  # type: ignore[assignment]  # hides tuple.index, for which nobody asks
    label: str
    line: int
    text: str


class Claim(NamedTuple):
    """One answer somebody gave about one place of the key.

    `index` is the row's, group's or question's; 0 for the total.  `answer.given` is None for `?`.  `fault` says why
    an answer could not be read; `answer.text` is then what was written.
    """

    kind: PlaceKind
    index: int  # type: ignore[assignment]  # hides tuple.index, for which nobody asks
    answer: Answer
    fault: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found about one claim.

    `verdict` is what comparing alone says, `right` the right value (None: not known), for whoever may see it.  `why`
    are the explanations of a wrong answer, the best first; several only where nothing decides between them.
    `follows` is the place of the mistake that this answer was worked out from, where that was charged already.
    `fault` says why an answer could not be read.  `share` is the part of the answer that is right, by its components
    (two sizes of three), be it charged or not.  `worked_with` is the layer and the shapes from which an answer that
    follows was rightly worked out, its author's own.
    """

    place: Place
    answer: Answer
    verdict: Verdict
    right: Right = None
    why: tuple[Explanation, ...] = ()
    follows: Place | None = None
    fault: str = ""
    share: Fraction = Fraction(0)
    worked_with: Asked | None = None

    @property
    def status(self) -> Status:
        """What became of the answer, in one word; `none`: nothing was answered, `unknown`: nobody can judge it."""
        if self.fault:
            return "unreadable"
        if self.verdict.ok is None:
            is_open = self.answer.given is None or bool(self.verdict.wrong)
            return "none" if is_open and self.right is not None else "unknown"
        if self.verdict.ok:
            return "right"
        if self.follows is not None:
            return "follows"
        return "slip" if self.why else "wrong"

    @property
    def asked(self) -> str:
        """The name of what was asked: params, shape."""
        return self.answer.asked

    @property
    def given(self) -> str:
        """The answer as it was written, without the name of what was asked; empty when nothing was answered."""
        return as_written(self.answer) if self.fault or self.answer.given is not None else ""

    @property
    def slips(self) -> tuple[str, ...]:
        """The names of the slips that give exactly this answer; two that were made together are joined by `+`."""
        return tuple(explanation.name for explanation in self.why)


def own_claims(analysis: Analysis) -> tuple[Claim, ...]:
    """The `=>` and `answer` lines of the analysed text itself."""
    return tuple(_own_claims(analysis.graph))


def _own_claims(graph: Graph) -> Iterator[Claim]:
    """In the order rows, block calls, total, questions."""
    yield from (Claim("row", row.index, answer) for row in graph.rows for answer in row.answers)
    yield from (Claim("group", group.index, answer) for group in graph.groups for answer in group.answers)
    yield from (Claim("total", 0, answer) for answer in graph.totals)
    yield from (Claim("question", index, one.answer) for index, one in enumerate(graph.questions))


def as_written(answer: Answer) -> str:
    """The words of an answer behind the name of what was asked: `2.570` of `params = 2.570`, `138M all`.

    An answer that came without words, as from JSON, is put into ours.
    """
    text = " ".join(answer.text.split())
    for named in (_NAMED_CELL.match(text), _NAMED.match(text)):
        if named is not None and named_in(named["name"].replace(" ", "")) is quantity_of(answer):
            text = text[named.end() :]
            break
    if answer.given is not None and not text:
        return quantity_of(answer).stated(answer)
    scope = answer.scope if answer.scope and answer.scope not in text.split() else None
    return f"{text} {scope}" if scope else text


_NAMED = re.compile(r"(?:[\w-]+\.)?(?P<name>[A-Za-z_][\w-]*) ?[:=]? ?")
_NAMED_CELL = re.compile(r"(?:[\w-]+\.)?(?P<name>[A-Za-z_]\w* ?\[[\w ,.-]{1,90}\]) ?[:=]? ?")


def place_of(graph: Graph, kind: PlaceKind, index: int) -> Place:
    """A place with its label or name, its line and its text."""
    if kind == "row":
        row = graph.rows[index]
        return Place(kind, index, row.label or graph.nodes[row.first].name, row.origin.span.line, row.text)
    if kind == "group":
        group = graph.groups[index]
        return Place(kind, index, group.label or group.word, group.origin.span.line, group.text)
    if kind == "total":
        return Place(kind, index, "total", graph.totals_origin.span.line if graph.totals_origin else 0, "total")
    question = graph.questions[index]
    text = question.text or f"{question.label}.{question.answer.asked}"
    return Place(kind, index, question.number, question.origin.span.line, text)
