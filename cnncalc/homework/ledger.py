"""The ledger of one person's mistakes: each is charged once, wherever it shows.

A line's wrong answers are explained together: the slip that gives most of them is charged where it first shows, and
the others follow.  What was charged is kept with the place where it was made, so that what it gives further down, or
in the total, follows too; the same slip on an independent line is another mistake, unless it was made everywhere.
What a slip gives is asked of `Beliefs`; nothing is compared here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.homework.error_propagation import Beliefs, Place
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


Mistake = tuple[tuple[str, ...], Place | None, str]
"""Slips, the line on which they were made (None: on all), and what the answer itself says of them."""


class Ledger:
    """The mistakes of one person that were charged, each with the place at which it is."""

    def __init__(self, truth: Truth, beliefs: Beliefs, doubtful: Explain) -> None:
        self.truth = truth
        self.beliefs = beliefs
        self._doubtful = doubtful
        self._charged: dict[Mistake, Place] = {}

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
        left = {n: self.beliefs.explanations(*place, answer) for n, answer in answers.items()}
        left |= dict(self._confirmed(place, answers, left))
        while left:
            for n in [n for n in left if self.beliefs.may_follow(place, answers[n])]:
                known = [self._charged[mistake] for mistake in map(self._mistake, left[n]) if mistake in self._charged]
                if known:
                    yield n, Charge(known[0])
                    del left[n]
            if left:
                n, reasons = self._first(left)
                for one in reasons:
                    self._charged.setdefault(self._mistake(one), place)
                yield n, Charge(None, reasons)
                del left[n]

    def _confirmed(
        self, place: Place, answers: dict[int, Answer], found: dict[int, tuple[Explanation, ...]]
    ) -> Iterator[tuple[int, tuple[Explanation, ...]]]:
        """What chance alone may give, where another answer on the line is given by it too."""
        arriving = self.beliefs.arriving(*place)
        unexplained = [n for n in answers if not found[n] and not self.beliefs.is_filled_in(answers[n])]
        unexplained = unexplained if len(answers) > 1 else []
        doubtful = {n: self._doubtful(*place, answers[n], arriving) for n in unexplained}
        for n, reasons in doubtful.items():
            others = (one for m, given in (*found.items(), *doubtful.items()) if m != n for one in given)
            known = set(map(self._mistake, others))
            yield n, likeliest((one for one in reasons if self._mistake(one) in known), SLIP_NAMED)

    def _first(self, left: dict[int, tuple[Explanation, ...]]) -> tuple[int, tuple[Explanation, ...]]:
        """The answer to be charged next, and why: of the slips that give most answers the likeliest."""
        covers: dict[Mistake, int] = {}
        for reasons in left.values():
            for mistake in {self._mistake(one) for one in reasons}:
                covers[mistake] = covers.get(mistake, 0) + 1
        most = max(covers.values(), default=0)
        for n, reasons in left.items():
            best = tuple(one for one in reasons if covers[self._mistake(one)] == most)
            if most < 2 or best:
                return n, best if most > 1 else reasons
        raise AssertionError("some answer has the slip that gives most")

    def _mistake(self, explanation: Explanation) -> Mistake:
        place = None if explanation.node is None else self.line_of(explanation.node)
        return explanation.slips, place, explanation.argument

    def line_of(self, node: int) -> Place | None:
        """The line to which a node belongs."""
        row = bisect_left(self.truth.graph.rows, node, key=lambda row: row.last)
        return ("row", row) if row < len(self.truth.graph.rows) else None
