"""An error about a net of which something is asked, without the numbers that are asked for.

A shape that arrives at a faulty line may be what the student is to work out, and an error prints it.  So a number is
shown only where it is known: where it is written on the very lines that the error is about, in an `input` line, or as
an answer of this text that is right.  Every other one becomes `?`, and a sentence of arithmetic or advice that needs
one is left out.  This holds for every error that knows of shapes, whatever its code: nothing has to be registered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from cnncalc.geometry import Order, Shape
from cnncalc.graph.ir import Graph

if TYPE_CHECKING:
    from cnncalc.diagnostics import Diagnostic, Source
    from cnncalc.homework.findings import Finding

HIDDEN = "numbers that this file asks for are left out here; --solve shows them"

_NUMBERS = re.compile(
    r"(?P<place>\b(?:lines?|cell|column) \d+(?:(?:, | and | to )\d+)*|\b\d-D\b)"
    r"|(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?: ?[x×] ?\d[\d,]*)*"
)
"""Where a line is, and the number of axes, which are told; or a number, or sizes with x between them."""

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_ANSWERS = re.compile(r"=>|->|[→⇒]")

ORDERS: tuple[Order, ...] = ("channels_last", "channels_first")

OF_WORDS = frozenset(
    ("unknown-word", "unknown-option", "too-many-operands", "missing-operand", "given-twice", "number-too-small")
)
"""Codes of the binding of a single line, which are raised before any shape arrives there."""


def masked(faults: Iterable[Diagnostic], graph: Graph, findings: Iterable[Finding]) -> tuple[Diagnostic, ...]:
    """The errors of a text with the numbers hidden that it asks for and that nobody has answered rightly."""
    from cnncalc.diagnostics.catalogue_spec import ENTRIES  # noqa: PLC0415 - few checked nets have faults

    known = _known(graph, findings)
    return tuple(
        one
        if one.code in ENTRIES or one.code in OF_WORDS
        else without_numbers(one, graph.source, lambda number: number not in known, HIDDEN)
        for one in faults
    )


def asks(graph: Graph) -> bool:
    """Whether the text asks anything, also on lines that the net does not reach."""
    return bool(graph.totals or graph.questions) or _ANSWERS.search(graph.source.text) is not None


def _known(graph: Graph, findings: Iterable[Finding]) -> set[str]:
    """The sizes that anybody may see, one by one and together."""
    shapes = [node.output for node in graph.nodes if node.layer.word == "input"]
    shapes += [one.right for one in findings if one.status == "right" and isinstance(one.right, Shape)]
    return {
        text for shape in shapes for order in ORDERS for text in tokens(f"{shape.text(order)} {shape.spatial_text}")
    }


def tokens(text: str) -> set[str]:
    """The numbers of a text, single ones and sizes as they are joined, as `told_numbers` spells them."""
    return {_plain(match[0]) for match in _NUMBERS.finditer(text)} | {_plain(one) for one in _DIGITS.findall(text)}


def told_numbers(text: str) -> set[str]:
    """The numbers that a text tells, sizes that are joined as one; places of lines are none.

    >>> sorted(told_numbers("line 3: 28 × 28 × 6 = 4,704 numbers"))
    ['28x28x6', '4704']
    """
    return {_plain(match[0]) for match in _NUMBERS.finditer(text) if not match["place"]}


def _plain(number: str) -> str:
    return number.replace(",", "").replace(" ", "").replace("×", "x").lstrip("-")


def without_numbers(fault: Diagnostic, source: Source, is_hidden: Callable[[str], bool], said: str) -> Diagnostic:
    """An error without some numbers, except those that its lines show; `said` is the note that some are left out."""
    spans = [span for span in (fault.span, *fault.trail) if span is not None]
    written = tokens(" ".join(written_on(source, span.line) for span in spans))

    def hidden(text: str) -> str:
        return _hidden(text, lambda number: number not in written and is_hidden(number))

    message, label = hidden(fault.message), hidden(fault.label)
    notes = tuple(note for note in fault.notes if hidden(note) == note)
    advice = fault.help if hidden(fault.help) == fault.help else ""
    if (message, label, notes, advice) == (fault.message, fault.label, fault.notes, fault.help):
        return fault
    return fault._replace(message=message, label=label, notes=(*notes, said), help=advice, fixes=())


def written_on(source: Source, line: int) -> str:
    """What a line of a text says, without its answers; empty for a line that is not there."""
    return _ANSWERS.split(source.lines[line - 1])[0] if 0 < line <= len(source.lines) else ""


def _hidden(text: str, is_hidden: Callable[[str], bool]) -> str:
    """The text with `?` for every number that may not be seen."""

    def number(match: re.Match[str]) -> str:
        if match["place"] or not is_hidden(_plain(match[0])):
            return match[0]
        return _DIGITS.sub("?", match[0]).lstrip("-")

    return _NUMBERS.sub(number, text)
