"""A table as a text that a notebook shows as a table, and a terminal with IPython as it is printed."""

from __future__ import annotations

from html import escape
from typing import Protocol


class Printer(Protocol):
    """What IPython gives to who prints himself."""

    def text(self, text: str) -> None:
        """Writes as it is."""


class TableText(str):
    """The text of a table; it is a `str` in every way.

    >>> text = TableText("a  b\\n1  2")
    >>> print(text)
    a  b
    1  2
    >>> text._repr_html_()
    '<pre>a  b\\n1  2</pre>'
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self)}</pre>"

    def _repr_pretty_(self, printer: Printer, _cycle: bool) -> None:
        printer.text(str(self))
