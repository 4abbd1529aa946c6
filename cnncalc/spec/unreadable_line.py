"""How reading a text says that a line cannot be read: an exception that stays inside `cnncalc.spec`.

Each function that reads a piece of a line raises `Unreadable`; the loop over lines catches it, keeps the diagnostic and
goes on with the next line.
"""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, Fix, Span


class Unreadable(Exception):
    """One line cannot be read; `diagnostic` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def fault(
    code: str, message: str, span: Span, label: str = "", *, help: str = "", fixes: tuple[Fix, ...] = ()
) -> Unreadable:
    """The exception for one fault, to be raised."""
    return Unreadable(Diagnostic(code, message, span, label, help=help, fixes=fixes))
