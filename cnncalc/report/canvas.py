"""What a report is drawn on.

A terminal, a pipe or a file: how wide it is, whether it shows all signs, and its colours.  What is drawn is not known
here, so that a command without a table need not load what draws one.
"""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.report.paint import Paint, no_paint


class Canvas(NamedTuple):
    """What is drawn on: its width (None: as wide as needed), whether only ASCII can be shown, and the colours."""

    width: int | None = None
    ascii_only: bool = False
    paint: Paint = no_paint

    @property
    def rule(self) -> str:
        return "-" if self.ascii_only else "─"

    @property
    def ellipsis(self) -> str:
        return "..." if self.ascii_only else "…"
