"""The lines of a program that a layer of a net comes from: where it is made, where it is called, the calls around.

In a text of our own all of these are one line, and the calls of blocks around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnncalc.analysis.model import Analysis, RowAnalysis
from cnncalc.diagnostics import Span
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.wrapping import wrapped
from cnncalc.layers.base import Layer
from cnncalc.report.canvas import Canvas
from cnncalc.report.explanation_lines import head, said

LONGEST_SHOWN = 200
"""Characters of a statement of a program that are repeated."""

MOST_LINES = 6
"""Lines of a statement that are put together."""


def layers_of(row: RowAnalysis) -> tuple[Layer, ...]:
    """What a line does, without its place."""
    return tuple(node.node.layer for node in row.nodes)


def lines_of(row: RowAnalysis) -> set[int]:
    """Every line of the whole text that has a part in a row."""
    origins = [row.row.origin, *(node.node.origin for node in row.nodes)]
    spans = [span for one in origins for span in (one.span, *one.trail, *one.arguments.values())]
    return {span.line for span in (*spans, *(one.made for one in origins if one.made is not None))}


def where_written(analysis: Analysis, row: RowAnalysis) -> Iterator[tuple[str, str]]:
    """The lines of a program with their places: `called`, `made`; nothing of a text of our own."""
    if analysis.graph.source.is_program:
        origin = row.nodes[0].node.origin
        if origin.made != origin.span:
            yield "called", _written(analysis, origin.span)
        if origin.made is not None and (origin.made == origin.span or origin.made.line != origin.span.line):
            yield "made", _written(analysis, origin.made)


def line_without_layer(analysis: Analysis, number: int, canvas: Canvas) -> str:
    """The page of a line of a program that no layer of the net comes from, and where the next one does."""
    source = analysis.graph.source
    text = source.lines[number - 1].strip()
    lines = head(printable(text) or "(blank)", printable(source.line_words(number)), canvas)
    lines += wrapped("No layer of this network is made or called on this very line.", canvas.width)
    here, later = source.place(number), (line for row in analysis.rows for line in lines_of(row) if line > number)
    following = min((line for line in later if source.place(line)[:2] == here[:2]), default=None)
    if following is not None:
        lines += said("next", _written(analysis, Span(following, 1)), canvas)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _written(analysis: Analysis, span: Span) -> str:
    source = analysis.graph.source
    text = _statement(source.lines[span.line - 1 : span.line - 1 + MOST_LINES])
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} ..."
    return printable(f"{source.line_words(span.line)}: {shown}")


def _statement(lines: Sequence[str]) -> str:
    """The first line, with those after it as long as a bracket is open."""
    found = ""
    for line in lines:
        found += line.strip() if found[-1:] in ("", "(", "[") or line.strip()[:1] in (")", "]") else f" {line.strip()}"
        if sum(map(found.count, "([{")) <= sum(map(found.count, ")]}")):
            break
    return found
