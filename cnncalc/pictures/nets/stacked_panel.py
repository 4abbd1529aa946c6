"""The inside of a block in one column, for where there is no room beside: its parts one below the other.

What a part hands to others than the next runs down at the left and turns into each of them; what a join collects from
others than the one before it runs down at the right.  All turns are right angles, and no line runs through a box.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.pictures.nets.panel_boxes import paint_box
from cnncalc.pictures.nets.panel_shapes import TOP, heading_width, panel
from cnncalc.pictures.nets.readings import Readings, shortcuts_among
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import Scene

STEP, LANE, MARGIN = 17.0, 9.0, 16.0


class _Trunk(NamedTuple):
    """A line down beside the column: from `start` to each of `ends`, or from each of `starts` to the one end."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def first(self) -> int:
        return self.starts[0]

    @property
    def last(self) -> int:
        return self.ends[-1]


def stacked_panel(readings: Readings, heading: tuple[str, str]) -> Scene:
    """The panel of a block whose parts read each other in any way."""
    every, shortcuts = readings.boxes, shortcuts_among(readings.lines)
    skips = [(start, end) for start, end in readings.lines if end != start + 1]
    joins = {end for _, end in readings.lines if sum(e == end for _, e in readings.lines) > 1}
    right = _collected([skip for skip in skips if skip[1] in joins])
    left = _handed([skip for skip in skips if skip[1] not in joins])
    lanes_left, lanes_right = _lanes(left), _lanes(right)
    half = max(box.width for box in every) / 2
    beside = [max(lanes, default=-1) + 1 for lanes in (lanes_left, lanes_right)]
    inside = 2 * half + sum(beside) * LANE + 2 * MARGIN
    width = max(inside, heading_width(*heading))
    x = (width - inside) / 2 + MARGIN + beside[0] * LANE + half
    tops, y = [], TOP + 6
    for box in every:
        tops.append(y)
        y += box.height + STEP
    drawing = Drawing()
    for trunk, lane in (*zip(left, lanes_left, strict=True), *zip(right, lanes_right, strict=True)):
        side = -1 if trunk in left else 1
        at = x + side * (half + LANE * (lane + 1))
        for start in trunk.starts:
            for end in trunk.ends:
                out, into = tops[start] + every[start].height * 0.7, tops[end] + every[end].height * 0.3
                near, far = (x + side * every[one].width / 2 for one in (start, end))
                stroke = "skip" if (start, end) in shortcuts else "line"
                drawing.line([(near, out), (at, out), (at, into), (far + side, into)], stroke)
    for start, end in readings.lines:
        if end == start + 1:
            drawing.line([(x, tops[start] + every[start].height), (x, tops[end] - 1)])
    for box, top in zip(every, tops, strict=True):
        paint_box(drawing, box, x, top)
    drawing.line([(x, y - STEP), (x, y)])
    return panel(drawing, heading, width, y + 8)


def _handed(skips: Sequence[tuple[int, int]]) -> list[_Trunk]:
    starts = dict.fromkeys(start for start, _ in skips)
    return [_Trunk((one,), tuple(end for start, end in skips if start == one)) for one in starts]


def _collected(skips: Sequence[tuple[int, int]]) -> list[_Trunk]:
    ends = dict.fromkeys(end for _, end in skips)
    return [_Trunk(tuple(start for start, end in skips if end == one), (one,)) for one in ends]


def _lanes(trunks: Sequence[_Trunk]) -> list[int]:
    """The lane of each trunk: short ones nearest, and none over another."""
    lanes: dict[_Trunk, int] = {}
    for trunk in sorted(trunks, key=lambda trunk: (trunk.last - trunk.first, trunk.first)):
        taken = {lane for other, lane in lanes.items() if other.first < trunk.last and trunk.first < other.last}
        lanes[trunk] = next(lane for lane in range(len(taken) + 1) if lane not in taken)
    return [lanes[trunk] for trunk in trunks]
