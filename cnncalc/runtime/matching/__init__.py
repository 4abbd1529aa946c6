"""Which array of a file is which weight of a net.

`match_of` is the one way in: a net that was read from the same file says itself where its weights are; else names and
shapes decide (`in_order`).  Pure: names and shapes, no array.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error
from cnncalc.layers.base import Weight
from cnncalc.runtime.matching.in_order import matched
from cnncalc.runtime.matching.records import Match
from cnncalc.runtime.weight_files.arrays import WeightFile
from cnncalc.runtime.weight_files.taking import shape_after


@runtime_checkable
class Nameless(Protocol):
    """A file of numbers without names (Darknet's): only a net can tell which are which."""

    def laid_out(self, analysis: Analysis) -> Match:
        """The net's weights in the order of the file; raises InputError where the counts differ."""


def declared(analysis: Analysis) -> dict[str, Weight]:
    """`node.weight` -> what the layer says about it, in the order of the net; what several nodes use stands once."""
    return {f"{node.weights_name}.{weight.name}": weight for node in analysis.nodes for weight in node.weights}


def match_of(path: Path, analysis: Analysis, file: WeightFile) -> Match:
    """Every weight's array; raises InputError where the file is another net's."""
    graph = analysis.graph
    if graph.stored and graph.weights_in == str(path):
        return _own(path, analysis, file)
    if isinstance(file, Nameless):
        return file.laid_out(analysis)
    uncalled = (name for name, _ in analysis.totals.uncalled)
    return matched(path, declared(analysis), file.entries, uncalled, graph.second_paths)


def _own(path: Path, analysis: Analysis, file: WeightFile) -> Match:
    """What the net itself says about the file that it was read from; raises InputError where the file disagrees."""
    stored = analysis.graph.stored
    shapes = {entry.name: entry.shape for entry in file.entries}
    needed = declared(analysis)
    for name, weight in needed.items():
        if name not in stored:
            continue
        one = stored[name]
        if one.entry not in shapes or shape_after(shapes[one.entry], one.steps) != weight.shape:
            raise input_error(
                "weights-mismatch",
                f"the array `{one.entry}` in `{path}` does not fit {name}",
                help="save the file again: what it says about its layers and its arrays are not of one net",
            )
    stated = tuple(name for name in needed if name not in stored)
    return Match({name: stored[name] for name in needed if name in stored}, stated, way="the net's own")
