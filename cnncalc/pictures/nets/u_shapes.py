"""A net that goes down and up again, painted as a U: the way down on the left, the way up on the right.

Readings across are level and dashed, up-samplings are green arrows.  What lies where, `u_plan` says; whether a net is
a U at all, `u_levels`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from cnncalc.pictures.nets.arrow_words import draw_arrow
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.u_levels import ULevels, u_levels
from cnncalc.pictures.nets.u_plan import BESIDE_ARROW, HEAD_ROW, LANE, UPRIGHT_STEP, UPlan, u_plan
from cnncalc.pictures.nets.u_spots import ACROSS, Label, Spot
from cnncalc.pictures.nets.volumes import SMALL_LETTERS, WORD_LETTERS, Photo, clipped, draw_volume
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Point, Scene

SKIP_WIDTH, STEP_WIDTH = 1.6, 2.0
LONGEST_NAME = 110.0
NOTE_ROW = 17.0


class Volumes(NamedTuple):
    """The painted volumes, the items that they show, the lower left corners of what is empty to their upper right."""

    scene: Scene
    items: tuple[Item, ...]
    corners: tuple[Point, ...] = ()
    is_u: bool = False


def u_shape(items: Sequence[Item], width: float, *, photo: Photo | None = None) -> Volumes | None:
    """The U of these items, no wider than asked; None for a net that is no U, or for too little width."""
    levels = u_levels(items)
    plan = u_plan(levels, width) if levels is not None else None
    if levels is None or plan is None:
        return None
    return Volumes(_U(levels, plan, photo).scene(width), levels.items, plan.corners, is_u=True)


class _U:
    """What has been painted so far."""

    def __init__(self, levels: ULevels, plan: UPlan, photo: Photo | None) -> None:
        self.levels, self.plan, self.photo = levels, plan, photo
        self.items, self.spots = levels.items, plan.spots
        self.drawing = Drawing()
        self.outputs = sum(item.is_output for item in self.items)
        self.wide = plan.width

    def scene(self, width: float) -> Scene:
        for place in self.levels.main:
            self._volume(place, self.plan.middles[self.levels.level[place]])
        for head in self.levels.heads:
            self._head(head)
        for before, after in pairwise(self.levels.main):
            if self.levels.level[before] == self.levels.level[after]:
                self._level_arrow(before, after)
            else:
                self._upright_arrow(before, after)
        steps = set(pairwise(self.levels.main))
        for reader in self.levels.main:
            for source in self.items[reader].sources:
                if (source, reader) not in steps:
                    self._reading(source, reader)
        return self.drawing.scene(self.wide, self._notes(width))

    def _volume(self, place: int, middle: float) -> None:
        item, spot = self.items[place], self.spots[place]
        draw_volume(self.drawing, item, (spot.left, middle), spot.box, self.photo)
        self._label(spot, spot.above, middle - spot.box.above - 5)
        y = middle + self.plan.sizes_below[place]
        if spot.below.text:
            self._label(spot, spot.below, y)
        if item.is_output and self.outputs > 1:
            name = clipped(item.label or "output", SMALL_LETTERS, LONGEST_NAME)
            x = spot.left + spot.box.across / 2
            self.drawing.text(x, y + 11, name, SMALL_LETTERS, role="soft", italic=True)
            self.wide = max(self.wide, x + text_width(name, SMALL_LETTERS) / 2 + 4)

    def _label(self, spot: Spot, label: Label, y: float) -> None:
        self.drawing.text(spot.left + label.x, y, label.text, label.size, anchor=label.anchor, bold=label.bold)

    def _level_arrow(self, before: int, after: int) -> None:
        middle = self.plan.middles[self.levels.level[after]]
        start, end = self.spots[before].right + 2, self.spots[after].left - 2
        if self.spots[after].bare:
            self.drawing.line([(start, middle), (end, middle)])
        else:
            draw_arrow(self.drawing, self.items[after], start, end, middle)

    def _upright_arrow(self, before: int, after: int) -> None:
        levels, middles = self.levels.level, self.plan.middles
        one, other, item = self.spots[before], self.spots[after], self.items[after]
        from_middle, to_middle = middles[levels[before]], middles[levels[after]]
        down = levels[before] < levels[after]
        if down:
            start = (one.foot + one.apart, from_middle + one.box.height / 2 + 2)
            end = (other.crown - other.apart, to_middle - other.box.above - 2)
        else:
            start = (one.crown + one.apart, from_middle - one.box.above - 2)
            end = (other.foot - other.apart, to_middle + other.box.height / 2 + 2)
        band = levels[after] - 1 if down else levels[before] - 1
        bend = self.plan.bands[band]
        straight = abs(start[0] - end[0]) < 1
        points = [start, end] if straight else [start, (start[0], bend), (end[0], bend), end]
        self.drawing.line(points, "rise" if item.kind == "up" else "line", STEP_WIDTH)
        words = self.plan.upright[after]
        first = bend + 3.5 - UPRIGHT_STEP * (len(words.lines) - 1) / 2
        for number, line in enumerate(words.lines):
            self.drawing.text(words.x, first + number * UPRIGHT_STEP, line, WORD_LETTERS, anchor=words.anchor)

    def _reading(self, source: int, reader: int) -> None:
        one, other = self.spots[source], self.spots[reader]
        middle = self.plan.middles[self.levels.level[reader]]
        across = (source, reader) in self.levels.skips
        dash = ACROSS if across else ""
        lane = self.plan.lanes.get((source, reader))
        if lane is None:
            start, end, y = one.right + 3, other.left - 3, middle
            self.drawing.line([(start, y), (end, y)], "skip", SKIP_WIDTH, dash=dash)
        else:
            top = max(spot.box.above for place, spot in self.spots.items() if self._is_beside(place, reader))
            y = middle - top - 18 - LANE * lane
            leaving = self._leaving(source, middle, y)
            points = [*leaving, (other.crown, y), (other.crown, middle - other.box.above - 2)]
            start, end = leaving[-1][0], other.crown
            self.drawing.line(points, "skip", SKIP_WIDTH, dash=dash)
        if across:
            self._copy_words(source, reader, (start, end), y)

    def _leaving(self, source: int, middle: float, lane: float) -> list[Point]:
        """How a reading gets up from its source to its lane: from above, or from its right side."""
        spot, level = self.spots[source], self.levels.level
        order = self.levels.main
        following = order[order.index(source) + 1]
        if level[following] == level[source]:
            return [(spot.crown, middle - spot.box.above - 2), (spot.crown, lane)]
        x = max(spot.right, spot.left + spot.above.reach[1]) + BESIDE_ARROW
        return [(spot.right + 2, middle), (x, middle), (x, lane)]

    def _is_beside(self, place: int, other: int) -> bool:
        level = self.levels.level
        return place in level and level[place] == level[other]

    def _copy_words(self, source: int, reader: int, ends: tuple[float, float], y: float) -> None:
        """What is done to what is read across, where there is room to say it."""
        item = self.items[reader]
        words: tuple[str, ...] = ("copy",)
        if "concat" not in (*item.words, *item.after):
            words = ("add",) if "add" in (*item.words, *item.after) else ()
        elif max(self.items[source].shape.spatial) > max(item.shape.spatial):
            words = ("copy and crop", "copy")
        room = ends[1] - ends[0] - 16
        shown = next((word for word in words if text_width(word, WORD_LETTERS) <= room), None)
        if shown is not None:
            self.drawing.text((ends[0] + ends[1]) / 2, y - 5, shown, WORD_LETTERS)

    def _head(self, head: tuple[int, ...]) -> None:
        """A chain of volumes that leads to the right, from under the volume that it reads."""
        source = self.spots[head[0]]
        level = self.levels.level[head[0]]
        middle = self.plan.middles[level]
        start = self.plan.head_starts.get(head[0])
        edge = source.right + 2
        if start is not None:
            low = self.plan.feet[level] + HEAD_ROW / 2
            x, edge = source.left + source.box.across / 2, start + 8
            points = [(x, middle + self.plan.sizes_below[head[0]] + 4), (x, low), (start, low), (start, middle)]
            self.drawing.line([*points, (edge, middle)], arrow=False)
        for place in head[1:]:
            draw_arrow(self.drawing, self.items[place], edge, self.spots[place].left - 2, middle)
            self._volume(place, middle)
            edge = self.spots[place].right + 2

    def _notes(self, width: float) -> float:
        """Says below what the drawing leaves out; gives the drawing's height."""
        y = self.plan.height
        for text, arrow in self._note_texts():
            y += NOTE_ROW
            if arrow:
                self.drawing.line([(4, y - 3.5), (26, y - 3.5)])
            x = 32.0 if arrow else 4.0
            shown = clipped(text, WORD_LETTERS, width - x - 4)
            self.drawing.text(x, y, shown, WORD_LETTERS, anchor="start")
            self.wide = max(self.wide, x + text_width(shown, WORD_LETTERS) + 4)
        return y + 6

    def _note_texts(self) -> list[tuple[str, bool]]:
        found = []
        if self.plan.usual is not None:
            words = ", ".join(" ".join(one) for one in self.plan.usual if one)
            found.append((f"an arrow without words: {words}", True))
        short = next((spot.below.text for spot in self.spots.values() if spot.below.text[-1:] in "²³"), "")
        if short:
            sides = 2 if short.endswith("²") else 3
            found.append((f"{short} is {'×'.join([short[:-1]] * sides)}", False))
        return found
