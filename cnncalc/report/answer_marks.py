"""The findings about the answers written in a network, by place, and the mark beside an answered line.

The judging is done elsewhere and handed in; nothing is imported for a network without answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
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


def own_findings(analysis: Analysis, *, complete: bool = True) -> tuple[Finding, ...]:
    """What there is to say about the answers written in a net; nothing is imported for a net without answers.

    Answers for another input size than the net now has are not judged; `complete`: the net does not stop at a fault.
    """
    graph = analysis.graph
    answered = any(row.answers for row in graph.rows) or any(group.answers for group in graph.groups)
    if graph.has_other_size or not (answered or graph.totals or graph.questions):
        return ()
    from cnncalc.homework.examining import findings  # noqa: PLC0415 (most nets have no answers)
    from cnncalc.homework.findings import own_claims  # noqa: PLC0415

    return findings(analysis, own_claims(analysis), complete=complete, explain=False)
