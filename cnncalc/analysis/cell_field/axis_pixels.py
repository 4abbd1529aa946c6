"""Which pixels of the first input all places of every map depend on, axis by axis, in one pass over the net.

The same as `cells_read` says of one place with all its channels, for a page that shows every place: places of a padding
in the middle of a net have no pixels of their own.  A map has none here where a layer on the way looks at the whole of
another, moves numbers along its axes, or has a padding that copies pixels; what is said of it then is the field with
its pads (`fields`).
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.analysis.cell_field.spans import MOST_PLACES, Span
from cnncalc.analysis.model import NodeAnalysis
from cnncalc.geometry import AxisWindow

NO_PIXEL: Span = (1, 0)
"""The stretch of a place that depends on none."""

Pixels = tuple[Span, ...]
"""Of each place along one axis the first and the last pixel."""

BEYOND_THE_EDGE = ("upsample", "resize")
"""Kernels for which the pixel at the edge goes on beyond it."""

MOVED = ("rearrange", "reshape", "concat_along", "reduce", "flatten")


def axis_pixels(nodes: Sequence[NodeAnalysis]) -> dict[int, tuple[Pixels, ...]]:
    """For each node with a map, of each axis of the first input, the pixels of all places."""
    origin = next((node for node in nodes if node.node.is_input), None)
    if origin is None or max((0, *origin.output.spatial)) > MOST_PLACES:
        return {}
    found = {origin.node.index: tuple(tuple((at, at) for at in range(size)) for size in origin.output.spatial)}
    read = _Reads()
    leading, rank = {origin.node.index}, origin.output.rank
    for node in nodes:
        sources = [(n, index) for n, index in enumerate(node.node.inputs) if index in leading]
        if not sources:
            continue
        leading.add(node.node.index)
        if node.output.rank != rank or max((0, *node.output.spatial)) > MOST_PLACES:
            continue
        made = [read.through(node, n, found.get(index)) for n, index in sources]
        if all(made):
            found[node.node.index] = tuple(read.together(axes) for axes in zip(*filter(None, made), strict=True))
    return found


class _Reads:
    """What was found once for a window and the pixels below it."""

    def __init__(self) -> None:
        self._seen: dict[tuple[AxisWindow, Pixels, int, bool], Pixels] = {}
        self._joined: dict[tuple[Pixels, ...], Pixels] = {}

    def through(self, node: NodeAnalysis, n: int, below: tuple[Pixels, ...] | None) -> tuple[Pixels, ...] | None:
        """The pixels of a node's places by way of its n-th input; None where they are not known."""
        layer, sizes = node.node.layer, node.output.spatial
        kernel, numbers, *_ = layer.kernel_call(node.inputs)
        window = layer.windows(node.inputs)[n]
        copies = numbers.get("fill", "zeros") != "zeros"
        if below is None or kernel in MOVED or copies or isinstance(window, str):
            return None
        if window is None:
            return below if node.inputs[n].spatial == sizes else None
        clamps = kernel in BEYOND_THE_EDGE
        return tuple(
            self._through(own, axis, size, clamps) for own, axis, size in zip(window, below, sizes, strict=True)
        )

    def _through(self, window: AxisWindow, below: Pixels, size: int, clamps: bool) -> Pixels:
        key = window, below, size, clamps
        if key not in self._seen:
            reads = map(window.reads, range(size))
            inside = (
                {min(max(at, 0), len(below) - 1) for at in read}
                if clamps
                else (at for at in read if 0 <= at < len(below))
                for read in reads
            )
            self._seen[key] = tuple(_hull([below[at] for at in places]) for places in inside)
        return self._seen[key]

    def together(self, ways: tuple[Pixels, ...]) -> Pixels:
        """The pixels of places that several ways lead to."""
        if len(set(ways)) == 1:
            return ways[0]
        if ways not in self._joined:
            self._joined[ways] = tuple(_hull(list(spans)) for spans in zip(*ways, strict=True))
        return self._joined[ways]


def _hull(spans: list[Span]) -> Span:
    some = [span for span in spans if span[0] <= span[1]]
    return (min(first for first, _ in some), max(last for _, last in some)) if some else NO_PIXEL
