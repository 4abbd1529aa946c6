"""A sweep as lines: one measure along the numbers that have the most values, a line for each choice of the others."""

from __future__ import annotations

from cnncalc.pictures.charts.line_chart import Axis, Series, line_chart
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.questions.sweep import Sweep
from cnncalc.report.sweep_report import Measure, curves

NAMES = {"input": "input size in pixels", "batch": "images at once"}
"""What the axis along which a sweep is drawn is called; a constant has its own name."""


def sweep_chart(found: Sweep, measure: Measure, width: float) -> Scene:
    """The chart, so wide.  Raises InputError where no number is varied."""
    along, lines = curves(found, measure)
    misfits = sum(row.fault is not None for row in found.rows)
    remarks = [f"{misfits} of {len(found.rows)} variants do not fit and are left out"] if misfits else []
    per = "" if "batch" in found.varied or measure.name in ("params", "weights") else " for one image"
    return line_chart(
        [Series(one.name, one.points) for one in lines],
        width,
        Axis(NAMES.get(along, along)),
        Axis(f"{measure.words}{per}", measure.unit),
        title=f"{found.title}: {measure.words}",
        lines=remarks,
    )
