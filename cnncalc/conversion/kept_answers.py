"""Answers of a text that is written with another input size or other settings: they stay as their author wrote them."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.model import Analysis
from cnncalc.conversion.forms import Form
from cnncalc.diagnostics import Diagnostic
from cnncalc.layers.base import counted

WITH_ANSWERS = ("spec", "json")
"""Notations in which the answers of a text are written, too."""


def answers_kept(
    analysis: Analysis, form: Form, input_size: str | None, settings: Mapping[str, str] | None
) -> tuple[Diagnostic, ...]:
    """A warning where answers are about another net than the one that is written."""
    graph = analysis.graph
    is_other = bool(settings) or (input_size is not None and graph.has_other_size)
    many = sum(len(row.answers) for row in graph.rows) + sum(len(call.answers) for call in graph.groups)
    many += len(graph.totals) + len(graph.questions)
    if form.name not in WITH_ANSWERS or not is_other or not many:
        return ()
    option = "--input" if input_size is not None else "--set"
    return (
        Diagnostic(
            "answers-kept",
            f"{counted(many, 'answer')} of the text {'is' if many == 1 else 'are'} written as before, "
            f"and may be wrong with {option}",
            help="`cnncalc check` of what is written says which: correct or remove them",
            severity="warning",
        ),
    )
