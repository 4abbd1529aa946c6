"""The errors of files that are another net's, or whose names leave open which array is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cnncalc.diagnostics import InputError, input_error
from cnncalc.geometry import Sizes
from cnncalc.runtime.files import shown_name
from cnncalc.runtime.matching.by_name import shapes_by_own_name
from cnncalc.runtime.matching.by_shapes import Answer, Other
from cnncalc.runtime.matching.differences import listing
from cnncalc.runtime.matching.file_modules import Described
from cnncalc.runtime.matching.match_records import Layout, Need
from cnncalc.runtime.matching.unnamed import are_unnamed

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
            help=_of_other_classes(needs[-1], wanted, shapes)
            or "give the file of this very network; its arrays are called LINE.WEIGHT, as `conv1.weight`",
        )
    return input_error(
        "weights-mismatch",
        f"the weights in `{path}` are not this net's",
        notes=(answer.note,),
        help=_advice(entries),
    )


def _advice(entries: Sequence[Described]) -> str:
    if are_unnamed(entries):
        return (
            "arrays without names are read for a chain of layers with no branches, in the order and the axes of Keras' "
            "get_weights(); save them with their names: model.save_weights('net.weights.h5')"
        )
    if any("/attention_output/" in entry.name for entry in entries):
        return "Keras' MultiHeadAttention is read where its query, key and value have one size"
    return "give the file of this very network: `cnncalc summary` shows the shapes that its lines want"


def _of_other_classes(last: Need, wanted: Mapping[str, Sizes], shapes: Mapping[str, Sizes]) -> str:
    """What helps where only the last line has another number of outputs in the file; "" where more differs."""
    wrong = [name for name in wanted if shapes.get(name) != wanted[name]]
    sizes = {(wanted[name][:1], shapes[name][:1]) for name in wrong if name in shapes}
    same_inputs = all(name in shapes and shapes[name][1:] == wanted[name][1:] for name in wrong)
    if {*wrong} != {part.name for part in last.parts.values()} or shapes.keys() != wanted.keys():
        return ""
    if len(sizes) != 1 or not same_inputs:
        return ""
    ours, theirs = (size[0] if size else 1 for size in sizes.pop())
    differs = f"{last.name} has {theirs} outputs in the file and {ours} in this net"
    return f"{differs}: give the net as many classes as the file has"


def _ambiguous(path: Path, other: Other) -> InputError:
    one, two = shown_name(other.first.name), shown_name(other.second.name)
    return input_error(
        "weights-ambiguous",
        f"the names and shapes in `{path}` fit this net in more than one way",
        notes=(f"{other.need.name} could be {one} or {two}: both have its shapes",),
        help="label the lines of the model as the file names its layers (`conv_a: conv 64 3x3`)",
    )
