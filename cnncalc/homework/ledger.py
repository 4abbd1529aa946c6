"""The ledger of one person's mistakes: each is charged once, wherever it shows.

A line's wrong answers are explained together: the slip that gives most of them is charged where it first shows, and
the others follow.  What was charged is kept with the place where it was made, so that what it gives further down, or
in the total, follows too; the same slip on an independent line is another mistake, unless it was made everywhere.
What a slip gives is asked of `Beliefs` and of `SlipPropagation`; nothing is compared here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.homework.error_propagation import Beliefs, Place
from cnncalc.homework.slip_propagation import SlipPropagation
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.homework.slips.known import SLIP_NAMED
from cnncalc.homework.slips.likelihood import likeliest
from cnncalc.homework.truth import Truth
from cnncalc.spec.document import Answer

if TYPE_CHECKING:
    from cnncalc.homework.error_propagation import Explain


class Charge(NamedTuple):
    """Why an answer is wrong: it follows from the mistake at a place that is charged already, or what explains it."""

    follows: Place | None
    why: tuple[Explanation, ...] = ()


class Mistake(NamedTuple):
    """Slips, the line on which they were made (None: on all), and what the answer itself says of them."""

    slips: tuple[str, ...]
    place: Place | None
    argument: str


class Ledger:
    """The mistakes of one person that were charged, each with the place at which it is."""

    def __init__(self, truth: Truth, beliefs: Beliefs, doubtful: Explain) -> None:
        self.truth = truth
        self.beliefs = beliefs
        self._doubtful = doubtful
        self._charged: dict[Mistake, tuple[Place, Explanation]] = {}
        self._propagation = SlipPropagation(truth, beliefs.memory, beliefs.believed_shapes())

    def charges(self, wrong: Sequence[tuple[Place, Answer]]) -> list[Charge]:
        """What becomes of each wrong answer, in their order; mistakes further up in the net are charged first."""
        found: dict[int, Charge] = {}
        lines: dict[Place, list[int]] = {}
        for n, (given_at, answer) in enumerate(wrong):
            source = self.beliefs.source(*given_at, answer)
            if source is not None:
                found[n] = Charge(source)
            else:
                lines.setdefault(self.truth.place_of(*given_at) or given_at, []).append(n)
        for place in sorted(lines, key=self._depth):
            found.update(self._on_line(place, {n: wrong[n][1] for n in lines[place]}))
        return [found[n] for n in range(len(wrong))]

    def _depth(self, place: Place) -> tuple[bool, int]:
        """How far down in the net a place is; the total comes last."""
        return place[0] == "total", self.truth.nodes_of(*place).stop

    def _on_line(self, place: Place, answers: dict[int, Answer]) -> Iterator[tuple[int, Charge]]:
        """The charges on one line: what is in the ledger follows, else the slip that gives most is charged."""
        left = dict(answers)
        possible = {n: self._possible(place, answer) for n, answer in answers.items()}
        while left:
            for n in [n for n in left if self.beliefs.may_follow(place, answers[n])]:
                source = self._source(place, answers[n], possible[n])
                if source is not None:
                    yield n, Charge(source)
                    del left[n]
            if left:
                n, reasons = self._first(place, left, possible)
                for one in reasons:
                    self._charged.setdefault(self._mistake(one), (place, one))
                yield n, Charge(None, reasons)
                del left[n]

    def _possible(self, place: Place, answer: Answer) -> tuple[Explanation, ...]:
        """All that gives an answer, also what chance alone may give: another answer may confirm it."""
        if self.beliefs.is_filled_in(answer):
            return ()
        return self._doubtful(*place, answer, self.beliefs.arriving(*place))

    def _source(self, place: Place, answer: Answer, possible: tuple[Explanation, ...]) -> Place | None:
        """The place of a charged slip that gives this answer too."""
        for one in possible:
            mistake = self._mistake(one)
            for known in (mistake, mistake._replace(place=None)):  # made everywhere is made here too
                if known in self._charged:
                    return self._charged[known][0]
        if self.beliefs.is_filled_in(answer):
            return None
        return next((at for at, one in self._charged.values() if self._gives(one, place, answer)), None)

    def _gives(self, one: Explanation, place: Place, answer: Answer) -> bool:
        line = None if one.node is None else self.line_of(one.node)
        return line is not None and self._propagation.gives(one, self.truth.nodes_of(*line), place, answer)

    def _first(
        self, place: Place, left: dict[int, Answer], possible: dict[int, tuple[Explanation, ...]]
    ) -> tuple[int, tuple[Explanation, ...]]:
        """The answer to be charged next, and why: of the slips that give most answers the likeliest."""
        if len(left) > 1:
            known = {self._mistake(one): one for n in left for one in possible[n]}
            given = {mistake: self._given(one, place, left, possible) for mistake, one in known.items()}
            most = max(map(len, given.values()), default=0)
            if most > 1:
                n = min(n for found in given.values() if len(found) == most for n in found)
                best = (known[mistake] for mistake, found in given.items() if len(found) == most and n in found)
                return n, likeliest(best, SLIP_NAMED)
        n, answer = next(iter(left.items()))
        return n, self.beliefs.explanations(*place, answer)

    def _given(
        self, one: Explanation, place: Place, left: dict[int, Answer], possible: dict[int, tuple[Explanation, ...]]
    ) -> list[int]:
        """The answers that an explanation gives."""
        mistake = self._mistake(one)
        return [
            n
            for n, answer in left.items()
            if any(self._mistake(other) == mistake for other in possible[n])
            or (not self.beliefs.is_filled_in(answer) and self._gives(one, place, answer))
        ]

    def _mistake(self, explanation: Explanation) -> Mistake:
        place = None if explanation.node is None else self.line_of(explanation.node)
        return Mistake(explanation.slips, place, explanation.argument)

    def line_of(self, node: int) -> Place | None:
        """The line to which a node belongs."""
        row = bisect_left(self.truth.graph.rows, node, key=lambda row: row.last)
        return ("row", row) if row < len(self.truth.graph.rows) else None
