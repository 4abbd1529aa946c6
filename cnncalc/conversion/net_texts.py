"""A net as the text of another notation, whoever writes it: a dialect, a diagram, a page."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.model import Analysis
from cnncalc.conversion.diagram_text import diagram
from cnncalc.conversion.forms import Form
from cnncalc.conversion.lines_left_out import as_written
from cnncalc.dialects import CODE
from cnncalc.net_files import written


def net_text(
    analysis: Analysis, form: Form, input_size: str | None = None, settings: Mapping[str, str] | None = None
) -> str:
    """The net in the notation; size and settings are those that it was read with.  Raises InputError."""
    if form.name == "markdown":
        from cnncalc.conversion.net_page import net_page

        return net_page(analysis, input_size, settings)
    if form.name in ("mermaid", "dot"):
        return diagram(analysis, form.name)
    if form.name == "darknet":  # whose output is its last section
        return written(as_written(analysis, form).graph, form.name)
    facts = net_facts(as_written(analysis, form)) if form.name in CODE else ()
    return written(analysis.graph, form.name, input_size, settings, facts)


def net_facts(analysis: Analysis) -> tuple[str, ...]:
    """What a docstring says of the net: its totals.

    >>> from cnncalc.api import load
    >>> net_facts(load("lenet5").analysis)
    ('61,706 parameters, 416,520 multiply-accumulates for 32x32x1',)
    """
    figures, order = analysis.totals.figures, analysis.graph.order
    sizes = " and ".join(shape.text(order) for shape in analysis.totals.inputs)
    params = f"{figures.params:,} parameters" + (f" and {figures.buffers:,} buffers" if figures.buffers else "")
    return (f"{params}, {figures.cost.macs:,} multiply-accumulates for {sizes}",)
