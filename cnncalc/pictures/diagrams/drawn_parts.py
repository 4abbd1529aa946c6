"""Parts of a net as boxes and frames, and the arrows between them.

The panels of the blocks that stay closed, `drawn_panels` makes.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.pictures.diagrams.box_words import box_kind, box_texts, frame_title, shape_words
from cnncalc.pictures.diagrams.diagram import Arrow, Box, Frame
from cnncalc.pictures.diagrams.form_names import FormNames
from cnncalc.pictures.diagrams.keys import Keys
from cnncalc.pictures.diagrams.part_places import Line, Places, lines_of, places_of, shortcuts
from cnncalc.pictures.diagrams.parts_of_net import Part
from cnncalc.pictures.nets.net_rows import NetRows


class DrawnParts:
    """The boxes and frames of the net itself, with their arrows."""

    def __init__(self, rows: NetRows, names: FormNames, keys: Keys, parts: Sequence[Part]) -> None:
        self.rows, self.names, self.keys = rows, names, keys
        self.places = places_of(parts)
        self.outputs = {self.places.box_of[row] for row in rows.outputs}
        self.boxes: list[Box] = []
        self.drawn = tuple(map(self._drawn, parts))
        self.lines = lines_of(rows, self.places)
        short = shortcuts(self.lines)
        self.arrows = tuple(self._arrow(line, (line.source, line.target) in short) for line in self.lines)

    def _drawn(self, part: Part) -> Box | Frame:
        if part.shown:
            key = self.keys.of(part, "f")
            return Frame(key, frame_title(part), tuple(map(self._drawn, part.shown)))
        thick = len(self.boxes) in self.outputs
        texts = box_texts(self.rows, part, self.names.told(part))
        self.boxes.append(Box(self.keys.of(part, "n"), box_kind(part), texts, thick))
        return self.boxes[-1]

    def _arrow(self, line: Line, shortcut: bool) -> Arrow:
        words = arrow_words(self.rows, self.places, line)
        return Arrow(self.boxes[line.source].key, self.boxes[line.target].key, words, shortcut)


def arrow_words(rows: NetRows, places: Places, line: Line) -> str:
    """What an arrow carries where that is not what its box makes, and how often one line reads the same."""
    source = places.boxes[line.source]
    inner = dict.fromkeys(places.like[read] for read, _ in line.reads if places.like[read] != source.last)
    shapes = list(dict.fromkeys(shape_words(rows, read) for read in inner))
    first = [one for one in line.reads if one[1] == line.reads[0][1]]
    times = [f"{len(first)} times"] if len(first) > len(set(first)) else []
    return ", ".join((*shapes[:2], *(["…"] if len(shapes) > 2 else []), *times))
