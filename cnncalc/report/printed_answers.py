"""Answers of Python calls that print as their commands do, at 80 columns, and that a notebook shows.

An answer is a noun with its numbers; what it looks like is the sheet or the text of its command's report.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from html import escape

from cnncalc.diagnostics.python_words import in_python
from cnncalc.report.canvas import Canvas
from cnncalc.report.layout import drawn
from cnncalc.report.notebook import html
from cnncalc.report.sheet import Sheet

WIDTH = 80
"""Columns of `str()`."""


class PrintedText(ABC):
    """An answer in sentences: a notebook shows its text as it is."""

    @abstractmethod
    def _text(self, canvas: Canvas) -> str:
        """What the command prints."""

    def __str__(self) -> str:
        return self._text(Canvas(WIDTH, said=in_python)).rstrip("\n")

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


class PrintedTable(PrintedText):
    """An answer that is a table: a notebook shows it as one."""

    @abstractmethod
    def _sheet(self) -> Sheet:
        """The table that the command prints."""

    def _text(self, canvas: Canvas) -> str:
        return drawn(self._sheet(), canvas)

    def _repr_html_(self) -> str:
        return html(self._sheet())
