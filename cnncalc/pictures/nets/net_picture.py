"""The picture of a net: its title and totals, the strip or the U of its volumes, the inside of its blocks, a legend.

All numbers come from the analysis.  How wide the picture is and what is left out of it, `Look` says; what it looks
like in colours and in a file, the writers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from cnncalc.analysis.model import Analysis
from cnncalc.pictures.nets.block_insides import Insides, block_insides
from cnncalc.pictures.nets.items import Item
from cnncalc.pictures.nets.legend import legend
from cnncalc.pictures.nets.net_items import net_items
from cnncalc.pictures.nets.strips import strip
from cnncalc.pictures.nets.u_shapes import Volumes, u_shape
from cnncalc.pictures.nets.volumes import WORD_LETTERS, Photo, clipped, volume_label
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Scene
from cnncalc.quantities import grouped

SLIDE, PAPER, PHONE = 1180.0, 757.0, 372.0
"""Widths: of a slide, of 17 cm of paper (letters of 11 units are 7 points then), of a phone."""

EDGE, CORNER_GAP = 6.0, 20.0
TITLE_LETTERS, NARROW_TITLE = 15.0, 13.0
AXES = ("numbers", "length × channels", "height × width × channels", "depth × height × width × channels")
"""What the numbers of a size are, by how many sides the maps have."""

MOST_TOLD = 60
"""So many items are told in words; of more only the number."""


class Look(NamedTuple):
    """How a picture is to look: its width in units, as for a phone, what is shown, the blocks that are drawn out."""

    width: float = SLIDE
    narrow: bool = False
    title: bool = True
    inside: bool = True
    opened: tuple[str, ...] = ()
    photo: Photo | None = None


def net_picture(analysis: Analysis, look: Look | None = None) -> Scene:
    """The picture of the analysed net."""
    look = Look() if look is None else look
    items = net_items(analysis, look.opened)
    drawing = Drawing()
    volumes = _volumes(items, look)
    wide, y = _head(drawing, analysis, look, _axes(volumes)) if look.title else (0.0, 0.0)
    drawing.place(volumes.scene, EDGE - 2, y)
    insides = block_insides(analysis, items, look.opened) if look.inside else None
    corner = _in_corner(insides, volumes, look.width - 2 * EDGE)
    if corner is not None:
        x, shelves = corner
        drawing.place(shelves, x, y)
        wide = max(wide, x + shelves.width + EDGE)
    wide, y = max(wide, volumes.scene.width + EDGE), y + volumes.scene.height + 8
    if insides is not None and corner is None:
        shelves = insides.within(max(look.width, wide) - 2 * EDGE)
        drawing.place(shelves, EDGE, y + 4)
        wide, y = max(wide, shelves.width + 2 * EDGE), y + shelves.height + 16
    inside = ("below" if corner is None else "above") if insides is not None and insides.drawn else ""
    signs = legend(volumes.items, drawing.shapes, max(look.width, wide) - 2 * EDGE, inside=inside)
    drawing.place(signs, EDGE - 4, y)
    wide, y = max(wide, signs.width + EDGE), y + signs.height
    return drawing.scene(wide, y + 4, net_title(analysis), about(items))


def _volumes(items: tuple[Item, ...], look: Look) -> Volumes:
    """The U of the net, or its strip, in which no corner is empty."""
    width = look.width - 2 * EDGE
    found = None if look.narrow else u_shape(items, width, photo=look.photo)
    return found or Volumes(strip(items, width, narrow=look.narrow, photo=look.photo), items)


def _in_corner(insides: Insides | None, volumes: Volumes, width: float) -> tuple[float, Scene] | None:
    """The panels in an empty corner of the volumes, and where they begin; None where they do not fit into one."""
    if insides is None:
        return None
    for left, height in volumes.corners:
        shelves = insides.within(width - left - CORNER_GAP)
        if shelves.height + CORNER_GAP <= height and shelves.width <= width - left - CORNER_GAP:
            return max(left + CORNER_GAP, volumes.scene.width - shelves.width), shelves
    return None


def net_title(analysis: Analysis) -> str:
    """The title of the net, or the name of its file."""
    return analysis.graph.heading or PurePath(analysis.graph.where).name


def about(items: Sequence[Item]) -> str:
    """The net in words, volume by volume."""
    words = [volume_label(item) for item in items[:MOST_TOLD]]
    if len(items) > MOST_TOLD:
        words.append(f"and {len(items) - MOST_TOLD} more")
    return "From left to right: " + "; ".join(words) + "."


def _axes(volumes: Volumes) -> str:
    """What the numbers beside the volumes are, in words."""
    axes = AXES[max(item.shape.rank for item in volumes.items)]
    return axes.replace(" × channels", ", channels above") if volumes.is_u else axes


def _head(drawing: Drawing, analysis: Analysis, look: Look, axes: str) -> tuple[float, float]:
    """Writes the title and the totals; gives how wide and high they are."""
    size, room = (NARROW_TITLE if look.narrow else TITLE_LETTERS), look.width - 2 * EDGE
    figures = analysis.totals.figures
    params = f"{grouped(figures.params)} parameters"
    if analysis.graph.count == "keras" and figures.buffers:
        params = f"{grouped(figures.total_params)} parameters as Keras counts"
    totals = f"{params}, {grouped(figures.cost.macs)} multiply-accumulates"
    lines = [totals, f"sizes are {axes}; lengths by square root"]
    if not look.narrow and room > 600:
        lines = ["; ".join(lines)]
    drawing.text(EDGE, 21, clipped(net_title(analysis), size, room, bold=True), size, anchor="start", bold=True)
    y = 21.0
    for line in lines:
        y += 15
        drawing.text(EDGE, y, clipped(line, WORD_LETTERS, room), WORD_LETTERS, anchor="start", role="soft")
    widths = (text_right(clipped(net_title(analysis), size, room, bold=True), size, bold=True), *map(text_right, lines))
    return max(widths), y + 14


def text_right(text: str, size: float = WORD_LETTERS, *, bold: bool = False) -> float:
    """Where a text ends that begins at the picture's left edge."""
    return EDGE + text_width(text, size, bold=bold) + EDGE
