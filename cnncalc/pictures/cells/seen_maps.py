"""Which part of a map is drawn around a window, as cells: the window filled, pads dashed, the rest of the map plain.

A small map is drawn whole; of a large one the neighbourhood of the window, and `place_on_map` says where that lies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.volumes import sizes_of, source
from cnncalc.analysis.worked_cells import Window
from cnncalc.pictures.cells.number_grids import Cell, Frame, Piece
from cnncalc.pictures.cells.number_texts import shown
from cnncalc.pictures.scene.drawing import Drawing
from cnncalc.pictures.scene.shapes import NO_FILL, Rectangle

WHOLE, AROUND, MOST_TAPS = 9, 7, 7
"""A map up to so large is drawn whole; of a larger one so many rows and columns, or those of the window and one beside
it; of a larger window the first rows and columns."""

LOCATOR = 46.0
"""The longer side of the little map that shows where the neighbourhood lies."""


class Plane(NamedTuple):
    """One slice of one channel, or a flat vector as a single row; pads before and behind, and what they hold.

    `fill` is empty where pads hold nothing, as under a pool.
    """

    values: Sequence[Sequence[Number]]
    before: tuple[int, int] = (0, 0)
    after: tuple[int, int] = (0, 0)
    fill: str = "zeros"

    @property
    def sizes(self) -> tuple[int, int]:
        return len(self.values), len(self.values[0])

    def at(self, y: int, x: int) -> Number | None:
        """The number at a place of the padded map; None where nothing is there."""
        rows, columns = self.sizes
        if 0 <= y < rows and 0 <= x < columns:
            return self.values[y][x]
        if not self.fill:
            return None
        found = source(y, rows, self.fill), source(x, columns, self.fill)
        return 0 if found[0] is None or found[1] is None else self.values[found[0]][found[1]]


class View(NamedTuple):
    """The rows and columns of a padded map that are drawn."""

    rows: range
    columns: range

    def frame(self, rows: Sequence[int], columns: Sequence[int]) -> Frame:
        """The frame round what is seen of these rows and columns."""
        return Frame(
            max(rows[0], self.rows[0]) - self.rows[0],
            min(rows[-1], self.rows[-1]) - self.rows[0],
            max(columns[0], self.columns[0]) - self.columns[0],
            min(columns[-1], self.columns[-1]) - self.columns[0],
        )


class _Vector(Sequence[Number]):
    """A flat vector as one row, its numbers fetched one by one."""

    def __init__(self, x: Volume) -> None:
        self.x = x

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, at: Any) -> Any:
        return self.x[at][0][0][0]


def plane_of(x: Volume, channel: int, depth: int, numbers: Mapping[str, Any] | None = None) -> Plane:
    """A channel's slice with the pads that the kernel's numbers give it; a flat vector whole, as one row."""
    if sizes_of(x) == (1, 1, 1):
        return Plane([_Vector(x)])
    if not numbers or "before" not in numbers or "after" not in numbers:
        return Plane(x[channel][depth])
    (_, top, left), (_, bottom, right) = numbers["before"], numbers["after"]
    return Plane(x[channel][depth], (top, left), (bottom, right), numbers.get("fill", "zeros"))


def view_of(plane: Plane, rows: Sequence[int], columns: Sequence[int], whole: int = WHOLE) -> View:
    """What is drawn of a map where these rows and columns are looked at."""
    stretches = (
        _stretch(size, before, after, seen, whole)
        for size, before, after, seen in zip(plane.sizes, plane.before, plane.after, (rows, columns), strict=True)
    )
    return View(*stretches)


def _stretch(size: int, before: int, after: int, seen: Sequence[int], whole: int) -> range:
    first, last = min(-before, seen[0]), max(size + after - 1, seen[-1])
    if last - first < whole:
        return range(first, last + 1)
    end = seen[:MOST_TAPS][-1]
    around = max(min(whole, AROUND), end - seen[0] + 1 + 2)
    start = max(first, min(seen[0] - (around - (end - seen[0] + 1)) // 2, last + 1 - around))
    return range(start, min(last, start + around - 1) + 1)


def map_cells(plane: Plane, view: View, window: Window | None = None, weights: bool = False) -> list[list[Cell]]:
    """The cells of a view; those under a window are filled, with `weights` the kernel's numbers stand in them."""
    seen = {
        (y, x): (i, j)
        for i, y in enumerate(window.rows if window else ())
        for j, x in enumerate(window.columns if window else ())
    }
    rows, columns = plane.sizes
    cells: list[list[Cell]] = []
    for y in view.rows:
        cells.append([])
        for x in view.columns:
            value, is_pad, spot = plane.at(y, x), not (0 <= y < rows and 0 <= x < columns), seen.get((y, x))
            text = "" if value is None else shown(value)
            fill = "conv.node" if spot else "panel" if is_pad else "paper"
            weight = ""
            if spot and weights and window and window.kernel is not None:
                weight = f"×{shown(window.kernel[spot[0]][spot[1]], 2)}"
            role = "soft" if is_pad and not spot else "ink"
            cells[-1].append(Cell(text, fill, role, is_pad, weight=weight))
    return cells


def map_frames(plane: Plane, view: View) -> list[Frame]:
    """The outline of the map itself, where all of it is drawn."""
    rows, columns = plane.sizes
    if view.rows[0] > 0 or view.columns[0] > 0 or view.rows[-1] < rows - 1 or view.columns[-1] < columns - 1:
        return []
    return [view.frame(range(rows), range(columns))._replace(stroke="ink", line_width=1.6)]


def place_on_map(plane: Plane, view: View) -> str:
    """`rows 3 to 9 of 28, columns 1 to 7 of 28`, empty where the whole map is drawn."""
    said = [
        f"{name} {max(0, seen[0]) + 1:,} to {min(size - 1, seen[-1]) + 1:,} of {size:,}"
        for name, seen, size in zip(("rows", "columns"), view, plane.sizes, strict=True)
        if size > 1 and (seen[0] > 0 or seen[-1] < size - 1)
    ]
    return ", ".join(said)


def locator(plane: Plane, view: View) -> Piece | None:
    """A little map with the part that is drawn; None where all of it is, or where it is a single row."""
    rows, columns = plane.sizes
    if not place_on_map(plane, view) or rows == 1:
        return None
    unit = LOCATOR / max(rows, columns)
    drawing = Drawing()
    with drawing.group(f"where this lies: {place_on_map(plane, view)}"):
        width, height = max(2.0, columns * unit), max(2.0, rows * unit)
        drawing.add(Rectangle(0, 0, width, height, 0, "input.node", "ink", 1.0))
        top, left = max(0, view.rows[0]), max(0, view.columns[0])
        down, across = min(rows, view.rows[-1] + 1) - top, min(columns, view.columns[-1] + 1) - left
        x, y = min(left * unit, width - 2), min(top * unit, height - 2)
        drawing.add(Rectangle(x, y, max(2.0, across * unit), max(2.0, down * unit), 0, NO_FILL, "mark", 1.6))
    return Piece(drawing.scene(width, height), height / 2)
