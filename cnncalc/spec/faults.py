"""How reading a text says that a line cannot be read: an exception that stays inside `cnncalc.spec`.

Each function that reads a piece of a line raises `SpecFault`; the loop over lines catches it, keeps the diagnostic and
goes on with the next line.
"""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.diagnostics import Diagnostic, Span


class SpecFault(Exception):
    """One line cannot be read; `diagnostic` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def fault(code: str, message: str, span: Span, label: str = "", *, help: str = "") -> SpecFault:
    """The exception for one fault, to be raised."""
    return SpecFault(Diagnostic(code, message, span, label, help=help))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or "".

    >>> nearest("parms", ("params", "macs"))
    'params'
    """
    from difflib import get_close_matches  # noqa: PLC0415  # only a fault needs it, and it costs start-up time

    return next(iter(get_close_matches(word.lower()[:40], known, 1)), "")
