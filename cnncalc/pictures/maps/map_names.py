"""What the maps of a line are called: in a title, and as a file, `03-conv2.png`, which sorts as the lines of the net.

A label may hold any letters; a name of a file holds those that every system takes.
"""

from __future__ import annotations

import unicodedata

from cnncalc.analysis.model import Analysis, RowAnalysis
from cnncalc.diagnostics import input_error
from cnncalc.geometry import Shape
from cnncalc.runtime.line_results import middle_slice

VOLUME = 3
"""Spatial axes of a volume."""

FILTERS = "filters"
"""What is added to the name of a line for the picture of its filters."""

LONGEST = 40
"""Letters of a label in a name of a file."""


def map_file_name(analysis: Analysis, row: RowAnalysis, what: str = "") -> str:
    """The name for the maps of a line; `what` says which other picture of the line it is: `01-conv1-filters.png`."""
    digits = max(2, len(str(len(analysis.rows) - 1)))
    return f"{row.row.index:0{digits}}-{_safe(line_name(analysis, row))}{what and f'-{what}'}.png"


def line_name(analysis: Analysis, row: RowAnalysis) -> str:
    """What a line is called: its label, or the name under which its weights are stored."""
    return row.row.label or analysis.nodes[row.row.first].node.name


def line_title(analysis: Analysis, row: int, what: str = "") -> str:
    """`3 conv2: conv 16 5x5 relu, 10x10x16`: the number of the line, its name, its text and its output."""
    found = analysis.rows[row]
    shape = found.output.text(analysis.graph.order)
    shown = (
        f"{what} of {found.row.text}"
        if what
        else f"{found.row.text}, {', '.join(filter(None, (shape, slice_words(found.output))))}"
    )
    return f"{row} {line_name(analysis, found)}: {shown}"


def refuse_no_maps(analysis: Analysis) -> None:
    """Raises InputError where no line has maps."""
    if not any(has_map_shape(row.output) for row in analysis.rows):
        raise input_error(
            "no-maps",
            f"{analysis.graph.source.shown} has no maps: every line gives a vector",
            help="a network that starts with a height and a width, such as `input 28x28x1`, has maps",
        )


def has_map_shape(shape: Shape) -> bool:
    """Whether a result is more than a vector of numbers, which is no picture."""
    return shape.elements > shape.channels


def slice_words(shape: Shape) -> str:
    """Which slice of a volume its maps are, counted from 1; nothing for pictures and signals."""
    if shape.rank < VOLUME or shape.spatial[0] == 1:
        return ""
    return f"slice {middle_slice(shape.spatial[0]) + 1} of {shape.spatial[0]}"


def _safe(name: str) -> str:
    r"""Letters and digits of any script, and `.-_`; everything else is `_`.

    >>> _safe("a/b:c"), _safe("../x"), _safe("\u202egnp")
    ('a_b_c', '.._x', '_gnp')
    """
    whole = unicodedata.normalize("NFC", name[: 4 * LONGEST])
    return "".join(letter if letter.isalnum() or letter in ".-_" else "_" for letter in whole[:LONGEST])
