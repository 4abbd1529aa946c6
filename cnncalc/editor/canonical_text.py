"""What `cnncalc fmt` would write, as changes of single lines where that is possible, so that a cursor stays."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.diagnostics import Source
from cnncalc.editor.positions import Position, Range, units
from cnncalc.graph.formatting import formatted
from cnncalc.net_files import unspelled
from cnncalc.spec.parsing import parse


class Edit(NamedTuple):
    """New text for a range."""

    range: Range
    text: str


def canonical_edits(source: Source) -> tuple[Edit, ...]:
    """The changes that give the canonical spelling; none for a text that `fmt` refuses."""
    document, faults = parse(source)
    if faults or unspelled(document):
        return ()
    old, new = list(source.lines), formatted(document).split("\n")
    if len(old) == len(new):
        return tuple(_line_edit(number, one, new[number]) for number, one in enumerate(old) if one != new[number])
    first = next((n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), None)
    first = min(len(old), len(new)) - 1 if first is None else first
    same = 0
    while same < min(len(old), len(new)) - first - 1 and old[-1 - same] == new[-1 - same]:
        same += 1
    last = len(old) - 1 - same
    end = Position(last, units(old[last]))
    return (Edit(Range(Position(first, 0), end), "\n".join(new[first : len(new) - same])),)


def _line_edit(number: int, old: str, new: str) -> Edit:
    return Edit(Range(Position(number, 0), Position(number, units(old))), new)
