"""Real questions of courses, books and exams, written as models: the right answer passes, the wrong one is recognised.

All figures are literals: the answers were worked out by hand and the wrong ones are those that the sources print.
`pytest -s -k counts` over this folder prints how many there are of each.
"""

from __future__ import annotations

import re

import pytest

from cnncalc.analysis import analyse
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.homework.examining import findings
from cnncalc.homework.findings import Finding, own_claims

from .courses import COURSES
from .decks import DECKS
from .elsewhere import CANNOT_BE_ASKED, ELSEWHERE
from .question import Question

QUESTIONS = (*DECKS, *COURSES, *ELSEWHERE)
PUBLISHED_WRONG = tuple(question for question in QUESTIONS if question.published)
OPEN_QUESTIONS = 94
"""As many were collected; every second one of hw001 ... hw187."""


def found(question: Question, answers: tuple[str, ...]) -> tuple[Finding, ...]:
    graph, faults = load_graph(Source(f"{question.id}.txt", question.answered(answers)))
    assert not faults, (question.id, faults[0].message)
    analysis = analyse(graph)
    return findings(analysis, own_claims(analysis))


def wrong(question: Question) -> list[Finding]:
    """What is found of the published answers that is not right."""
    return [finding for finding in found(question, question.published) if finding.status != "right"]


def one_more(answer: str) -> str:
    """An answer whose first number is larger by one."""
    return re.sub(r"\d+", lambda digits: str(int(digits[0]) + 1), answer, count=1)


def test_every_question_is_asked_once_or_has_its_reason() -> None:
    ids = sorted([question.id for question in QUESTIONS] + list(CANNOT_BE_ASKED))
    assert ids == [f"hw{number:03}" for number in range(1, 2 * OPEN_QUESTIONS, 2)]
    assert len(QUESTIONS) >= 80
    assert all(question.source for question in QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_right_answer_passes(question: Question) -> None:
    judged = found(question, question.right)
    assert len(judged) >= len(question.right)
    assert [(one.asked, one.given) for one in judged if one.status != "right"] == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_each_answer_is_refused_when_it_is_one_off(question: Question) -> None:
    for place, answer in enumerate(question.right):
        changed = (*question.right[:place], one_more(answer), *question.right[place + 1 :])
        assert [one.status for one in found(question, changed) if one.status != "right"] != []


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.accepted], ids=lambda question: question.id)
def test_what_the_source_rounds_passes_with_its_tilde(question: Question) -> None:
    assert [one.status for one in found(question, question.accepted)] == ["right"]


@pytest.mark.parametrize("question", PUBLISHED_WRONG, ids=lambda question: question.id)
def test_a_published_wrong_answer_is_caught_and_its_slip_named(question: Question) -> None:
    caught = wrong(question)
    assert len(caught) == 1
    assert caught[0].slips == ((question.slip,) if question.slip else ())
    assert caught[0].status == ("slip" if question.slip else "wrong")


def test_counts() -> None:
    """93 of 94 can be asked; "about 500K" for 175,018 is the one published wrong answer that no known slip gives."""
    right = [q for q in QUESTIONS if all(one.status == "right" for one in found(q, q.right))]
    caught = [q for q in PUBLISHED_WRONG if wrong(q)]
    named = [q for q in caught if wrong(q)[0].slips]
    print(
        f"\nopen questions: {OPEN_QUESTIONS}, asked: {len(QUESTIONS)}, right accepted: {len(right)}, "
        f"published wrong: {len(PUBLISHED_WRONG)}, wrong caught: {len(caught)}, slip named: {len(named)}"
    )
    for name, reason in CANNOT_BE_ASKED.items():
        print(f"cannot be asked: {name}: {reason}")
    print("caught without a name:", *(q.id for q in caught if q not in named))
    assert (len(QUESTIONS), len(right), len(PUBLISHED_WRONG), len(caught), len(named)) == (93, 93, 11, 11, 10)
    assert [q.id for q in caught if q not in named] == ["hw127"]
