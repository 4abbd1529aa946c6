"""Verdicts on sizes by reading a text again with each of them: for programs, which may work out sizes themselves.

The number of readings is bounded; what lies beyond is not known.
"""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.diagnostics import InputError
from cnncalc.geometry import Sizes, sizes_text
from cnncalc.graph.fitting_sizes import TooMuchWorkError
from cnncalc.graph.ir import Graph
from cnncalc.questions.size_rules import Looking
from cnncalc.questions.size_verdicts import Loss, Refused, Verdict, WholeSize, is_divided, stride_along

MOST_NODES = 3_000
"""Nodes of all readings together: about a second."""
MOST_READINGS = 150
"""Readings of one text."""

Read = Callable[[str], Graph]
"""The net of the text with another size of its input; raises InputError."""


class Readings:
    """A text read with one size after another; axes of one size are given the same size together."""

    def __init__(self, read: Read, sizes: Sizes, nodes: int) -> None:
        self.read, self.sizes = read, sizes
        self.left = min(MOST_READINGS, max(MOST_NODES // max(nodes, 1), 12))
        self.looking = Looking(self.left // 3, self.left // 3, farther=False)
        self.found: dict[Sizes, Graph | Refused] = {}
        self._axes: dict[Sizes, AxisReadings] = {}

    def axis(self, axis: int) -> AxisReadings:
        """The verdicts on the sizes of one axis."""
        if len(set(self.sizes)) == 1:
            return self._axes.setdefault((), AxisReadings(self, tuple(range(len(self.sizes)))))
        return AxisReadings(self, (axis,))

    def whole(self, sizes: Sizes) -> WholeSize | Refused:
        """What becomes of the sizes of all axes together."""
        graph = self.net(sizes)
        if isinstance(graph, Refused):
            return graph
        return WholeSize(sizes, tuple(graph.nodes[index].output for index in graph.outputs))

    def net(self, sizes: Sizes) -> Graph | Refused:
        """The net that the text is with these sizes; raises TooMuchWorkError where it was read too often."""
        if sizes not in self.found:
            if not self.left:
                raise TooMuchWorkError
            self.left -= 1
            self.found[sizes] = self._read(sizes)
        return self.found[sizes]

    def _read(self, sizes: Sizes) -> Graph | Refused:
        try:
            return self.read(sizes_text(sizes))
        except InputError as error:
            fault = error.diagnostics[0]
            return Refused(fault.message, fault.span.line if fault.span else 0)


class AxisReadings:
    """Verdicts on the sizes of some axes together, the others being as asked."""

    def __init__(self, readings: Readings, axes: tuple[int, ...]) -> None:
        self.readings, self.axes = readings, axes

    def of(self, size: int) -> Verdict:
        """The verdict on a size; raises TooMuchWorkError where the text was read too often."""
        sizes = tuple(size if axis in self.axes else own for axis, own in enumerate(self.readings.sizes))
        graph = self.readings.net(sizes)
        return Verdict(size, refused=graph) if isinstance(graph, Refused) else _verdict(graph, size, self.axes[0])


def _verdict(graph: Graph, size: int, axis: int) -> Verdict:
    losses: list[Loss] = []
    divides = True
    for node in graph.nodes:
        if len(node.inputs) != 1 or axis >= (arriving := graph.nodes[node.inputs[0]].output).rank:
            continue
        left = node.layer.left_over((arriving,))
        if axis < len(left) and left[axis]:
            losses.append(Loss(node, arriving.spatial[axis], left[axis]))
        made = node.output.spatial
        along = made[axis] if axis < len(made) else None
        divides &= is_divided(arriving.spatial[axis], along, stride_along(node, axis))
    shapes = [graph.nodes[index].output.spatial for index in graph.outputs]
    return Verdict(size, tuple(one[axis] if axis < len(one) else None for one in shapes), tuple(losses), divides)
