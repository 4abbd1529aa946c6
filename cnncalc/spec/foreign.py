"""Recognises a text that is written in something else: Python, YAML, a printed summary, Darknet, prototxt, JSON, HTML.

Such a text gives one fault that names what it is and what can be done, instead of a fault a line.  A text with an
`input` line of our own is ours, whatever else stands in it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic, Span


class _Kind(NamedTuple):
    """A notation: what one of its lines (or its first) looks like, spaces around it taken off."""

    code: str
    pattern: re.Pattern[str]
    message: str
    help: str
    first_line: bool = False


def _kind(code: str, pattern: str, message: str, help: str, *, first_line: bool = False) -> _Kind:
    return _Kind(code, re.compile(pattern, re.IGNORECASE), message, help, first_line)


_BY_HAND = "write one layer a line: input 28x28x1, then conv 32 3x3 relu, maxpool 2x2, flatten, dense 10"

_OURS = re.compile(r"^[ \t]*(?:[\w-]+:[ \t]*)?input[ \t]+(?:[0-9$(]|from\b)", re.MULTILINE | re.IGNORECASE)

_KINDS = (
    _kind(
        "pasted-summary",
        r"Model: \"|Layer \((?:type|name)|Total params:|Output Shape\b|[_=-]{20,}$|[┏┡├└┌╒│┃]",
        "this is a printed model summary, which shows a net's result but not how it is built",
        "strides and padding cannot be seen in it; " + _BY_HAND,
    ),
    _kind(
        "pasted-python",
        r"import\s+\w+|from\s+[\w.]+\s+import\b|def\s+\w+\s*\(|class\s+\w+.*:$|(?:model|net)(?:\s*=|\.\w+\()"
        r"|self\.\w+|(?:\w+\s*=\s*)?(?:nn|keras|tf|layers|torch|models|tensorflow|F)\.\w+|Sequential\(|>>> ",
        "this is Python code, which is never executed here",
        "this notation is not read; " + _BY_HAND,
    ),
    _kind(
        "pasted-darknet",
        r"\[(?:net|network|convolutional|maxpool|avgpool|route|shortcut|upsample|yolo|region|connected|dropout|softmax)\]$",
        "this is a Darknet configuration",
        "this notation is not read; " + _BY_HAND,
    ),
    _kind(
        "pasted-prototxt",
        r"layers?\s*\{|input_dim:|name:\s*\"[^\"]*\"$",
        "this is a Caffe prototxt",
        "this notation is not read; " + _BY_HAND,
    ),
    _kind(
        "pasted-json",
        r"[{\[]",
        "this is JSON",
        'JSON is read only as cnncalc writes it, beginning with {"cnncalc_model": 1; ' + _BY_HAND,
        first_line=True,
    ),
    _kind(
        "pasted-yaml",
        r"---$|-\s+(?:\[|\w+:(?:\s|$))|(?:layers|backbone|head|model|network|architecture):$",
        "this is YAML",
        "this notation is not read; " + _BY_HAND,
    ),
    _kind(
        "pasted-html",
        r"<(?:!doctype|html|\?xml|svg)",
        "this is a web page, not a model",
        "save the model as plain text; " + _BY_HAND,
        first_line=True,
    ),
)

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
        return Diagnostic("empty-text", "there is nothing in this text", Span(1, 1), help=_BY_HAND)
    head = text[:_LOOKED_AT]
    control = _BINARY.search(head)
    if control:
        return Diagnostic(
            "pasted-binary",
            "this is not a text: it holds control characters",
            _span(text, control.start()),
            help="only plain text is read here",
        )
    if _OURS.search(text):
        return None
    lines = [(number, line.strip()) for number, line in enumerate(head.split("\n"), 1) if not line.isspace() and line]
    for kind in _KINDS:
        for number, line in lines[:1] if kind.first_line else lines:
            if kind.pattern.match(line):
                column = text.split("\n")[number - 1].index(line) + 1
                return Diagnostic(kind.code, kind.message, Span(number, column, len(line)), help=kind.help)
    return None


def _span(text: str, position: int) -> Span:
    start = text.rfind("\n", 0, position) + 1
    return Span(text.count("\n", 0, position) + 1, position - start + 1)
