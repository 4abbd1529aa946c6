"""The key of a quiz: the right answers, as the analysis of the very text that the student gets has them.

The key is then read and judged like any submission; one that did not come out all right would be a fault of ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnncalc.analysis import Analysis, analyse
from cnncalc.asked import quantity_named
from cnncalc.diagnostics import Source
from cnncalc.graph import load_graph
from cnncalc.homework.examining import Examiner
from cnncalc.homework.findings import Finding, own_claims
from cnncalc.homework.quiz.exercises import Quiz, quiz_text


@dataclass(frozen=True)
class Key:
    """A quiz with its right answers: by label and quantity, as a text, and that text analysed."""

    quiz: Quiz
    answers: dict[tuple[str, str], str]
    text: str
    analysis: Analysis
    findings: tuple[Finding, ...]
    examiner: Examiner


def key_of(quiz: Quiz) -> Key:
    """The key; raises RuntimeError if our own checker does not find every answer of it right."""
    asked = _analysed(quiz_text(quiz))
    examiner = Examiner(asked)
    answers = {(found.place.label, found.asked): right_text(found) for found in examiner.findings(own_claims(asked))}
    text = quiz_text(quiz, answers)
    analysis = _analysed(text)
    findings = examiner.findings(own_claims(analysis))
    wrong = [f"{found.place.label} {found.asked} {found.given}" for found in findings if found.status != "right"]
    if wrong or len(findings) != len(answers):
        raise RuntimeError(f"the checker does not agree with the key of seed {quiz.seed}: {'; '.join(wrong)}")
    return Key(quiz, answers, text, analysis, findings, examiner)


def _analysed(text: str) -> Analysis:
    graph, faults = load_graph(Source("quiz", text))
    if faults:
        raise RuntimeError(f"a quiz cannot be read: {faults[0].message}")
    return analyse(graph)


def right_text(found: Finding) -> str:
    """The right value as an answer is written: `28x28x6`, `156`, `0,1,0,1`, `[1 2; 3 4]`."""
    return quantity_named(found.asked).answered(found.right)
