"""The nets that the report tests look at: all that ship, and the small ones of tests/cli."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cnncalc.analysis import analyse
from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.sources import shipped, shipped_names

SMALL = Path(__file__).parents[1] / "cli" / "nets"
NAMES = (*shipped_names(), "small.txt", "wrong_answers.txt", "by_hand.txt", "blocks.txt")


@cache
def analysis_of(name: str) -> Analysis:
    """The analysis of a net by its name."""
    source = Source(name, (SMALL / name).read_text(encoding="utf-8")) if name.endswith(".txt") else shipped(name)
    graph, faults = load_graph(source)
    assert faults == ()
    return analyse(graph)


def analysis_of_text(text: str) -> Analysis:
    """The analysis of a text without faults."""
    graph, faults = load_graph(Source("net.txt", text))
    assert faults == ()
    return analyse(graph)
