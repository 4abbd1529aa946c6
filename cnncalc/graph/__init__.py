"""From a text to a net: `load_graph` parses and binds, and hands back the net with every fault found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cnncalc.diagnostics import Diagnostic, Source, by_places
from cnncalc.geometry import Shape
from cnncalc.graph.ir import Graph
from cnncalc.graph.spelling import in_own_words
from cnncalc.graph.whole_net import bind, supposed_net
from cnncalc.spec.document import Document
from cnncalc.spec.parsing import parse

__all__ = ["bind", "bound", "load_graph", "supposed_graph"]


def load_graph(
    source: Source, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a text, up to its first fault, and all faults in the order of their places.

    `input_size` takes the place of the size on the `input` line, `settings` that of what `let` lines say; raises
    InputError where they cannot.
    """
    return bound(*parse(source), input_size, settings)


def bound(
    document: Document,
    faults: tuple[Diagnostic, ...],
    input_size: str | None = None,
    settings: Mapping[str, str] | None = None,
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The same for a document that has been read, with the `faults` of reading it."""
    document, unread, remarks = in_own_words(document)
    faults += unread
    graph, more = _bound_with(document, input_size, settings) if settings else bind(document, input_size)
    if input_size is not None and not (faults or more):
        from cnncalc.graph.other_size import refuse_unused  # noqa: PLC0415 (only `--input` needs it)

        refuse_unused(input_size, graph)
    if remarks:
        graph = replace(graph, warnings=(*remarks, *graph.warnings))
    if document.own is not None and more:
        from cnncalc.graph.including import with_places  # noqa: PLC0415 (few texts include others)

        more = tuple(with_places(fault, document.source) for fault in more)
    if faults:
        more = tuple(fault for fault in more if fault.code != "empty-model")
    whole = (*faults, *more)
    if document.own is not None and whole:
        from cnncalc.graph.including import without_lines  # noqa: PLC0415 (few texts include others)

        whole = without_lines(whole, document)
    return graph, by_places(whole)


def supposed_graph(
    source: Source, settings: Mapping[str, str] | None = None
) -> tuple[Graph, Mapping[int, tuple[Shape, ...]]] | None:
    """The whole net of a text whose own size does not fit it (`cnncalc.graph.supposed`); None where that helps not."""
    document, faults = parse(source)
    document, unread, _ = in_own_words(document)
    if faults or unread:
        return None
    if settings:
        from cnncalc.graph.settings import with_settings  # noqa: PLC0415 (only `--set` needs it)

        document = with_settings(document, settings)
    return supposed_net(document)


def _bound_with(
    document: Document, input_size: str | None, settings: Mapping[str, str]
) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net with other values for its constants, and its faults; raises InputError for one that a setting causes."""
    from cnncalc.graph.settings import refuse_settings, with_settings  # noqa: PLC0415 (only `--set` needs it)

    graph, faults = bind(with_settings(document, settings), input_size)
    if faults:
        refuse_settings(faults, settings, document, lambda some: bind(with_settings(document, some))[1])
    return graph, faults
