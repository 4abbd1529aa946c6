"""The inside of a block from top to bottom, its branches side by side; a shortcut runs beside what it passes."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.pictures.nets.block_bodies import Fork, Series
from cnncalc.pictures.nets.panel_boxes import Box, paint_box
from cnncalc.pictures.nets.panel_shapes import TOP, heading_width, panel
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import Scene

ARROW, BETWEEN, SHORTCUT, FORKED, JOINED = 17.0, 12.0, 9.0, 12.0, 20.0
MARGIN = 14.0


class _Extent(NamedTuple):
    left: float
    right: float
    height: float


def tree_panel(boxes: tuple[Box, ...], series: Series, heading: tuple[str, str]) -> Scene:
    """The panel of a block whose parts are this series."""
    tree = _Tree(boxes)
    extent = tree.extent(series)
    width = max(extent.left + extent.right + 2 * MARGIN, heading_width(*heading))
    axis = (width - extent.left - extent.right) / 2 + extent.left
    end = tree.draw(series, axis, TOP)
    tree.drawing.line([(axis, end), (axis, end + 18)])
    return panel(tree.drawing, heading, width, end + 26)


class _Tree:
    def __init__(self, boxes: tuple[Box, ...]) -> None:
        self.boxes, self.drawing = boxes, Drawing()

    def extent(self, series: Series) -> _Extent:
        """How far a series goes to the left and to the right of its axis, and how high it is."""
        left = right = height = 0.0
        for part in series:
            here = self._of_fork(part) if isinstance(part, Fork) else self._of_box(part)
            left, right, height = max(left, here.left), max(right, here.right), height + here.height
        return _Extent(left, right, height)

    def _of_box(self, part: int) -> _Extent:
        box = self.boxes[part]
        return _Extent(box.width / 2, box.width / 2, ARROW + box.height)

    def _of_fork(self, fork: Fork) -> _Extent:
        places, sides = self._places(fork)
        highest = max(side.height for side in sides)
        join = self.boxes[fork.join]
        left = max(side.left - x for x, side in zip(places, sides, strict=True))
        right = max(side.right + x for x, side in zip(places, sides, strict=True))
        half = join.width / 2
        return _Extent(max(left, half), max(right, half), FORKED + highest + JOINED + join.height)

    def _places(self, fork: Fork) -> tuple[list[float], list[_Extent]]:
        """Where the branches stand beside the axis: beside empty ones the axis runs through the one that is full."""
        sides = [self.extent(branch) if branch else _Extent(SHORTCUT, SHORTCUT, 0) for branch in fork.branches]
        order = sorted(range(len(sides)), key=lambda n: not fork.branches[n])
        places, x = [0.0] * len(sides), 0.0
        for n in order:
            places[n] = x + sides[n].left
            x += sides[n].left + sides[n].right + BETWEEN
        full = [n for n in order if fork.branches[n]]
        axis = places[full[0]] if len(full) == 1 else (x - BETWEEN) / 2
        return [place - axis for place in places], sides

    def draw(self, series: Series, x: float, y: float) -> float:
        """Draws downwards from y; gives where the line that leaves begins."""
        for part in series:
            if isinstance(part, Fork):
                y = self._draw_fork(part, x, y)
            else:
                self.drawing.line([(x, y), (x, y + ARROW - 1)])
                paint_box(self.drawing, self.boxes[part], x, y + ARROW)
                y += ARROW + self.boxes[part].height
        return y

    def _draw_fork(self, fork: Fork, x: float, y: float) -> float:
        places, sides = self._places(fork)
        join = self.boxes[fork.join]
        start = y + FORKED
        bus = start + max(side.height for side in sides) + 8
        self.drawing.line([(x, y), (x, start)], arrow=False)
        for place, branch in zip(places, fork.branches, strict=True):
            at = x + place
            stroke = "line" if branch else "skip"
            self.drawing.line([(x, start), (at, start)], stroke, arrow=False)
            end = self.draw(branch, at, start) if branch else start
            self.drawing.line([(at, end), (at, bus), (x, bus)], stroke, 1.2 if branch else 2.0, arrow=False)
        self.drawing.line([(x, bus), (x, start + max(side.height for side in sides) + JOINED - 1)])
        top = start + max(side.height for side in sides) + JOINED
        paint_box(self.drawing, join, x, top)
        return top + join.height
