"""Which input sizes fit a net: what becomes of the one asked, the nearest that lose nothing, the rule, the smallest.

Each axis is looked at alone, the others being as asked; what is found is tried with all axes together before it is
given.  Inputs of one shape have one size.  Verdicts are `size_verdicts`', rules `size_rules`'; nothing is printed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from cnncalc.diagnostics import Refusal, input_error
from cnncalc.geometry import AXIS_NAMES, Shape, Sizes
from cnncalc.graph.fitting_sizes import TooMuchWorkError, other_shapes, shapes_of
from cnncalc.graph.ir import Graph, Node
from cnncalc.graph.other_size import OtherSizes, refuse_unused
from cnncalc.questions.size_rules import SizeRule, found_rule
from cnncalc.questions.size_verdicts import AxisVerdicts, Verdict, is_square

FARTHEST = 256
"""Sizes looked at on either side of the one asked, where no rule was found."""


class AxisAnswer(NamedTuple):
    """One axis of the input: the verdict on the size asked, and the rules of what fits and of what loses nothing.

    `below` and `above` are the nearest sizes that lose nothing, `fits_below` and `fits_above` the nearest that fit.
    `even` is the rule of the sizes that lose nothing and that every layer divides without rounding.  A rule is None
    where none was found, with `is_bounded` because the work would have been too much.
    """

    name: str
    asked: Verdict
    below: Verdict | None
    above: Verdict | None
    fits_below: Verdict | None
    fits_above: Verdict | None
    smallest: Verdict | None
    fitting: SizeRule | None
    lossless: SizeRule | None
    even: SizeRule | None
    is_bounded: bool = False


class WholeSize(NamedTuple):
    """Sizes of all axes together that fit, and what the outputs are then."""

    sizes: Sizes
    outputs: tuple[Shape, ...]


class NetSizes(NamedTuple):
    """The answer about a net; `inputs` have the size together, and `fixed` inputs have their own.

    `nearest` are the whole sizes that lose nothing next to the one asked, `smallest` the smallest of them; `refused` is
    the node that the size asked does not fit, and why.
    """

    graph: Graph
    inputs: tuple[Node, ...]
    fixed: tuple[Node, ...]
    is_asked: bool
    asked: Sizes
    outputs: tuple[Shape, ...] | None
    axes: tuple[AxisAnswer, ...]
    nearest: tuple[WholeSize, ...]
    smallest: WholeSize | None
    refused: tuple[Node, str] | None = None

    @property
    def fits(self) -> bool:
        """Whether the size asked fits with all its axes."""
        return self.outputs is not None

    @property
    def loses_nothing(self) -> bool:
        """Whether the size asked fits and no pixel is left over."""
        return self.fits and all(axis.asked.loses_nothing for axis in self.axes)


def net_sizes(
    graph: Graph, asked: str | None = None, accepted: Mapping[int, tuple[Shape, ...]] = MappingProxyType({})
) -> NetSizes:
    """The sizes that fit a net as it is written; `asked` is a size as `--input` takes it.

    `accepted` are shapes with which nodes go on that refuse the size of the text (`cnncalc.graph.supposed_graph`).
    Raises InputError for a size that the net's input cannot have, and for a net without an image.
    """
    given = _given(graph, asked)
    inputs = sized_inputs(graph)
    sizes = given[inputs[0].index].spatial
    moved = _with_outputs(graph, given)
    together = frozenset(node.index for node in inputs)
    fixed = tuple(node for node in moved.nodes if node.is_input and node.index not in together)
    alone = AxisVerdicts(moved, together, 0, accepted) if is_square(graph) else None
    axes = tuple(
        axis_answer(alone or AxisVerdicts(moved, together, axis, accepted), name, size)
        for axis, (name, size) in enumerate(zip(AXIS_NAMES[len(sizes)], sizes, strict=True))
    )
    search = _Whole(moved, inputs)
    refused = search.refused(sizes) or next(
        ((axis.asked.refused, axis.asked.reason) for axis in axes if axis.asked.refused is not None), None
    )
    whole = search.tried(sizes) if refused is None else None
    smallest = search.tried(tuple(axis.smallest.size for axis in axes if axis.smallest is not None))
    return NetSizes(
        *(moved, inputs, fixed, asked is not None, sizes, whole and whole.outputs),
        *(axes, search.nearest(axes), smallest, refused),
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


def axis_answer(verdicts: AxisVerdicts, name: str, asked: int) -> AxisAnswer:
    """Everything about one axis of the input."""
    own = verdicts.of(asked)
    try:
        fitting = found_rule(lambda n: verdicts.of(n).fits, asked)
        lossless = found_rule(lambda n: verdicts.of(n).loses_nothing, asked)
        first = lossless.smallest if lossless is not None else None
        return AxisAnswer(
            name,
            own,
            *_nearest(verdicts, asked, lossless, lambda one: one.loses_nothing),
            *_nearest(verdicts, asked, fitting, lambda one: one.fits),
            None if first is None else verdicts.of(first),
            fitting,
            lossless,
            None if lossless is None else found_rule(lambda n: verdicts.of(n).is_even, asked, lossless.checked),
        )
    except TooMuchWorkError:
        return AxisAnswer(name, own, *(None,) * 8, is_bounded=True)


def _nearest(
    verdicts: AxisVerdicts, asked: int, rule: SizeRule | None, is_right: Callable[[Verdict], bool]
) -> tuple[Verdict | None, Verdict | None]:
    """The nearest sizes below and above that are right."""
    if rule is not None:
        found = (rule.below(asked), rule.above(asked))
        return tuple(None if n is None else verdicts.of(n) for n in found)  # type: ignore[return-value]
    down, up = range(asked - 1, max(0, asked - FARTHEST), -1), range(asked + 1, asked + FARTHEST)
    below = next((one for n in down if is_right(one := verdicts.of(n))), None)
    return below, next((one for n in up if is_right(one := verdicts.of(n))), None)


class _Whole:
    """Sizes of all axes together, tried on every node with whole shapes."""

    def __init__(self, graph: Graph, inputs: tuple[Node, ...]) -> None:
        self.graph, self.inputs = graph, inputs

    def tried(self, sizes: Sizes) -> WholeSize | None:
        """The sizes and their outputs where they fit."""
        if len(sizes) != self.inputs[0].output.rank:
            return None
        shapes = shapes_of(self.graph.nodes, self._given(sizes))
        return None if shapes is None else WholeSize(sizes, tuple(shapes[index] for index in self.graph.outputs))

    def refused(self, sizes: Sizes) -> tuple[Node, str] | None:
        """The first node that these sizes do not fit, and what it says."""
        found: list[Shape] = []
        try:
            found.extend(other_shapes(self.graph.nodes, self._given(sizes)))
        except Refusal as refusal:
            return self.graph.nodes[len(found)], refusal.message
        return None

    def _given(self, sizes: Sizes) -> Mapping[int, Shape]:
        return {node.index: replace(node.output, spatial=sizes) for node in self.inputs}

    def nearest(self, axes: tuple[AxisAnswer, ...]) -> tuple[WholeSize, ...]:
        """The sizes next to the one asked that lose nothing: an axis keeps its size where that loses nothing."""
        if all(axis.asked.loses_nothing for axis in axes):
            return ()
        sides = ([a.asked if a.asked.loses_nothing else a.below or a.above for a in axes],
                 [a.asked if a.asked.loses_nothing else a.above or a.below for a in axes])  # fmt: skip
        sizes = dict.fromkeys(tuple(one.size for one in side if one is not None) for side in sides)
        return tuple(one for whole in sizes if (one := self.tried(whole)) is not None)


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
