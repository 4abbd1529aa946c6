"""A line that is one call as Python writes it: `nn.Conv2d(3, 64, 3)`, `self.conv1 = nn.Conv2d(1, 6, 5)`.

Here such a line is only recognised and cut out; which layers a framework has, and what their arguments mean, is known
in `cnncalc.graph.pasted`.  Nothing is ever executed.
"""

from __future__ import annotations

import re

from cnncalc.diagnostics import Span
from cnncalc.spec.cursor import Cursor
from cnncalc.spec.document import Pasted, Token
from cnncalc.spec.lexing import Lexeme
from cnncalc.spec.unreadable_line import fault

_CALL = r"[A-Za-z_][\w.]*\(.*\)[,;]?"
_TARGET = r"[A-Za-z_][\w.]*"


def pasted(cursor: Cursor, word: Token) -> Pasted | None:
    """pasted = [target "="] name {"." name} "(" anything ")" {"(" anything ")"} [","]; None for a line of our own."""
    if word.quoted:
        return None
    first = cursor.lexemes[cursor.index - 1]
    if "(" in word.text:
        return _call(first, word.span, None)
    following = cursor.peek(1)
    assigned = cursor.sees("=") and following is not None and following.kind == "word"
    if not assigned or following is None or "(" not in following.text or not re.fullmatch(_TARGET, word.text):
        return None
    cursor.take()
    return _call(cursor.take(), following.span, word)


def _call(lexeme: Lexeme, span: Span, target: Token | None) -> Pasted:
    raw = lexeme.raw[span.column - lexeme.span.column :]
    if not re.fullmatch(_CALL, raw, re.DOTALL):
        raise fault(
            "python-call",
            "a layer is written without brackets and commas",
            span,
            help="write the layer's word, then its numbers, with spaces between: `conv 32 3x3`",
        )
    text = raw.rstrip(",;")
    return Pasted(text, Span(span.line, span.column, len(text)), target)
