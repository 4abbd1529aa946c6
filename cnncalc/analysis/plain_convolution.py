"""Several layers held against one plain convolution: with their channels, their stride and their receptive field.

The stretches of a net that do its work in steps are found here too: depthwise and 1x1, bottlenecks, 1xn and nx1 ...
What the convolution counts is said by a real layer (`cnncalc.analysis.alternatives.Part`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import Literal, NamedTuple

from cnncalc.analysis.alternatives import Part, is_weighted
from cnncalc.analysis.model import Analysis, NodeAnalysis, ReceptiveField
from cnncalc.analysis.receptive_field import receptive_fields, summaries
from cnncalc.geometry import VALID, Padding, Shape
from cnncalc.graph.ir import Node
from cnncalc.layers.base import learned
from cnncalc.layers.conv import Conv
from cnncalc.layers.depthwise import DepthwiseConv, SeparableConv
from cnncalc.layers.input import Input

Kind = Literal["separable", "bottleneck", "reduction", "fire", "factorised", "stack", "grouped", "depthwise", "block"]
"""separable   depthwise, then 1x1
bottleneck  1x1 to fewer channels, kxk, 1x1 to more
reduction   1x1 to fewer channels, then kxk
fire        1x1 to fewer channels, then several kernels that read it, joined by concat
factorised  1xn and nx1
stack       several kxk on each other
grouped     filters that read some of the channels
depthwise   filters that read one channel
block       all layers of a block
"""


class Stretch(NamedTuple):
    """Some layers of a net, those of them with learned sums, and the plain convolution in their place."""

    kind: Kind
    nodes: tuple[NodeAnalysis, ...]
    plain: Part

    @property
    def params(self) -> int:
        """The weights and biases of the layers; norms between them, which the convolution would keep, are left out."""
        return sum(own_weights(self.nodes).values())

    @property
    def weights_names(self) -> tuple[str, ...]:
        """Whose weights its layers use: stretches with the same could share one convolution."""
        return tuple(node.weights_name for node in self.nodes)

    @property
    def macs(self) -> int:
        return sum(node.node.layer.cost(node.inputs).macs for node in self.nodes)

    @property
    def connections(self) -> int:
        return sum(node.node.layer.connections(node.inputs) for node in self.nodes)


def own_weights(nodes: Iterable[NodeAnalysis]) -> dict[str, int]:
    """How many weights and biases some layers use, by the name of their owner: those that layers share count once."""
    return {node.weights_name: learned(node.weights) for node in nodes}


def plain_instead(analysis: Analysis, kind: Kind, path: Sequence[int], entry: int) -> Stretch | str:
    """The nodes of a path, which read the node `entry`, held against one convolution; else why there is none."""
    nodes = tuple(analysis.nodes[i] for i in path if is_weighted(analysis.nodes[i].node.layer))
    arriving, leaving = analysis.nodes[entry].output, analysis.nodes[path[-1]].output
    if not nodes:
        return "it has no weights"
    if not arriving.rank or arriving.rank != leaving.rank:
        return "a convolution makes a map of a map, and here no map arrives or none leaves"
    field = _field(analysis, path, entry)
    if field is None or not field.local:
        return "every output sees the whole map, as no convolution with a small kernel does"
    conv = _convolution(field, arriving, leaving, bias=getattr(nodes[-1].node.layer, "bias", True))
    if conv is None:
        return "from one output to the next what is seen does not move by a whole number of steps, as in a convolution"
    return Stretch(kind, nodes, Part(conv, (arriving,)))


def _field(analysis: Analysis, path: Sequence[int], entry: int) -> ReceptiveField | None:
    """What one output of the last node sees of what arrives at the path."""
    arriving = analysis.nodes[entry].node
    first = Node(0, "input", Input(size=arriving.output.sizes()), (), arriving.output, arriving.origin)
    places, nodes, windows = {entry: 0}, [first], [first.layer.windows(())]
    for i in path:
        node = analysis.nodes[i]
        seen = zip(node.node.inputs, node.node.layer.windows(node.inputs), strict=True)
        kept = [(places[one], window) for one, window in seen if one in places]
        places[i] = len(nodes)
        nodes.append(node.node._replace(index=len(nodes), inputs=tuple(one for one, _ in kept)))
        windows.append(tuple(window for _, window in kept))
    return summaries(nodes, receptive_fields(nodes, windows))[-1]


def _convolution(field: ReceptiveField, arriving: Shape, leaving: Shape, *, bias: bool) -> Conv | None:
    if any(jump.denominator != 1 or jump < 1 for jump in field.jump):
        return None
    strides = tuple(map(int, field.jump))
    before = [Fraction(size, 2) - start for size, start in zip(field.size, field.start, strict=True)]
    if any(rows.denominator != 1 or rows < 0 for rows in before):
        return None
    sizes = zip(before, leaving.spatial, strides, field.size, arriving.spatial, strict=True)
    pads = tuple((int(rows), max(0, (out - 1) * step + size - n - int(rows))) for rows, out, step, size, n in sizes)
    conv = Conv(
        filters=leaving.channels,
        kernel_size=field.size,
        stride=strides if len(set(strides)) > 1 else strides[:1],
        padding=Padding("explicit", pads if len(set(pads)) > 1 else pads[:1]) if any(map(any, pads)) else VALID,
        bias=bias,
    )
    fits = all(n + sum(pad) >= size for n, pad, size in zip(arriving.spatial, pads, field.size, strict=True))
    return conv if fits and conv.output_shape((arriving,)) == leaving else None


def stretches(analysis: Analysis) -> Iterator[Stretch]:
    """Every stretch of a net that does the work of one convolution in steps, from top to bottom; none twice."""
    net, used = _Net(analysis), set[int]()
    for node in analysis.nodes:
        if node.node.index in used:
            continue
        found = net.stretch(node.node.index)
        if found is None:
            continue
        kind, path = found
        one = plain_instead(analysis, kind, path, node.node.inputs[0])
        if isinstance(one, Stretch):
            used.update(path)
            yield one


class _Net:
    """Which convolution follows which, with nothing but pointwise layers between."""

    def __init__(self, analysis: Analysis) -> None:
        self.nodes = analysis.nodes
        self.readers: list[list[int]] = [[] for _ in analysis.nodes]
        for node in analysis.nodes:
            for i in node.node.inputs:
                self.readers[i].append(node.node.index)

    def stretch(self, first: int) -> tuple[Kind, list[int]] | None:
        """The kind of the stretch that begins at a node, and its path."""
        one = self.nodes[first]
        role = _role(one)
        if role in ("", "separable", "grouped"):
            return None if role == "" else ("separable" if role == "separable" else "grouped", [first])
        if role == "point" and (fire := self._fire(first)):
            return "fire", fire
        path, second = self.after(first)
        third_path, third = self.after(second.node.index) if second else ([], None)
        roles = (role, _role(second), _role(third))
        if role == "point":
            return self._from_point(roles, (first, path, third_path))
        if role == "depthwise":
            return ("separable", [first, *path]) if roles[1] == "point" else ("depthwise", [first])
        if second is not None and _is_factorised(one, second):
            return "factorised", [first, *path]
        return self._stack(first)

    def _from_point(
        self, roles: tuple[str, str, str], paths: tuple[int, list[int], list[int]]
    ) -> tuple[Kind, list[int]] | None:
        first, path, more = paths
        one = self.nodes[first]
        if roles[1] not in ("wide", "grouped"):
            return None
        second = self.nodes[path[-1]]
        if roles[2] == "point" and self.nodes[more[-1]].output.channels > second.output.channels:
            return "bottleneck", [first, *path, *more]
        apart = roles[2] == "wide" and _is_factorised(second, self.nodes[more[-1]])
        fewer = one.output.channels < one.inputs[0].channels
        return ("reduction", [first, *path]) if fewer and roles[1] == "wide" and not apart else None

    def _fire(self, first: int) -> list[int]:
        """A 1x1 to fewer channels, the convolutions that read it, and the concat of them all; empty without one."""
        one, path = self.nodes[first], [first, *self._elementwise(first)]
        kernels = self.readers[path[-1]]
        fits = len(kernels) > 1 and all(_role(self.nodes[i]) in ("point", "wide") for i in kernels)
        if not fits or one.output.channels >= one.inputs[0].channels:
            return []
        branches = [[i, *self._elementwise(i)] for i in kernels]
        ends = {branch[-1] for branch in branches}
        joins = {i for end in ends for i in self.readers[end]}
        join = self.nodes[min(joins)] if len(joins) == 1 else None
        if join is None or join.node.layer.word != "concat" or set(join.node.inputs) != ends:
            return []
        return sorted({*path, *(i for branch in branches for i in branch), join.node.index})

    def _elementwise(self, index: int) -> list[int]:
        """The layers after a node that change no shape and mix no places, each the only reader of the one before."""
        path = list[int]()
        while len(readers := self.readers[index]) == 1 and len(self.nodes[readers[0]].inputs) == 1:
            index = readers[0]
            if not _is_pointwise(self.nodes[index]):
                break
            path.append(index)
        return path

    def _stack(self, first: int) -> tuple[Kind, list[int]] | None:
        """As many equal square kernels as follow each other, of which only the first may stride."""
        path, kernel = [first], _kernel(self.nodes[first])
        while len(set(kernel)) == 1:
            more, then = self.after(path[-1])
            if then is None or _role(then) != "wide" or _kernel(then) != kernel or _steps(then) != {1}:
                break
            path += more
        return ("stack", path) if len(path) > 1 else None

    def after(self, index: int) -> tuple[list[int], NodeAnalysis | None]:
        """The path from a node to the next one with learned sums, without the node itself."""
        path = list[int]()
        while True:
            index = self._next(index)
            if index < 0:
                return [], None
            path.append(index)
            node = self.nodes[index]
            if is_weighted(node.node.layer):
                return path, node

    def _next(self, index: int) -> int:
        """The only reader of a node, or the product with a gate made of it; -1 where its result goes elsewhere too."""
        readers = self.readers[index]
        if len(readers) == 1:
            node = self.nodes[readers[0]]
            fits = len(node.inputs) == 1 and (is_weighted(node.node.layer) or _is_pointwise(node))
            return readers[0] if fits else -1
        gates = [i for i in readers if self.nodes[i].node.layer.word == "mul"]
        whole = len(readers) == 2 and len(gates) == 1 and self.nodes[gates[0]].output == self.nodes[index].output
        return gates[0] if whole else -1


def _is_pointwise(node: NodeAnalysis) -> bool:
    return node.output == node.inputs[0] and node.node.layer.window(node.inputs) is None


def _role(node: NodeAnalysis | None) -> str:
    """point (1x1), wide (a larger window), depthwise, separable, grouped; empty for everything else."""
    layer = None if node is None else node.node.layer
    if node is None or not node.inputs or not node.inputs[0].rank:
        return ""
    if isinstance(layer, (DepthwiseConv, SeparableConv)):
        return "depthwise" if isinstance(layer, DepthwiseConv) else "separable"
    if not isinstance(layer, Conv):
        return ""
    if layer.groups > 1:
        return "depthwise" if layer.groups == node.inputs[0].channels else "grouped"
    if prod(_kernel(node)) > 1:
        return "wide"
    return "point" if _steps(node) == {1} else ""


def _kernel(node: NodeAnalysis) -> tuple[int, ...]:
    kernels: tuple[int, ...] = node.node.layer.kernels(node.inputs[0].rank)  # type: ignore[attr-defined]
    return kernels


def _steps(node: NodeAnalysis) -> set[int]:
    """The strides and dilations of a convolution."""
    layer, rank = node.node.layer, node.inputs[0].rank
    return {*layer.strides(rank), *layer.dilations(rank)} if isinstance(layer, (Conv, DepthwiseConv)) else set()


def _is_factorised(one: NodeAnalysis, other: NodeAnalysis) -> bool:
    """Whether two convolutions each slide along axes along which the other is one wide."""
    if _role(one) != "wide" or _role(other) != "wide":
        return False
    return all(1 in pair for pair in zip(_kernel(one), _kernel(other), strict=True))
