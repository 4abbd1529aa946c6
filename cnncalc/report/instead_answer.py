"""What could be in the place of a line or a block, as Python and notebooks get it: records, and the printed text."""

from __future__ import annotations

from dataclasses import dataclass

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import Order
from cnncalc.questions.instead import Instead, Together
from cnncalc.report.canvas import Canvas
from cnncalc.report.explanation import LONGEST_PLACE, instead_at
from cnncalc.report.instead_report import instead_text
from cnncalc.report.printed_answers import PrintedText


@dataclass(frozen=True, repr=False)
class InsteadAnswer(PrintedText):
    """What could be in the place of a line or a block: each of them `found`, with its numbers and theirs."""

    found: tuple[Instead | Together, ...]
    order: Order

    def __repr__(self) -> str:
        return f"<cnncalc.InsteadAnswer: {len(self.found)} found>"

    def _text(self, canvas: Canvas) -> str:
        return instead_text(self.found, self.order, canvas)


def instead_answer(analysis: Analysis, place: object) -> InsteadAnswer:
    """What could be in the place that a text or the number of a line names.  Raises InputError."""
    if isinstance(place, bool) or not isinstance(place, (str, int)):
        advice = 'write a label, a name or the number of a line: .instead("conv1"), .instead(12)'
        named = printable(repr(place)[:LONGEST_PLACE])
        raise input_error("unknown-place", f"`{named}` is neither a text nor the number of a line", help=advice)
    return InsteadAnswer(instead_at(analysis, str(place)), analysis.graph.order)
