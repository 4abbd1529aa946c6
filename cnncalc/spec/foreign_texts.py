"""Recognises a text that is written in something else: Python, YAML, a printed summary, Darknet, prototxt, JSON, HTML.

Where only our own language is taken, such a text gives one fault that names what it is and what can be done, instead of
a fault a line.  A text with an `input` line of our own is ours, whatever else stands in it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Diagnostic, Span

if TYPE_CHECKING:
    from cnncalc.spec.notations import Kind

_OURS = re.compile(r"^[ \t]*(?:[\w-]+:[ \t]*)?input[ \t]+(?:[0-9$(]|from\b)([^\n]*)", re.MULTILINE | re.IGNORECASE)
_SIGNS = (">", "\u2192", "\u21d2", "-", "\u2013", "\u2014", "\u2212")
_ARROW = r"(?:[-=]>|[\u2192\u21d2]|[ \t][-\u2013\u2014\u2212][ \t])"
_CHAINED = rf"(?i).{{0,200}}?{_ARROW}[ \t]*[(\[]*(?:conv|c\d|\d+[ ]?c|relu)"
"""Behind an `input` line's size: an arrow or dash to another layer, as shorthand has them.

It is compiled when a line has one of the signs.
"""

_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a]")
_LOOKED_AT = 20_000
"""Characters from the start of a text in which its kind must show."""


def foreign_text(text: str, longest: int) -> Diagnostic | None:
    """The one fault of a text that is not in our notation, or is longer than `longest` characters."""
    if len(text) > longest:
        return Diagnostic(
            "text-too-long",
            f"this text has {len(text):,} characters; a model of at most {longest:,} is read",
            Span(1, 1),
            help="write repeated layers as a block, and long matrices as pictures",
        )
    if not text.strip():
        from cnncalc.spec.notations import BY_HAND  # noqa: PLC0415 (our own texts never need it)

        return Diagnostic("empty-text", "there is nothing in this text", Span(1, 1), help=BY_HAND)
    head = text[:_LOOKED_AT]
    control = _BINARY.search(head)
    if control:
        return Diagnostic(
            "pasted-binary",
            "this is not a text: it holds control characters",
            _span(text, control.start()),
            help="only plain text is read here",
        )
    found = notation(text)
    return Diagnostic(found[0].code, found[0].message, found[1], help=found[0].help) if found else None


def notation(text: str) -> tuple[Kind, Span] | None:
    """The other notation that a text is in, and the place that shows it; None for a text of our own."""
    if _is_ours(text):
        return None
    from cnncalc.spec.notations import KINDS  # noqa: PLC0415 (our own texts never need it, and it costs start-up time)

    head = text[:_LOOKED_AT]
    lines = [(number, line.strip()) for number, line in enumerate(head.split("\n"), 1) if not line.isspace() and line]
    begin = head[len(head) - len(head.lstrip()) :]
    for kind in KINDS:
        for number, line in lines[:1] if kind.where != "line" else lines:
            if kind.pattern.match(begin if kind.where == "text" else line):
                column = text.split("\n")[number - 1].index(line) + 1
                return kind, Span(number, column, len(line))
    return None


def _is_ours(text: str) -> bool:
    """Whether an `input` line of our own stands in it."""
    for line in _OURS.finditer(text):
        if not any(sign in line[1] for sign in _SIGNS) or not re.match(_CHAINED, line[1]):
            return True
    return False


def _span(text: str, position: int) -> Span:
    start = text.rfind("\n", 0, position) + 1
    return Span(text.count("\n", 0, position) + 1, position - start + 1)
