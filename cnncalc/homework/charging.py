"""For each wrong answer of one person: charged here, or following from a mistake that was charged already.

Answers come judged; what is added is why a wrong one came to be, and how much of it is right.  Nothing here compares
an answer with the truth anew but as its author's own earlier answers make it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from cnncalc.asked import quantity_of
from cnncalc.asked.comparing import OTHER_FORM
from cnncalc.asked.quantity import Right
from cnncalc.homework.error_propagation import Beliefs
from cnncalc.homework.findings import Finding, place_of
from cnncalc.homework.ledger import Charge, Ledger
from cnncalc.homework.slips import SlipBook
from cnncalc.homework.truth import Truth
from cnncalc.homework.what_if import Memory
from cnncalc.matrices import Matrix
from cnncalc.spec.document import Answer


class Charging:
    """The slips and consequences of one key, worked out once for a class."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.memory = Memory()
        self.book = SlipBook(truth, self.memory)

    def decided(self, judged: Sequence[Finding]) -> tuple[Finding, ...]:
        """All findings about one person's answers, with what is to be said about the wrong ones."""
        claims = [(one.place.kind, one.place.index, one.answer) for one in judged if not one.fault]
        beliefs = Beliefs(self.truth, self.memory, self.book.explanations, claims)
        wrong = {n: one for n, one in enumerate(judged) if one.status == "wrong" and not one.verdict.is_rounded}
        placed = [((one.place.kind, one.place.index), one.answer) for one in wrong.values()]
        charges = dict(
            zip(
                wrong,
                Ledger(self.truth, beliefs, partial(self.book.explanations, doubtful=True)).charges(placed),
                strict=True,
            )
        )
        return tuple(self._decided(one, beliefs, charges.get(n)) for n, one in enumerate(judged))

    def _decided(self, found: Finding, beliefs: Beliefs, charge: Charge | None) -> Finding:
        """Why an answer is wrong: it follows from an earlier one, it is a known slip, or nobody knows."""
        if charge is None:  # a right answer, or one that is only rounded: no mistake is behind it
            return found
        share = right_share(found.answer, found.right, found.verdict.wrong)
        if charge.follows is not None:
            follows_from = place_of(self.truth.graph, *charge.follows)
            own = beliefs.worked_with(found.place.kind, found.place.index)
            return replace(found, share=share, follows=follows_from, worked_with=own)
        told = beliefs.subject(found.place.kind, found.place.index)
        if told is not None:
            follows, other = self.truth.verdict(found.answer, told)
            share = max(share, right_share(found.answer, other, follows.wrong))
        return replace(found, why=charge.why, share=share)


def right_share(answer: Answer, right: Right, wrong: Sequence[str]) -> Fraction:
    """How much of a wrong answer is right, by its components: sizes of a shape, sides of a field, cells of a matrix."""
    if not wrong or wrong[0] in OTHER_FORM:
        return Fraction(0)
    if isinstance(answer.given, Matrix):
        count = sum(1 for _ in answer.given.values())
    else:
        count = len(quantity_of(answer).parts(right))
    return Fraction(max(0, count - len(wrong)), count)
