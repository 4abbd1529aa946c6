"""What could do the work of a line, or of a whole block, in its place, and what each would count.

A line is held against a locally connected and a dense layer, against the plain convolution or against cheaper ones; a
block, and a line together with its neighbours, against one plain convolution.  Counts are those of real layers.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.alternatives import Alternative, Part, alternatives, as_convolution, is_weighted
from cnncalc.analysis.model import Analysis, GroupAnalysis, NodeAnalysis, RowAnalysis
from cnncalc.analysis.plain_convolution import Stretch, plain_instead, stretches
from cnncalc.geometry import Shape


class Compared(NamedTuple):
    """One thing in the place of another: how many times its params, MACs and connections it has."""

    kind: str
    parts: tuple[Part, ...]
    params: int
    macs: int
    connections: int
    times_params: Fraction
    times_macs: Fraction
    times_connections: Fraction


class Instead(NamedTuple):
    """A layer as it is, and all that could be in its place; without a weight it says why there is `nothing`."""

    name: str
    line: int
    arriving: Shape
    leaving: Shape
    own: Alternative | None
    others: tuple[Compared, ...]
    nothing: str = ""

    @property
    def uses(self) -> Fraction:
        """How often each of its numbers is used, on average."""
        assert self.own is not None
        return Fraction(self.own.connections, self.own.params)


class Together(NamedTuple):
    """Several lines, or a block, as they are and as one plain convolution; `nothing` says why there is none."""

    name: str
    kind: str
    lines: tuple[int, ...]
    arriving: tuple[Shape, ...]
    leaving: Shape
    own: tuple[Part, ...]
    params: int
    macs: int
    connections: int
    plain: Compared | None
    nothing: str = ""


def instead_of_row(analysis: Analysis, row: RowAnalysis) -> tuple[Instead | Together, ...]:
    """The layers with learned sums of one line, each with its alternatives; then what it is a part of."""
    weighted = [node for node in row.nodes if is_weighted(node.node.layer) and node.node.layer.weights(node.inputs)]
    if not weighted:
        return (_nothing(row),)
    own = {node.node.index for node in weighted}
    found = (one for one in stretches(analysis) if len(one.nodes) > 1 and own & {n.node.index for n in one.nodes})
    return (*(_instead(analysis, row, node) for node in weighted), *(_stretch(one) for one in found))


def instead_of_block(analysis: Analysis, call: GroupAnalysis) -> Together:
    """A whole block call as one plain convolution with its channels, its stride and its receptive field."""
    rows = analysis.rows[call.group.first : call.group.last + 1]
    path = [node.node.index for row in rows for node in row.nodes]
    outside = dict.fromkeys(i for one in path for i in analysis.nodes[one].node.inputs if i not in set(path))
    own = tuple(_part(analysis.nodes[i]) for i in path if is_weighted(analysis.nodes[i].node.layer))
    name = call.group.label or call.group.path or call.group.text
    lines = tuple(sorted({row.row.origin.span.line for row in rows}))
    sums = (sum(one.params for one in own), sum(one.macs for one in own), sum(one.connections for one in own))
    plain: Stretch | str = "it reads several lines, and a convolution reads one"
    if not path or not call.group.complete:
        plain = "it has no lines that are whole"
    elif len(outside) == 1:
        plain = plain_instead(analysis, "block", path, next(iter(outside)))
    told = Together(name, "block", lines, call.inputs, call.output, own, *sums, None)
    if isinstance(plain, str):
        return told._replace(nothing=plain)
    return told._replace(plain=_compared("plain", (plain.plain,), sums))


def _nothing(row: RowAnalysis) -> Instead:
    node = row.nodes[0]
    layer = node.node.layer
    if any(weight for one in row.nodes for weight in one.weights if weight.trainable):
        why = f"`{layer.word}` learns no weighted sums: no dense or convolutional layer could replace it"
    elif node.weights:
        why = f"the weights of this `{layer.word}` are fixed: nothing is learned that could be compared"
    else:
        why = f"`{layer.word}` has no weights: there is nothing to compare"
    arriving = row.inputs[0] if row.inputs else row.output
    return Instead(node.node.name, row.row.origin.span.line, arriving, row.output, None, (), why)


def _part(node: NodeAnalysis) -> Part:
    return Part(node.node.layer, node.inputs)


def _instead(analysis: Analysis, row: RowAnalysis, node: NodeAnalysis) -> Instead:
    own = Alternative("own", (_part(node),))
    found = list(alternatives(node.node.layer, node.inputs))
    before = analysis.nodes[node.node.inputs[0]]
    if before.node.layer.word == "flatten" and (conv := as_convolution(node.node.layer, before.inputs[0])):
        found = [one for one in found if one.kind not in ("local", "dense")] + [conv]
    sums = (own.params, own.macs, own.connections)
    others = tuple(_compared(one.kind, one.parts, sums) for one in found if one.parts != own.parts)
    return Instead(node.node.name, row.row.origin.span.line, node.inputs[0], node.output, own, others)


def _stretch(one: Stretch) -> Together:
    lines = tuple(sorted({node.node.origin.span.line for node in one.nodes}))
    names = " and ".join(node.node.name for node in one.nodes)
    sums = (one.params, one.macs, one.connections)
    own = tuple(map(_part, one.nodes))
    plain = _compared("plain", (one.plain,), sums)
    return Together(names, one.kind, lines, one.plain.inputs, one.nodes[-1].output, own, *sums, plain)


def _compared(kind: str, parts: tuple[Part, ...], own: tuple[int, int, int]) -> Compared:
    params, macs = sum(part.params for part in parts), sum(part.macs for part in parts)
    connections = sum(part.connections for part in parts)
    times = (Fraction(one, of) for one, of in zip((params, macs, connections), own, strict=True))
    return Compared(kind, parts, params, macs, connections, *times)


class KindSums(NamedTuple):
    """All stretches of one kind in a net, and the plain convolutions in their place."""

    kind: str
    many: int
    params: int
    macs: int
    plain_params: int
    plain_macs: int


def sums_by_kind(analysis: Analysis) -> Iterator[KindSums]:
    """What a net saves by doing convolutions in steps, kind by kind."""
    found: dict[str, list[Stretch]] = {}
    for one in stretches(analysis):
        found.setdefault(one.kind, []).append(one)
    for kind, several in found.items():
        yield KindSums(
            kind,
            len(several),
            sum(one.params for one in several),
            sum(one.macs for one in several),
            sum(one.plain.params for one in several),
            sum(one.plain.macs for one in several),
        )
