"""One record for a judged answer: what became of it follows from what is in it, and is stored nowhere."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction

import pytest

from cnncalc.asked.comparing import Verdict
from cnncalc.diagnostics import Span
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import Claim, Finding, Place
from cnncalc.homework.slips.explanation import Explanation
from cnncalc.spec.document import Answer

from .checking import analysed, found

PLACE = Place("row", 1, "conv1", 2, "conv 8 5x5")
WRONG = Finding(PLACE, Answer("params", Fraction(600), Span(2, 1), "params 600"), Verdict(False), 608)
EMPTY = WRONG.answer._replace(given=None, text="?")


@pytest.mark.parametrize(
    ("status", "finding"),
    [
        ("right", replace(WRONG, verdict=Verdict(True))),
        ("wrong", WRONG),
        ("slip", replace(WRONG, why=(Explanation(("bias-forgotten",), None, 0),))),
        ("follows", replace(WRONG, follows=PLACE)),
        ("none", replace(WRONG, answer=EMPTY, verdict=Verdict(None))),
        ("unknown", replace(WRONG, answer=EMPTY, verdict=Verdict(None, "not known"), right=None)),
        ("unknown", replace(WRONG, verdict=Verdict(None, "not known"), right=None)),
        ("unreadable", replace(WRONG, answer=EMPTY, verdict=Verdict(None), fault="not a number")),
    ],
)
def test_the_status_follows_from_the_rest(status: str, finding: Finding) -> None:
    assert finding.status == status
    assert "status" not in {field.name for field in fields(finding)}


def test_two_slips_made_together_are_one_name() -> None:
    both = Explanation(("padding-forgotten", "stride-forgotten"), None, 4)
    assert replace(WRONG, why=(both,)).slips == ("padding-forgotten+stride-forgotten",)


def test_what_cannot_be_judged_is_not_called_unanswered() -> None:
    """Without the input's numbers a convolution has no values, whether they are answered or asked for."""
    statuses = [one.status for one in found("input 4x4x1\nconv 1 2x2 => values [1]\nconv 1 2x2 => values ? params ?\n")]
    assert statuses == ["unknown", "unknown", "none"]


def test_an_answer_that_is_not_explained_is_only_wrong() -> None:
    key = analysed("input 32x32x3\nconv 8 5x5 => ? params ?\n")
    claim = Claim("row", 1, Answer("params", Fraction(600), Span(2, 1), "params 600"))
    explained, plain = (findings(key, [claim], explain=explain)[0] for explain in (True, False))
    assert (explained.status, explained.slips) == ("slip", ("bias-forgotten",))
    assert (plain.status, plain.slips) == ("wrong", ())
