"""A line that is tried in the place of one with a fault, parsed and put into our words as the lines of a text are."""

from __future__ import annotations

from cnncalc.diagnostics import Source
from cnncalc.graph.spelling import in_own_words
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import Call
from cnncalc.spec.parsing import parse

_BEFORE = "input 1x1x1\n"
"""Stands before a tried line, so that the text is one of ours."""


def own_call(text: str) -> Call | None:
    """The first line of the text as a line of our words; None when it is none."""
    document, faults = parse(Source("proposed", _BEFORE + text))
    document, unread, _ = in_own_words(document)
    call = document.statements[1] if len(document.statements) > 1 else None
    if faults or unread or not isinstance(call, Call) or call.word.text.lower() not in WORDS:
        return None
    return call
