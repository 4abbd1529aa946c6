"""What a report is drawn on.

A terminal, a pipe or a file: how wide it is, whether it shows all signs, its colours, and in whose words it advises.
What is drawn is not known here, so that a command without a table need not load what draws one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cnncalc.report.paint import Paint, no_paint


def as_written(text: str) -> str:
    """The text itself: a command's options are those of who reads it."""
    return text


class Canvas(NamedTuple):
    """What is drawn on: its width (None: as wide as needed), whether only ASCII can be shown, and the colours.

    `said` puts what the foot advises in the words of who reads it: in Python a command's options are arguments.
    """

    width: int | None = None
    ascii_only: bool = False
    paint: Paint = no_paint
    said: Callable[[str], str] = as_written

    @property
    def rule(self) -> str:
        return "-" if self.ascii_only else "─"

    @property
    def ellipsis(self) -> str:
        return "..." if self.ascii_only else "…"
