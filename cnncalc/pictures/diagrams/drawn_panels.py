"""The panels of a diagram: the inside of each form of block that stays closed, once, for all of its calls."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.pictures.diagrams.box_words import box_kind, panel_texts
from cnncalc.pictures.diagrams.diagram import Arrow, Box, Frame
from cnncalc.pictures.diagrams.form_names import FormNames
from cnncalc.pictures.diagrams.keys import Keys
from cnncalc.pictures.diagrams.part_places import boxes_in, height, lines_of, places_of, shortcuts
from cnncalc.pictures.diagrams.parts_of_net import Part
from cnncalc.pictures.nets.arrival_names import arrival_names
from cnncalc.pictures.nets.call_values import varied
from cnncalc.pictures.nets.net_rows import Call, NetRows


class DrawnPanels:
    """The panels with their arrows; `left_out` are forms whose inside would be too much, `heights` in boxes."""

    def __init__(self, rows: NetRows, names: FormNames, keys: Keys, most: int) -> None:
        self.rows, self.names, self.keys = rows, names, keys
        self.frames: list[Frame] = []
        self.heights: list[int] = []
        self.arrows: list[Arrow] = []
        self.left_out = 0
        for form, calls in names.calls.items():
            size = len(boxes_in(names.signs.body(calls[0][0])))
            if size > most:
                self.left_out += 1
                continue
            most -= size
            ordered = sorted((part for part, _ in calls), key=lambda part: part.first)
            self._add(names.names[form], ordered, sum(copies for _, copies in calls))

    def _add(self, name: str, calls: Sequence[Part], used: int) -> None:
        bodies = [self.names.signs.body(call) for call in calls]
        key = self.keys.new("p", name)
        boxes: list[Box] = []
        inside = tuple(self._drawn([body[n] for body in bodies], key, boxes) for n in range(len(bodies[0])))
        lines = lines_of(self.rows, places_of(bodies[0]))
        arrivals = self._arrivals(calls[0], key, -min((line.source for line in lines), default=0))
        short = shortcuts(lines)
        for line in lines:
            source = boxes[line.source] if line.source >= 0 else arrivals[-1 - line.source]
            shortcut = (line.source, line.target) in short
            self.arrows.append(Arrow(source.key, boxes[line.target].key, "", shortcut))
        title = f"inside of {name}" + (f" ({used} calls)" if used > 1 else "")
        self.frames.append(Frame(key, title, (*arrivals, *inside)))
        self.heights.append(height(lines) + 1)

    def _drawn(self, parts: Sequence[Part], name: str, boxes: list[Box]) -> Box | Frame:
        """The box or frame that shows the same part of several calls."""
        one = parts[0]
        if one.shown:
            key = self.keys.new(name, "times")
            columns = zip(*(part.shown for part in parts), strict=True)
            side = " side by side" if one.side else ""
            title = f"{varied(part.times for part in parts)} times{side}"
            return Frame(key, title, tuple(self._drawn(column, name, boxes) for column in columns))
        key = self.keys.new(name, one.label or one.word)
        boxes.append(Box(key, box_kind(one), panel_texts(self.rows, parts, self.names.told(one))))
        return boxes[-1]

    def _arrivals(self, call: Part, key: str, count: int) -> tuple[Box, ...]:
        """What arrives at the block, by the name of the parameter that hands it in."""
        names = arrival_names(self.rows, Call(call.first, call.last, call.word, call.depth))
        said = [names[n] if n < len(names) else f"in {n + 1}" for n in range(count)]
        return tuple(Box(self.keys.new(key, name), "arrival", (name,)) for name in said)
