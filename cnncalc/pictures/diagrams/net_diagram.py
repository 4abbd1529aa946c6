"""The diagram of a net: which blocks are drawn out, which are boxes with a panel that shows their inside once.

Blocks are drawn out level by level as long as the boxes fit one page; what repeats is drawn once with a count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.diagrams.box_words import lines
from cnncalc.pictures.diagrams.diagram import Diagram, Frame
from cnncalc.pictures.diagrams.drawn_panels import DrawnPanels
from cnncalc.pictures.diagrams.drawn_parts import DrawnParts
from cnncalc.pictures.diagrams.form_names import FormNames
from cnncalc.pictures.diagrams.keys import Keys
from cnncalc.pictures.diagrams.part_places import boxes_in, height, lines_of, places_of
from cnncalc.pictures.diagrams.part_signs import Signs
from cnncalc.pictures.diagrams.parts_of_net import Part, parts_of
from cnncalc.pictures.diagrams.repeated_parts import repeated
from cnncalc.pictures.nets.net_items import check_opened
from cnncalc.pictures.nets.net_rows import NetRows
from cnncalc.quantities import grouped

MOST_ON_A_PAGE = 32
"""Boxes; with more of them, calls of blocks are boxes and not drawn out."""

TALLEST = 20
"""Boxes one below the other on a page."""

MOST_BOXES = 120
"""More boxes than these, although every block is closed, are too many for any viewer: whole stretches become one."""


class Wanted(NamedTuple):
    """What is asked for: the blocks drawn out by name, or all up to so many levels; every copy on its own.

    `inside`: with the panels that show the inside of closed blocks.
    """

    open_blocks: tuple[str, ...] = ()
    depth: int | None = None
    every_copy: bool = False
    inside: bool = True


PAGE = Wanted()
"""Nothing asked for: as much as fits a page."""


def net_diagram(analysis: Analysis, wanted: Wanted = PAGE, most: int = MOST_BOXES) -> Diagram:
    """The diagram.  Raises InputError where a block that is to be drawn out is none."""
    check_opened(analysis, wanted.open_blocks)
    rows = NetRows(analysis)
    layout = _Layout(rows, Signs(rows), wanted)
    parts = layout.parts()
    notes = []
    if (boxes := len(boxes_in(parts))) > most and not _is_asked(wanted):
        parts = _stretches(parts, most)
        notes.append(f"{grouped(boxes)} boxes are too many to be drawn: neighbours share one")
    keys, names = Keys(rows), FormNames(layout.signs, parts)
    net = DrawnParts(rows, names, keys, parts)
    panels = DrawnPanels(rows, names, keys, most if wanted.inside else 0)
    if panels.left_out and wanted.inside:
        notes.append(f"the inside of {grouped(panels.left_out)} more kinds of blocks is not drawn")
    columns = _columns(panels, max(height(net.lines), 8))
    return Diagram(_title(analysis), net.drawn, (*net.arrows, *panels.arrows), columns, tuple(notes))


def _columns(panels: DrawnPanels, tall: int) -> tuple[tuple[Frame, ...], ...]:
    """The panels one below the other in columns no taller than the net."""
    columns: list[list[Frame]] = []
    room = 0
    for frame, needed in zip(panels.frames, panels.heights, strict=True):
        if not columns or needed > room:
            columns.append([])
            room = tall
        columns[-1].append(frame)
        room -= needed
    return tuple(map(tuple, columns))


def _is_asked(wanted: Wanted) -> bool:
    return wanted.depth is not None or wanted.every_copy


class _Layout:
    """Which calls are drawn out."""

    def __init__(self, rows: NetRows, signs: Signs, wanted: Wanted) -> None:
        self.rows, self.signs, self.wanted = rows, signs, wanted
        self.whole = parts_of(rows)

    def parts(self) -> tuple[Part, ...]:
        if self.wanted.depth is not None or self.wanted.every_copy:
            return self._at(self.wanted.depth)
        deepest = _levels(self.whole)
        found = self._at(0)
        for level in range(1, deepest + 1):
            deeper = self._at(level)
            if not self._fits_a_page(deeper):
                break
            found = deeper
        return found

    def _fits_a_page(self, parts: tuple[Part, ...]) -> bool:
        places = places_of(parts)
        return len(places.boxes) <= MOST_ON_A_PAGE and height(lines_of(self.rows, places)) <= TALLEST

    def _at(self, depth: int | None) -> tuple[Part, ...]:
        def shown(parts: Sequence[Part], level: int) -> tuple[Part, ...]:
            opened = tuple(
                part._replace(shown=shown(part.inside, level + 1)) if self._is_open(part, level, depth) else part
                for part in parts
            )
            return opened if self.wanted.every_copy else repeated(self.rows, opened, self.signs.seen)

        return shown(self.whole, 0)

    def _is_open(self, part: Part, level: int, depth: int | None) -> bool:
        if part.kind != "call":
            return False
        return depth is None or level < depth or self._holds_opened(part)

    def _holds_opened(self, part: Part) -> bool:
        words = self.wanted.open_blocks
        return bool(words) and (part.word in words or any(map(self._holds_opened, part.inside)))


def _levels(parts: Sequence[Part]) -> int:
    return max((1 + _levels(part.inside) for part in parts if part.kind == "call"), default=0)


def _stretches(parts: Sequence[Part], most: int) -> tuple[Part, ...]:
    """Neighbours as one box, as many in each that no more boxes than `most` are left."""
    size = -(-len(parts) // most)
    several = [parts[start : start + size] for start in range(0, len(parts), size)]
    return tuple(_stretch(some) if len(some) > 1 else some[0] for some in several)


def _stretch(parts: Sequence[Part]) -> Part:
    first, last = parts[0], parts[-1]
    words = dict.fromkeys(part.word or "repeated" for part in parts)
    counted = ", ".join(f"{word} ×{sum((part.word or 'repeated') == word for part in parts)}" for word in words)
    return Part(first.first, last.end, "", f"{len(parts)} lines: {counted}", "", "crowd")


def _title(analysis: Analysis) -> str:
    heading = "".join(f"{one}: " for one in lines((analysis.graph.heading,)))
    figures, count_as = analysis.totals.figures, analysis.graph.count
    return f"{heading}{grouped(figures.counted_params(count_as))} params, {grouped(figures.cost.macs)} MACs"
