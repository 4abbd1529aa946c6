"""The answers in a net's text with their marks, each with its line: what was asked and what was answered.

Never what would be right: a page of a homework is read by its author.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnncalc.pictures.page.page_text import with_times, words
from cnncalc.pictures.page.page_totals import fact_list
from cnncalc.report.answer_marks import Answers, mark
from cnncalc.report.foot import answer_facts

if TYPE_CHECKING:
    from cnncalc.homework.findings import Finding

MARKS = {"✓": "right", "✗": "wrong", "?": "open"}
"""The marks beside answers, and what they are called."""

MOST_ANSWERS = 300
"""So many are listed; the counts are of all."""


def answers_section(answers: Answers) -> str:
    """The counts and remarks of a summary's foot, and each answer with its mark."""
    facts = fact_list(answer_facts(answers))
    if not facts:
        return ""
    every = sorted((one for found in answers.values() for one in found), key=lambda one: one.answer.span.line)
    listed = "".join(_items(every[:MOST_ANSWERS]))
    more = f"<p>{len(every) - MOST_ANSWERS:,} more answers are not listed.</p>" if len(every) > MOST_ANSWERS else ""
    return (
        '<section aria-labelledby="h-answers"><h2 id="h-answers">Answers</h2>'
        f'{facts}<ul class="answers">{listed}</ul>{more}</section>'
    )


def _items(findings: list[Finding]) -> Iterator[str]:
    for finding in findings:
        given = words(with_times(finding.given)) if finding.given else "no answer"
        asked = f'<span class="soft">line {finding.answer.span.line}, {words(finding.asked)}</span>'
        yield f"<li>{mark_html(mark([finding]))} {asked} {given}</li>"


def mark_html(sign: str) -> str:
    """A mark with its name for whoever does not see it; empty without one."""
    return f'<span class="mark {MARKS[sign]}" role="img" aria-label="{MARKS[sign]}">{sign}</span>' if sign else ""
