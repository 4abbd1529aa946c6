"""What the classes of a net are called: the lines of a file, or of a list that ships, where they fit its outputs."""

from __future__ import annotations

import os

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import InputError, input_error
from cnncalc.sources import companion, find_file, shipped_labels


def class_names(analysis: Analysis, model: str, labels: str | None = None, *, changed: bool = False) -> tuple[str, ...]:
    """The lines of the labels file, or of the list that the net names; refuses one that does not fit its output.

    `model` is the name by which the net was found.  A net with one output more than the list has one for the
    background, and that is its first.  `changed`: it is another net than its text, and the text's own list need not
    fit.
    """
    written = labels or companion(model, ".labels")
    name = written or analysis.graph.classes
    outputs = _class_counts(analysis)
    if not name:
        own = analysis.graph.class_names
        return own if not outputs or len(own) in outputs else ()
    listed = None if os.path.isfile(name) else shipped_labels(name)
    names = tuple(line.strip() for line in _text(listed or name).rstrip("\n").split("\n"))
    if listed and len(names) not in outputs and len(names) + 1 in outputs:
        return ("background", *names)
    if not outputs or len(names) in outputs:
        return names
    if not written and changed:
        return ()
    raise input_error(
        "labels-do-not-fit",
        f"{name} has {len(names):,} names, but {model} has {max(outputs):,} outputs",
        help="write one name a line, in the order of the outputs, in a file of your own: --labels FILE"
        if listed
        else "write one name a line, in the order of the outputs",
    )


def _text(path: str) -> str:
    """The text of a list of names; what is none is refused in words about names, not about nets.  Raises InputError."""
    try:
        return find_file(path).text
    except InputError as error:
        said = tuple(
            fault._replace(
                message=fault.message.replace(", not the text of a network", ", not a list of names"), help=HELP
            )
            if fault.code in {"binary-file", "empty-file", "file-too-large"}
            else fault
            for fault in error.diagnostics
        )
        raise InputError(said, error.source) from None


HELP = "the labels are a text with the name of a class on each line, in the order of the outputs"


def _class_counts(analysis: Analysis) -> set[int]:
    """How many classes the net may tell apart: the numbers of its flat outputs, or what its layers say themselves."""
    layers = (getattr(node.node.layer, "classes", None) for node in analysis.nodes)
    said = {classes for classes in layers if isinstance(classes, int)}
    return said or {shape.elements for shape in analysis.totals.outputs if not shape.rank}
