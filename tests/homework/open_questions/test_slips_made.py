"""Slips made on purpose in the open questions: each wrong answer worked out by hand, with the name it is to get.

`pytest -s -k tally` over this folder prints how many are named rightly, wrongly and not at all.  The answers stand in
`slips_made.txt`, each with the sum that gives it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from cnncalc.homework.slips import HINTS

from .test_open_questions import PUBLISHED_WRONG, QUESTIONS, found

_LINE = re.compile(r"(?P<id>hw\d+) (?P<place>\d) (?P<answer>\[.*?\]|\S+) (?P<slip>\S+) +\| (?P<sum>.+)")
BY_ID = {question.id: question for question in QUESTIONS}


class Made(NamedTuple):
    """One of the answers of a question, given wrongly."""

    id: str
    place: int
    answer: str
    slip: str
    sum: str

    def named(self) -> tuple[str, ...]:
        """The slips that are named for it; nothing where more than this answer is refused, or it passes."""
        right = BY_ID[self.id].right
        answers = (*right[: self.place], self.answer, *right[self.place + 1 :])
        wrong = [one for one in found(BY_ID[self.id], answers) if one.status != "right"]
        return wrong[0].slips if len(wrong) == 1 else ()


def _made() -> tuple[Made, ...]:
    lines = (Path(__file__).parent / "slips_made.txt").read_text(encoding="utf-8").splitlines()
    read = [_LINE.fullmatch(line) for line in lines if not line.startswith("#")]
    assert all(read)
    return tuple(Made(one["id"], int(one["place"]), one["answer"], one["slip"], one["sum"]) for one in read if one)


MADE = _made()


@pytest.mark.parametrize("made", MADE, ids=lambda made: f"{made.id}-{made.slip}")
def test_a_slip_made_on_purpose_is_named(made: Made) -> None:
    assert made.slip in made.named()
    assert len(made.named()) <= 3
    assert len({HINTS[name.partition("+")[0]] for name in made.named()}) == len(made.named())


def test_most_questions_have_three_slips() -> None:
    of_each = [sum(made.id == question.id for made in MADE) for question in QUESTIONS]
    assert max(of_each) == 3
    assert of_each.count(0) <= 2
    assert sum(of_each) >= 240


def test_tally() -> None:
    """Every one of them is named rightly, alone or first among a few; one published wrong answer has no slip."""
    named = {made: made.named() for made in MADE}
    rightly = [made for made, names in named.items() if made.slip in names]
    alone = [made for made in rightly if named[made] == (made.slip,)]
    wrongly = [made for made, names in named.items() if names and made.slip not in names]
    print(
        f"\nslips made on purpose: {len(MADE)}, named rightly: {len(rightly)} (alone: {len(alone)}), "
        f"wrongly: {len(wrongly)}, not at all: {len(MADE) - len(rightly) - len(wrongly)}; "
        f"published wrong answers: {len(PUBLISHED_WRONG)}, with a slip: {sum(bool(q.slip) for q in PUBLISHED_WRONG)}"
    )
    assert (len(rightly), len(wrongly)) == (len(MADE), 0)
