"""What deserves a second look without being wrong, each with the place where it was written.

The layers notice what concerns their own arguments; here stand the warnings about the net as a whole.  A line warns
once, however many copies of it `times` and blocks make.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cnncalc.analysis.counting import Facts
from cnncalc.analysis.model import Figures
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.geometry import Padding
from cnncalc.graph.ir import Graph, Node
from cnncalc.layers.base import Notice

HEAVY_PERCENT = 80
"""A dense layer that holds more than this share of a net's parameters is worth a word."""


def found_warnings(
    graph: Graph, facts: Sequence[Facts], figures: Sequence[Figures], params: int
) -> tuple[Diagnostic, ...]:
    """Every warning about the net, those of the text first; `params` is the net's total."""
    silent = () if _pads_both_sides_alike(graph) and not graph.own_pads else ("lopsided-padding",)
    noticed = (
        _said(notice, node)
        for node, known in zip(graph.nodes, facts, strict=True)
        for notice in known.notices
        if notice.code not in silent
    )
    heavy = (
        _dense_heavy(node, own.params, params)
        for node, own in zip(graph.nodes, figures, strict=True)
        if node.layer.word == "dense" and params * HEAVY_PERCENT < own.params * 100 < params * 100
    )
    return tuple(_once_a_line((*graph.warnings, *noticed, *heavy, *_unread(graph))))


_OF_A_WHOLE_NET = frozenset(("dense-heavy", "unread-result"))
"""Warnings that say something only where no line is missing."""


def for_a_part(warnings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The warnings that hold also where a net ends at a fault."""
    return tuple(warning for warning in warnings if warning.code not in _OF_A_WHOLE_NET)


def _unread(graph: Graph) -> Iterable[Diagnostic]:
    """Warnings about lines whose result goes nowhere; none where only the last one is left, as in most nets."""
    read = {index for node in graph.nodes for index in node.inputs}
    wanted = set(graph.outputs) if graph.outputs_named else set()
    unread = [row for row in graph.rows if row.last not in read and row.last not in wanted]
    if len(unread) <= 1 and unread == list(graph.rows[-1:]):
        return ()
    from cnncalc.analysis.unread import unread_results  # noqa: PLC0415 (few nets have one, and it costs start-up time)

    return unread_results(graph, unread)


def _pads_both_sides_alike(graph: Graph) -> bool:
    """Whether a strided layer of the net is padded as PyTorch code pads; beside it Keras' `same` is a mixture."""
    return any(
        max(getattr(node.layer, "stride", None) or (1,)) > 1
        and isinstance(padding := getattr(node.layer, "padding", None), Padding)
        and padding.mode in ("explicit", "half")
        and not padding.is_nothing
        and all(before == after for before, after in padding.sides)
        for node in graph.nodes
    )


def _said(notice: Notice, node: Node) -> Diagnostic:
    """A layer's notice with the span of the argument it is about."""
    return Diagnostic(
        notice.code,
        notice.message,
        node.origin.arguments.get(notice.argument, node.origin.span),
        label=notice.label,
        help=notice.help,
        severity="warning",
        trail=node.origin.trail,
    )


def _dense_heavy(node: Node, own: int, params: int) -> Diagnostic:
    return Diagnostic(
        "dense-heavy",
        f"this dense layer alone holds {own * 100 // params} % of the net's parameters",
        node.origin.arguments.get("units", node.origin.span),
        notes=(f"{own:,} of {params:,} parameters",),
        help="pool once more before `flatten`, or write `gap` instead of it",
        severity="warning",
        trail=node.origin.trail,
    )


def _once_a_line(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The first of all warnings of a kind about one line; it says how many more there are with other numbers."""
    found: dict[tuple[str, int | None], dict[str, Diagnostic]] = {}
    for diagnostic in diagnostics:
        messages = found.setdefault((diagnostic.code, _line(diagnostic.span)), {})
        messages.setdefault(diagnostic.message, diagnostic)
    for messages in found.values():
        first, *others = messages.values()
        more = f"; the same {len(others)} more time{'s' if len(others) > 1 else ''}, with other sizes"
        yield first._replace(message=first.message + more) if others else first


def _line(span: Span | None) -> int | None:
    return span.line if span is not None else None
