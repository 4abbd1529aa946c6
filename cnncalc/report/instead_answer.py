"""What could be in the place of a line or a block, as Python and notebooks get it: records, and the printed text."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from cnncalc.geometry import Order
from cnncalc.questions.instead import Instead, Together
from cnncalc.report.canvas import Canvas
from cnncalc.report.instead_report import instead_text


@dataclass(frozen=True)
class InsteadAnswer:
    """What could be in the place of a line or a block: each of them `found`, with its numbers and theirs."""

    found: tuple[Instead | Together, ...]
    order: Order

    def __str__(self) -> str:
        return instead_text(self.found, self.order, Canvas(80)).rstrip("\n")

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"
