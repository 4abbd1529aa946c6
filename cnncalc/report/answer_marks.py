"""The findings about the answers written in a network, by place, and the mark beside an answered line.

The judging is done elsewhere and handed in; nothing is imported for a network without answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.homework.findings import Finding

Answers = Mapping[tuple[str, int], tuple["Finding", ...]]
"""The findings of each place: of a row, a block call or a question by its index, of the total by 0."""

NO_ANSWERS: Answers = {}


def by_place(findings: Iterable[Finding]) -> Answers:
    """The findings by the place that they are about, in their order."""
    found: dict[tuple[str, int], tuple[Finding, ...]] = {}
    for finding in findings:
        place = finding.place.kind, finding.place.index
        found[place] = (*found.get(place, ()), finding)
    return found


def mark(findings: Sequence[Finding]) -> str:
    """✗ if one answer is wrong, else ? if one is not answered or not judged, else ✓; empty without answers."""
    if not findings:
        return ""
    results = {finding.verdict.ok for finding in findings}
    if False in results:
        return "✗"
    return "?" if None in results else "✓"
