"""The counts that a summary is asked for beyond its own: a framework's, and those of other layers.

They need layers that the net itself has not, so this is imported where somebody asks.
"""

from __future__ import annotations

from cnncalc.analysis.alternatives import with_other_layers
from cnncalc.analysis.framework_params import counted_as
from cnncalc.analysis.model import Analysis
from cnncalc.questions.instead import all_plain
from cnncalc.report.column_choice import SHARING
from cnncalc.report.summary import Choices


def asked_counts(analysis: Analysis, choices: Choices) -> tuple[Analysis, Choices]:
    """The analysis with those counts, and the choices with what the foot says of them."""
    if choices.params_as:
        analysis = counted_as(analysis, choices.params_as)
    if set(SHARING) & set(choices.column_names):
        analysis, choices = with_other_layers(analysis), choices._replace(steps=all_plain(analysis))
    return analysis, choices
