"""Whether the window of a line can be watched as it slides: asked of shapes alone, before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from cnncalc.analysis.model import NodeAnalysis, RowAnalysis
from cnncalc.analysis.worked_cells import worked_nodes
from cnncalc.diagnostics import InputError, input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.geometry import Shape, lifted

MOST_FRAMES = 64
"""Numbers of a channel of the result: a picture of more is longer than anybody looks at it."""

MOST_PLACES = 24
"""Rows and columns of the padded input that are drawn."""

SLIDING = ("conv", "connected_conv", "dwconv", "maxpool", "avgpool", "sumpool", "l2pool", "subsample")
"""Kernels whose window moves by a stride and stays as it is."""

ONE_NUMBER = "leave --slide out and end the name in .svg, which draws this one number"


def sliding_node(row: RowAnalysis) -> NodeAnalysis:
    """The layer of a line whose window slides; raises InputError where none does."""
    node = worked_nodes(row.nodes)[0]
    kernel = node.node.layer.kernel_call(node.inputs).kernel
    if kernel not in SLIDING or not node.inputs[0].rank:
        raise input_error(
            "no-sliding-window",
            f"no window slides in this line: {printable(node.node.layer.word)}",
            help=f"choose the line of a convolution or a pool, or {ONE_NUMBER}",
        )
    if node.inputs[0].rank > 2:
        raise input_error(
            "no-sliding-window",
            f"the window of this line slides over {node.inputs[0].text()}, which has a depth: it cannot be drawn flat",
            help=ONE_NUMBER,
        )
    return node


def refuse_long_slide(row: RowAnalysis, way_out: str = "") -> None:
    """Raises InputError where the window has too far to go; `way_out` says how it would have not."""
    node = sliding_node(row)
    numbers = node.node.layer.kernel_call(node.inputs).numbers
    padded = [
        size + before + after
        for size, before, after in zip(sizes_of(node.inputs[0]), numbers["before"], numbers["after"], strict=True)
    ]
    places = prod(node.output.spatial)
    if places > MOST_FRAMES:
        raise _too_long(f"the window has {places:,} places, and at most {MOST_FRAMES} are drawn", way_out)
    if max(padded) > MOST_PLACES:
        size = "x".join(f"{length:,}" for length in padded[-node.inputs[0].rank :])
        raise _too_long(
            f"the input with its padding is {size}, and at most {MOST_PLACES} rows and columns are drawn", way_out
        )


def sizes_of(shape: Shape) -> Sequence[int]:
    """Depth, height and width, 1 where the shape has no such axis."""
    return lifted(shape.spatial, 1)


def _too_long(what: str, way_out: str) -> InputError:
    return input_error(
        "window-slides-too-long",
        f"a sliding window of this line is too long to watch: {what}",
        help=f"{way_out}, or {ONE_NUMBER}" if way_out else ONE_NUMBER,
    )
