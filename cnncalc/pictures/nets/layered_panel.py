"""The inside of any other block: its parts one below the other, and what skips parts in lanes with right angles beside.

No line runs through a box, whatever reads what.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.panel_labels import Box
from cnncalc.pictures.nets.panel_shapes import TOP, heading_width, paint_box, panel
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import Scene

STEP, LANE = 18.0, 9.0


def layered_panel(boxes: tuple[Box, ...], body: Sequence[Item], heading: tuple[str, str]) -> Scene:
    """The panel of a block whose parts read each other in any way."""
    arrivals = -min((source for item in body for source in item.sources), default=0)
    names = ["in"] if arrivals == 1 else [f"in {n}" for n in range(arrivals, 0, -1)]
    every = [*(Box(name, "", "input", is_block=False) for name in names), *boxes]
    reads = [
        (source + arrivals if source >= 0 else arrivals + source, n + arrivals)
        for n, item in enumerate(body)
        for source in item.sources
    ]
    skips = [(start, end) for start, end in reads if end != start + 1]
    lanes = _lanes(skips)
    half = max(box.width for box in every) / 2
    most = max(lanes.values(), default=-1) + 1
    left, right = -(-most // 2) * LANE, most // 2 * LANE
    width = max(2 * half + left + right + 40, heading_width(*heading))
    x = (width + left - right) / 2
    tops, y = [], TOP + 6
    for box in every:
        tops.append(y)
        y += box.height + STEP
    drawing = Drawing()
    for start, end in reads:
        if end == start + 1:
            drawing.line([(x, tops[start] + every[start].height), (x, tops[end] - 1)])
    for (start, end), lane in lanes.items():
        side = -1 if lane % 2 == 0 else 1
        at = x + side * (half + LANE * (lane // 2 + 1))
        out, into = tops[start] + every[start].height * 0.7, tops[end] + every[end].height * 0.3
        near, far = (x + side * every[one].width / 2 for one in (start, end))
        drawing.line([(near, out), (at, out), (at, into), (far + side, into)], "skip")
    for box, top in zip(every, tops, strict=True):
        paint_box(drawing, box, x, top)
    drawing.line([(x, y - STEP), (x, y)])
    return panel(drawing, heading, width, y + 8)


def _lanes(spans: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The lane of each line: short ones nearest, and none over another."""
    lanes: dict[tuple[int, int], int] = {}
    for start, end in sorted(spans, key=lambda span: (span[1] - span[0], span)):
        taken = {lane for (first, last), lane in lanes.items() if first < end and start < last}
        lanes[start, end] = next(lane for lane in range(len(taken) + 1) if lane not in taken)
    return lanes
