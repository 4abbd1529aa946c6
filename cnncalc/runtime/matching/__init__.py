"""Which array of a file is which weight of a net.

`match_of` is the one way in.  A net that was read from the same file says itself where its weights are; else names
decide where all of them agree, then the tree of names together with shapes.  Pure: names and shapes, no array.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from cnncalc.analysis.model import Analysis
from cnncalc.diagnostics import input_error
from cnncalc.graph.stored import Stored
from cnncalc.runtime.file_arrays import About, WeightFile
from cnncalc.runtime.matching.by_name import by_arrays, by_modules
from cnncalc.runtime.matching.by_shapes import by_shapes, stored_in
from cnncalc.runtime.matching.doubts import epsilon_remark, neighbour_doubt, order_doubts, program_doubts
from cnncalc.runtime.matching.file_modules import COUNTERS, Described, last_word, modules_of
from cnncalc.runtime.matching.flat_order import is_reordered
from cnncalc.runtime.matching.match_records import BY_SHAPES, Left, Match, Need
from cnncalc.runtime.matching.needs import declared, needs_of
from cnncalc.runtime.matching.parts_of_nets import match_of_part
from cnncalc.runtime.matching.programs import layout_of, likely_program, stated_program
from cnncalc.runtime.matching.refusals import mismatch
from cnncalc.runtime.matching.unnamed import are_unnamed, in_order_of_chain
from cnncalc.runtime.taking import shape_after

__all__ = ["Match", "Nameless", "declared", "match_of", "matched"]


@runtime_checkable
class Nameless(Protocol):
    """A file of numbers without names (Darknet's): only a net can tell which are which."""

    def laid_out(self, analysis: Analysis) -> Match:
        """The net's weights in the order of the file; raises InputError where the counts differ."""


def match_of(path: Path, analysis: Analysis, file: WeightFile) -> Match:
    """Every weight's array; raises InputError where the file is another net's."""
    cut = analysis.graph.cut
    if cut is not None:
        return match_of_part(analysis, cut, lambda net: _match_of(path, net, file))
    return _match_of(path, analysis, file)


def _match_of(path: Path, analysis: Analysis, file: WeightFile) -> Match:
    graph = analysis.graph
    if graph.stored and graph.weights_in == str(path):
        return _own(path, analysis, file)
    if isinstance(file, Nameless):
        return file.laid_out(analysis)
    return matched(path, analysis, file.entries, file.about)


def matched(path: Path, analysis: Analysis, entries: Sequence[Described], about: About) -> Match:
    """Every weight's array in a file with these arrays; raises one InputError that says where it differs.

    Counters are left out, and so are arrays of modules that a program makes and never calls, and those of second paths
    to modules that the net has at another path.
    """
    kept, left = _kept(analysis, entries)
    held = {entry.name for entry in kept}
    weights = declared(analysis).items()
    stated = tuple(name for name, one in weights if isinstance(one.initial, tuple) and name not in held)
    needs, modules = needs_of(analysis, without=stated), modules_of(kept)
    program = stated_program(about, kept)
    layout = layout_of(program)
    named = by_arrays(needs, modules, layout) or by_modules(needs, modules, layout)
    if named is not None:
        found, unused = named
        return Match(found, stated, left=left, unused=unused, remarks=_remarks(needs, found), program=program)
    program = likely_program(about, kept)
    answer = by_shapes(needs, modules, layout_of(program), ordered=about.ordered)
    if answer.pairing is None and answer.other is None and not program:
        keras = layout_of("Keras")
        if are_unnamed(kept):
            again = in_order_of_chain(analysis, needs, kept, keras)
        else:
            again = by_shapes(needs, modules, keras, ordered=about.ordered)
        program, answer = ("Keras", again) if again.pairing is not None else (program, answer)
    layout = layout_of(program)
    if answer.pairing is None:
        raise mismatch(path, needs, kept, answer, layout)
    found = stored_in(needs, answer.pairing.modules, layout)
    unsure = () if answer.other is None else (neighbour_doubt(answer.other, program),)
    doubts = (*unsure, *order_doubts(analysis, needs, layout), *program_doubts(analysis, program))
    unused, remarks = answer.pairing.unused, (*_remarks(needs, found), *epsilon_remark(analysis, program, doubts))
    return Match(found, stated, BY_SHAPES, left, unused, remarks, doubts, program)


def _kept(analysis: Analysis, entries: Sequence[Described]) -> tuple[tuple[Described, ...], Left]:
    """The arrays with which the net may compute, and how many others were left out."""
    counting = [one for one in entries if last_word(one.name) not in COUNTERS]
    uncalled = tuple(f"{name}." for name, _ in analysis.totals.uncalled)
    again = tuple(f"{name}." for name in analysis.graph.second_paths)
    called = [one for one in counting if not f"{one.name}.".startswith(uncalled)]
    kept = tuple(one for one in called if not f"{one.name}.".startswith(again))
    return kept, Left(len(counting) - len(called), len(called) - len(kept))


def _remarks(needs: Sequence[Need], found: Mapping[str, Stored]) -> tuple[str, ...]:
    """That weights were put in another order."""
    lines = [need.name for need in needs if any(is_reordered(found[part.name].steps) for part in need.parts.values())]
    return (f"weights of {', '.join(lines)} put in the order of this net's flatten",) if lines else ()


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
