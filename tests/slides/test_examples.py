"""The files under examples/: the decks' worked matrices are right, and of the printed slips each is marked, no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.graph import load_graph
from cnncalc.graph.formatting import formatted
from cnncalc.report.answer_marks import own_findings
from cnncalc.sources import find
from cnncalc.spec.parsing import parse

EXAMPLES = Path(__file__).parents[2] / "examples"
RIGHT = [
    EXAMPLES / "model.txt",
    EXAMPLES / "nets" / "one-dimension.txt",
    EXAMPLES / "nets" / "r3d18.txt",
    *sorted((EXAMPLES / "slides").glob("*.txt")),
]
SLIPS = sorted((EXAMPLES / "slips").glob("*.txt"))

TEXTS = sorted(path for path in EXAMPLES.rglob("*.txt") if path.parent.name != "submissions")
"""What students hand in keeps their own spelling."""


def wrong_lines(path: Path) -> tuple[list[int], int]:
    """Lines with an answer that is not right, and how many answers there are."""
    graph, faults = load_graph(find(str(path)))
    assert not faults, faults
    judged = own_findings(analyse(graph))
    rows = {row.index: row.origin.span.line for row in graph.rows}
    return sorted({rows[answer.place.index] for answer in judged if answer.status != "right"}), len(judged)


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_every_answer_in_an_example_is_right(path: Path) -> None:
    wrong, answers = wrong_lines(path)
    assert wrong == []
    assert answers >= 4


@pytest.mark.parametrize("path", SLIPS, ids=lambda path: path.stem)
def test_the_slips_are_marked_and_nothing_else(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    marked = [number for number, line in enumerate(lines, 1) if "# slip" in line and "=>" in line]
    assert marked
    assert wrong_lines(path)[0] == marked


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_an_example_is_spelled_canonically(path: Path) -> None:
    source = find(str(path))
    assert formatted(parse(source)[0]) == source.text


def test_each_deck_has_both_files() -> None:
    decks = ["deck000", "deck001", "deck002", "deck003", "deck004"]
    assert [path.stem for path in RIGHT[3:]] == decks
    assert [path.stem for path in SLIPS] == decks
