"""A fault on its way up while a text becomes a net."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.diagnostics import Diagnostic, Fix, Span

OF_SIZES = frozenset(
    ("shapes-differ", "kernel-too-large", "crop-too-large", "factor-does-not-divide", "padding-too-wide")
)
"""Faults that another size of the input may end."""

OF_VALUES = frozenset(
    (
        *("wrong-operand", "number-too-small", "number-too-large", "too-large", "too-many-layers", "not-whole"),
        *("inexact-division", "unknown-word", "unknown-label", "unlike-values", "not-a-condition", "too-many-operands"),
        *("missing-operand",),
    )
)
"""Faults that a value can have by itself, wherever it is read; others are about shapes and stay where they are."""


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
        follows: bool = False,
    ) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, message, span, label, notes, help, fixes=fixes, follows=follows)


def as_written(diagnostic: Diagnostic, lines: Sequence[str]) -> Diagnostic:
    """The diagnostic with the words that it quotes as they are written, with their spaces: `( 3 , 3 )`, not `(3,3)`."""
    span = diagnostic.span
    if span is None or span.line > len(lines):
        return diagnostic
    raw = lines[span.line - 1][span.column - 1 : span.column - 1 + span.length]
    bare = "".join(raw.split())
    if bare == raw or "`" in raw:
        return diagnostic

    def quoted(found: re.Match[str]) -> str:
        return f"`{raw}`" if "".join(found[1].split()) == bare else found[0]

    return diagnostic._replace(message=re.sub("`([^`]*)`", quoted, diagnostic.message))
