"""The charts of a net by name: what `draw --chart` and `net.chart` offer, in one list."""

from __future__ import annotations

from cnncalc.analysis.model import Analysis
from cnncalc.asked import named_in
from cnncalc.diagnostics import input_error
from cnncalc.diagnostics.letters import printable
from cnncalc.diagnostics.nearest import did_you_mean
from cnncalc.pictures.charts.field_chart import field_chart
from cnncalc.pictures.charts.memory_chart import memory_chart
from cnncalc.pictures.charts.share_chart import share_chart
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.report.columns import NUMBERS

MEMORY, FIELD = "memory", "rf"
SHARES = tuple(name for name in NUMBERS if named_in(name) is not None)
"""The quantities of a table that add up and that an answer may be about."""

CHARTS = (MEMORY, *SHARES, FIELD)


def chart_named(name: str) -> str:
    """The chart that a word means, in any spelling that an answer may have (`parameters`).  Raises InputError."""
    found = named_in(name) if len(name) <= 40 else None
    known = name if found is None else found.name
    if known not in CHARTS:
        raise input_error(
            "unknown-chart",
            f"there is no chart `{printable(name[:40])}`",
            help=did_you_mean(name[:40], CHARTS, f"the charts are: {', '.join(CHARTS)}"),
        )
    return known


def net_chart(analysis: Analysis, name: str, width: float) -> Scene:
    """The chart of this name, at most so wide.  Raises InputError."""
    known = chart_named(name)
    if known == MEMORY:
        return memory_chart(analysis, width)
    return field_chart(analysis, width) if known == FIELD else share_chart(analysis, known, width)
