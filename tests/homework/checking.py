"""What the tests of the check share: findings about a text's own answers."""

from __future__ import annotations

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Source
from cnncalc.diagnostics.rendering import rendered
from cnncalc.graph import load_graph
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import Finding, own_claims


def analysed(text: str) -> Analysis:
    source = Source("hw.txt", text)
    graph, faults = load_graph(source)
    assert not faults, "\n".join(rendered(fault, source) for fault in faults)
    return analyse(graph)


def found(text: str) -> tuple[Finding, ...]:
    key = analysed(text)
    return findings(key, own_claims(key))


def wrong(text: str) -> Finding:
    """The one answer of a text that is not right."""
    (finding,) = [finding for finding in found(text) if finding.status != "right"]
    return finding
