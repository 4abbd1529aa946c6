"""The names of the files of a run's maps: `03-conv2.png`, which sort as the lines of the net.

A label may hold any letters; a name of a file holds those that every system takes.
"""

from __future__ import annotations

import unicodedata

from cnncalc.analysis.model import Analysis, RowAnalysis
from cnncalc.geometry import Shape

LONGEST = 40
"""Letters of a label in a name of a file."""


def map_file_name(analysis: Analysis, row: RowAnalysis, what: str = "") -> str:
    """The name for the maps of a line; `what` says which other picture of the line it is: `01-conv1-filters.png`."""
    digits = max(2, len(str(len(analysis.rows) - 1)))
    return f"{row.row.index:0{digits}}-{_safe(line_name(analysis, row))}{what and f'-{what}'}.png"


def line_name(analysis: Analysis, row: RowAnalysis) -> str:
    """What a line is called: its label, or the name under which its weights are stored."""
    return row.row.label or analysis.nodes[row.row.first].node.name


def has_map_shape(shape: Shape) -> bool:
    """Whether a result is more than a vector of numbers, which is no picture."""
    return shape.elements > shape.channels


def _safe(name: str) -> str:
    r"""Letters and digits of any script, and `.-_`; everything else is `_`.

    >>> _safe("a/b:c"), _safe("../x"), _safe("\u202egnp")
    ('a_b_c', '.._x', '_gnp')
    """
    whole = unicodedata.normalize("NFC", name[: 4 * LONGEST])
    return "".join(letter if letter.isalnum() or letter in ".-_" else "_" for letter in whole[:LONGEST])
