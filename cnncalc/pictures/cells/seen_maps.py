"""Which part of a map is drawn around a window, as cells: the window filled, pads dashed, the rest of the map plain.

A small map is drawn whole; of a large one the neighbourhood of the window, and `spot_on_map` says where that lies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.by_hand import Number, Volume
from cnncalc.analysis.by_hand.volumes import sizes_of, source
from cnncalc.analysis.worked_cells import Window
from cnncalc.pictures.cells.cell_setting import POOL_WORDS, Setting, sizes_words
from cnncalc.pictures.cells.number_grids import Cell, Frame, Spot, places_in
from cnncalc.pictures.cells.number_texts import in_cell

AROUND = 7
"""Of a map that is not drawn whole so many rows and columns are, or those of the window and one beside it."""


class Plane(NamedTuple):
    """One slice of one channel, or a flat vector as a single row; pads before and behind, and what they hold.

    `fill` is empty where pads hold nothing, as under a pool.
    """

    values: Sequence[Sequence[Number]]
    before: tuple[int, int] = (0, 0)
    after: tuple[int, int] = (0, 0)
    fill: str = "zeros"
    is_vector: bool = False

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
        return Plane([_Vector(x)], is_vector=True)
    if not numbers or "before" not in numbers or "after" not in numbers:
        return Plane(x[channel][depth])
    (_, top, left), (_, bottom, right) = numbers["before"], numbers["after"]
    return Plane(x[channel][depth], (top, left), (bottom, right), numbers.get("fill", "zeros"))


def view_of(plane: Plane, rows: Sequence[int], columns: Sequence[int], whole: int, taps: int) -> View:
    """What is drawn of a map where these rows and columns are looked at.

    All of it up to `whole` rows or columns; of a larger one at most `taps` of those that are looked at.
    """
    stretches = (
        _stretch((min(-before, seen[0]), max(size + after - 1, seen[-1])), seen, whole, taps)
        for size, before, after, seen in zip(plane.sizes, plane.before, plane.after, (rows, columns), strict=True)
    )
    return View(*stretches)


def _stretch(ends: tuple[int, int], seen: Sequence[int], whole: int, taps: int) -> range:
    first, last = ends
    if last - first < whole:
        return range(first, last + 1)
    window = seen[:taps][-1] - seen[0] + 1
    around = min(last - first + 1, max(min(whole, AROUND), window + 2))
    start = max(first, min(seen[0] - (around - window) // 2, last + 1 - around))
    return range(start, start + around)


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
            text = "" if value is None else in_cell(value, places_in(len(view.columns)))
            fill = "conv.node" if spot else "panel" if is_pad else "paper"
            weight = ""
            if spot and weights and window and window.kernel is not None:
                weight = f"×{in_cell(window.kernel[spot[0]][spot[1]], 2)}"
            role = "soft" if is_pad and not spot else "ink"
            cells[-1].append(Cell(text, fill, role, is_pad, weight=weight))
    return cells


def map_frames(plane: Plane, view: View) -> list[Frame]:
    """The outline of the map itself, where all of it is drawn."""
    rows, columns = plane.sizes
    if view.rows[0] > 0 or view.columns[0] > 0 or view.rows[-1] < rows - 1 or view.columns[-1] < columns - 1:
        return []
    return [view.frame(range(rows), range(columns))._replace(stroke="ink", line_width=1.6)]


def spot_on_map(plane: Plane, view: View) -> Spot | None:
    """Where on a map lies what is drawn of it, `rows 3 to 9 of 28`; None where all of it is drawn."""
    stretches = [
        (max(0, seen[0]), min(size, seen[-1] + 1) - max(0, seen[0]))
        for seen, size in zip(view, plane.sizes, strict=True)
    ]
    names = ("rows", "numbers" if plane.is_vector or plane.sizes[0] == 1 else "columns")
    words = tuple(
        f"{name} {first + 1:,} to {first + count:,} of {size:,}"
        for name, (first, count), size in zip(names, stretches, plane.sizes, strict=True)
        if count < size
    )
    (top, down), (left, across) = stretches
    return Spot(words, plane.sizes, (top, left, down, across)) if words else None


def plane_under(own: Setting, window: Window) -> Plane:
    """The map that a window lies on, with its pads; those of a pool hold nothing, a transposed convolution has none."""
    if own.kernel == "dense":
        return Plane([[one.value or 0 for one in window.seen[0]]], is_vector=True)
    numbers = own.numbers if own.kernel != "upconv" else None
    if own.kernel in POOL_WORDS:
        numbers = {**own.numbers, "fill": ""}
    return plane_of(own.arriving[0], window.channel, window.slice, numbers)


def map_caption(name: str, plane: Plane, view: View) -> list[str]:
    """What a grid shows, its whole size, and that dashed cells are padding where there are any."""
    rows, columns = plane.sizes
    pads = view.rows[0] < 0 or view.columns[0] < 0 or view.rows[-1] >= rows or view.columns[-1] >= columns
    return [name, sizes_words(rows, columns, is_row=rows == 1) + (", padding dashed" if pads else "")]


def mark_largest(cells: list[list[Cell]], view: View, window: Window, largest: Number) -> None:
    """Marks the first cell of a window that holds its largest number."""
    for y, row in zip(window.rows, window.seen, strict=True):
        for x, one in zip(window.columns, row, strict=True):
            if one.value == largest and y in view.rows and x in view.columns:
                own = cells[y - view.rows[0]]
                own[x - view.columns[0]] = own[x - view.columns[0]]._replace(fill="pool.node", bold=True)
                return
