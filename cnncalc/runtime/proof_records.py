"""What was measured of a net that was written in another notation: each claim, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

CLOSE = 1e-4
"""The largest difference over the largest value: float32 sums of a deep net, each program in its own order."""


class Claim(NamedTuple):
    """One thing that was looked at: `found` says what, `holds` whether it is as it should be; None: it was not done."""

    name: str
    found: str
    holds: bool | None = True


@dataclass(frozen=True)
class Proof:
    """All claims about one conversion.

    `difference` is that between the outputs of both nets, over the largest value; None where they were not run.
    """

    notation: str
    claims: tuple[Claim, ...]
    operations: int = 0
    arrays: int = 0
    difference: float | None = None
    run_by: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing that was looked at is otherwise."""
        return all(claim.holds is not False for claim in self.claims)
