"""Claims judged against a key, which is any analysed net: a finding for every one of them.

An `Examiner` keeps what it learned of a key for a whole class.  Why an answer is wrong is known to
`cnncalc.homework.charging`, which is imported only where that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from cnncalc.analysis import Analysis
from cnncalc.asked.comparing import Verdict
from cnncalc.homework.findings import Claim, Finding, place_of
from cnncalc.homework.truth import Truth

if TYPE_CHECKING:
    from cnncalc.homework.charging import Charging
    from cnncalc.homework.slips import SlipBook


def findings(
    key: Analysis,
    claims: Iterable[Claim],
    *,
    complete: bool = True,
    tolerance: Fraction | None = None,
    explain: bool = True,
) -> tuple[Finding, ...]:
    """A finding for every claim, in their order.

    `complete` is False for a key that stops at a fault; `tolerance` is how far off a number may be, relative to the
    right one; without `explain` a wrong answer is only wrong, and nothing that explains it is imported.
    """
    return Examiner(key, complete=complete, tolerance=tolerance).findings(claims, explain=explain)


class Examiner:
    """One key, asked about many people's claims: what a slip gives on a line is worked out once."""

    def __init__(
        self, key: Analysis, *, complete: bool = True, tolerance: Fraction | None = None, rounds: bool | None = None
    ) -> None:
        self.key = key
        self.truth = Truth(key, complete=complete, tolerance=tolerance, rounds=rounds)

    @cached_property
    def _charging(self) -> Charging:
        from cnncalc.homework.charging import Charging  # noqa: PLC0415 - a table of a network explains no answer

        return Charging(self.truth)

    @property
    def book(self) -> SlipBook:
        """The slips of the key."""
        return self._charging.book

    def findings(self, claims: Iterable[Claim], *, explain: bool = True) -> tuple[Finding, ...]:
        """A finding for every claim of one person, in their order."""
        judged = tuple(map(self._judged, claims))
        return self._charging.decided(judged) if explain else judged

    def _judged(self, claim: Claim) -> Finding:
        place = place_of(self.key.graph, claim.kind, claim.index)
        verdict, right = self.truth.verdict(claim.answer, self.truth.subject(claim.kind, claim.index))
        if claim.fault:
            return Finding(place, claim.answer, Verdict(None), right, fault=claim.fault)
        return Finding(place, claim.answer, verdict, right, share=Fraction(verdict.ok is True))
