"""A filter slid over a picture by the program's own executor: the net is `conv filter=...`, written out as a text.

The gradient is one net, too: both Sobel filters, their squares, the sum and its root.  How the values become greys,
and what is written where, is nobody's business here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cnncalc.analysis import analyse
from cnncalc.diagnostics import InputError, Source, input_error
from cnncalc.graph import load_graph
from cnncalc.layers.filters import FILTERS
from cnncalc.matrices import Matrix
from cnncalc.quantities import exact
from cnncalc.runtime.execution import execute
from cnncalc.runtime.planning import plan
from cnncalc.runtime.weights import seeded

Array = np.ndarray[Any, Any]

MOST_MACS = 10**10
"""Multiply-adds of one filtered picture: 7x7 numbers on the largest picture that is read, in colours."""

LINE_END = "\n"

PADDINGS = {
    "same": "same",
    "valid": "valid",
    "full": "full",
    "edge": "same fill=edge",
    "reflect": "same fill=reflect",
    "wrap": "same fill=wrap",
}
"""What may be asked of the border -> the words of the language."""

PADDINGS_SAID = {
    "same": "0 beyond the border (padding same)",
    "valid": "only places where the whole kernel lies on the picture (padding valid)",
    "full": "every place where the kernel touches the picture, 0 beyond the border (padding full)",
    "edge": "beyond the border the pixel at the edge is repeated (padding edge)",
    "reflect": "beyond the border the picture is mirrored (padding reflect)",
    "wrap": "beyond the border the picture begins again (padding wrap)",
}


GRADIENT = ("sobel_left", "sobel_top")
"""Across and down."""


class Slide(NamedTuple):
    """How a kernel is moved over the picture."""

    padding: str = "same"
    stride: int = 1
    flip: bool = False

    @property
    def words(self) -> str:
        """For the line of a net."""
        stride = f" stride={self.stride}" if self.stride > 1 else ""
        return f"{PADDINGS[self.padding]}{stride}{' flip' if self.flip else ''}"


def filtered(values: Array, kernel: Matrix, slide: Slide) -> Array:
    """The picture `[1, c, 1, y, x]` under the kernel, each channel by itself; raises InputError."""
    definition = f"filter kernel = {matrix_text(kernel, LINE_END)}"
    found = _run(values, [definition], [f"conv filter=kernel {slide.words}"])
    return _without_noise(found, values, kernel)


def gradient(values: Array, slide: Slide) -> Array:
    """How steep the picture is at every place: the root of the sum of the squares of both Sobel filters."""
    across, down = (f"conv filter={name} {slide.words} from picture" for name in GRADIENT)
    lines = [across, "x: function square", down, "function square", "add x", "function sqrt"]
    return _without_noise(_run(values, [], lines), values, both_sobels())


def matrix_text(kernel: Matrix, between: str = "; ") -> str:
    """The numbers as the language writes them: `[0 1 0; 1 -4 1; 0 1 0]`, or a row a line."""
    planes = (between.join(" ".join(map(exact, row)) for row in plane) for plane in kernel.planes)
    return " ".join(f"[{plane}]" for plane in planes)


def both_sobels() -> Matrix:
    """The kernels of the gradient, as two planes."""
    return Matrix(tuple(plane for name in GRADIENT for plane in FILTERS[name].matrix.planes))


def turned(kernel: Matrix) -> Matrix:
    """The kernel as `flip` slides it: turned by 180 degrees.

    >>> from cnncalc.matrices import matrix
    >>> matrix_text(turned(matrix([[1, 2], [3, 4]])))
    '[4 3; 2 1]'
    """
    return Matrix(tuple(tuple(row[::-1] for row in plane[::-1]) for plane in kernel.planes))


def _without_noise(found: Array, values: Array, kernel: Matrix) -> Array:
    """0 in place of what is left where products cancel out: no larger than what rounding the pixels can make."""
    weights = max(sum(abs(value) for row in plane for value in row) for plane in kernel.planes)
    bound = float(weights) * float(np.abs(values).max(initial=0.0)) * float(np.finfo(np.float32).eps)
    found[np.abs(found) <= bound] = 0.0
    return found


def _run(values: Array, before: list[str], lines: list[str]) -> Array:
    channels, _, height, width = values.shape[1:]
    text = "\n".join([*before, f"picture: input {height}x{width}x{channels}", *lines, ""])
    graph, faults = load_graph(Source("filter", text), None, {})
    if faults:
        raise InputError(tuple(fault._replace(span=None, fixes=(), label="") for fault in faults))
    analysis = analyse(graph)
    macs = analysis.totals.figures.cost.macs
    if macs > MOST_MACS:
        raise input_error(
            "filter-too-long",
            f"this filter on this picture needs {macs:,} multiply-adds, which takes too long",
            notes=(f"at most {MOST_MACS:,} are done",),
            help="make the picture smaller, or take larger steps: --stride 4",
        )
    planned = plan(analysis, 1, "float64")
    results = execute(planned, seeded(analysis, 0, "float64"), {"picture": values})
    return next(iter(results.values()))
