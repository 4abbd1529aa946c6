"""From a text to a net: `load_graph` parses and binds, and hands back the net with every fault found."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.graph.binding import bind
from cnncalc.graph.ir import Graph
from cnncalc.graph.other_size import refuse_unused
from cnncalc.graph.spelling import in_own_words
from cnncalc.spec.parsing import parse

__all__ = ["bind", "load_graph"]


def load_graph(source: Source, input_size: str | None = None) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a text, up to its first fault, and all faults in the order of their places.

    `input_size` takes the place of the size on the `input` line; raises InputError where it cannot.
    """
    document, faults = parse(source)
    document, unread = in_own_words(document)
    faults += unread
    graph, more = bind(document, input_size)
    if input_size is not None and not (faults or more):
        refuse_unused(input_size, graph)
    if faults:
        more = tuple(fault for fault in more if fault.code != "empty-model")
    return graph, tuple(sorted((*faults, *more), key=_place))


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    return (diagnostic.span.line, diagnostic.span.column) if diagnostic.span else (0, 0)
