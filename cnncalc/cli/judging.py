"""The judged answers of a net in the form in which reports take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.report.verdicts import NO_VERDICTS, Verdicts

if TYPE_CHECKING:
    from cnncalc.analysis.model import Analysis


def verdicts_of(analysis: Analysis) -> Verdicts:
    """What the judging found; nothing is imported for a net without answers."""
    return NO_VERDICTS
