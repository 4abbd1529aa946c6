"""Volumes of a picture: how large each one is drawn, and its shapes.

Sides grow with the square root of a size, so that 7x7 stays visible beside 224x224.  A map is a box whose face is as
tall as the map and whose thickness shows the channels; a signal is a flat strip; a vector is a bar.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.geometry import Shape
from cnncalc.pictures.nets.items import Item, Kind
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import Image, Point, Polygon

SIZE_LETTERS, WORD_LETTERS, SMALL_LETTERS = 11.0, 10.0, 9.0
"""The letters of sizes, of words above an arrow, of words below it."""

SLANT, FORESHORTENED = 0.8, 0.26
BAR, FEWEST_BAR, SHORTEST = 9.0, 22.0, 9.0
BAR_SHARE = 0.66
FULL_RANK, MOST_SLICES, SLICE_GAP, THINNEST_SLICE = 3, 6, 3.0, 2.5
MOST_CELLS = 16
"""A vector of so few numbers is drawn as cells."""

TIMES_LETTERS = 12.0
COPIES_SHOWN, COPY_STEP = 3, 4.0
HATCHED = ("pool", "up", "join")
WIDEST_WORD = 96.0
NARROWEST_PARTS = 8.0
"""A concat that is drawn narrower does not show its parts."""


class Photo(NamedTuple):
    """A picture to lay on an input: the file, its kind ("png"), and the row of that input."""

    data: bytes
    kind: str
    row: int


"""The bytes of a picture file and its media, as `shapes.Image` has it."""


class Box(NamedTuple):
    """The sides of a volume in units: its face, how far its depth runs to the right and up, and its copies behind.

    A map of three sides is drawn as slices, more of them the deeper it is.
    """

    width: float
    height: float
    depth: float = 0.0
    rise: float = 0.0
    behind: float = 0.0
    slices: int = 1

    @property
    def across(self) -> float:
        """From its left edge to its right one, without the copies."""
        return self.width + self.depth

    @property
    def above(self) -> float:
        """From its middle line to its highest point."""
        return self.height / 2 + self.rise + self.behind


class Scale(NamedTuple):
    """The largest values of a net, and how large those are drawn."""

    side: int
    channels: int
    numbers: int
    tall: float
    thick: float
    deep: int = 1

    def box(self, item: Item, shrunk: float = 1.0) -> Box:
        """How large the item's volume is drawn."""
        shape, behind = item.shape, COPY_STEP * (min(item.times, COPIES_SHOWN) - 1)
        if not shape.rank:
            height = max(FEWEST_BAR, self.tall * BAR_SHARE * (shape.channels / max(self.numbers, 64)) ** 0.5)
            return Box(BAR, max(FEWEST_BAR, height * shrunk), behind=behind)
        width = max(3.0, shrunk * self.thick * (shape.channels / max(self.channels, 16)) ** 0.5)
        if shape.rank == 1:
            return Box(width, self._side(shape.width, shrunk), behind=behind)
        depth = self._side(shape.width, shrunk) * FORESHORTENED
        slices = self._slices(shape.spatial[0]) if shape.rank == FULL_RANK else 1
        width = max(width, THINNEST_SLICE * slices) + SLICE_GAP * (slices - 1)
        return Box(width, self._side(shape.height, shrunk), depth, depth * SLANT, behind, slices)

    def _slices(self, depth: int) -> int:
        return 1 if depth == 1 else max(2, round(MOST_SLICES * math.sqrt(depth / self.deep)))

    def _side(self, size: int, shrunk: float) -> float:
        return max(SHORTEST, shrunk * self.tall * math.sqrt(size / self.side))


def scale_of(items: Sequence[Item], tall: float = 150.0, thick: float = 66.0) -> Scale:
    """The scale in which the largest map is so tall and the one of most channels so thick."""
    maps = [item.shape for item in items if item.shape.rank]
    return Scale(
        max((max(shape.spatial) for shape in maps), default=1),
        max((shape.channels for shape in maps), default=1),
        max((item.shape.channels for item in items if not item.shape.rank), default=1),
        tall,
        thick,
        max((shape.spatial[0] for shape in maps if shape.rank == FULL_RANK), default=1),
    )


def shape_words(shape: Shape) -> str:
    """The shape as a picture writes it: 28×28×6."""
    return shape.text().replace("x", "×")


def item_size(item: Item) -> str:
    """The size below a volume; of unlike ones from what to what it goes: 28×28×6–16, or 28×28×6 … 14×14×16."""
    shape = item.shape
    if len({member.shape.spatial for member in item.members}) > 1:
        return f"{shape_words(item.members[0].shape)} … {shape_words(shape)}"
    return shape_words(shape).removesuffix(str(shape.channels)) + channel_words(item)


def channel_words(item: Item) -> str:
    """The channels of a volume; of unlike ones the fewest and the most: 6–16."""
    channels = [member.shape.channels for member in item.members] or [item.shape.channels]
    return "–".join(str(number) for number in dict.fromkeys((min(channels), max(channels))))


def count_words(item: Item) -> str:
    """How many volumes it stands for: ×5 of those alike, 5 layers or 5 blocks of others; nothing for one."""
    if not item.members:
        return f"×{item.times:,}" if item.times > 1 else ""
    sorts = dict.fromkeys("blocks" if member.block else "layers" for member in item.members)
    return f"{item.times:,} {' and '.join(sorts)}"


def clipped(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """The text, cut with … where it is wider than the width; what is no printable letter is a space."""
    text = "".join(letter if letter.isprintable() else " " for letter in text[:500])
    if text_width(text, size, bold=bold) <= width:
        return text
    while text and text_width(text + "…", size, bold=bold) > width:
        text = text[:-1]
    return text + "…"


def volume_label(item: Item) -> str:
    """The item in words: "conv 3×3, 2 times: 28×28×64"."""
    name = " ".join(item.words) or (item.kind if not item.label else f"{item.kind} {item.label}")
    count = count_words(item) if item.members else f"{item.times} times" * (item.times > 1)
    return f"{', '.join(filter(None, (name, count)))}: {item_size(item)}"


def draw_volume(drawing: Drawing, item: Item, corner: Point, box: Box, photo: Photo | None = None) -> None:
    """Paints the volume, as one group that shows the item's rows; `corner` is its left edge and its middle line."""
    left, middle = corner
    with drawing.group(volume_label(item), (item.first, item.last)):
        for step in range(int(box.behind / COPY_STEP), 0, -1):
            _cuboid(drawing, item, left + COPY_STEP * step, middle - COPY_STEP * step, box)
        _cuboid(drawing, item, left, middle, box)
        if not item.shape.rank and item.shape.channels <= MOST_CELLS:
            for cell in range(1, item.shape.channels):
                y = middle - box.height / 2 + box.height * cell / item.shape.channels
                drawing.line([(left, y), (left + box.width, y)], "ink", 0.7, arrow=False, corner=0)
        if len(item.parts) > 1 and box.width > NARROWEST_PARTS and box.slices == 1:
            _parts(drawing, item, left, middle, box)
        if photo is not None and item.first <= photo.row <= item.last and box.depth:
            sides = ((box.depth, -box.rise), (0.0, box.height))
            drawing.add(
                Image(left + box.width, middle - box.height / 2, *sides, photo.data, photo.kind, "the given picture")
            )


def _cuboid(drawing: Drawing, item: Item, left: float, middle: float, box: Box) -> None:
    for kind, start, width in _stretches(item, box):
        _slab(drawing, kind, left + start, middle, box._replace(width=width))


def _stretches(item: Item, box: Box) -> list[tuple[Kind, float, float]]:
    """The parts of a volume that differ in kind, or its slices: where each begins, how wide it is."""
    if box.slices > 1:
        width = (box.width - SLICE_GAP * (box.slices - 1)) / box.slices
        return [(item.kind, step * (width + SLICE_GAP), width) for step in range(box.slices)]
    if not item.part_kinds or box.width <= NARROWEST_PARTS:
        return [(item.kind, 0.0, box.width)]
    found, run, whole = [], 0.0, max(sum(item.parts), 1)
    for kind, part in zip(item.part_kinds, item.parts, strict=True):
        width = box.width * part / whole
        found.append((kind, run, width))
        run += width
    return found


def _slab(drawing: Drawing, kind: Kind, left: float, middle: float, box: Box) -> None:
    top, bottom, right = middle - box.height / 2, middle + box.height / 2, left + box.width
    hatch = kind if kind in HATCHED else ""
    if box.depth:
        far, up = box.depth, box.rise
        lid = ((left, top), (left + far, top - up), (right + far, top - up), (right, top))
        side = ((right, top), (right + far, top - up), (right + far, bottom - up), (right, bottom))
        drawing.add(Polygon(lid, f"{kind}.top"), Polygon(side, f"{kind}.side", hatch=hatch))
    face = ((left, top), (right, top), (right, bottom), (left, bottom))
    drawing.add(Polygon(face, f"{kind}.face", hatch=hatch))


def _parts(drawing: Drawing, item: Item, left: float, middle: float, box: Box) -> None:
    """Where the channels of one input of a concat end and those of the next begin."""
    run, whole = 0, sum(item.parts)
    for part in item.parts[:-1]:
        run += part
        x = left + box.width * run / max(whole, 1)
        points = [(x, middle - box.height / 2), (x, middle + box.height / 2)]
        drawing.line(points, "ink", 1.0, arrow=False, dash="3 2", corner=0)
