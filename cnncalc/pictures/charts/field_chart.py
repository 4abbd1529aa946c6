"""How the receptive field grows from layer to layer, beside the size of the input."""

from __future__ import annotations

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error
from cnncalc.geometry import AXIS_NAMES
from cnncalc.pictures.charts.line_chart import Axis, Series, line_chart
from cnncalc.pictures.charts.plots import net_name
from cnncalc.pictures.scene.shapes import Scene


def field_chart(analysis: Analysis, width: float) -> Scene:
    """The size of the receptive field over local paths, one series for each axis that differs.

    Raises InputError for a net without local fields, whose every value sees the whole input.
    """
    known = [
        (row.row.index + 1, row.receptive_field.size)
        for row in analysis.rows
        if row.receptive_field is not None and row.receptive_field.local and row.receptive_field.size
    ]
    if not known:
        raise input_error(
            "no-fields",
            f"{analysis.graph.source.shown} has no local receptive fields",
            help="a network that starts with a height and a width, such as `input 28x28x1`, has fields",
        )
    rank = len(known[0][1])
    axes: dict[tuple[tuple[float, float], ...], list[str]] = {}
    for axis, name in enumerate(AXIS_NAMES[rank]):
        points = tuple((float(place), float(size[axis])) for place, size in known if len(size) == rank)
        axes.setdefault(points, []).append(name)
    series = [Series(_named(names, len(axes)), points) for points, names in axes.items()]
    first, last = float(known[0][0]), float(known[-1][0])
    sizes = {shape.spatial for shape in analysis.totals.inputs if shape.rank == rank}
    sides = sorted({side for size in sizes for side in size})
    series += [Series(f"the input: {side}", ((first, float(side)), (last, float(side)))) for side in sides]
    return line_chart(
        series,
        width,
        Axis("layer, counted from 1 with the input"),
        Axis("receptive field in input pixels, over local paths, pads counted"),
        title="How the receptive field grows",
        lines=[net_name(analysis)],
    )


def _named(axes: list[str], several: int) -> str:
    return "receptive field" if several == 1 else f"receptive field, {' and '.join(axes)}"
