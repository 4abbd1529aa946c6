"""The net of a parsed text, with the size that `--input` gives it.

What a statement means is not known here (`cnncalc.graph.binding`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cnncalc.diagnostics import Diagnostic
from cnncalc.geometry import Shape
from cnncalc.graph.binding import Binder
from cnncalc.graph.faults import OF_SIZES
from cnncalc.graph.ir import Graph
from cnncalc.graph.scopes import Scope
from cnncalc.spec.document import Call, Document

if TYPE_CHECKING:
    from cnncalc.graph.other_size import OtherSizes


class _NetBinder(Binder):
    """Binds the text that a net begins with."""

    def include(self, call: Call, copies: int, scope: Scope) -> int:
        from cnncalc.graph.included_nets import include

        return include(self, call, copies, scope)


def bind(document: Document, input_size: str | None = None) -> tuple[Graph, tuple[Diagnostic, ...]]:
    """The net of a document and every fault found; with faults the graph ends before the first.

    `input_size` takes the place of the size on the `input` line (`summary --input 256x256`); raises InputError where it
    cannot.
    """
    other_sizes = _other_sizes(document, input_size)
    graph, faults = _NetBinder(document, other_sizes).bind()
    if any(fault.code in OF_SIZES for fault in faults):
        from cnncalc.graph.size_advice import advised
        from cnncalc.graph.supposed import SupposingBuilder

        builder = SupposingBuilder()
        _NetBinder(document, _other_sizes(document, input_size), builder).bind()
        faults = advised(faults, builder, document.source.lines)
    return graph if other_sizes is None else other_sizes.said_of(graph), faults


def supposed_net(document: Document) -> tuple[Graph, Mapping[int, tuple[Shape, ...]]] | None:
    """The whole net of a document whose own size does not fit it, with the shapes that the refusing nodes would accept.

    None where it has other faults than those of sizes, which another size of the input may end.
    """
    from cnncalc.graph.supposed import SupposingBuilder

    builder = SupposingBuilder()
    graph, faults = _NetBinder(document, None, builder).bind()
    return None if faults or not builder.accepted else (graph, builder.accepted)


def _other_sizes(document: Document, input_size: str | None) -> OtherSizes | None:
    if input_size is None:
        return None
    from cnncalc.graph.other_size import OtherSizes

    return OtherSizes(input_size, document.source.name)
