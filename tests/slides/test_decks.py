"""Every number of the five lecture decks, printed slips included, as claims about models (the deck*.txt files here).

A claim's answers must all be right; each slip, put in the place of the answer above it, must be marked wrong while
nothing else changes; every `values` answer is confirmed by running the kernels as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.matrices import Matrix
from cnncalc.report.answer_marks import own_findings
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weights import seeded

HERE = Path(__file__).parent
DECKS = sorted(HERE.glob("deck*.txt"))


@dataclass
class Claim:
    """A model text, the slips by the index of the line they replace the answer of, and what it warns or refuses."""

    title: str
    lines: list[str] = field(default_factory=list)
    slips: list[tuple[int, str]] = field(default_factory=list)
    warns: list[str] = field(default_factory=list)
    refused: str = ""

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def with_slip(self, line: int, answer: str) -> str:
        model = self.lines[line].split("=>")[0]
        return "\n".join([*self.lines[:line], f"{model}=> {answer}", *self.lines[line + 1 :]]) + "\n"


def claims_of(deck: Path) -> list[Claim]:
    claims: list[Claim] = []
    for line in deck.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if word == "==":
            claims.append(Claim(f"{deck.stem}: {rest}"))
        elif word == "!=>":
            claims[-1].slips.append((len(claims[-1].lines) - 1, rest))
        elif word == "warns":
            claims[-1].warns.append(rest)
        elif word == "refused":
            claims[-1].refused = rest
        elif line and not line.startswith("#"):
            claims[-1].lines.append(line)
    return claims


CLAIMS = [claim for deck in DECKS for claim in claims_of(deck)]
STANDING = [claim for claim in CLAIMS if not claim.refused]
SLIPS = [pytest.param(claim, *slip, id=f"{claim.title} [not {slip[1]}]") for claim in STANDING for slip in claim.slips]


def verdicts(text: str) -> list[tuple[str, bool | None, str]]:
    """(asked, right or wrong, text of the answer) in the order of the file."""
    graph, faults = load_graph(Source("claim.txt", text))
    assert not faults, faults
    return [(one.asked, one.verdict.ok, one.given) for one in own_findings(analyse(graph))]


def test_the_five_decks_are_all_here() -> None:
    assert [deck.stem for deck in DECKS] == ["deck000", "deck001", "deck002", "deck003", "deck004"]
    assert all(claim.refused or "=>" in claim.text() for claim in CLAIMS)


@pytest.mark.parametrize("claim", STANDING, ids=lambda claim: claim.title)
def test_what_a_deck_teaches_is_right(claim: Claim) -> None:
    judged = verdicts(claim.text())
    assert judged
    assert [entry for entry in judged if entry[1] is not True] == []


@pytest.mark.parametrize(("claim", "line", "answer"), SLIPS)
def test_a_slip_is_flagged(claim: Claim, line: int, answer: str) -> None:
    word = answer.split(maxsplit=1)[0]
    wrong = [asked for asked, ok, _ in verdicts(claim.with_slip(line, answer)) if ok is not True]
    assert wrong == [word if word in {"params", "size", "values"} else "shape"]


@pytest.mark.parametrize(
    "claim", [claim for claim in STANDING if "values" in claim.text()], ids=lambda claim: claim.title
)
def test_the_kernels_find_the_same_values(claim: Claim) -> None:
    """Judging works the values out with fractions; here they are measured, in float64."""
    graph, _ = load_graph(Source("claim.txt", claim.text()))
    analysis = analyse(graph)
    measured: dict[int, list[float]] = {}
    execute(
        plan(analysis, dtype="float64"),
        seeded(analysis, 0),
        {},
        observe=lambda done: measured.update({done.step.node: done.result.ravel().tolist()}),
    )
    stated = {row.last: answer.given for row in graph.rows for answer in row.answers if answer.asked == "values"}
    assert stated
    for node, matrix in stated.items():
        assert isinstance(matrix, Matrix)
        assert measured[node] == pytest.approx([float(value) for value in matrix.values()], abs=0.0006)


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.warns], ids=lambda claim: claim.title)
def test_a_trap_is_warned_of(claim: Claim) -> None:
    graph, faults = load_graph(Source("claim.txt", claim.text()))
    assert not faults
    assert set(claim.warns) <= {warning.code for warning in analyse(graph).warnings}


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.refused], ids=lambda claim: claim.title)
def test_what_cannot_be_is_refused(claim: Claim) -> None:
    _, faults = load_graph(Source("claim.txt", claim.text()))
    assert [fault.code for fault in faults] == [claim.refused]
