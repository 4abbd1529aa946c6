"""Findings about the networks that ship: their own answers are right, any others are judged and not tripped over."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.diagnostics import Span
from cnncalc.graph import load_graph
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import Claim, own_claims
from cnncalc.homework.formula_steps import formulas
from cnncalc.homework.policy import Telling
from cnncalc.homework.truth import Truth
from cnncalc.sources import shipped
from cnncalc.spec.document import Answer

NETS = ("lenet5", "alexnet", "googlenet", "resnet18", "unet", "densenet121", "mobilenet-v2", "lenet5-1998")
ASKED = ("params", "macs", "flops", "size", "weights", "connections", "buffers", "rf")


def key_of(name: str) -> Analysis:
    graph, faults = load_graph(shipped(name))
    assert not faults
    return analyse(graph)


@pytest.mark.parametrize("name", NETS)
def test_a_nets_own_answers_are_right(name: str) -> None:
    key = key_of(name)
    assert {one.status for one in findings(key, own_claims(key))} <= {"right"}


@pytest.mark.parametrize("name", [name for name in NETS if name != "densenet121"])  # 121 layers alike
def test_any_answers_are_judged(name: str) -> None:
    """About the right answers, about the right size: each gets a verdict and hints, whatever they were made of."""
    key, chance = key_of(name), random.Random(name)
    claims = []
    for row in key.rows:
        figures = row.figures
        sizes = tuple(max(1, size + chance.choice((0, 0, 0, -1, 1))) for size in row.output.sizes())
        numbers = (figures.params, figures.cost.macs, 2 * figures.cost.macs, 7, 0)
        claims.append(Claim("row", row.row.index, Answer("shape", sizes, Span(1, 1), "")))
        claims += [
            Claim("row", row.row.index, Answer(asked, Fraction(chance.choice(numbers)), Span(1, 1), ""))
            for asked in ASKED
        ]
    claims += [Claim("total", 0, Answer(asked, Fraction(chance.randrange(10**6)), Span(1, 1), "")) for asked in ASKED]
    for one in findings(key, claims):
        assert one.status in ("right", "follows", "slip", "wrong", "none", "unknown")
        assert (one.status == "slip") == bool(one.slips)
        assert 0 <= one.share <= 1
        told = Telling(3, solve=True).told(one, Truth(key))
        assert all(told.sentences)
        right = told.solution
        assert one.status in ("none", "unknown") or right
        assert not any(formula.symbols.isdigit() for formula in formulas(one, Truth(key)))
