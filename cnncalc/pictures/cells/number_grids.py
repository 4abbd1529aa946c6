"""Grids of numbers, and how pieces of a picture are put beside and below each other.

A `Piece` is drawn from its upper left corner on and knows where its middle is, so that neighbours are level.  What the
numbers mean is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.by_hand import Number
from cnncalc.pictures.cells.number_texts import in_cell
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.letters import text_width
from cnncalc.pictures.scene.shapes import NO_FILL, Point, Rectangle, Scene

HEIGHT, NARROWEST = 30.0, 30.0
"""Of a cell."""

LETTERS, SMALL_LETTERS, CAPTION = 12.5, 10.0, 11.0
BESIDE, BELOW = 5.0, 20.0
"""What stays free on both sides of a number, and how high a small one below it is."""

FEW_COLUMNS = 7
"""A grid of more columns has small letters, so that it stays narrow."""

SPOT = 34.0
"""The longer side of the little map that shows where a part lies."""

LINE = 15.0
"""From one line of a caption to the next."""


class Cell(NamedTuple):
    """A number and how its cell looks; `weight` is written small below it."""

    text: str
    fill: str = "paper"
    role: str = "ink"
    is_pad: bool = False
    bold: bool = False
    weight: str = ""


class Frame(NamedTuple):
    """A frame round the cells of these rows and columns, both counted from 0 and included."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    stroke: str = "mark"
    line_width: float = 2.6


class Spot(NamedTuple):
    """Where on a map of rows and columns a grid lies: in words, and its top, left, rows and columns."""

    words: tuple[str, ...]
    sizes: tuple[int, int]
    box: tuple[int, int, int, int]


class Piece(NamedTuple):
    """A part of a picture: its shapes, its size, and the height of its middle."""

    scene: Scene
    middle: float

    @property
    def width(self) -> float:
        return self.scene.width

    @property
    def height(self) -> float:
        return self.scene.height


def letters_of(cells: Sequence[Sequence[Cell]]) -> float:
    """How large the numbers of a grid are."""
    columns, longest = len(cells[0]), max(len(cell.text) for row in cells for cell in row)
    return SMALL_LETTERS if columns > FEW_COLUMNS or (columns > 5 and longest > 4) else LETTERS


def places_in(columns: int) -> int:
    """Decimal places of the numbers in a grid with so many columns."""
    return 3 if columns <= 5 else 2


def cell_width(*grids: Sequence[Sequence[Cell]]) -> float:
    """The width of all cells of these grids: that of the widest number in them."""
    widest = (
        text_width(text, letters, bold=cell.bold)
        for letters, cells in ((letters_of(cells), cells) for cells in grids)
        for row in cells
        for cell in row
        for text in (cell.text, cell.weight)
    )
    narrowest = NARROWEST if max(len(cells[0]) for cells in grids) <= FEW_COLUMNS else 22.0
    return round(max(narrowest, max(widest) + 2 * BESIDE), 1)


def draw_grid(
    drawing: Drawing,
    cells: Sequence[Sequence[Cell]],
    frames: Sequence[Frame] = (),
    *,
    x: float = 0.0,
    y: float = 0.0,
    width: float | None = None,
) -> tuple[float, float]:
    """Draws the cells, then the frames on them, and gives how wide and high that is."""
    width, letters = width or cell_width(cells), letters_of(cells)
    for r, row in enumerate(cells):
        for c, cell in enumerate(row):
            draw_cell(drawing, cell, (x + c * width, y + r * HEIGHT), width, letters)
    draw_frames(drawing, frames, (x, y), width)
    return len(cells[0]) * width, len(cells) * HEIGHT


def draw_frames(drawing: Drawing, frames: Sequence[Frame], corner: Point, width: float) -> None:
    """Frames round cells of a grid with this corner."""
    for frame in frames:
        left, top = corner[0] + frame.first_column * width, corner[1] + frame.first_row * HEIGHT
        across = (frame.last_column - frame.first_column + 1) * width
        down = (frame.last_row - frame.first_row + 1) * HEIGHT
        drawing.add(Rectangle(left, top, across, down, 0, NO_FILL, frame.stroke, frame.line_width))


def draw_cell(drawing: Drawing, cell: Cell, corner: Point, width: float, letters: float) -> None:
    """One cell with its number in the middle."""
    x, y = corner
    drawing.add(Rectangle(x, y, width, HEIGHT, 0, cell.fill, "rule", 1, "2 2" if cell.is_pad else ""))
    middle = x + width / 2
    if cell.weight:
        drawing.text(middle, y + 13, cell.text, min(letters, 11.5), role=cell.role, bold=cell.bold)
        drawing.text(middle, y + 25.5, cell.weight, 9.5, role=cell.role)
    elif cell.text:
        drawing.text(middle, y + HEIGHT / 2 + letters * 0.36, cell.text, letters, role=cell.role, bold=cell.bold)


def product_cell(value: Number | None, weight: Number, places: int = 3) -> Cell:
    """A number times its weight; what is 0 is soft."""
    product = 0 if value is None else value * weight
    return Cell(in_cell(product, places), "conv.node" if product else "paper", "ink" if product else "soft")


def captioned(
    caption: Sequence[str], cells: Sequence[Sequence[Cell]], frames: Sequence[Frame] = (), spot: Spot | None = None
) -> Piece:
    """A grid below the lines that say what it is, the first in ink; below it where it lies, if that is a part."""
    drawing = Drawing()
    top = len(caption) * LINE + 3 if caption else 0.0
    with drawing.group(", ".join([*caption, *(spot.words if spot else ())])):
        draw_caption(drawing, caption)
        width, height = draw_grid(drawing, cells, frames, y=top)
        widest = max([width, *(text_width(line, CAPTION) for line in caption)])
        bottom = top + height
        if spot:
            across, down = _draw_spot(drawing, spot, bottom + 6)
            widest, bottom = max(widest, across), bottom + 6 + down
    return Piece(drawing.scene(widest, bottom), top + height / 2)


def _draw_spot(drawing: Drawing, spot: Spot, y: float) -> tuple[float, float]:
    """A little map with the part that is drawn, the words beside it; gives how wide and high that is."""
    rows, columns = spot.sizes
    unit = SPOT / max(rows, columns)
    width, height = max(4.0, columns * unit), max(4.0, rows * unit)
    drawing.add(Rectangle(0, y, width, height, 0, "input.node", "ink", 1.0))
    top, left, down, across = (part * unit for part in spot.box)
    box = min(left, width - 3), y + min(top, height - 3)
    drawing.add(Rectangle(*box, max(3.0, across), max(3.0, down), 0, NO_FILL, "mark", 1.6))
    for n, words in enumerate(spot.words):
        drawing.text(width + 7, y + n * LINE + 11, words, CAPTION, anchor="start", role="soft")
    return width + 7 + max(text_width(words, CAPTION) for words in spot.words), max(height, LINE * len(spot.words))


def draw_caption(drawing: Drawing, caption: Sequence[str], x: float = 0.0, y: float = 0.0) -> None:
    """Lines of a caption from the corner x, y on."""
    for n, line in enumerate(caption):
        drawing.text(x, y + n * LINE + 11, line, CAPTION, anchor="start", role="soft" if n else "ink")


def sign(text: str, word: str = "") -> Piece:
    """A sign between two grids, `×` or `=`; an arrow below a word where there is one."""
    drawing = Drawing()
    if not word:
        drawing.text(12, 17, text, 19, bold=True)
        return Piece(drawing.scene(24, 20), 10)
    width = max(34.0, text_width(word, CAPTION) + 6)
    drawing.line([(3, 18), (width - 3, 18)], line_width=1.5)
    drawing.text(width / 2, 10, word, CAPTION)
    return Piece(drawing.scene(width, 22), 18)


def beside(pieces: Sequence[Piece], gap: float = 9.0) -> Piece:
    """The pieces from left to right with their middles level."""
    above = max(piece.middle for piece in pieces)
    drawing, x = Drawing(), 0.0
    for piece in pieces:
        drawing.place(piece.scene, x, above - piece.middle)
        x += piece.width + gap
    height = max(above - piece.middle + piece.height for piece in pieces)
    return Piece(drawing.scene(x - gap, height), above)


def below(pieces: Sequence[Piece], gap: float = BELOW) -> Piece:
    """The pieces from top to bottom with their left sides level; the middle is between those of the first and last."""
    drawing, y, middles = Drawing(), 0.0, []
    for piece in pieces:
        drawing.place(piece.scene, 0, y)
        middles.append(y + piece.middle)
        y += piece.height + gap
    return Piece(drawing.scene(max(piece.width for piece in pieces), y - gap), (middles[0] + middles[-1]) / 2)
