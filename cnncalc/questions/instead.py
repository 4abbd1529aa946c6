"""What could do the work of a line, or of a whole block, in its place, and what each would count.

A line is held against a locally connected and a dense layer, against the plain convolution or against cheaper ones; a
block, and a line together with its neighbours, against one plain convolution.  Counts are those of real layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from cnncalc.analysis.alternatives import Alternative, Part, alternatives, as_convolution, is_weighted
from cnncalc.analysis.block_copies import copies_of
from cnncalc.analysis.model import Analysis, GroupAnalysis, NodeAnalysis, RowAnalysis
from cnncalc.analysis.plain_convolution import Stretch, own_weights, plain_instead, stretches
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
    """A layer as it is, and all that could be in its place; where there is `nothing`, why not."""

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
    many: int = 1
    """How many copies of the block there are, of which this is one."""

    @property
    def shares(self) -> bool:
        """Whether several of the layers use the same weights, which count once."""
        return self.params < sum(part.params for part in self.own)


def instead_of_row(analysis: Analysis, row: RowAnalysis) -> tuple[Instead | Together, ...]:
    """The layers with learned sums of one line, each with its alternatives; then what it is a part of."""
    weighted = [node for node in row.nodes if is_weighted(node.node.layer) and node.node.layer.weights(node.inputs)]
    if not weighted:
        return (_nothing(row),)
    own = {node.node.index for node in weighted}
    found = (one for one in stretches(analysis) if len(one.nodes) > 1 and own & {n.node.index for n in one.nodes})
    return (*(_instead(analysis, row, node) for node in weighted), *(_stretch(one) for one in found))


def instead_of_call(analysis: Analysis, call: GroupAnalysis) -> tuple[Together, ...]:
    """A block call as one convolution; of a repeated block one copy, or each where copies count differently."""
    copies = copies_of(analysis, call)
    if not copies:
        return (instead_of_block(analysis, call),)
    found = [instead_of_block(analysis, copy)._replace(many=len(copies)) for _, copy in copies]
    return tuple({one._replace(name=""): one for one in reversed(found)}.values())[::-1]


def instead_of_block(analysis: Analysis, call: GroupAnalysis) -> Together:
    """A whole block call as one plain convolution with its channels, its stride and its receptive field."""
    rows = analysis.rows[call.group.first : call.group.last + 1]
    path = [node.node.index for row in rows for node in row.nodes]
    outside = dict.fromkeys(i for one in path for i in analysis.nodes[one].node.inputs if i not in set(path))
    weighted = [analysis.nodes[i] for i in path if is_weighted(analysis.nodes[i].node.layer)]
    name = call.group.label or call.group.path or call.group.text
    lines = tuple(sorted({row.row.origin.span.line for row in rows}))
    plain: Stretch | str = "it reads several lines, and a convolution reads one"
    if not path or not call.group.complete:
        plain = "it has no lines that are whole"
    elif len(outside) == 1:
        plain = plain_instead(analysis, "block", path, next(iter(outside)))
    return _together(Together(name, "block", lines, call.inputs, call.output, (), 0, 0, 0, None), weighted, plain)


def _together(found: Together, weighted: Sequence[NodeAnalysis], plain: Stretch | str) -> Together:
    """With the layers, their sums, where weights that several use count once, and the convolution in their place."""
    own = tuple(map(_part, weighted))
    params = sum(own_weights(weighted).values())
    macs, connections = sum(one.macs for one in own), sum(one.connections for one in own)
    found = found._replace(own=own, params=params, macs=macs, connections=connections)
    if isinstance(plain, str):
        return found._replace(nothing=plain)
    return found._replace(plain=_compared("plain", (plain.plain,), (params, macs, connections)))


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
    nothing = (
        "" if others else "it reads every number that arrives, each with a weight of its own, as a dense layer does"
    )
    return Instead(node.node.name, row.row.origin.span.line, node.inputs[0], node.output, own, others, nothing)


def _stretch(one: Stretch) -> Together:
    lines = tuple(sorted({node.node.origin.span.line for node in one.nodes}))
    names = " and ".join(node.node.name for node in one.nodes)
    found = Together(names, one.kind, lines, one.plain.inputs, one.plain.output, (), 0, 0, 0, None)
    return _together(found, one.nodes, one)


def _compared(kind: str, parts: tuple[Part, ...], own: tuple[int, int, int]) -> Compared:
    params, macs = sum(part.params for part in parts), sum(part.macs for part in parts)
    connections = sum(part.connections for part in parts)
    times = (Fraction(one, of) for one, of in zip((params, macs, connections), own, strict=True))
    return Compared(kind, parts, params, macs, connections, *times)


class KindSums(NamedTuple):
    """All stretches of one kind in a net, and the plain convolutions in their place; shared weights count once."""

    kind: str
    many: int
    params: int
    macs: int
    plain_params: int
    plain_macs: int


class AllPlain(NamedTuple):
    """What a net does in steps, kind by kind, and what the whole net would count with one convolution for each."""

    kinds: tuple[KindSums, ...]
    params: int
    macs: int


def all_plain(analysis: Analysis) -> AllPlain:
    """What a net saves by doing convolutions in steps; norms, which the convolutions would keep, stay counted.

    Stretches with the same weights could share one convolution, so both count once.  MACs are for the whole batch.
    """
    found: dict[str, list[Stretch]] = {}
    every = list(stretches(analysis))
    for one in every:
        found.setdefault(one.kind, []).append(one)
    figures = analysis.totals.figures
    taken = {node.node.index for one in every for node in one.nodes}
    kept = {node.weights_name for node in analysis.nodes if node.node.index not in taken}
    left_out = own_weights(node for one in every for node in one.nodes if node.weights_name not in kept)
    return AllPlain(
        tuple(_kind_sums(kind, several, analysis.batch) for kind, several in found.items()),
        figures.params - sum(left_out.values()) + _plain_params(every),
        figures.cost.macs + analysis.batch * sum(one.plain.macs - one.macs for one in every),
    )


def _kind_sums(kind: str, several: list[Stretch], batch: int) -> KindSums:
    return KindSums(
        kind,
        len(several),
        sum(own_weights(node for one in several for node in one.nodes).values()),
        batch * sum(one.macs for one in several),
        _plain_params(several),
        batch * sum(one.plain.macs for one in several),
    )


def _plain_params(several: list[Stretch]) -> int:
    return sum({one.weights_names: one.plain.params for one in several}.values())
