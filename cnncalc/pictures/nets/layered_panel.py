"""The inside of a block whose parts read each other in any way: in layers, each part below all that it reads.

Lines have right angles with round corners.  They run between the parts, and over a layer at a place of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.pictures.nets.layer_order import Layering, layering
from cnncalc.pictures.nets.layer_places import layer_places, spread
from cnncalc.pictures.nets.level_tracks import Strand, level_tracks
from cnncalc.pictures.nets.panel_boxes import paint_box
from cnncalc.pictures.nets.panel_shapes import TOP, heading_width, panel
from cnncalc.pictures.nets.readings import Readings
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import Scene

MARGIN, BEND = 18.0, 4.0
ABOVE, TRACK, BELOW, FEWEST = 8.0, 7.0, 13.0, 18.0
"""Between two layers: to the first track, from track to track, from the last one down; and at least."""

APART, EDGE = 10.0, 8.0
"""Lines end so far apart at the upper edge of a box, where that is wide enough, and so far from its corners."""


def layered_panel(readings: Readings, heading: tuple[str, str]) -> Scene:
    """The panel of a block, its parts in layers."""
    found = layering(readings.lines, len(readings.boxes), readings.arrivals)
    spots = [spot for layer in found.layers for spot in layer]
    widths = {spot: BEND if found.is_bend(spot) else readings.boxes[spot].width for spot in spots}
    places = layer_places(found, widths)
    inside = max(places[spot] + widths[spot] / 2 for spot in spots)
    width = max(inside + 2 * MARGIN, heading_width(*heading))
    places = {spot: place + (width - inside) / 2 for spot, place in places.items()}
    layers = _Layers(readings, found, places, _ends(found, places, widths))
    last = len(readings.boxes) - 1
    below = layers.draw(TOP + 6)
    bottom = layers.tops[last] + readings.boxes[last].height
    layers.drawing.line([(places[last], bottom), (places[last], below + 18)])
    return panel(layers.drawing, heading, width, below + 26)


def _ends(found: Layering, places: Mapping[int, float], widths: Mapping[int, float]) -> dict[tuple[int, int], float]:
    """Where each hop ends: straight below where it begins if the box reaches so far, and apart from the others."""
    into: dict[int, list[int]] = {}
    for upper, lower in found.hops:
        into.setdefault(lower, []).append(upper)
    ends: dict[tuple[int, int], float] = {}
    for lower, uppers in into.items():
        uppers.sort(key=lambda upper: places[upper])
        room = 0.0 if found.is_bend(lower) else max(0.0, widths[lower] / 2 - EDGE)
        gaps = [min(APART, 2 * room / max(1, len(uppers) - 1))] * (len(uppers) - 1)
        left, right = places[lower] - room, places[lower] + room
        placed = spread([min(max(places[upper], left), right) for upper in uppers], gaps)
        back = max(0.0, left - placed[0]) - max(0.0, placed[-1] - right)
        ends |= {(upper, lower): place + back for upper, place in zip(uppers, placed, strict=True)}
    return ends


class _Layers:
    """The drawing of the layers from above to below."""

    def __init__(
        self, readings: Readings, found: Layering, places: dict[int, float], ends: dict[tuple[int, int], float]
    ) -> None:
        self.boxes, self.found, self.places, self.ends = readings.boxes, found, places, ends
        self.drawing, self.tops = Drawing(), dict[int, float]()

    def draw(self, y: float) -> float:
        """Draws downwards from y; gives where the lowest box ends."""
        below = y
        for layer in self.found.layers:
            below = y + max((self.boxes[spot].height for spot in layer if not self.found.is_bend(spot)), default=0.0)
            for spot in layer:
                self.tops[spot] = y
                if self.found.is_bend(spot):
                    x = self.places[spot]
                    self.drawing.line([(x, y), (x, below)], self._stroke_into(spot), arrow=False)
            y = self._draw_hops(layer, below)
        for spot, box in enumerate(self.boxes):
            paint_box(self.drawing, box, self.places[spot], self.tops[spot])
        return below

    def _draw_hops(self, layer: tuple[int, ...], below: float) -> float:
        """Draws what leads from this layer to the next; gives where that begins."""
        leaving = {spot: [lower for upper, lower in self.found.hops if upper == spot] for spot in layer}
        leaving = {spot: lowers for spot, lowers in leaving.items() if lowers}
        strands = [
            Strand(self.places[spot], tuple(self.ends[spot, lower] for lower in lowers))
            for spot, lowers in leaving.items()
        ]
        tracks = level_tracks(strands)
        used = [track for strand, track in zip(strands, tracks, strict=True) if not strand.is_straight]
        y = below + max(FEWEST, ABOVE + TRACK * max(used, default=0) + BELOW)
        for (spot, lowers), strand, track in zip(leaving.items(), strands, tracks, strict=True):
            for lower in sorted(lowers, key=lambda lower: (spot, lower) not in self.found.shortcuts):
                self._draw_hop(spot, lower, strand, (below, below + ABOVE + TRACK * track, y))
        return y

    def _draw_hop(self, spot: int, lower: int, strand: Strand, heights: tuple[float, float, float]) -> None:
        below, level, top = heights
        x, end = strand.start, self.ends[spot, lower]
        start = below if self.found.is_bend(spot) else self.tops[spot] + self.boxes[spot].height
        to_bend = self.found.is_bend(lower)
        points = [(x, start), (x, level), (end, level), (end, top - (0 if to_bend else 1))]
        if abs(x - end) < 0.5:
            points = [points[0], points[-1]]
        self.drawing.line(points, self._stroke(spot, lower), arrow=not to_bend)

    def _stroke(self, upper: int, lower: int) -> str:
        return "skip" if (upper, lower) in self.found.shortcuts else "line"

    def _stroke_into(self, bend: int) -> str:
        return next(self._stroke(upper, lower) for upper, lower in self.found.hops if lower == bend)
