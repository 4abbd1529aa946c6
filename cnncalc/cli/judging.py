"""The judged answers of a net in the form in which reports take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.report.verdicts import NO_VERDICTS, Verdict, Verdicts

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis
    from cnncalc.homework.judging import Judged


def verdicts_of(analysis: Analysis, *, complete: bool = True, resized: bool = False) -> Verdicts:
    """What the judging found; nothing is imported for a net without answers.

    `complete`: the net does not stop at a fault.  `resized`: the answers are about another input than this one, so
    they are not judged.
    """
    graph = analysis.graph
    answered = any(row.answers for row in graph.rows) or any(group.answers for group in graph.groups)
    if resized or not (answered or graph.totals or graph.questions):
        return NO_VERDICTS
    from cnncalc.homework.judging import judge

    rows: dict[int, tuple[Verdict, ...]] = {}
    groups: dict[int, tuple[Verdict, ...]] = {}
    alone: dict[str, tuple[Verdict, ...]] = {"total": (), "question": ()}
    for judged in judge(analysis, complete):
        verdict = _verdict(judged)
        if judged.kind in alone:
            alone[judged.kind] += (verdict,)
        else:
            places = rows if judged.kind == "row" else groups
            places[judged.place] = (*places.get(judged.place, ()), verdict)
    return Verdicts(rows, groups, alone["total"], alone["question"])


def _verdict(judged: Judged) -> Verdict:
    return Verdict(
        judged.asked, judged.given, judged.ok, judged.remark, judged.answer.span.line, ", ".join(judged.wrong)
    )
