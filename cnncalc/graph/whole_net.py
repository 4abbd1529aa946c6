"""The net of a parsed text, with the size that `--input` gives it.

What a statement means is not known here (`cnncalc.graph.binding`).
"""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic
from cnncalc.graph.binding import Binder
from cnncalc.graph.ir import Graph
from cnncalc.spec.document import Document


def bind(document: Document, input_size: str | None = None) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a document and every fault found; with faults the graph ends before the first.

    `input_size` takes the place of the size on the `input` line (`summary --input 256x256`); raises InputError where it
    cannot.
    """
    other_sizes = None
    if input_size is not None:
        from cnncalc.graph.other_size import OtherSizes

        other_sizes = OtherSizes(input_size, document.source.name)
    graph, faults = Binder(document, other_sizes).bind()
    return graph if other_sizes is None else other_sizes.said_of(graph), faults
