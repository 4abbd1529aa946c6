"""A fault on its way up while a text becomes a net."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, Fix, Span

OF_SIZES = frozenset(
    ("shapes-differ", "kernel-too-large", "crop-too-large", "factor-does-not-divide", "padding-too-wide")
)
"""Faults that another size of the input may end."""


class Fault(Exception):
    """One broken rule at one place; the binder collects it and goes on with the next line."""

    def __init__(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        label: str = "",
        notes: tuple[str, ...] = (),
        help: str = "",
        fixes: tuple[Fix, ...] = (),
    ) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, message, span, label, notes, help, fixes=fixes)
