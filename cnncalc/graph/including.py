"""The texts that a text includes, read before anything is bound: `include resnet18`, `from "head.txt"`.

All texts become one, so that a place is a line of it (`Source.parts`); each is read once, however often it is included.
Where the texts come from is the business of the `Reader`: without one nothing is included, which is how the text of a
stranger is read.  What an included net becomes is known to `cnncalc.graph.included_nets`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from shlex import quote
from typing import Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, InputError, Part, Source, Span
from cnncalc.diagnostics.letters import printable
from cnncalc.graph.spelling import in_own_words
from cnncalc.layers.registry import WORDS
from cnncalc.spec.document import BlockDefinition, Call, Document, Token, Unread
from cnncalc.spec.include_lines import WORD, includes, is_include, name_of
from cnncalc.spec.rewriting import rewritten

DEEPEST_INCLUDE = 16
"""Texts that include texts that include texts: no deeper."""

MOST_INCLUDED = 100
"""Texts in one net."""

_LINE = re.compile(r"\bline (\d{1,7})\b")

LONGEST_ALTOGETHER = 2_000_000
"""Characters of all texts of one net."""


class IncludedText(NamedTuple):
    """A text read for a net: `key` tells it from all others, wherever it was named."""

    key: str
    document: Document
    faults: tuple[Diagnostic, ...]
    is_quoted: bool = True
    """Whether errors may show its lines."""


Reader = Callable[[str, Source], IncludedText]
"""The text of a name that stands in a source; raises InputError where there is none, or it is not to be read."""


def with_included(
    text: IncludedText, reader: Reader, calls: tuple[Call, ...]
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The document with every text that it includes by these lines, and all faults of reading them."""
    gathered = _Gathered(text.document.source, reader)
    whole = gathered.completed(text.document, ((text.key, text.document.source.name),), calls)
    source = gathered.source()
    found: dict[Span, Document] = {}
    for span, one in gathered.found.items():
        found[span] = one._replace(source=source, included=found)
    own = text.document.source
    return whole._replace(source=source, own=own, included=found), (*text.faults, *gathered.faults)


class _Gathered:
    """The texts found so far."""

    def __init__(self, source: Source, reader: Reader) -> None:
        self.first, self.reader = source, reader
        self.texts = [source.text]
        self.parts = [Part(1, source.name)]
        self.lines = len(source.lines)
        self.read: dict[str, Document] = {}
        self.found: dict[Span, Document] = {}
        """The text of each line that includes one, by the place of its name."""
        self.faults: list[Diagnostic] = []

    def source(self) -> Source:
        return replace(self.first, text="\n".join(self.texts), parts=tuple(self.parts))

    def completed(self, document: Document, chain: tuple[tuple[str, str], ...], calls: tuple[Call, ...]) -> Document:
        """The document with its texts read; a line whose text cannot be had is one that cannot be read."""
        lost: dict[int, Unread] = {}
        for call in calls:
            fault = self._include(call, document, chain)
            if fault is not None:
                self.faults.append(fault)
                lost[id(call)] = Unread(WORD, call.span, call.label)
        if not lost:
            return document
        return document._replace(statements=rewritten(document.statements, lambda one: lost.get(id(one), one)))

    def _include(self, call: Call, document: Document, chain: tuple[tuple[str, str], ...]) -> Diagnostic | None:
        name = name_of(call)
        if name is None or "$" in name.text:
            span, code = (call.word.span, "missing-operand") if name is None else (name.span, "wrong-operand")
            message = f"`{WORD}` needs the name of a network or of a file, written out"
            return Diagnostic(code, message, span, help=f"write it: `{WORD} resnet18`")
        try:
            text = self.reader(name.text, document.source)
        except InputError as refused:
            return refused.diagnostics[0]._replace(span=name.span, label="")
        return self._take(text, name, chain)

    def _take(self, text: IncludedText, name: Token, chain: tuple[tuple[str, str], ...]) -> Diagnostic | None:
        """Put a text and those that it includes to the others."""
        shown = text.document.source.name
        if not _is_net(text.document):
            message = f"{printable(shown)} holds no line of a network"
            return Diagnostic("not-included", message, name.span, help="name the text of a network")
        if any(key == text.key for key, _ in chain):
            way = " -> ".join((*(one for _, one in chain), shown))
            return Diagnostic("include-of-itself", f"{shown} includes itself", name.span, notes=(way,))
        if len(chain) > DEEPEST_INCLUDE:
            message = f"more than {DEEPEST_INCLUDE} texts include one another to get here"
            return Diagnostic("include-too-much", message, name.span, help="write some of their lines out")
        if text.key not in self.read:
            too_much = self._add(text)
            if too_much:
                return Diagnostic("include-too-much", too_much, name.span, help="include fewer or smaller texts")
            moved = self.read[text.key]
            self.read[text.key] = self.completed(moved, (*chain, (text.key, shown)), includes(moved))
        self.found[name.span] = self.read[text.key]
        return None

    def _add(self, text: IncludedText) -> str:
        """Put a text behind the others; what is wrong with its size, if it is too much."""
        source = text.document.source
        if len(self.read) >= MOST_INCLUDED:
            return f"more than {MOST_INCLUDED} texts are included"
        if sum(map(len, self.texts)) + len(source.text) > LONGEST_ALTOGETHER:
            return f"the texts have more than {LONGEST_ALTOGETHER:,} characters together"
        spelled = in_own_words(text.document)
        moved = _moved(spelled.document.statements, self.lines)
        self.faults += _moved((*text.faults, *spelled.faults), self.lines)
        self.parts.append(Part(self.lines + 1, source.name, included=True, is_quoted=text.is_quoted))
        self.texts.append(source.text)
        self.lines += len(source.lines)
        self.read[text.key] = text.document._replace(statements=moved, comments={}, name=source.name)
        return ""


def with_places(fault: Diagnostic, source: Source) -> Diagnostic:
    """The fault with the lines of included texts, which its words number in the whole, as the user finds them."""

    def put(text: str) -> str:
        return _LINE.sub(lambda found: source.line_words(int(found[1])), text)

    return fault._replace(message=put(fault.message), notes=tuple(map(put, fault.notes)), help=put(fault.help))


def without_lines(faults: tuple[Diagnostic, ...], document: Document) -> tuple[Diagnostic, ...]:
    """The faults; those in a text whose lines are not to be shown are one at the line that includes it."""
    found: dict[object, Diagnostic] = {}
    for fault in faults:
        hidden = None if fault.span is None else _hidden(fault.span, document)
        found.setdefault(fault if hidden is None else hidden.span, fault if hidden is None else hidden)
    return tuple(found.values())


def _hidden(span: Span, document: Document) -> Diagnostic | None:
    """The fault of the line that includes a text whose own lines are not to be shown; None for other texts."""
    source = document.source
    if source.part(span.line).is_quoted:
        return None
    place, at = source.place(span.line), span
    while not source.part(at.line).is_quoted:
        name = source.part(at.line).name
        at = next(named for named, text in document.included.items() if text.name == name)
    return Diagnostic(
        "not-included",
        f"{printable(place.name)} has a fault, in line {place.line}, column {span.column}",
        at,
        notes=(f"its lines are not shown: it is outside the folder of {printable(source.name)}",),
        help=f"look at it alone: cnncalc summary {quote(printable(place.name))}",
    )


def _is_net(document: Document) -> bool:
    """Whether a line of it says something in our language: what is no net at all is not shown line by line."""
    return any(
        isinstance(one, BlockDefinition)
        or (isinstance(one, Call) and (is_include(one) or one.word.text.lower() in WORDS))
        for one in document.statements
    )


def _moved(value: Any, lines: int) -> Any:
    """Anything made of named tuples with every span so many lines further down."""
    if isinstance(value, Span):
        return value._replace(line=value.line + lines)
    if isinstance(value, tuple):
        parts = [_moved(one, lines) for one in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value
