"""A value that is wrong where a block reads it, said of the call that gives it.

`$act` in a block is one word of many lines; what is wrong with 5x5 in its place is wrong in the call, once.  A default
is the block's own, so its faults stay at the lines that read it.
"""

from __future__ import annotations

import re

from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.graph.faults import OF_VALUES
from cnncalc.graph.scopes import Scope
from cnncalc.spec.document import Document, Token

_PARAMETER = r"\$(?:(\w+)|\{(\w+)\})"


def at_its_call(fault: Diagnostic, scope: Scope, document: Document) -> Diagnostic:
    """The fault at the word of a call that gives the value which a block's line reads; any other as it is.

    Its trail is that of the place where it is said.
    """
    told = fault._replace(trail=scope.trail)
    lines = document.source.lines
    while told.code in OF_VALUES and told.span is not None and scope.caller is not None:
        found = re.fullmatch(_PARAMETER, _written(told.span, lines))
        value = scope.own_value(found[1] or found[2]) if found else None
        if not isinstance(value, Token) or value.span.line != scope.trail[0].line:
            break
        note = f"line {told.span.line} reads it: {lines[told.span.line - 1].strip()[:80]}"
        fixes = tuple(one._replace(span=value.span) for one in told.fixes if one.span == told.span)
        scope = scope.caller
        told = told._replace(span=value.span, notes=(*told.notes, note), fixes=fixes, label="", trail=scope.trail)
    return told


def _written(span: Span, lines: tuple[str, ...]) -> str:
    return lines[span.line - 1][span.column - 1 : span.column - 1 + span.length]
