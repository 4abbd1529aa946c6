"""The errors of files that are another net's, or whose names leave open which array is which."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cnncalc.diagnostics import InputError, input_error
from cnncalc.runtime.files import shown_name
from cnncalc.runtime.matching.by_name import shapes_by_own_name
from cnncalc.runtime.matching.by_shapes import Answer, Other
from cnncalc.runtime.matching.differences import listing
from cnncalc.runtime.matching.file_modules import Described
from cnncalc.runtime.matching.records import Layout, Need

MOSTLY = 0.5
"""Where more of the net's names are in a file than that, they are compared one by one."""


def mismatch(
    path: Path, needs: Sequence[Need], entries: Sequence[Described], answer: Answer, layout: Layout
) -> InputError:
    """The error of a file that does not fit: by its names where they are mostly the net's own, else by its shapes."""
    if answer.other is not None:
        return _ambiguous(path, answer.other)
    wanted = {part.name: part.shape for need in needs for part in need.parts.values()}
    shapes = shapes_by_own_name(needs, entries, layout)
    if len(shapes.keys() & wanted.keys()) > MOSTLY * len(wanted):
        counts, notes = listing(wanted, shapes)
        return input_error(
            "weights-mismatch",
            f"the weights in `{path}` are not this net's: {counts}",
            notes=notes,
            help="give the file of this very network; its arrays are called LINE.WEIGHT, as `conv1.weight`",
        )
    return input_error(
        "weights-mismatch",
        f"the weights in `{path}` are not this net's",
        notes=(answer.note,),
        help="give the file of this very network: `cnncalc summary` shows the shapes that its lines want",
    )


def _ambiguous(path: Path, other: Other) -> InputError:
    one, two = shown_name(other.first.name), shown_name(other.second.name)
    return input_error(
        "weights-ambiguous",
        f"the names and shapes in `{path}` fit this net in more than one way",
        notes=(f"{other.need.name} could be {one} or {two}: both have its shapes",),
        help="label the lines of the model as the file names its layers (`conv_a: conv 64 3x3`)",
    )
