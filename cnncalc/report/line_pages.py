"""A line of a text that is no layer, explained: what its word does, what it holds here, and why it may not count.

Blank lines, comments, directives, blocks, branches and conditions have no numbers of their own; a layer in a part of
an `if` that is not taken has none either.  Which parts are taken is the binder's knowledge (`Graph.taken`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import Source
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.manual import pages_called
from cnncalc.quantities import grouped
from cnncalc.report.canvas import Canvas
from cnncalc.report.explanation_lines import head, said
from cnncalc.report.program_lines import line_without_layer
from cnncalc.spec.document import (
    BlockDefinition,
    Choice,
    Conditional,
    Definition,
    Let,
    Repeat,
    Split,
    Statement,
    inside,
)
from cnncalc.spec.statements import STRUCTURAL

_FIRST_WORD = re.compile(r"\s*(?:[^\W\d][\w-]*:\s*)?([^\s#(:]+)")
_OF_WHAT_IS_OPEN = frozenset(("else", "branch", "end", "join"))
_OPENING = frozenset(("block", "repeat", "if", "split"))


class Around(NamedTuple):
    """What a line stands in: the numbers of the opening lines from outside in, and of the `else` or `branch` above."""

    openings: tuple[int, ...]
    parts: tuple[int, ...]


def line_explained(analysis: Analysis, number: int, canvas: Canvas) -> str | None:
    """The page of a line without a layer of its own; None where the text has no such line or is not in our language."""
    source = analysis.graph.source
    if source.is_program:
        return line_without_layer(analysis, number, canvas)
    if analysis.graph.document is None or not 0 < number <= line_count(source):
        return None
    text = source.lines[number - 1].strip()
    lines = head(printable(text) or "(blank)", printable(source.line_words(number)), canvas)
    for name, fact in _facts(analysis, number):
        lines += said(name, printable(fact), canvas) if name else wrapped(printable(fact), canvas.width)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def line_count(source: Source) -> int:
    """How many lines a text has, an empty one at its end not counted."""
    return len(source.lines) - (not source.lines[-1])


def word_of(line: str) -> str:
    """The first word of a line in small letters, its label passed over; empty for a blank line, `#` for a comment."""
    if line.lstrip().startswith("#"):
        return "#"
    found = _FIRST_WORD.match(line)
    return found[1].lower() if found else ""


def _facts(analysis: Analysis, number: int) -> Iterator[tuple[str, str]]:
    lines = analysis.graph.source.lines
    word, around = word_of(lines[number - 1]), _around(lines, number)
    statements = {statement.span.line: statement for statement in _all(analysis)}
    if word in ("", "#"):
        yield "", "A comment: nothing is computed here." if word else "A blank line: nothing is computed here."
    elif word in STRUCTURAL:
        yield "", _sentence(word)
    yield from _about(analysis, number, word, statements.get(number), around)
    outside = Around(around.openings[:-1], around.parts[:-1]) if word in _OF_WHAT_IS_OPEN else around
    reasons = list(_not_counted(analysis, outside, statements))
    yield from reasons
    following = None if word.strip("#") else _next_layer(analysis, number)
    if following is not None:
        place = analysis.graph.source.place(following)
        yield "next", f"line {place.line} has a layer: `{lines[following - 1].strip()}`"
    elif word in STRUCTURAL:
        yield "", f"`cnncalc explain {word}` says more."
    elif word.strip("#") and not reasons:
        yield "", "No layer of this network comes from this line."


def _sentence(word: str) -> str:
    found = pages_called(word)
    return found[0].sentence if found else ""


def _next_layer(analysis: Analysis, number: int) -> int | None:
    """The first line below this one in the same file that makes a layer, or includes a text that does."""
    graph = analysis.graph
    here = graph.source.place(number).name
    including = {span.line for span in graph.document.included} if graph.document else frozenset[int]()
    origins = [row.row.origin for row in analysis.rows]
    found = {one.span.line for one in origins} | {span.line for one in origins for span in one.trail} & including
    return min((line for line in found if line > number and graph.source.place(line).name == here), default=None)


def _all(analysis: Analysis) -> Iterator[Statement | Choice]:
    """Every statement of the text, and every part of its ifs."""
    document = analysis.graph.document
    pile: list[Statement] = list(document.statements) if document else []
    while pile:
        statement = pile.pop()
        yield statement
        if isinstance(statement, Conditional):
            yield from statement.choices
        pile += inside(statement)


def _around(lines: Iterable[str], number: int) -> Around:
    """The blocks, repeats, splits and ifs around a line, and the part of each that the line is in."""
    openings: list[int] = []
    parts: list[int] = []
    for n, line in enumerate(lines, 1):
        word = word_of(line)
        if n == number:
            break
        if word in _OPENING:
            openings.append(n)
            parts.append(n)
        elif word in ("end", "join") and openings:
            openings.pop()
            parts.pop()
        elif word in ("else", "branch") and parts:
            parts[-1] = n
    return Around(tuple(openings), tuple(parts))


def _about(
    analysis: Analysis, number: int, word: str, statement: Statement | Choice | None, around: Around
) -> Iterator[tuple[str, str]]:
    """What this very line holds."""
    lines = analysis.graph.source.lines
    if word == "end" and around.openings:
        yield "ends", f"line {around.openings[-1]}: `{lines[around.openings[-1] - 1].strip()}`"
    elif word == "branch" and around.openings:
        yield "of", f"the split of line {around.openings[-1]}"
    elif word == "total":
        yield from _total(analysis)
    elif isinstance(statement, Choice) or word in ("if", "else"):
        yield from _choice(analysis, number)
    elif isinstance(statement, BlockDefinition):
        calls = _calls(analysis, statement)
        yield "called", f"in line{'s' * (len(calls) > 1)} {_listed(calls)}" if calls else "by no line"
    elif isinstance(statement, Repeat):
        yield "times", statement.times.text
    elif isinstance(statement, Let):
        yield "value", statement.value.text
    elif isinstance(statement, Split):
        yield "branches", f"{len(statement.branches)}, joined in line {statement.join.span.line}"
    elif isinstance(statement, Definition):
        planes = statement.value.matrix.planes
        yield "size", f"{len(planes[0])}x{len(planes[0][0])}" + (f"x{len(planes)}" if len(planes) > 1 else "")


def _total(analysis: Analysis) -> Iterator[tuple[str, str]]:
    totals, count = analysis.totals, analysis.graph.count
    yield "params", grouped(totals.figures.counted_params(count))
    yield "MACs", grouped(totals.figures.cost.macs)
    yield "FLOPs", grouped(totals.figures.cost.flops)


def _choice(analysis: Analysis, number: int) -> Iterator[tuple[str, str]]:
    times = next((count for span, count in analysis.graph.taken.items() if span.line == number), 0)
    often = "once" if times == 1 else f"{times} times"
    yield "taken", often if times else "never: its lines do not count in this network"


def _calls(analysis: Analysis, block: BlockDefinition) -> list[int]:
    name = block.name.text.lower()
    return sorted({one.group.origin.span.line for one in analysis.groups if one.group.word.lower() == name})


def _listed(numbers: list[int]) -> str:
    """`3`, `3 and 5`, `3, 5 and 9`."""
    *first, last = map(str, numbers)
    return f"{', '.join(first)} and {last}" if first else last


def _not_counted(
    analysis: Analysis, around: Around, statements: dict[int, Statement | Choice]
) -> Iterator[tuple[str, str]]:
    """Why a line inside others does not count: the part of an `if` is not taken, or nobody calls the block."""
    lines, taken = analysis.graph.source.lines, {span.line for span in analysis.graph.taken}
    for opening, part in zip(around.openings, around.parts, strict=True):
        word = word_of(lines[opening - 1])
        statement = statements.get(opening)
        if isinstance(statement, BlockDefinition) and not _calls(analysis, statement):
            yield "not used", f"no line calls the block of line {opening}: `{lines[opening - 1].strip()}`"
            return
        if word == "if" and part not in taken:
            yield "not taken", f"line {part} leaves these lines out: `{lines[part - 1].strip()}`"
            return
