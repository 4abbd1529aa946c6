"""Which input sizes fit a net: what becomes of the one asked, the nearest that lose nothing, the rule, the smallest.

Each axis is looked at alone, the others being as asked; what is found is tried with all axes together before it is
given.  Inputs of one shape have one size.  A text that is no list of layers of ours, such as a program, may work out
sizes itself: it is read again with the sizes that are given, and where that says otherwise with every size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple, Protocol

from cnncalc.diagnostics import input_error
from cnncalc.geometry import AXIS_NAMES, Shape, Sizes
from cnncalc.graph.fitting_sizes import TooMuchWorkError
from cnncalc.graph.ir import Graph, Node
from cnncalc.graph.other_size import OtherSizes, refuse_unused
from cnncalc.questions.asked_net import AskedNet
from cnncalc.questions.axis_answers import AxisAnswer, Verdicts, axis_answer
from cnncalc.questions.kept_weights import KeptWeights, kept_weights
from cnncalc.questions.read_verdicts import Readings
from cnncalc.questions.size_rules import Looking
from cnncalc.questions.size_verdicts import LayerAnswers, Refused, WholeSize


class Sizing(Protocol):
    """Whatever says what becomes of sizes: the layers of a net, or its text read again."""

    looking: Looking

    def axis(self, axis: int) -> Verdicts:
        """The verdicts on the sizes of one axis."""

    def whole(self, sizes: Sizes) -> WholeSize | Refused:
        """What becomes of the sizes of all axes together."""


class NetSizes(NamedTuple):
    """The answer about a net; `inputs` have the size together, and `fixed` inputs have their own.

    Where only one of these sizes would fit, fixed inputs are `tied`: along each axis they have a ratio of the size.

    `nearest` are the whole sizes that lose nothing next to the one asked, `smallest` the smallest of them; `refused` is
    why the size asked does not fit; `kept` are the sizes that keep the weights of the text's own, where these depend on
    it.  `is_reread`: its text was read again with every size that was looked at.
    """

    graph: Graph
    inputs: tuple[Node, ...]
    fixed: tuple[Node, ...]
    tied: Mapping[int, Sequence[Fraction]]
    is_asked: bool
    asked: Sizes
    outputs: tuple[Shape, ...] | None
    axes: tuple[AxisAnswer, ...]
    nearest: tuple[WholeSize, ...]
    smallest: WholeSize | None
    refused: Refused | None = None
    kept: KeptWeights | None = None
    is_reread: bool = False

    @property
    def fits(self) -> bool:
        """Whether the size asked fits with all its axes."""
        return self.outputs is not None

    @property
    def loses_nothing(self) -> bool:
        """Whether the size asked fits and no pixel is left over."""
        return self.fits and all(axis.asked.loses_nothing for axis in self.axes)


def net_sizes(net: AskedNet, asked: str | None = None) -> NetSizes:
    """The sizes that fit a net as it is written; `asked` is a size as `--input` takes it.

    Raises InputError for a size that the net's input cannot have, and for a net without an image.
    """
    given = _given(net.graph, asked)
    inputs = sized_inputs(net.graph)
    sizes = given[inputs[0].index].spatial
    together = {node.index for node in inputs}
    moved = _with_outputs(net.graph, {index: shape for index, shape in given.items() if index not in together})
    fixed = tuple(node for node in moved.nodes if node.is_input and node.index not in together)
    start = NetSizes(moved, inputs, fixed, {}, asked is not None, sizes, None, (), (), None)
    layers = LayerAnswers(moved, inputs, net.accepted)
    answer = _answered(start, layers)
    if fixed:
        return _tied(answer, net)
    if not net.accepted:
        answer = answer._replace(kept=_kept(net.graph, inputs, answer))
    if net.read is None:
        return answer
    readings = Readings(net.read, sizes, len(moved.nodes))
    return answer if _is_confirmed(answer, layers, readings) else _answered(start._replace(is_reread=True), readings)


def _tied(answer: NetSizes, net: AskedNet) -> NetSizes:
    """The answer itself, or where only single sizes fit the one with the other inputs in the ratio that they have."""
    written = answer.inputs[0].output.spatial
    others = [node for node in answer.fixed if node.output.rank == len(written)]
    if not others or any(axis.fitting is not None and axis.fitting.remainders for axis in answer.axes):
        return answer
    own = {node.index: net.graph.nodes[node.index].output for node in others}
    tied = {index: tuple(map(Fraction, shape.spatial, written)) for index, shape in own.items()}
    for node in others:
        grown = tuple(ratio * size for ratio, size in zip(tied[node.index], answer.asked, strict=True))
        if node.output != own[node.index] and node.output.spatial != grown:
            return answer  # it was asked with another size than the one in this ratio
    start = answer._replace(tied=tied, outputs=None, axes=(), nearest=(), smallest=None, refused=None)
    found = _answered(start, LayerAnswers(answer.graph, answer.inputs, net.accepted, tied))
    return found if all(axis.fitting is not None and axis.fitting.remainders for axis in found.axes) else answer


def _answered(start: NetSizes, sizing: Sizing) -> NetSizes:
    """The answer, as the layers or the readings of the text give it."""
    axes = tuple(
        axis_answer(sizing.axis(axis), name, size, sizing.looking)
        for axis, (name, size) in enumerate(zip(AXIS_NAMES[len(start.asked)], start.asked, strict=True))
    )
    own = sizing.whole(start.asked)
    refused = own if isinstance(own, Refused) else next((a.asked.refused for a in axes if a.asked.refused), None)
    smallest = _tried(sizing, [axis.smallest.size for axis in axes if axis.smallest is not None], len(axes))
    return start._replace(
        outputs=None if isinstance(own, Refused) or refused else own.outputs,
        axes=axes,
        nearest=tuple(_nearest(sizing, axes)),
        smallest=smallest,
        refused=refused,
    )


def _nearest(sizing: Sizing, axes: tuple[AxisAnswer, ...]) -> Iterator[WholeSize]:
    """The sizes next to the one asked that lose nothing: an axis keeps its size where that loses nothing."""
    if all(axis.asked.loses_nothing for axis in axes):
        return
    below = [axis.asked if axis.asked.loses_nothing else axis.below or axis.above for axis in axes]
    above = [axis.asked if axis.asked.loses_nothing else axis.above or axis.below for axis in axes]
    for sizes in dict.fromkeys(tuple(one.size for one in side if one is not None) for side in (below, above)):
        if (found := _tried(sizing, sizes, len(axes))) is not None:
            yield found


def _tried(sizing: Sizing, sizes: Sequence[int], count: int) -> WholeSize | None:
    """The sizes of all axes together where they fit."""
    try:
        found = sizing.whole(tuple(sizes)) if len(sizes) == count else None
    except TooMuchWorkError:
        return None
    return found if isinstance(found, WholeSize) else None


def _kept(graph: Graph, inputs: tuple[Node, ...], answer: NetSizes) -> KeptWeights | None:
    """Which sizes keep the weights that the net has as its text is written."""
    others = [axis.fitting and axis.fitting.above(2 * max(axis.asked.size, 16)) for axis in answer.axes]
    if not all(others):
        return None
    return kept_weights(graph.nodes, inputs, inputs[0].output.spatial, tuple(one for one in others if one))


def _is_confirmed(answer: NetSizes, sizing: Sizing, readings: Readings) -> bool:
    """Whether the text read with every size of the answer is the net that was asked, with the same outputs."""
    sizes = {answer.asked, *(one.sizes for one in (*answer.nearest, answer.smallest) if one is not None)}
    for side in (-1, 1):
        sizes.add(tuple(max(1, size + side) for size in answer.asked))
    for below_or_above in ([axis.below for axis in answer.axes], [axis.above for axis in answer.axes]):
        found = [one.size for one in below_or_above if one is not None]
        sizes.update([tuple(found)] if len(found) == len(answer.axes) else [])
    return all(_is_as_read(answer.graph, sizing.whole(one), readings.net(one)) for one in sizes)


def _is_as_read(graph: Graph, found: WholeSize | Refused, read: Graph | Refused) -> bool:
    """Whether a reading says of a size what the layers of the net said: that it does not fit, or the same outputs."""
    if isinstance(found, Refused) or isinstance(read, Refused):
        return isinstance(found, Refused) and isinstance(read, Refused)
    return _is_same_net(read, graph) and found.outputs == tuple(read.nodes[index].output for index in read.outputs)


def _is_same_net(graph: Graph, other: Graph) -> bool:
    """Whether all layers but the inputs are the same, and what feeds them."""
    return len(graph.nodes) == len(other.nodes) and all(
        one.inputs == two.inputs and (not one.inputs or one.layer == two.layer)
        for one, two in zip(graph.nodes, other.nodes, strict=True)
    )


def sized_inputs(graph: Graph) -> tuple[Node, ...]:
    """The first input that is no flat vector, and all others of its shape; raises InputError where there is none."""
    inputs = [node for node in graph.nodes if node.is_input and getattr(node.layer, "data", None) is None]
    first = next((node for node in inputs if node.output.rank), None)
    if first is None:
        what = f"the input of {graph.source.name} is a flat vector" if inputs else f"{graph.source.name} has no input"
        raise input_error(
            "no-size-to-solve",
            f"{what}: no window slides over it, so there is no size to look for",
            help="ask about a network with an image, a signal or a volume: cnncalc solve unet",
        )
    return tuple(node for node in inputs if node.output == first.output)


def _given(graph: Graph, asked: str | None) -> Mapping[int, Shape]:
    """The shape of every input, with those that are asked."""
    inputs = [node for node in graph.nodes if node.is_input]
    if asked is None:
        return {node.index: node.output for node in inputs}
    other = OtherSizes(asked, graph.source.name)
    for node in inputs:
        other.given(node.name, node.output, graph.order, node.origin.span.line, whole=True)
    refuse_unused(asked, replace(graph, resized=tuple(other.found)))
    found = {one.name: one.given for one in other.found}
    return {node.index: found.get(node.name, node.output) for node in inputs}


def _with_outputs(graph: Graph, given: Mapping[int, Shape]) -> Graph:
    """The net with other shapes of its inputs; what follows keeps those of the text."""
    nodes = tuple(node._replace(output=given.get(node.index, node.output)) for node in graph.nodes)
    return replace(graph, nodes=nodes)
