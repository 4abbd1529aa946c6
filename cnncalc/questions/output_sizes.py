"""Which input sizes make an output of a given size: all of them, for each axis, found by the net's own layers.

An output grows with the input, so its sizes are found by halving and then one by one.  Where no output is a map, the
last line whose result is one is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from cnncalc.diagnostics import InputError, input_error
from cnncalc.geometry import AXIS_NAMES, Shape, sizes_text
from cnncalc.graph.fitting_sizes import TooMuchWorkError
from cnncalc.graph.ir import Graph, Node
from cnncalc.graph.other_size import fitting_shape, size_numbers
from cnncalc.questions.asked_net import AskedNet
from cnncalc.questions.axis_answers import Verdicts
from cnncalc.questions.net_sizes import sized_inputs
from cnncalc.questions.read_verdicts import Readings
from cnncalc.questions.size_verdicts import LayerAnswers, Refused, Verdict, WholeSize

LARGEST_INPUT = 100_000
"""The largest input that is tried."""
WIDEST_GAP = 300
"""Sizes one after another that do not fit, at most."""
MOST_FOUND = 2_000
"""Sizes that make the same output, at most."""


class AxisInputs(NamedTuple):
    """The sizes of one axis that make the output `wanted`, and the nearest sizes that make a smaller and a larger one.

    `is_constant`: the output has this one size whatever the input's; `is_bounded`: too much work to find out.
    """

    name: str
    wanted: int
    found: tuple[Verdict, ...] = ()
    below: Verdict | None = None
    above: Verdict | None = None
    is_constant: bool = False
    is_bounded: bool = False


class OutputSizes(NamedTuple):
    """The answer: `node` is whose output is asked, `is_output` whether that is an output of the net.

    `whole` are sizes of all axes together that make it, of each axis the best.
    """

    graph: Graph
    node: Node
    is_output: bool
    wanted: Shape
    axes: tuple[AxisInputs, ...]
    whole: WholeSize | None


def output_sizes(net: AskedNet, asked: str) -> tuple[OutputSizes, ...]:
    """The input sizes that make an output of the size asked, for each output that can have it.

    Raises InputError for what is no size, and for one that no output of the net can have.
    """
    graph = net.graph
    inputs = sized_inputs(graph)
    numbers = size_numbers(asked.strip())
    if numbers is None or 0 in numbers:
        raise input_error(
            "wrong-operand", f"--output: `{asked}` is no size", help="write --output 388, or 7x7x512 with the channels"
        )
    wanted = _wanted(graph, numbers)
    if not wanted:
        raise _unfit(graph, asked)
    answers = []
    for node, shape in wanted:
        target = replace(graph, outputs=(node.index,))
        sizing = LayerAnswers(target, inputs, net.accepted)
        answer = _answer(target, node, shape, sizing)._replace(is_output=node.index in graph.outputs)
        if net.read is not None and answer.is_output and not _is_confirmed(net, answer):
            answer = _reread(net, graph.outputs.index(node.index), answer, inputs)
        answers.append(answer)
    return tuple(answers)


def _wanted(graph: Graph, numbers: tuple[int, ...]) -> list[tuple[Node, Shape]]:
    """The nodes that can have an output of these sizes: outputs that are maps, else the last line that makes one."""
    maps = [graph.nodes[index] for index in graph.outputs if graph.nodes[index].output.rank]
    last = [graph.nodes[row.last] for row in reversed(graph.rows) if graph.nodes[row.last].output.rank]
    for nodes, most in ((maps, len(maps)), (last if not maps else [], 1)):
        shapes = [(node, fitting_shape(numbers, node.output, graph.order)) for node in nodes]
        found = [(node, shape) for node, shape in shapes if shape is not None]
        if found:
            return found[:most]
    return []


def _unfit(graph: Graph, asked: str) -> InputError:
    outputs = [graph.nodes[index].output for index in graph.outputs]
    maps = [shape for shape in outputs if shape.rank]
    shown = ", ".join(dict.fromkeys(shape.text(graph.order) for shape in maps or outputs))
    advice = (
        f"write --output {maps[0].spatial_text}" if maps else "ask for the size of a map, which an input can change"
    )
    return input_error(
        "no-such-output", f"no output of {graph.source.name} can be {asked}: its output is {shown}", help=advice
    )


def _best(found: Sequence[Verdict], written: int) -> Verdict:
    """Of the sizes with one output the one to use: it loses nothing, no layer rounds, it is that of the text."""
    return min(found, key=lambda one: (not one.loses_nothing, not one.is_even, one.size != written, one.size))


def _answer(graph: Graph, node: Node, wanted: Shape, sizing: LayerAnswers | Readings, place: int = 0) -> OutputSizes:
    written = sized_inputs(graph)[0].output.spatial
    names = AXIS_NAMES[wanted.rank]
    axes = tuple(axis_inputs(sizing.axis(axis), name, wanted.spatial[axis], place) for axis, name in enumerate(names))
    best = [_best(axis.found, own) for axis, own in zip(axes, written, strict=True) if axis.found]
    whole: WholeSize | Refused | None = None
    if len(best) == len(axes):
        try:
            whole = sizing.whole(tuple(one.size for one in best))
        except TooMuchWorkError:
            whole = None
    return OutputSizes(graph, node, True, wanted, axes, whole if isinstance(whole, WholeSize) else None)


def _is_confirmed(net: AskedNet, answer: OutputSizes) -> bool:
    """Whether the text read with the size that was found has an output as wanted; yes where nothing was found."""
    if net.read is None or answer.whole is None:
        return answer.whole is not None
    try:
        graph = net.read(sizes_text(answer.whole.sizes))
    except InputError:
        return False
    return answer.wanted.spatial in [graph.nodes[index].output.spatial for index in graph.outputs]


def _reread(net: AskedNet, place: int, answer: OutputSizes, inputs: tuple[Node, ...]) -> OutputSizes:
    assert net.read is not None
    readings = Readings(net.read, inputs[0].output.spatial, len(net.graph.nodes))
    return _answer(answer.graph, answer.node, answer.wanted, readings, place)


def axis_inputs(verdicts: Verdicts, name: str, wanted: int, place: int = 0) -> AxisInputs:
    """The sizes of one axis that make this output; `place` says which of the outputs is meant."""
    try:
        return _axis_inputs(_Outputs(verdicts, place), name, wanted)
    except TooMuchWorkError:
        return AxisInputs(name, wanted, is_bounded=True)


def _axis_inputs(outputs: _Outputs, name: str, wanted: int) -> AxisInputs:
    first = outputs.from_on(1)
    if first is None:
        return AxisInputs(name, wanted)
    low, high = 0, first.size
    while (last := outputs.from_on(high)) is not None and outputs.size(last) < wanted and high < LARGEST_INPUT:
        low, high = last.size, 2 * last.size
    far = outputs.from_on(LARGEST_INPUT) if last is None or high >= LARGEST_INPUT else last
    if far is None or outputs.size(far) < wanted:
        same = far is not None and outputs.size(far) == outputs.size(first)
        return AxisInputs(name, wanted, below=far or first, is_constant=same)
    high = far.size
    while low + 1 < high:
        middle = (low + high) // 2
        found = outputs.from_on(middle)
        if found is not None and outputs.size(found) < wanted:
            low = max(middle, min(found.size, high - 1))
        else:
            high = middle
    return _around(outputs, name, wanted, high)


def _around(outputs: _Outputs, name: str, wanted: int, start: int) -> AxisInputs:
    """What is found from the first size on that makes the output or a larger one."""
    found: list[Verdict] = []
    above = None
    for verdict in outputs.upwards(start):
        if outputs.size(verdict) > wanted:
            above = verdict
            break
        found.append(verdict)
        if len(found) > MOST_FOUND:
            return AxisInputs(name, wanted, tuple(found[:1]), is_constant=True)
    below = next((v for n in range(start - 1, max(0, start - WIDEST_GAP), -1) if (v := outputs.of(n)).fits), None)
    return AxisInputs(name, wanted, tuple(found), below, above)


class _Outputs:
    """The sizes of one output by those of the input."""

    def __init__(self, verdicts: Verdicts, place: int) -> None:
        self.verdicts, self.place = verdicts, place

    def of(self, size: int) -> Verdict:
        """The verdict on a size."""
        return self.verdicts.of(size)

    def size(self, verdict: Verdict) -> int:
        """The size of the output along the axis; 1 where it has none."""
        return verdict.outputs[self.place] or 1

    def from_on(self, size: int) -> Verdict | None:
        """The verdict on the first size from this one on that fits."""
        return next(self.upwards(size), None)

    def upwards(self, size: int) -> Iterator[Verdict]:
        """The verdicts on the sizes from this one on that fit, up to a gap that is too wide."""
        last = size
        while size - last < WIDEST_GAP:
            verdict = self.verdicts.of(size)
            if verdict.fits:
                last = size
                yield verdict
            size += 1
